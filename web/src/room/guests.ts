/**
 * Guests: someone who is there for a part of one session, speaks while it is on, and then is thanked and gone.
 * As `safespace.rooms.guests`; see docs/protocol.md, "Guests".
 */
import type { State } from "./state.ts";

/** The guests' member ids. */
export function guestsOf({ members }: State): string[] {
  return Object.entries(members).flatMap(([id, { role }]) => (role === "guest" ? id : []));
}

/** The guests whose time ended between two states, one read after the other. */
export function doneWith(before: State | null, after: State): string[] {
  if (!before || !(sessionEnded(before, after) || movedOn(before, after))) return [];
  const there = guestsOf(before);
  return guestsOf(after).filter((id) => there.includes(id));
}

function sessionEnded({ live: { session: was } }: State, { live: { session } }: State): boolean {
  return was !== null && (session === null || was.opened !== session.opened);
}

function movedOn(before: State, after: State): boolean {
  return isForAGuest(before) && after.sheet.at !== null && !isForAGuest(after);
}

function isForAGuest({ sheet: { segments, at } }: State): boolean {
  return at !== null && segments[at]?.kind === "guest";
}
