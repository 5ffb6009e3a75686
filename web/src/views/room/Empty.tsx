import type { RoomView } from "../../room/types";
import { t } from "../../i18n/text";
import { when } from "../../i18n/time";
import { Button } from "../shared/Button";
import { Ring } from "../shared/Ring";
import type { SheetName } from "./inRoom";
import { nobodyWrote } from "./nobodyWrote";
import { mayAdmit } from "./rights";

/** A room in which there is nothing to read. */
export function Empty({ room, onOpen }: { room: RoomView; onOpen: (sheet: SheetName) => void }) {
  const alone = room.members.value.length <= 1;
  const [next] = room.plans.sessions.value;
  const inviting = alone && mayAdmit(room);
  return (
    <div class="empty">
      <div class="lamp middle small">
        <Ring />
      </div>
      <h2>{inviting ? t("empty-alone-title") : t("empty-title")}</h2>
      {next && !inviting && <p>{t("empty-next", { when: when(next.start) })}</p>}
      <p class="soft">{inviting ? t("empty-alone-words") : nobodyWrote(room, room.now()) ? t("empty-words") : t("empty-here")}</p>
      {inviting && (
        <Button kind="primary" icon="link" onPress={() => onOpen({ kind: "invite" })}>
          {t("invite-someone")}
        </Button>
      )}
    </div>
  );
}
