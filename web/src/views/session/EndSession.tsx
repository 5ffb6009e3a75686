import { t } from "../../i18n/text";
import { Button } from "../shared/Button";
import { Sheet } from "../shared/Sheet";
import { Trouble } from "../shared/Trouble";
import type { InRoom } from "../room/inRoom";
import { useDone } from "./useDone";

/** Asks once more before the session ends for everyone. */
export function EndSession({ room, onClose, onGo }: InRoom) {
  const done = useDone(onClose);
  return (
    <Sheet title={t("run-end-title")} onClose={onClose} onBack={() => onGo({ kind: "run" })}>
      <p>{t("run-end-words")}</p>
      <Trouble code={done.code} />
      <Button kind="remove" idle={done.busy} onPress={() => done.run(() => room.leading.close(), t("run-end-done"))}>
        {t("run-end-do")}
      </Button>
    </Sheet>
  );
}
