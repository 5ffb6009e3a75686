import { may } from "../../room/roles";
import type { RoomView } from "../../room/types";

/** Whether this person may send the others into small rooms, or hold the session so that nothing is kept. */
export function runsSessions(room: RoomView): boolean {
  return may(room.me.value?.role ?? "guest", "break_out");
}
