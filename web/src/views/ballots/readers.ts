import type { RoomView } from "../../room/types";
import { may } from "../../room/roles";
import { names } from "../../i18n/time";

/** Who reads what is answered, by name. */
export function readersOf(room: RoomView): string {
  return names(room.members.value.filter(({ role }) => may(role, "open_ballot")).map(({ pseudonym }) => pseudonym));
}
