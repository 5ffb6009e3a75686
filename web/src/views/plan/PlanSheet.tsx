import { useState } from "preact/hooks";
import { LONGEST } from "../../crypto/texts";
import type { MessageId } from "../../i18n/ids";
import { t } from "../../i18n/text";
import { knownZones, ownZone } from "../../platform";
import { planSessions } from "../../room/planning";
import { local, REPEATS } from "../../room/schedule";
import { useAction } from "../action";
import { offerUndo } from "../care/undo";
import type { InRoom } from "../room/inRoom";
import { Button } from "../shared/Button";
import { Choices } from "../shared/Choices";
import { Field } from "../shared/Field";
import { Select } from "../shared/Select";
import { Sheet } from "../shared/Sheet";
import { Switch } from "../shared/Switch";
import { Trouble } from "../shared/Trouble";
import { useKept } from "../kept";
import { useWords } from "../unsent";
import { fieldsOf, localTime, placeOf } from "./times";
import { wrongTime } from "./wrong";

type Repeat = keyof typeof REPEATS | "once";
const REPEAT_WORDS: Readonly<Record<Repeat, MessageId>> = {
  once: "repeat-once",
  daily: "repeat-daily",
  weekly: "repeat-weekly",
  fortnightly: "repeat-fortnightly",
  monthly: "repeat-monthly",
};
const REPEAT_ORDER = Object.keys(REPEAT_WORDS) as Repeat[];
const DAY = 86_400_000;
const MOST_MINUTES = 720;

function zones(): readonly string[] {
  return [...new Set([ownZone(), "UTC", ...knownZones()])];
}

/** Tomorrow at seven, for an hour, every week. */
function usual(now: number): { date: string; time: string; minutes: string; repeat: Repeat; zone: string; clock: boolean } {
  return { ...fieldsOf(local(now + DAY, ownZone())), time: "19:00", minutes: "60", repeat: "weekly", zone: ownZone(), clock: false };
}

/** Planning a session, or one for every week. The limits are those of docs/protocol.md. */
export function PlanSheet({ room, onClose, onGo }: InRoom) {
  const title = useWords(`${room.groupId} plan title`, LONGEST.title);
  const note = useWords(`${room.groupId} plan note`, LONGEST.sessionNote);
  const kept = useKept(`${room.groupId} plan`, usual(room.now()));
  const { date, time, minutes, repeat, zone, clock } = kept.now;
  const [tried, setTried] = useState(false);
  const action = useAction();
  const first = localTime(date, time);
  const length = Number(minutes);
  const lengthIsWrong = !Number.isInteger(length) || length < 1 || length > MOST_MINUTES;
  const wrong = tried && first === null ? t("field-missing") : wrongTime(action.code);

  const submit = (event: Event): void => {
    event.preventDefault();
    setTried(true);
    const named = title.given;
    if (named === null || first === null || lengthIsWrong) return;
    const rule = repeat === "once" ? null : REPEATS[repeat];
    action.run(async () => {
      await planSessions(room, { title: named, note: note.given ?? "", first, minutes: length, rule, zone, clock });
      for (const words of [title, note, kept]) words.done();
      offerUndo({ words: t("plan-done"), undo: null });
      onGo({ kind: "schedule" });
    });
  };

  const anew = (): void => {
    title.clear();
    kept.clear();
  };

  return (
    <Sheet title={t("plan-session")} onClose={onClose} onBack={() => onGo({ kind: "schedule" })}>
      <form class="plan-form" noValidate onSubmit={submit}>
        <Field
          label={t("plan-title")}
          hint={t("plan-title-hint")}
          {...title.field}
          onClear={title.found || kept.found ? anew : undefined}
          wrong={tried && title.given === null ? t("field-missing") : null}
          required
          focused
        />
        <Field label={t("plan-date")} type="date" value={date} onValue={(to) => kept.set({ date: to })} wrong={wrong} required plainText />
        <Field label={t("plan-time")} type="time" value={time} onValue={(to) => kept.set({ time: to })} required plainText />
        <Field
          label={t("plan-minutes")}
          type="number"
          from={1}
          to={MOST_MINUTES}
          value={minutes}
          onValue={(to) => kept.set({ minutes: to })}
          wrong={tried && lengthIsWrong ? t("plan-minutes-wrong") : null}
          required
          plainText
        />
        <Choices
          legend={t("plan-repeats")}
          value={repeat}
          options={REPEAT_ORDER.map((value) => ({ value, label: t(REPEAT_WORDS[value]) }))}
          onChoose={(to) => kept.set({ repeat: to })}
        />
        {repeat === "monthly" && <p class="note">{t("repeat-monthly-words")}</p>}
        <Select
          label={t("plan-zone")}
          hint={t("plan-zone-hint")}
          value={zone}
          options={zones().map((value) => ({ value, label: value === "UTC" ? value : `${placeOf(value)} (${value})` }))}
          onChoose={(to) => kept.set({ zone: to })}
        />
        <Switch label={t("plan-clock")} hint={t("plan-clock-hint")} on={clock} onChange={(to) => kept.set({ clock: to })} />
        <Field label={t("plan-note")} aside={t("optional")} {...note.field} lines={2} />
        <p class="note">{t("plan-server")}</p>
        {wrongTime(action.code) === null && <Trouble code={action.code} />}
        <Button kind="primary" submit idle={action.busy || !title.fits || !note.fits}>
          {action.busy ? t("plan-busy") : t("plan-do")}
        </Button>
      </form>
    </Sheet>
  );
}
