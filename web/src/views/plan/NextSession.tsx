import type { RoomView } from "../../room/types";
import { t } from "../../i18n/text";
import { when } from "../../i18n/time";
import { Icon } from "../shared/Icon";
import type { SheetName } from "../room/inRoom";

/** When the group meets next, in one calm line; nothing where nothing is planned, or while a session is on. */
export function NextSession({ room, onOpen }: { room: RoomView; onOpen: (sheet: SheetName) => void }) {
  const [next] = room.plans.sessions.value;
  if (!next || next.on) return null;
  const { plan, start, title } = next;
  return (
    <button type="button" class="next-line" onClick={() => onOpen({ kind: "planned", plan, start })}>
      <Icon name="clock" />
      <span dir="auto">{t("next-session", { title, when: when(start) })}</span>
    </button>
  );
}
