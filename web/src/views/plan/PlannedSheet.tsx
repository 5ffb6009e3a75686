import { useState } from "preact/hooks";
import type { MessageId } from "../../i18n/ids";
import { t } from "../../i18n/text";
import { fullTime, names } from "../../i18n/time";
import { skip } from "../../room/planning";
import type { Answer } from "../../room/record";
import type { SessionView } from "../../room/plansView";
import { useAction } from "../action";
import { offerUndo } from "../care/undo";
import type { InRoom } from "../room/inRoom";
import { mayDo, mayReact } from "../room/rights";
import { Button } from "../shared/Button";
import { Choices } from "../shared/Choices";
import { Sheet } from "../shared/Sheet";
import { Trouble } from "../shared/Trouble";
import { MoveForm } from "./MoveForm";
import { thereWords } from "./times";

const ANSWERS: Readonly<Record<Answer, MessageId>> = {
  coming: "answer-coming",
  listening: "answer-listening",
  not_today: "answer-not-today",
};
const SAID: Readonly<Record<Answer, MessageId>> = {
  coming: "answers-coming",
  listening: "answers-listening",
  not_today: "answers-not-today",
};
const ORDER = Object.keys(ANSWERS) as Answer[];

/** One session: when, what for, who comes; and for those who plan, another date or none. */
export function PlannedSheet({ room, plan, start, onClose, onGo }: InRoom & { plan: string; start: number }) {
  const [asking, setAsking] = useState<"skip" | "move" | "cancel" | null>(null);
  const action = useAction();
  const back = (): void => onGo({ kind: "schedule" });
  const session = room.plans.sessions.value.find((one) => one.plan === plan && one.start === start);
  if (!session) {
    return (
      <Sheet title={t("schedule")} onClose={onClose} onBack={back}>
        <p class="soft">{t("session-gone")}</p>
      </Sheet>
    );
  }
  const done = (words: string): void => {
    offerUndo({ words, undo: null });
    back();
  };
  const there = thereWords(session);
  return (
    <Sheet title={session.title} under={fullTime(start)} onClose={onClose} onBack={asking === null ? back : () => setAsking(null)}>
      {asking === null && (
        <>
          <p>
            {there !== null && `${there} · `}
            {t("session-lasts", { count: session.minutes })}
            {session.rule !== null && ` · ${t("session-repeats")}`}
          </p>
          {session.note !== "" && (
            <p class="said" dir="auto">
              {session.note}
            </p>
          )}
          {mayReact(room) && (
            <Choices
              legend={t("answer-legend")}
              value={session.mine}
              options={ORDER.map((value) => ({ value, label: t(ANSWERS[value]) }))}
              onChoose={(answer) => action.run(() => room.plans.attend(session, answer))}
            />
          )}
          <Trouble code={action.code} />
          <Answers session={session} />
          {mayDo(room, "plan") && !session.on && (
            <div class="buttons">
              <Button onPress={() => setAsking("move")}>{t("session-move")}</Button>
              {session.rule !== null && <Button onPress={() => setAsking("skip")}>{t("session-skip")}</Button>}
              <Button kind="remove" onPress={() => setAsking("cancel")}>
                {session.rule === null ? t("session-cancel") : t("session-cancel-all")}
              </Button>
            </div>
          )}
        </>
      )}
      {asking === "move" && <MoveForm room={room} session={session} onDone={() => done(t("session-moved"))} />}
      {(asking === "skip" || asking === "cancel") && (
        <>
          <p>{asking === "skip" ? t("session-skip-words") : t("session-cancel-words")}</p>
          <p class="soft">{t("session-others-see")}</p>
          <Trouble code={action.code} />
          <div class="buttons">
            <Button
              kind="remove"
              idle={action.busy}
              onPress={() =>
                action.run(async () => {
                  await (asking === "skip" ? skip(room, session) : room.plans.decide(() => ({ action: "unplan", plan })));
                  done(asking === "skip" ? t("session-skipped") : t("session-cancelled"));
                })
              }
            >
              {asking === "skip" ? t("session-skip-do") : t("session-cancel-do")}
            </Button>
            <Button onPress={() => setAsking(null)}>{t("session-keep")}</Button>
          </div>
        </>
      )}
    </Sheet>
  );
}

/** Who said what, by name. */
function Answers({ session: { answers } }: { session: SessionView }) {
  const said = ORDER.filter((answer) => answers[answer].length > 0);
  return (
    <section class="part" aria-live="polite">
      <h3>{t("answers-title")}</h3>
      {said.length === 0 && <p class="soft">{t("answers-none")}</p>}
      {said.map((answer) => (
        <p key={answer} dir="auto">
          {t(SAID[answer], { count: answers[answer].length, names: names(answers[answer]) })}
        </p>
      ))}
      <p class="note">{t("answers-who")}</p>
    </section>
  );
}
