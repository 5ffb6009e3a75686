import { LONGEST } from "../../crypto/texts";
import { t } from "../../i18n/text";
import { useAction } from "../action";
import { Button } from "../shared/Button";
import { Choices } from "../shared/Choices";
import { Field } from "../shared/Field";
import { Icon } from "../shared/Icon";
import { Sheet } from "../shared/Sheet";
import { Trouble } from "../shared/Trouble";
import type { InRoom } from "../room/inRoom";
import { useKept } from "../kept";
import { useWords } from "../unsent";
import { readersOf } from "./readers";

const MINUTES = ["3", "5", "10"] as const;
type Asks = "questions" | "feedback";
interface Chosen {
  readonly asks: Asks;
  readonly minutes: (typeof MINUTES)[number];
}

/** Asking everyone something that they answer without a name. */
export function AskSheet({ room, onClose, onGo }: InRoom) {
  // How it was may be asked until the day after; questions are for the session that is on.
  const on = Boolean(room.live.value?.session);
  const kept = useKept<Chosen>(`${room.groupId} ask`, { asks: "questions", minutes: "3" });
  const { minutes } = kept.now;
  const asks = on ? kept.now.asks : "feedback";
  const action = useAction();
  const questions = useWords(`${room.groupId} ask questions`, LONGEST.prompt, t("ask-questions-prompt"));
  const feedback = useWords(`${room.groupId} ask feedback`, LONGEST.prompt, t("ask-feedback-prompt"));
  const words = asks === "questions" ? questions : feedback;
  const prompt = words.given;
  const ask = (event: Event): void => {
    event.preventDefault();
    if (prompt === null) return;
    action.run(async () => {
      await (await room.ballots.deeds()).open(asks, prompt, Number(minutes));
      words.done();
      kept.done();
      onClose();
    });
  };
  return (
    <Sheet title={t("ask-title")} onClose={onClose} onBack={() => onGo({ kind: "answers" })}>
      <form class="stack" noValidate onSubmit={ask}>
        {on && (
          <Choices<Asks>
            legend={t("ask-what")}
            value={asks}
            options={[
              { value: "questions", label: t("ask-questions") },
              { value: "feedback", label: t("ask-feedback") },
            ]}
            onChoose={(to) => kept.set({ asks: to })}
          />
        )}
        <Field
          label={t("ask-prompt")}
          {...words.field}
          wrong={prompt === null ? t("ask-prompt-missing") : null}
        />
        <Choices
          legend={t("ask-minutes")}
          value={minutes}
          options={MINUTES.map((value) => ({ value, label: t("ask-minutes-count", { count: Number(value) }) }))}
          onChoose={(to) => kept.set({ minutes: to })}
        />
        <div class="box with-icon">
          <Icon name="lock" />
          <p>{t("ask-how", { readers: readersOf(room) })}</p>
        </div>
        <Trouble code={action.code} />
        <Button kind="primary" submit idle={action.busy || !words.fits}>
          {action.busy ? t("ask-doing") : t("ask-do")}
        </Button>
      </form>
    </Sheet>
  );
}
