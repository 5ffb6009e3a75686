import { t } from "../../../i18n/text";
import type { InRoom } from "../../room/inRoom";
import { mayDo } from "../../room/rights";
import { Row } from "../../shared/Row";

/** Keeping nothing of the session, while all of it is kept. */
export function CapsulePart({ room, onGo }: InRoom) {
  const { on, held } = room.passing;
  if (!on.value || held.value || !mayDo(room, "capsule")) return null;
  return <Row icon="leaf" words={t("capsule-title")} under={t("capsule-row")} onPress={() => onGo({ kind: "capsule" })} />;
}
