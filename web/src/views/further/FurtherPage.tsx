import { useEffect, useRef } from "preact/hooks";
import type { RoomView } from "../../room/types";
import { t } from "../../i18n/text";
import { Statement } from "../shared/Statement";
import { navigate } from "../router";
import { FurtherTalk } from "./FurtherTalk";

/** A further room of a group, or that it is over. */
export function FurtherPage({ main, room: id }: { main: RoomView; room: string }) {
  const room = [...main.further.value, ...main.passing.entered.value].find((one) => one.room === id);
  const small = room?.purpose.value === "breakout";
  // Whoever was in a small room is back with the others once it is over.
  const was = useRef(false);
  was.current ||= small;
  useEffect(() => {
    if (was.current && !room) navigate(`/g/${main.groupId}`, "replace");
  }, [main.groupId, room]);
  if (room) return <FurtherTalk key={id} main={main} room={room} />;
  return (
    <Statement page={t("room-page")} icon="leaf" title={t("further-over-title")} words={[t("further-over-words")]}>
      <a class="button primary" href={`/g/${main.groupId}`}>
        {t("further-to-group")}
      </a>
    </Statement>
  );
}
