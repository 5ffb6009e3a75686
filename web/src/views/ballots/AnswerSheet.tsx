import { LONGEST } from "../../crypto/texts";
import type { Mood } from "../../crypto/ballots";
import { t } from "../../i18n/text";
import { useAction } from "../action";
import { Button } from "../shared/Button";
import { Choices } from "../shared/Choices";
import { Field } from "../shared/Field";
import { Icon } from "../shared/Icon";
import { Sheet } from "../shared/Sheet";
import { Trouble } from "../shared/Trouble";
import type { InRoom } from "../room/inRoom";
import { useMoments } from "./ballotItem";
import { readersOf } from "./readers";
import { useKept } from "../kept";
import { useWords } from "../unsent";

const MOODS = [
  ["better", "ballot-mood-better"],
  ["same", "ballot-mood-same"],
  ["worse", "ballot-mood-worse"],
  ["unsure", "ballot-mood-unsure"],
  ["none", "ballot-mood-none"],
] as const;
type Choice = (typeof MOODS)[number][0];

/** Answering without a name, after saying who reads it and what cannot be promised. */
export function AnswerSheet({ room, ballot: id, onClose }: InRoom & { ballot: string }) {
  const ballot = room.ballots.list.value.find((one) => one.id === id);
  const now = useMoments(room, ballot ? [ballot.closes] : []);
  const words = useWords(`${room.groupId} answer ${id}`, LONGEST.answer, ballot?.said?.text ?? "");
  const kept = useKept<{ readonly mood: Choice }>(`${room.groupId} mood ${id}`, { mood: ballot?.said?.mood ?? "none" });
  const { mood } = kept.now;
  const action = useAction();
  if (!ballot || now >= ballot.closes) {
    return (
      <Sheet title={t("ballot-title")} onClose={onClose}>
        <p>{t("ballot-over")}</p>
        <Button onPress={onClose}>{t("close")}</Button>
      </Sheet>
    );
  }
  const keep = (text: string, how: Mood | null): void =>
    action.run(async () => {
      await (await room.ballots.deeds()).say(id, text, how);
      words.done();
      kept.done();
      onClose();
    });
  const questions = ballot.asks === "questions";
  const empty = words.given === null && (questions || mood === "none");
  return (
    <Sheet title={t("ballot-title")} onClose={onClose}>
      <form
        class="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          keep(words.given ?? "", questions || mood === "none" ? null : mood);
        }}
      >
        <p class="ballot-prompt" dir="auto">
          {ballot.prompt}
        </p>
        {!questions && (
          <Choices
            legend={t("ballot-mood")}
            value={mood}
            options={MOODS.map(([value, label]) => ({ value, label: t(label) }))}
            onChoose={(to) => kept.set({ mood: to })}
          />
        )}
        <Field
          label={questions ? t("ballot-question") : t("ballot-words")}
          {...words.field}
          lines={4}
          {...(questions ? {} : { aside: t("optional") })}
        />
        <div class="box with-icon">
          <Icon name="lock" />
          <div class="stack">
            <p>{t("ballot-who", { readers: readersOf(room) })}</p>
            <p class="note">{t("ballot-blank")}</p>
            <p class="note">{t("ballot-limits")}</p>
          </div>
        </div>
        <Trouble code={action.code} />
        <div class="buttons">
          <Button kind="primary" submit idle={action.busy || empty || !words.fits}>
            {action.busy ? t("ballot-keeping") : t("ballot-keep")}
          </Button>
          <Button onPress={() => (ballot.said ? keep("", null) : onClose())}>{t("ballot-nothing")}</Button>
        </div>
      </form>
    </Sheet>
  );
}
