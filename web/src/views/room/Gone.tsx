import type { Deed, Ending, RoomView } from "../../room/types";
import { t } from "../../i18n/text";
import type { IconName } from "../shared/Icon";
import { Statement } from "../shared/Statement";

interface Words {
  readonly icon: IconName;
  readonly title: string;
  readonly words: readonly string[];
}

function wordsFor(how: Ending, group: string, deed: Deed | undefined): Words {
  const removed = { icon: "door", title: t("removed-title", { group }) } as const;
  const moved = { icon: "copy", title: t("moved-title") } as const;
  switch (how) {
    case "left":
      return { icon: "leaf", title: t("left-title", { group }), words: [t("left-words"), t("left-next")] };
    case "removed":
      return { ...removed, words: removedWords(deed) };
    case "thanked":
      return { icon: "leaf", title: t("thanked-title"), words: [t("thanked-words", { group }), t("removed-kept")] };
    case "refused":
      return { ...removed, words: [t("removed-unsaid-words"), t("removed-kept"), t("removed-next")] };
    case "undone":
      return { icon: "door", title: t("undone-title"), words: [t("undone-words", { group }), t("undone-next")] };
    case "lost":
      return { icon: "copy", title: t("lost-title"), words: [t("lost-words", { group }), t("lost-next")] };
    case "moved":
      return { ...moved, words: [t("moved-words", { group }), t("moved-next"), t("moved-not-you")] };
    case "elsewhere":
      return { ...moved, words: [t("moved-unsaid-words", { group }), t("moved-next"), t("moved-not-you")] };
  }
}

/** By whom, why, whether one may come back, and whom to turn to. */
function removedWords(deed: Deed | undefined): readonly string[] {
  if (!deed) return [t("removed-words"), t("removed-kept"), t("removed-next")];
  const by = deed.by.pseudonym;
  return [
    t("removed-by", { by }),
    ...(deed.reason === null ? [] : [t("quoted", { words: deed.reason })]),
    t("removed-kept"),
    deed.ban ? t("removed-banned", { by }) : t("removed-may-ask"),
    t("removed-next"),
  ];
}

/** The room is closed to this device: what happened, what is kept, and what the person can do. */
export function Gone({ room, how }: { room: RoomView; how: Ending }) {
  const last = room.audit.value.at(-1);
  const deed = last?.what === "remove" ? last : undefined;
  return (
    <Statement page={t("room-page")} {...wordsFor(how, room.name.value, deed)}>
      <a class="button primary" href="/">
        {t("to-groups")}
      </a>
    </Statement>
  );
}
