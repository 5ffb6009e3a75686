/**
 * Whether the key belongs to an input method that is putting a character together: Enter takes a suggestion then, Escape
 * drops it. WebKit ends the composition before it tells of the key, which is known by its old number (229) alone.
 */
export function isComposing(event: KeyboardEvent): boolean {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- there is nothing newer that tells
  return event.isComposing || event.keyCode === 229;
}
