"""Curves as SVG: x on a logarithmic scale, y from 0."""

import math
from collections.abc import Sequence
from html import escape

from bench.growth import Curve

WIDTH, HEIGHT = 640, 320
LEFT, RIGHT, TOP, BOTTOM = 56, 16, 56, 48
STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#444}.title{font-size:14px;fill:#111}.grid{stroke:#ddd}"
    ".l0{stroke:#1f5f8b;fill:none;stroke-width:2.5}.l1{stroke:#b0632a;fill:none;stroke-width:2;stroke-dasharray:5 4}"
    ".d0{fill:#1f5f8b}.d1{fill:#b0632a}"
    "@media (prefers-color-scheme:dark){text{fill:#bbb}.title{fill:#eee}.grid{stroke:#444}"
    ".l0{stroke:#7cc0ee}.d0{fill:#7cc0ee}.l1{stroke:#e8a06b}.d1{fill:#e8a06b}}"
)


def svg(curve: Curve) -> str:
    """The picture. The first line is drawn full, the second dashed."""
    points = [point for line in curve.lines.values() for point in line]
    xs = sorted({x for x, _ in points})
    steps = _steps(max(y for _, y in points))

    def across(x: float) -> float:
        share = math.log(x / xs[0]) / math.log(xs[-1] / xs[0])
        return LEFT + share * (WIDTH - LEFT - RIGHT - 12)

    def down(y: float) -> float:
        return HEIGHT - BOTTOM - y / steps[-1] * (HEIGHT - TOP - BOTTOM)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f"<title>{escape(curve.title)}: {escape(curve.y)} by {escape(curve.x)}</title><style>{STYLE}</style>",
        _text(LEFT, 18, curve.title, "title"),
        _text(LEFT, 36, curve.y),
        _text(WIDTH - RIGHT, HEIGHT - 8, curve.x, anchor="end"),
    ]
    for y in steps:
        parts.append(f'<path class="grid" d="M{LEFT} {down(y):.1f}H{WIDTH - RIGHT}"/>')
        parts.append(_text(LEFT - 6, down(y) + 4, f"{y:g}", anchor="end"))
    parts += [_text(across(x), HEIGHT - BOTTOM + 18, f"{x:,g}", anchor="middle") for x in xs]
    for number, (name, line) in enumerate(curve.lines.items()):
        path = "L".join(f"{across(x):.1f} {down(y):.1f}" for x, y in line)
        parts.append(f'<path class="l{number}" d="M{path}"/>')
        parts += [f'<circle class="d{number}" cx="{across(x):.1f}" cy="{down(y):.1f}" r="3.5"/>' for x, y in line]
        if len(curve.lines) > 1:
            at = WIDTH - RIGHT - 170
            parts.append(f'<path class="l{number}" d="M{at} {14 + 18 * number}h24"/>')
            parts.append(_text(at + 30, 18 + 18 * number, name))
    return "\n".join([*parts, "</svg>", ""])


def _text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _steps(most: float) -> Sequence[float]:
    """Round numbers from 0 to at least `most`."""
    size = 10 ** math.floor(math.log10(most / 4 or 1))
    size = next(size * times for times in (1, 2, 2.5, 5, 10) if size * times * 5 >= most)
    return [size * number for number in range(math.ceil(most / size) + 1)]
