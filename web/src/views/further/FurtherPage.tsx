import type { RoomView } from "../../room/types";
import { t } from "../../i18n/text";
import { Statement } from "../shared/Statement";
import { FurtherTalk } from "./FurtherTalk";

/** A further room of a group, or that it is over. */
export function FurtherPage({ main, room: id }: { main: RoomView; room: string }) {
  const room = main.further.value.find((one) => one.room === id);
  if (room) return <FurtherTalk key={id} main={main} room={room} />;
  return (
    <Statement page={t("room-page")} icon="leaf" title={t("further-over-title")} words={[t("further-over-words")]}>
      <a class="button primary" href={`/g/${main.groupId}`}>
        {t("further-to-group")}
      </a>
    </Statement>
  );
}
