import type { RoomView } from "../../room/types";
import { t } from "../../i18n/text";
import type { SheetName } from "../room/inRoom";
import { Row } from "../shared/Row";
import { runsSessions } from "./rights";

/** For who runs the session that is on: keep nothing of it, go into small rooms. */
export function PassingRows({ room, onGo }: { room: RoomView; onGo: (sheet: SheetName) => void }) {
  if (!runsSessions(room) || !room.passing.on.value) return null;
  return (
    <>
      {!room.passing.held.value && (
        <Row icon="leaf" words={t("capsule-title")} under={t("capsule-row")} onPress={() => onGo({ kind: "capsule" })} />
      )}
      <Row icon="people" words={t("small-title")} under={t("small-row")} onPress={() => onGo({ kind: "break-out" })} />
    </>
  );
}
