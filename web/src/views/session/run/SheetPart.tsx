import { t } from "../../../i18n/text";
import type { InRoom } from "../../room/inRoom";
import { mayDo } from "../../room/rights";
import { Row } from "../../shared/Row";

/** Writing the parts of the session, or changing them while it is on. */
export function SheetPart({ room, onGo }: InRoom) {
  if (!mayDo(room, "write_run_sheet")) return null;
  return <Row icon="session" words={t("run-sheet")} under={t("run-sheet-under")} onPress={() => onGo({ kind: "run-sheet", from: "run" })} />;
}
