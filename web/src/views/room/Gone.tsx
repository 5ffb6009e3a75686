import type { RoomView } from "../../room/types";
import { t } from "../../i18n/text";
import { Statement } from "../shared/Statement";

/** The room is closed to this person: what happened, what is kept, and what they can do. */
export function Gone({ room, how }: { room: RoomView; how: "left" | "removed" | "refused" }) {
  const group = room.name.value;
  const words = {
    left: [t("left-words"), t("left-next")],
    removed: [t("removed-words"), t("removed-kept"), t("removed-next")],
    refused: [t("removed-unsaid-words"), t("removed-kept"), t("removed-next")],
  };
  return (
    <Statement
      page={t("room-page")}
      icon={how === "left" ? "leaf" : "door"}
      title={t(how === "left" ? "left-title" : "removed-title", { group })}
      words={words[how]}
    >
      <a class="button primary" href="/">
        {t("to-groups")}
      </a>
    </Statement>
  );
}
