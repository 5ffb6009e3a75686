import { isPassing } from "../../room/furtherState";
import type { FurtherView, RoomView } from "../../room/types";
import { t } from "../../i18n/text";
import { names } from "../../i18n/time";

/** What a further room is called for the person who looks: it has no name of its own. */
export function furtherTitle(room: FurtherView, main?: RoomView): string {
  if (isPassing(room.purpose.value)) return main?.passing.small.value.find(({ id }) => id === room.room)?.title ?? "";
  if (room.purpose.value === "staff") return t("staff-room");
  const about = room.about.value;
  if (about && !about.me) return t("aside-with", { name: about.pseudonym });
  const others = room.members.value.filter(({ me }) => !me).map(({ pseudonym }) => pseudonym);
  return others.length > 0 ? t("aside-with", { name: names(others) }) : t("aside-alone");
}

/** Who of the others is in it. */
export function whoIsIn(room: FurtherView): string {
  const others = room.members.value.filter(({ me }) => !me).map(({ pseudonym }) => pseudonym);
  return t("further-who", { count: others.length, names: names(others) });
}
