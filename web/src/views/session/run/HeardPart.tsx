import { t } from "../../../i18n/text";
import type { InRoom } from "../../room/inRoom";
import { mayDo } from "../../room/rights";
import { Row } from "../../shared/Row";

/** To who has been heard, for facilitators alone. */
export function HeardPart({ room, onGo }: InRoom) {
  if (!room.live.value?.session || !mayDo(room, "give_floor")) return null;
  return <Row icon="ear" words={t("run-heard")} under={t("run-heard-under")} onPress={() => onGo({ kind: "heard" })} />;
}
