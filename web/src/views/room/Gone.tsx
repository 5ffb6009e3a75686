import { useEffect, useState } from "preact/hooks";
import type { Deed, Ending, RoomView } from "../../room/types";
import { t } from "../../i18n/text";
import { copy } from "../../platform";
import { say } from "../say";
import { Button } from "../shared/Button";
import { Field } from "../shared/Field";
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

/** `writing`: whether the focus was where one writes. The room is closed to this device: what happened, what is kept, and what the person can do. */
export function Gone({ room, how, writing }: { room: RoomView; how: Ending; writing: boolean }) {
  const last = room.audit.value.at(-1);
  const deed = last?.what === "remove" ? last : undefined;
  const said = wordsFor(how, room.name.value, deed);
  return (
    <Statement page={t("room-page")} {...said}>
      <Unsaid room={room} title={said.title} writing={writing} />
      <a class="button primary" href="/">
        {t("to-groups")}
      </a>
    </Statement>
  );
}

/** What the person was writing when the room closed: it is theirs. Who was in the middle of a word goes on in it. */
function Unsaid({ room, title, writing: now }: { room: RoomView; title: string; writing: boolean }) {
  const [writing] = useState(now);
  const [words, setWords] = useState<string | null>(null);
  const [copied, setCopied] = useState(false);
  // The box hands over its last words as it goes.
  useEffect(() => setWords(room.draft() === "" ? null : room.draft()), [room]);
  const found = words !== null;
  useEffect(() => {
    if (!found || !writing) return;
    const field = document.querySelector<HTMLTextAreaElement>(".unsaid textarea");
    field?.focus();
    field?.setSelectionRange(field.value.length, field.value.length);
    say(title);
  }, [found, writing, title]);
  if (words === null) return null;
  return (
    <div class="unsaid stack">
      <Field
        label={t("unsaid")}
        hint={t("unsaid-hint")}
        value={words}
        onValue={(text) => {
          setWords(text);
          setCopied(false);
          room.saveDraft(text);
        }}
        lines={4}
      />
      <Button icon={copied ? "check" : "copy"} onPress={() => void copy(words).then(setCopied)}>
        {copied ? t("unsaid-copied") : t("unsaid-copy")}
      </Button>
    </div>
  );
}
