import { t } from "../../i18n/text";
import type { RoomView } from "../../room/types";

/** A member's pseudonym; whoever has left is someone. */
export function nameOf(room: RoomView, member: string): string {
  return room.members.value.find(({ id }) => id === member)?.pseudonym ?? t("someone");
}
