import { LONGEST } from "../../crypto/texts";
import { t } from "../../i18n/text";
import { useAction } from "../action";
import type { InRoom } from "../room/inRoom";
import { Button } from "../shared/Button";
import { Mark } from "../shared/Mark";
import { Sheet } from "../shared/Sheet";
import { Trouble } from "../shared/Trouble";
import { messageAt } from "./MessageSheet";
import { ReasonField } from "./ReasonField";
import { offerUndo } from "./undo";
import { useWords } from "../unsent";

/** Taking a message down: what goes, what stays, and what each will see. */
export function TakeDownSheet({ room, onClose, onGo, seq }: InRoom & { seq: number }) {
  const reason = useWords(`${room.groupId} take-down ${seq}`, LONGEST.reason);
  const action = useAction();
  const message = messageAt(room, seq);
  const back = (): void => onGo({ kind: "message", talk: room, seq });
  if (!message) return null;
  const name = message.pseudonym;
  const by = room.me.value?.pseudonym ?? t("someone");
  return (
    <Sheet title={t("down-title", { name })} lead={<Mark member={message.sender} />} onClose={onClose} onBack={back}>
      <p class="said message-quote" dir="auto">
        {message.text}
      </p>
      <p>{t("down-words")}</p>
      <div class="box">
        <p class="why">{t("down-place")}</p>
        <p>{t("quoted", { words: t("down-by", { by }) })}</p>
      </div>
      <ReasonField name={name} words={reason} />
      <Trouble code={action.code} />
      <div class="buttons">
        <Button
          kind="remove"
          idle={action.busy || !reason.fits}
          onPress={() =>
            action.run(async () => {
              await room.doing.takeDown(seq, reason.given);
              reason.done();
              offerUndo({ words: t("down-done"), undo: () => room.doing.restore(seq) });
              onClose();
            })
          }
        >
          {t("down-do")}
        </Button>
        <Button onPress={back}>{t("remove-not")}</Button>
      </div>
    </Sheet>
  );
}
