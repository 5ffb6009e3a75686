import { t } from "../../../i18n/text";
import type { InRoom } from "../../room/inRoom";
import { mayDo } from "../../room/rights";
import { Row } from "../../shared/Row";

/** To slow mode. */
export function SlowPart({ room, onGo }: InRoom) {
  const live = room.live.value;
  if (!live || !mayDo(room, "slow_mode")) return null;
  const under = live.slow > 0 ? t("run-seconds", { count: live.slow }) : t("run-slow-under");
  return <Row icon="clock" words={t("run-slow")} under={under} onPress={() => onGo({ kind: "slow" })} />;
}
