import { useState } from "preact/hooks";
import { LONGEST } from "../../crypto/texts";
import { t } from "../../i18n/text";
import { useAction } from "../action";
import type { InRoom } from "../room/inRoom";
import { Button } from "../shared/Button";
import { Mark } from "../shared/Mark";
import { Sheet } from "../shared/Sheet";
import { Switch } from "../shared/Switch";
import { Trouble } from "../shared/Trouble";
import { ReasonField } from "./ReasonField";
import { offerUndo } from "./undo";
import { useWords } from "../unsent";

/** Removing someone: what it means, what each will see, and that nothing brings it back. */
export function RemoveSheet({ room, onClose, onGo, memberId }: InRoom & { memberId: string }) {
  const [ban, setBan] = useState(false);
  const reason = useWords(`${room.groupId} remove ${memberId}`, LONGEST.reason);
  const action = useAction();
  const member = room.members.value.find((known) => known.id === memberId);
  const back = (): void => onGo({ kind: "person", member: memberId });
  if (!member) return null;
  const name = member.pseudonym;
  const by = room.me.value?.pseudonym ?? t("someone");
  const sees = [t("removed-title", { group: room.name.value }) + ".", t("removed-by", { by }), reason.given];
  return (
    <Sheet title={t("remove-title", { name })} lead={<Mark member={memberId} />} onClose={onClose} onBack={back}>
      <p>{t("remove-words", { name })}</p>
      <p class="with-icon">{t("remove-for-good", { name })}</p>
      <Switch label={t("ban-switch", { name })} hint={t("ban-hint")} on={ban} onChange={setBan} />
      <ReasonField name={name} words={reason} />
      <div class="box">
        <p class="why">{t("remove-they-see", { name })}</p>
        <p dir="auto">{t("quoted", { words: sees.filter(Boolean).join(" ") })}</p>
      </div>
      <div class="box">
        <p class="why">{t("remove-room-sees")}</p>
        <p>{t("quoted", { words: t("notice-removed", { who: name, by }) })}</p>
      </div>
      <Trouble code={action.code} />
      <div class="buttons">
        <Button
          kind="remove"
          idle={action.busy || !reason.fits}
          onPress={() =>
            action.run(async () => {
              await room.doing.remove(memberId, ban, reason.given);
              reason.done();
              offerUndo({ words: t("remove-done", { name }), undo: null });
              onClose();
            })
          }
        >
          {action.busy ? t("remove-busy") : t("remove-do", { name })}
        </Button>
        <Button onPress={back}>{t("remove-not")}</Button>
      </div>
    </Sheet>
  );
}
