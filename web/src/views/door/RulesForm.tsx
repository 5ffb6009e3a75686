import { useState } from "preact/hooks";
import { t } from "../../i18n/text";
import type { RoomView } from "../../room/types";
import { useAction } from "../action";
import { offerUndo } from "../care/undo";
import { Button } from "../shared/Button";
import { Field } from "../shared/Field";
import { Trouble } from "../shared/Trouble";

const LONGEST = 4000;

/** Writing the ground rules anew, and what that asks of everyone, said before it is done. */
export function RulesForm({ room, onDone, onBack }: { room: RoomView; onDone: () => void; onBack: () => void }) {
  const action = useAction();
  const [text, setText] = useState(room.rules.value);
  const changed = text.trim() !== "" && text.trim() !== room.rules.value;
  const write = async (): Promise<void> => {
    await room.doing.writeRules(text.trim());
    offerUndo({ words: t("rules-written"), undo: null });
    onDone();
  };
  return (
    <>
      <Field label={t("rules-edit")} hint={t("new-rules-hint")} value={text} onValue={setText} limit={LONGEST} lines={8} />
      <div class="box">
        <p class="why">{t("rules-what-happens")}</p>
        <p>{t("rules-asks-all")}</p>
        <p>{t("rules-ends-invites")}</p>
      </div>
      <Trouble code={action.code} />
      <div class="buttons">
        <Button kind="primary" idle={action.busy || !changed} onPress={() => action.run(write)}>
          {action.busy ? t("rules-write-busy") : t("rules-write")}
        </Button>
        <Button onPress={onBack}>{t("rules-keep")}</Button>
      </div>
    </>
  );
}
