/** Seats round a lamp. Empty for whoever is outside: nobody's mark is shown before one is let in. */
const SEATS = 10;
const RADIUS = 39;

/** `mine`: one seat, the lowest, is kept for the person who looks. */
export function Ring({ mine = false }: { mine?: boolean }) {
  const seats = Array.from({ length: SEATS }, (_, seat) => {
    const turn = (seat / SEATS) * 2 * Math.PI + Math.PI / 2;
    return { x: 50 + RADIUS * Math.cos(turn), y: 50 + RADIUS * Math.sin(turn), kept: mine && seat === 0 };
  });
  return (
    <svg class="ring" viewBox="0 0 100 100" aria-hidden="true">
      {seats.map(({ x, y, kept }, seat) =>
        kept ? (
          <g key={seat} class="ring-kept">
            <circle cx={x} cy={y} r="8.2" />
            <circle cx={x} cy={y} r="4.2" />
          </g>
        ) : (
          <circle key={seat} class="ring-seat" cx={x} cy={y} r="5.4" />
        ),
      )}
    </svg>
  );
}
