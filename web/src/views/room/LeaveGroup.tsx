import { t } from "../../i18n/text";
import { useAction } from "../action";
import { Button } from "../shared/Button";
import { Sheet } from "../shared/Sheet";
import { Trouble } from "../shared/Trouble";
import { isLastOwner } from "./rights";
import type { InRoom } from "./inRoom";

/** Leaving for good, after saying what that means. */
export function LeaveGroup({ room, onClose, onGo }: InRoom) {
  const action = useAction();
  const group = room.name.value;
  const onBack = (): void => onGo({ kind: "menu" });
  if (isLastOwner(room)) {
    return (
      <Sheet title={t("leave-group")} onClose={onClose} onBack={onBack}>
        <p>{t("leave-last-owner", { group })}</p>
        <p class="soft">{t("leave-last-owner-next")}</p>
        <div class="buttons">
          <Button kind="primary" onPress={() => onGo({ kind: "hand-over" })}>
            {t("hand-over")}
          </Button>
          <Button onPress={onClose}>{t("leave-stay")}</Button>
        </div>
      </Sheet>
    );
  }
  const me = room.me.value?.pseudonym ?? t("someone");
  return (
    <Sheet title={t("leave-title", { group })} onClose={onClose} onBack={onBack}>
      <p>{t("leave-words")}</p>
      <div class="box">
        <p class="why">{t("remove-room-sees")}</p>
        <p>{t("quoted", { words: t("notice-left", { who: me }) })}</p>
      </div>
      <Trouble code={action.code} />
      <div class="buttons">
        <Button
          kind="remove"
          idle={action.busy}
          onPress={() =>
            action.run(async () => {
              await room.leave();
              onClose();
            })
          }
        >
          {action.busy ? t("leave-busy") : t("leave-do")}
        </Button>
        <Button onPress={onClose}>{t("leave-stay")}</Button>
      </div>
    </Sheet>
  );
}
