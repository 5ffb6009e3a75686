import { useState } from "preact/hooks";
import { LONGEST } from "../../crypto/texts";
import type { TalkView } from "../../room/types";
import { t } from "../../i18n/text";
import { useAction } from "../action";
import type { InRoom } from "../room/inRoom";
import { passes } from "../room/rights";
import { Button } from "../shared/Button";
import { Field } from "../shared/Field";
import { Sheet } from "../shared/Sheet";
import { Trouble } from "../shared/Trouble";
import { useWords } from "../unsent";
import { messageAt } from "./MessageSheet";

/** Folding a message away under a few words, so that people choose whether to read it. */
export function FoldSheet({ room, onClose, onGo, talk, seq }: InRoom & { talk: TalkView; seq: number }) {
  const message = messageAt(talk, seq);
  const note = useWords(`${talk.room} fold ${seq}`, LONGEST.contentNote, message?.folded?.note ?? "", passes(room, talk));
  const [tried, setTried] = useState(false);
  const action = useAction();
  if (!message) return null;
  const fold = (words: string | null): void =>
    action.run(async () => {
      await talk.fold(seq, words);
      note.done();
      onClose();
    });
  return (
    <Sheet title={t("fold-open")} onClose={onClose} onBack={() => onGo({ kind: "message", talk, seq })}>
      <form
        class="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (note.given !== null) fold(note.given);
        }}
      >
        <Field
          label={t("fold-label")}
          hint={t("fold-label-hint")}
          {...note.field}
          wrong={tried && note.given === null ? t("field-missing") : null}
          required
        />
        <Trouble code={action.code} />
        <div class="buttons">
          <Button kind="primary" submit idle={action.busy || !note.fits}>
            {t("fold-do")}
          </Button>
          {message.folded && (
            <Button idle={action.busy} onPress={() => fold(null)}>
              {t("fold-undo")}
            </Button>
          )}
        </div>
      </form>
    </Sheet>
  );
}
