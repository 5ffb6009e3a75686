import { useState } from "preact/hooks";
import { t } from "../../i18n/text";
import type { RoomView } from "../../room/types";
import { useAction } from "../action";
import { Button } from "../shared/Button";
import { Field } from "../shared/Field";
import { Trouble } from "../shared/Trouble";

const LONGEST = 280;

/** A few words to everyone who waits, on their waiting page. */
export function WordPart({ room }: { room: RoomView }) {
  const action = useAction();
  const [text, setText] = useState<string | null>(null);
  const [sent, setSent] = useState(false);
  const send = async (): Promise<void> => {
    await room.doors.tellAll((text ?? "").trim());
    setSent(true);
    setText(null);
  };
  return (
    <div class="stack">
      <p role="status" class="note">
        {sent && t("door-word-done")}
      </p>
      {text === null ? (
        <Button
          icon="note"
          onPress={() => {
            setSent(false);
            setText(t("door-word-start"));
          }}
        >
          {t("door-word")}
        </Button>
      ) : (
        <>
          <Field
            label={t("door-word-label")}
            hint={t("door-word-hint")}
            value={text}
            onValue={setText}
            limit={LONGEST}
            lines={3}
            focused
          />
          <Trouble code={action.code} />
          <div class="buttons">
            <Button kind="primary" idle={action.busy || text.trim() === ""} onPress={() => action.run(send)}>
              {t("door-word-do")}
            </Button>
            <Button onPress={() => setText(null)}>{t("door-no-not")}</Button>
          </div>
        </>
      )}
    </div>
  );
}
