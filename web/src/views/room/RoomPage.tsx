import { startCareWords } from "../../i18n/care";
import { t } from "../../i18n/text";
import { useApp } from "../context";
import { Skeleton } from "../shared/Skeleton";
import { Statement } from "../shared/Statement";
import { FurtherPage } from "../further/FurtherPage";
import { startReminders } from "../reminders";
import { Gone } from "./Gone";
import { isOut } from "./rights";
import { Room } from "./Room";
import { startRoomStyles } from "./styles";

startCareWords();
startReminders();
startRoomStyles();

export { ClockNote } from "../ClockNote";
export { Login } from "../account/Login";
export { Register } from "../account/Register";
export { Joining } from "../invite/Joining";
export { NewGroup } from "../group/NewGroup";
export { Reminder } from "../Reminder";
export { KeyMap } from "../settings/KeyMap";
export { About } from "../settings/About";
export { Settings } from "../settings/Settings";

/** A group's room or a further one of it, or why it cannot be shown. */
export function RoomPage({ group, further }: { group: string; further: string | undefined }) {
  const app = useApp();
  const known = app.groups.value.some((summary) => summary.id === group);
  const room = known ? app.room(group) : null;
  if (!room) {
    if (app.connection.value === "connecting") return <Skeleton name={t("room-page")} />;
    return (
      <Statement page={t("room-page")} icon="leaf" title={t("nowhere-title")} words={[t("room-unknown")]}>
        <a class="button primary" href="/">
          {t("to-groups")}
        </a>
      </Statement>
    );
  }
  const status = room.status.value;
  if (further !== undefined && !isOut(status)) return <FurtherPage main={room} room={further} />;
  // Read before what had it has gone.
  if (isOut(status)) return <Gone room={room} how={status} writing={document.activeElement?.id === "write"} />;
  return <Room key={group} room={room} />;
}
