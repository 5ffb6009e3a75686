"""Writes the parts of docs/ that are made from the code: errors.md, and the table of settings in operating.md."""

import re
from pathlib import Path
from typing import Final

from pydantic.fields import FieldInfo

from safespace.errors import CLOSE_RESTART, CLOSE_RESUME, CODES
from safespace.settings import Settings

DOCS: Final = Path(__file__).resolve().parents[1] / "docs"
BEGIN: Final = "<!-- settings: made by scripts/make_docs.py -->"
END: Final = "<!-- settings end -->"

DEFAULTS_IN_WORDS: Final = {
    "database_url": "SQLite in the data directory",
    "origins": "`http://localhost:PORT`, `http://127.0.0.1:PORT`",
    "web_dir": "the pages that came with it",
    "data_dir": "`data`",
}
"""Defaults that depend on other settings or on the machine."""

ERRORS_HEAD: Final = f"""\
# Errors

Made from `safespace.errors.CODES` by `make docs`; a test fails when it is out of date.

REST answers with `application/problem+json` (RFC 9457), the socket with a `refused` frame; both carry one of these
codes. Nothing of a refused request has been applied; only after `unavailable` may it have been stored all the same,
which sending the very same again finds out. After a refusal the socket stays open, unless a close code is given here.

Two close codes mean "connect again and resume": {CLOSE_RESUME} for a reader that fell behind, {CLOSE_RESTART} for a
server that is restarting.

| code | HTTP | closes with | what it says |
| --- | --- | --- | --- |
"""


def errors_page() -> str:
    """docs/errors.md."""
    rows = (f"| `{name}` | {code.status} | {code.close or ''} | {code.words} |\n" for name, code in CODES.items())
    return ERRORS_HEAD + "".join(rows)


def settings_table() -> str:
    """The rows between BEGIN and END of docs/operating.md."""
    rows = (
        f"| `SAFESPACE_{name.upper()}` | {_default(name, field)} | {field.description} |\n"
        for name, field in Settings.model_fields.items()
    )
    return "| variable | default | what it is |\n| --- | --- | --- |\n" + "".join(rows)


def _default(name: str, field: FieldInfo) -> str:
    if name in DEFAULTS_IN_WORDS:
        return DEFAULTS_IN_WORDS[name]
    value = field.get_default(call_default_factory=False)
    return f"`{value}`" if value or value == 0 else "none"


def operating_page(text: str) -> str:
    """docs/operating.md with its table renewed. Raises ValueError where the marks are missing."""
    renewed, count = re.subn(
        f"{re.escape(BEGIN)}.*?{re.escape(END)}",
        lambda _: f"{BEGIN}\n\n{settings_table()}\n{END}",
        text,
        flags=re.DOTALL,
    )
    if count != 1:
        raise ValueError("docs/operating.md must have the marks of the settings table once")
    return renewed


def main() -> None:
    """Write both."""
    (DOCS / "errors.md").write_text(errors_page(), encoding="utf-8")
    operating = DOCS / "operating.md"
    operating.write_text(operating_page(operating.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
