import { useState } from "preact/hooks";
import { LONGEST } from "../../crypto/texts";
import { t } from "../../i18n/text";
import { useAction } from "../action";
import type { InRoom } from "../room/inRoom";
import { Button } from "../shared/Button";
import { Field } from "../shared/Field";
import { Rules } from "../shared/Rules";
import { Sheet } from "../shared/Sheet";
import { Trouble } from "../shared/Trouble";
import { offerUndo } from "./undo";
import { useWords } from "../unsent";

/** What those who look after the group have agreed to. Everyone may read it, an owner may change it. */
export function CharterSheet({ room, onClose, onGo }: InRoom) {
  const action = useAction();
  const charter = room.charter.value;
  const words = useWords(`${room.groupId} charter`, LONGEST.charter, charter);
  const [editing, setEditing] = useState(words.found);
  const changed = words.given !== null && words.given !== charter;
  return (
    <Sheet title={t("charter-title")} under={t("charter-under")} onClose={onClose} onBack={() => onGo({ kind: "about" })}>
      {!editing ? (
        <Rules text={charter} />
      ) : (
        <Field label={t("charter-label")} hint={t("charter-hint")} {...words.field} lines={8} />
      )}
      <Trouble code={action.code} />
      {room.me.value?.role === "owner" && !editing && <Button onPress={() => setEditing(true)}>{t("charter-change")}</Button>}
      {editing && (
        <div class="buttons">
          <Button
            kind="primary"
            idle={action.busy || !changed || !words.fits}
            onPress={() =>
              action.run(async () => {
                await room.doing.writeCharter(words.given ?? "");
                words.done();
                offerUndo({ words: t("charter-done"), undo: null });
                onClose();
              })
            }
          >
            {t("charter-do")}
          </Button>
          <Button onPress={() => setEditing(false)}>{t("remove-not")}</Button>
        </div>
      )}
    </Sheet>
  );
}
