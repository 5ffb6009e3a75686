import type { RoomView } from "../../room/types";
import { t } from "../../i18n/text";
import type { StripItem } from "../strip/item";

/** That nothing of this session is kept; and, on the way in, that it takes a moment. */
export function capsuleItem(room: RoomView): StripItem | null {
  const { held, capsule } = room.passing;
  if (!held.value) return null;
  const inside = capsule.value;
  const full = inside ? t("capsule-line", { count: inside.members.value.length }) : t("capsule-coming");
  return { key: inside ? "in the capsule" : "capsule", rank: 9, icon: "leaf", words: inside ? t("small-nothing-kept") : t("silenced-capsule"), full };
}
