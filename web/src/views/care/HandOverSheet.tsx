import { t } from "../../i18n/text";
import { PeopleList } from "../room/PeopleList";
import type { InRoom } from "../room/inRoom";
import { Sheet } from "../shared/Sheet";

/** Handing a group over: someone is asked to be an owner; once they are, one may step down or leave. */
export function HandOverSheet({ room, onClose, onGo }: InRoom) {
  const others = room.members.value.filter((member) => !member.me && member.role !== "owner");
  return (
    <Sheet title={t("hand-over")} under={t("hand-over-under")} onClose={onClose} onBack={() => onGo({ kind: "leave" })}>
      <p>{others.length > 0 ? t("hand-over-words") : t("hand-over-nobody")}</p>
      <PeopleList members={others} onOpen={(member) => onGo({ kind: "role", member, role: "owner" })} />
    </Sheet>
  );
}
