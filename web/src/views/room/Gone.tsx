import type { RoomView } from "../../room/types";
import { t } from "../../i18n/text";
import { Statement } from "../shared/Statement";

/** The room is closed to this person: what happened, what is kept, and what they can do. */
export function Gone({ room, how }: { room: RoomView; how: "left" | "removed" }) {
  const group = room.name.value;
  const words =
    how === "left"
      ? [t("left-words"), t("left-next")]
      : [t("removed-words"), t("removed-kept"), t("removed-next")];
  return (
    <Statement
      page={t("room-page")}
      icon={how === "left" ? "leaf" : "door"}
      title={t(how === "left" ? "left-title" : "removed-title", { group })}
      words={words}
    >
      <a class="button primary" href="/">
        {t("to-groups")}
      </a>
    </Statement>
  );
}
