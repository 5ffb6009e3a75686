import { useState } from "preact/hooks";
import type { ReportView } from "../../room/reportViews";
import type { RoomView } from "../../room/types";
import { t } from "../../i18n/text";
import { useAction } from "../action";
import { Button } from "../shared/Button";
import { Field } from "../shared/Field";
import { Trouble } from "../shared/Trouble";
import { nameOf } from "./reader";

export interface DeskFormProps {
  readonly room: RoomView;
  readonly report: ReportView;
  readonly onDone: () => void;
}

const MAX_TEXT = 1000;

/** A note for the others who can read the report. */
export function AddNote({ room, report, onDone }: DeskFormProps) {
  const [text, setText] = useState("");
  const [tried, setTried] = useState(false);
  const action = useAction();
  const send = (event: Event): void => {
    event.preventDefault();
    setTried(true);
    if (text.trim() === "") return;
    action.run(async () => {
      await room.reports.addNote(report.id, text.trim());
      onDone();
    });
  };
  return (
    <form class="stack" noValidate onSubmit={send}>
      <Field
        label={t("desk-note-label")}
        hint={t("desk-note-hint")}
        value={text}
        onValue={setText}
        limit={MAX_TEXT}
        lines={4}
        wrong={tried && text.trim() === "" ? t("desk-note-missing") : null}
      />
      <Trouble code={action.code} />
      <Button kind="primary" submit idle={action.busy}>
        {t("desk-note-do")}
      </Button>
    </form>
  );
}

/** Saying that a report is seen to, with a word for who filed it. */
export function Resolve({ room, report, onDone }: DeskFormProps) {
  const [answer, setAnswer] = useState("");
  const [text, setText] = useState("");
  const action = useAction();
  const here = room.members.value.some(({ id }) => id === report.reporter.id);
  const name = nameOf(room, report.reporter);
  const send = (event: Event): void => {
    event.preventDefault();
    action.run(async () => {
      await room.reports.resolve(report.id, text.trim(), answer.trim() === "" || !here ? null : answer.trim());
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
          value={answer}
          onValue={setAnswer}
          limit={MAX_TEXT}
          lines={3}
        />
      ) : (
        <p class="soft">{t("desk-answer-gone")}</p>
      )}
      <Field
        label={t("desk-note-label")}
        aside={t("optional")}
        hint={t("desk-note-hint")}
        value={text}
        onValue={setText}
        limit={MAX_TEXT}
        lines={3}
      />
      <Trouble code={action.code} />
      <Button kind="primary" submit idle={action.busy}>
        {t("desk-resolve-do")}
      </Button>
    </form>
  );
}
