import { t } from "../../../i18n/text";
import type { InRoom } from "../../room/inRoom";
import { mayAdmit } from "../../room/rights";
import { Row } from "../../shared/Row";

/** To those who wait at the door, while somebody does. */
export function DoorPart({ room, onGo }: InRoom) {
  const count = room.waiting.value.length;
  if (count === 0 || !mayAdmit(room)) return null;
  return (
    <Row icon="door" words={t("waiting-list")} under={t("groups-waiting", { count })} onPress={() => onGo({ kind: "waiting", from: "run" })} />
  );
}
