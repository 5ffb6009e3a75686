import { t } from "../../../i18n/text";
import type { InRoom } from "../../room/inRoom";
import { mayDo } from "../../room/rights";
import { Button } from "../../shared/Button";

/** Beginning a session, while none is on. */
export function StartPart({ room, onGo }: Pick<InRoom, "room" | "onGo">) {
  if (room.live.value?.session || !mayDo(room, "open_session")) return null;
  return (
    <div class="run-main">
      <Button kind="primary" onPress={() => onGo({ kind: "start-session" })}>
        {t("run-start")}
      </Button>
      <p class="note">{t("run-start-under")}</p>
    </div>
  );
}
