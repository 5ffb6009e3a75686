/** Names as they stand in sentences about reports. */
import { t } from "../../i18n/text";
import type { Someone } from "../../room/reportViews";
import type { RoomView } from "../../room/types";

/** The name, "you", or that they are gone, inside a sentence. */
export function nameOf(room: RoomView, someone: Someone): string {
  if (someone.id === room.me.value?.id) return t("you-inside");
  return someone.pseudonym ?? t("someone-gone");
}

/** The same, where a sentence begins. */
export function nameFirst(room: RoomView, someone: Someone): string {
  if (someone.id === room.me.value?.id) return t("you");
  return someone.pseudonym ?? t("someone-gone-first");
}
