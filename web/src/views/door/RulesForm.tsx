import { LONGEST } from "../../crypto/texts";
import { t } from "../../i18n/text";
import type { RoomView } from "../../room/types";
import { useAction } from "../action";
import { offerUndo } from "../care/undo";
import { Button } from "../shared/Button";
import { Field } from "../shared/Field";
import { Trouble } from "../shared/Trouble";
import { useWords } from "../unsent";

/** Writing the ground rules anew, and what that asks of everyone, said before it is done. */
export function RulesForm({ room, onDone, onBack }: { room: RoomView; onDone: () => void; onBack: () => void }) {
  const action = useAction();
  const words = useWords(`${room.groupId} rules`, LONGEST.groundRules, room.rules.value);
  const changed = words.given !== null && words.given !== room.rules.value;
  const write = async (): Promise<void> => {
    await room.doing.writeRules(words.given ?? "");
    words.done();
    offerUndo({ words: t("rules-written"), undo: null });
    onDone();
  };
  return (
    <>
      <Field label={t("rules-edit")} hint={t("new-rules-hint")} {...words.field} lines={8} />
      <div class="box">
        <p class="why">{t("rules-what-happens")}</p>
        <p>{t("rules-asks-all")}</p>
        <p>{t("rules-ends-invites")}</p>
      </div>
      <Trouble code={action.code} />
      <div class="buttons">
        <Button kind="primary" idle={action.busy || !changed || !words.fits} onPress={() => action.run(write)}>
          {action.busy ? t("rules-write-busy") : t("rules-write")}
        </Button>
        <Button onPress={onBack}>{t("rules-keep")}</Button>
      </div>
    </>
  );
}
