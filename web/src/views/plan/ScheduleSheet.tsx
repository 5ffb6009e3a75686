import { useState } from "preact/hooks";
import { t } from "../../i18n/text";
import { when } from "../../i18n/time";
import type { SessionView } from "../../room/plansView";
import { useAction } from "../action";
import type { InRoom } from "../room/inRoom";
import { mayDo } from "../room/rights";
import { Button } from "../shared/Button";
import { Each } from "../shared/Each";
import { Row } from "../shared/Row";
import { Sheet } from "../shared/Sheet";
import { Switch } from "../shared/Switch";
import { Trouble } from "../shared/Trouble";
import { thereWords } from "./times";

/** How many are drawn at first, and how many more for each step. */
const STEP = 6;

/** When the group meets. */
export function ScheduleSheet({ room, onClose, onGo }: InRoom) {
  const [shown, setShown] = useState(STEP);
  const action = useAction();
  const sessions = room.plans.sessions.value;
  const planning = mayDo(room, "plan");
  return (
    <Sheet title={t("schedule")} under={t("schedule-under")} onClose={onClose} onBack={() => onGo({ kind: "menu" })}>
      {sessions.length === 0 && <p class="soft">{planning ? t("schedule-none-staff") : t("schedule-none")}</p>}
      <ul class="sessions">
        <Each
          of={sessions.slice(0, shown)}
          by={({ plan, start }) => `${plan} ${start}`}
          draw={(session) => (
            <li>
              <SessionRow session={session} onPress={() => onGo({ kind: "planned", plan: session.plan, start: session.start })} />
            </li>
          )}
        />
      </ul>
      {sessions.length > shown && <Button onPress={() => setShown(shown + STEP)}>{t("schedule-more")}</Button>}
      {planning && (
        <Button kind="primary" icon="plus" onPress={() => onGo({ kind: "plan" })}>
          {t("plan-session")}
        </Button>
      )}
      <div class="rows">
        {planning && (
          <Row icon="note" words={t("run-sheet")} under={t("run-sheet-under")} onPress={() => onGo({ kind: "run-sheet", from: "schedule" })} />
        )}
        <Row icon="clock" words={t("calendar")} under={t("calendar-under")} onPress={() => onGo({ kind: "calendar" })} />
      </div>
      <Trouble code={action.code} />
      {mayDo(room, "between_sessions") && (
        <Switch
          label={t("between-switch")}
          hint={t("between-hint")}
          on={room.plans.between.value}
          onChange={(on) => action.run(() => room.plans.decide(() => ({ action: "between_sessions", on })))}
        />
      )}
    </Sheet>
  );
}

function SessionRow({ session, onPress }: { session: SessionView; onPress: () => void }) {
  const { start, title, on, mine, answers } = session;
  const there = thereWords(session);
  const count = answers.coming.length + answers.listening.length;
  return (
    <button type="button" class="session" onClick={onPress}>
      <b dir="auto">{title}</b>
      <span>{on ? t("session-on") : when(start)}</span>
      {there !== null && <span class="note">{there}</span>}
      <span class="note">
        {t("session-coming", { count })}
        {mine !== null && ` · ${mine === "not_today" ? t("answer-mine-not") : t("answer-mine")}`}
      </span>
    </button>
  );
}
