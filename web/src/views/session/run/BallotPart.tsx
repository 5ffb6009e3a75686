import { t } from "../../../i18n/text";
import type { InRoom } from "../../room/inRoom";
import { mayDo } from "../../room/rights";
import { Row } from "../../shared/Row";

/** To questions and feedback without names: also when the session is over, as people are asked then how it was. */
export function BallotPart({ room, onGo }: InRoom) {
  if (!mayDo(room, "open_ballot")) return null;
  return <Row icon="note" words={t("ask-menu")} under={t("ask-menu-under")} onPress={() => onGo({ kind: "answers" })} />;
}
