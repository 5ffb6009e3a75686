/** When a device takes new keys for its leaf: the one rule, which `safespace.rooms.healing` has as well. */

/** Own messages after which new keys are due. */
const MESSAGES = 500;
/** Milliseconds after which they are, also for who only listens. */
const AGE = 7 * 24 * 3_600_000;

/** Whether new keys are due, after so many own messages with those of `renewed`. */
export function isDue(messages: number, renewed: number, now: number): boolean {
  return messages >= MESSAGES || now >= renewed + AGE;
}
