import { encode } from "uqr";

const QUIET = 4;

/** A picture of a link, dark on light whatever the theme: scanners need it so. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const cells = encode(text, { border: 0 }).data;
  const size = cells.length + 2 * QUIET;
  const dark = cells.flatMap((row, y) => row.flatMap((on, x) => (on ? [`M${x + QUIET} ${y + QUIET}h1v1h-1z`] : [])));
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={dark.join("")} fill="#111" />
    </svg>
  );
}
