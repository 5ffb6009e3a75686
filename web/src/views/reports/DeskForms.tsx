import { useState } from "preact/hooks";
import { LONGEST } from "../../crypto/texts";
import type { ReportView } from "../../room/reportViews";
import type { RoomView } from "../../room/types";
import { t } from "../../i18n/text";
import { useAction } from "../action";
import { Button } from "../shared/Button";
import { Field } from "../shared/Field";
import { Trouble } from "../shared/Trouble";
import { useWords } from "../unsent";
import { nameOf } from "./reader";

export interface DeskFormProps {
  readonly room: RoomView;
  readonly report: ReportView;
  readonly onDone: () => void;
}

/** A note for the others who can read the report. */
export function AddNote({ room, report, onDone }: DeskFormProps) {
  const words = useWords(`${room.groupId} desk note ${report.id}`, LONGEST.report);
  const [tried, setTried] = useState(false);
  const action = useAction();
  const send = (event: Event): void => {
    event.preventDefault();
    setTried(true);
    if (words.given === null) return;
    const text = words.given;
    action.run(async () => {
      await room.reports.addNote(report.id, text);
      words.done();
      onDone();
    });
  };
  return (
    <form class="stack" noValidate onSubmit={send}>
      <Field
        label={t("desk-note-label")}
        hint={t("desk-note-hint")}
        {...words.field}
        lines={4}
        wrong={tried && words.given === null ? t("desk-note-missing") : null}
      />
      <Trouble code={action.code} />
      <Button kind="primary" submit idle={action.busy || !words.fits}>
        {t("desk-note-do")}
      </Button>
    </form>
  );
}

/** Saying that a report is seen to, with a word for who filed it. */
export function Resolve({ room, report, onDone }: DeskFormProps) {
  const answer = useWords(`${room.groupId} desk answer ${report.id}`, LONGEST.report);
  const words = useWords(`${room.groupId} desk resolve ${report.id}`, LONGEST.report);
  const action = useAction();
  const here = room.members.value.some(({ id }) => id === report.reporter.id);
  const name = nameOf(room, report.reporter);
  const send = (event: Event): void => {
    event.preventDefault();
    action.run(async () => {
      await room.reports.resolve(report.id, words.given ?? "", here ? answer.given : null);
      answer.done();
      words.done();
      onDone();
    });
  };
  return (
    <form class="stack" noValidate onSubmit={send}>
      {here ? (
        <Field
          label={t("desk-answer-label", { name })}
          aside={t("optional")}
          hint={t("desk-answer-hint", { name })}
          {...answer.field}
          lines={3}
        />
      ) : (
        <p class="soft">{t("desk-answer-gone")}</p>
      )}
      <Field
        label={t("desk-note-label")}
        aside={t("optional")}
        hint={t("desk-note-hint")}
        {...words.field}
        lines={3}
      />
      <Trouble code={action.code} />
      <Button kind="primary" submit idle={action.busy || !words.fits || !answer.fits}>
        {t("desk-resolve-do")}
      </Button>
    </form>
  );
}
