const QUIET = 4;

/** A picture of a link, dark on light whatever the theme: scanners need it so. `cells`: rows, true is dark. */
export function QrCode({ cells, label }: { cells: readonly (readonly boolean[])[]; label: string }) {
  const size = cells.length + 2 * QUIET;
  const dark = cells.flatMap((row, y) => row.flatMap((on, x) => (on ? [`M${x + QUIET} ${y + QUIET}h1v1h-1z`] : [])));
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={dark.join("")} fill="#111" />
    </svg>
  );
}
