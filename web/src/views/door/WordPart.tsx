import { useState } from "preact/hooks";
import { LONGEST } from "../../crypto/texts";
import { t } from "../../i18n/text";
import type { RoomView } from "../../room/types";
import { useAction } from "../action";
import { Button } from "../shared/Button";
import { Field } from "../shared/Field";
import { Trouble } from "../shared/Trouble";
import { useWords } from "../unsent";

/** A few words to everyone who waits, on their waiting page. */
export function WordPart({ room }: { room: RoomView }) {
  const action = useAction();
  const words = useWords(`${room.groupId} word`, LONGEST.doorWord, t("door-word-start"));
  const [open, setOpen] = useState(words.found);
  const [sent, setSent] = useState(false);
  const send = async (): Promise<void> => {
    await room.doors.tellAll(words.given ?? "");
    words.field.onValue(t("door-word-start"));
    setSent(true);
    setOpen(false);
  };
  return (
    <div class="stack">
      <p role="status" class="note">
        {sent && t("door-word-done")}
      </p>
      {!open ? (
        <Button
          icon="note"
          onPress={() => {
            setSent(false);
            setOpen(true);
          }}
        >
          {t("door-word")}
        </Button>
      ) : (
        <>
          <Field
            label={t("door-word-label")}
            hint={t("door-word-hint")}
            {...words.field}
            lines={3}
            focused
          />
          <Trouble code={action.code} />
          <div class="buttons">
            <Button kind="primary" idle={action.busy || words.given === null || !words.fits} onPress={() => action.run(send)}>
              {t("door-word-do")}
            </Button>
            <Button onPress={() => setOpen(false)}>{t("door-no-not")}</Button>
          </div>
        </>
      )}
    </div>
  );
}
