/** A person's own call for help, in words. */
import type { FurtherView, RoomView } from "../../room/types";
import { t } from "../../i18n/text";

export function ownAside(room: RoomView): FurtherView | undefined {
  return room.further.value.find(({ about }) => about.value?.me);
}

/** How far a call is that nobody has heard yet. */
export function callWords(room: RoomView): string {
  if (room.call.value === "unreached") return t("help-unreached");
  return room.status.value === "offline" ? t("help-offline") : t("help-telling");
}
