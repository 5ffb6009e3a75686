import { useState } from "preact/hooks";
import { t } from "../../i18n/text";
import { useAction } from "../action";
import type { InRoom } from "../room/inRoom";
import { Button } from "../shared/Button";
import { Field } from "../shared/Field";
import { Rules } from "../shared/Rules";
import { Sheet } from "../shared/Sheet";
import { Trouble } from "../shared/Trouble";
import { offerUndo } from "./undo";

const LONGEST = 4000;

/** What those who look after the group have agreed to. Everyone may read it, an owner may change it. */
export function CharterSheet({ room, onClose, onGo }: InRoom) {
  const [text, setText] = useState<string | null>(null);
  const action = useAction();
  const charter = room.charter.value;
  const changed = text !== null && text.trim() !== "" && text.trim() !== charter;
  return (
    <Sheet title={t("charter-title")} under={t("charter-under")} onClose={onClose} onBack={() => onGo({ kind: "about" })}>
      {text === null ? (
        <Rules text={charter} />
      ) : (
        <Field label={t("charter-label")} hint={t("charter-hint")} value={text} onValue={setText} limit={LONGEST} lines={8} />
      )}
      <Trouble code={action.code} />
      {room.me.value?.role === "owner" && text === null && <Button onPress={() => setText(charter)}>{t("charter-change")}</Button>}
      {text !== null && (
        <div class="buttons">
          <Button
            kind="primary"
            idle={action.busy || !changed}
            onPress={() =>
              action.run(async () => {
                await room.doing.writeCharter(text.trim());
                offerUndo({ words: t("charter-done"), undo: null });
                onClose();
              })
            }
          >
            {t("charter-do")}
          </Button>
          <Button onPress={() => setText(null)}>{t("remove-not")}</Button>
        </div>
      )}
    </Sheet>
  );
}
