import { useEffect } from "preact/hooks";
import { t } from "../../../i18n/text";
import type { InRoom } from "../../room/inRoom";
import { mayDo } from "../../room/rights";
import { Row } from "../../shared/Row";

/** What facilitators leave for each other, and how much of it is new. */
export function NotesPart({ room, onGo }: InRoom) {
  const reads = mayDo(room, "read_handovers");
  const unread = room.notes.unread.value;
  useEffect(() => {
    // What cannot be fetched now is fetched when the sheet is opened again.
    if (reads) void room.notes.load().catch(() => undefined);
  }, [room, reads]);
  if (!reads) return null;
  return (
    <Row
      icon="note"
      words={t("notes-title")}
      under={unread > 0 ? t("notes-unread", { count: unread }) : undefined}
      onPress={() => onGo({ kind: "notes", from: "run" })}
    />
  );
}
