const ROUND = 2 * Math.PI * 20;

/** A ring that empties, with the minutes left in it. The words beside it say the same. */
export function Countdown({ since, until, now }: { since: number; until: number; now: number }) {
  const left = Math.max(0, until - now);
  const part = Math.min(1, left / Math.max(1, until - since));
  return (
    <svg class="countdown" viewBox="0 0 48 48" aria-hidden="true">
      <circle class="countdown-all" cx="24" cy="24" r="20" />
      <circle class="countdown-left" cx="24" cy="24" r="20" stroke-dasharray={`${part * ROUND} ${ROUND}`} />
      <text x="24" y="30">{Math.ceil(left / 60_000)}</text>
    </svg>
  );
}
