import { useEffect, useState } from "preact/hooks";
import { LONGEST } from "../../crypto/texts";
import { t } from "../../i18n/text";
import { fullTime, shortTime } from "../../i18n/time";
import { codeOf } from "../../room/errors";
import type { Note } from "../../room/notes";
import type { RoomView } from "../../room/types";
import { useAction } from "../action";
import { offerUndo } from "../care/undo";
import type { InRoom } from "../room/inRoom";
import { Button } from "../shared/Button";
import { Each } from "../shared/Each";
import { Choices } from "../shared/Choices";
import { Field } from "../shared/Field";
import { Sheet } from "../shared/Sheet";
import { Trouble } from "../shared/Trouble";
import { useWords } from "../unsent";

const DAYS = [7, 14, 30, 90] as const;

/** What facilitators leave for each other: reading, writing, taking back one's own. */
export function NotesSheet({ room, onClose, onBack }: InRoom) {
  const [code, setCode] = useState<string | null>(null);
  const notes = room.notes.list.value;
  useEffect(() => {
    room.notes.load().then(
      () => room.notes.markRead(),
      (error: unknown) => setCode(codeOf(error)),
    );
  }, [room]);
  return (
    <Sheet title={t("notes-title")} under={t("notes-under")} onClose={onClose} onBack={onBack}>
      <Trouble code={code} />
      {notes?.length === 0 && <p class="soft">{t("notes-none")}</p>}
      <ul class="stack">
        <Each
          of={notes ?? []}
          by={({ id }) => id}
          draw={(note) => (
            <li>
              <NoteCard room={room} note={note} />
            </li>
          )}
        />
      </ul>
      <NoteForm room={room} onDone={onClose} />
    </Sheet>
  );
}

function NoteCard({ room, note }: { room: RoomView; note: Note }) {
  const action = useAction();
  const time = fullTime(note.time);
  return (
    <article class="box">
      <p class="said" dir="auto">
        {note.text}
      </p>
      <p class="why">{t("notes-by", { name: note.by.pseudonym ?? t("someone"), time })}</p>
      <p class="why">{t("notes-until", { day: shortTime(note.expires, room.now()) })}</p>
      <Trouble code={action.code} />
      {note.mine && (
        <Button kind="quiet" small name={`${t("notes-take-back")}: ${time}`} idle={action.busy} onPress={() => action.run(() => room.notes.remove(note.id))}>
          {t("notes-take-back")}
        </Button>
      )}
    </article>
  );
}

function NoteForm({ room, onDone }: { room: RoomView; onDone: () => void }) {
  const action = useAction();
  const words = useWords(`${room.groupId} note`, LONGEST.handover);
  const [days, setDays] = useState("14");
  const write = async (): Promise<void> => {
    await room.notes.write(words.given ?? "", Number(days));
    words.done();
    offerUndo({ words: t("notes-done"), undo: null });
    onDone();
  };
  return (
    <section class="part">
      <Field label={t("notes-label")} hint={t("notes-hint")} {...words.field} lines={4} />
      <Choices
        legend={t("notes-days")}
        value={days}
        options={DAYS.map((count) => ({ value: String(count), label: t("notes-days-count", { count }) }))}
        onChoose={setDays}
      />
      <Trouble code={action.code} />
      <Button kind="primary" idle={action.busy || words.given === null || !words.fits} onPress={() => action.run(write)}>
        {t("notes-do")}
      </Button>
    </section>
  );
}
