import { t } from "../../i18n/text";
import { useAction } from "../action";
import type { InRoom } from "../room/inRoom";
import { Button } from "../shared/Button";
import { Sheet } from "../shared/Sheet";
import { Trouble } from "../shared/Trouble";

/** Before a session is held so that nothing is kept of it: what that means, and what it does not. */
export function CapsuleSheet({ room, onClose }: InRoom) {
  const action = useAction();
  return (
    <Sheet title={t("capsule-title")} onClose={onClose}>
      <p>{t("capsule-words")}</p>
      <p>{t("capsule-ends")}</p>
      <p class="box">{t("capsule-photo")}</p>
      <p class="note">{t("capsule-late")}</p>
      <Trouble code={action.code} />
      <div class="buttons">
        <Button
          kind="primary"
          idle={action.busy}
          onPress={() =>
            action.run(async () => {
              await room.passing.keepNothing();
              onClose();
            })
          }
        >
          {t("capsule-do")}
        </Button>
        <Button onPress={onClose}>{t("close")}</Button>
      </div>
    </Sheet>
  );
}
