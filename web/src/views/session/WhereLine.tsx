import { t } from "../../i18n/text";
import { clock } from "../../i18n/time";
import type { LiveView } from "../../room/liveView";
import type { RoomView } from "../../room/types";
import type { SheetName } from "../room/inRoom";

/** Under the room's name: where the session is. Leads to all of it. */
export function WhereLine({ room, onOpen }: { room: RoomView; onOpen: (sheet: SheetName) => void }) {
  const live = room.live.value;
  if (!live?.session) return null;
  return (
    <button type="button" class="room-where" onClick={() => onOpen({ kind: "session" })}>
      <span>{whereWords(live)}</span>
    </button>
  );
}

/** "Check-in round · 2 of 5 · gentle pace" */
function whereWords({ sheet, session, pace, locked }: LiveView): string {
  const segment = sheet.at === null ? undefined : sheet.segments[sheet.at];
  const where = segment
    ? t("live-where", { title: segment.title, number: (sheet.at ?? 0) + 1, count: sheet.segments.length })
    : t("live-until", { until: clock(session?.closes ?? 0) });
  return [where, pace === "gentle" ? t("live-gentle") : "", locked ? t("live-locked") : ""].filter(Boolean).join(" · ");
}
