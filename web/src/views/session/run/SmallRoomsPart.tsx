import { t } from "../../../i18n/text";
import type { InRoom } from "../../room/inRoom";
import { mayDo } from "../../room/rights";
import { Row } from "../../shared/Row";

/** Into small rooms, and back together. */
export function SmallRoomsPart({ room, onGo }: InRoom) {
  const { on, small } = room.passing;
  if (!on.value || !mayDo(room, "break_out")) return null;
  const parted = small.value.length > 0;
  return (
    <Row
      icon="people"
      words={parted ? t("small-call-back") : t("small-title")}
      under={parted ? undefined : t("small-row")}
      onPress={() => onGo({ kind: "break-out" })}
    />
  );
}
