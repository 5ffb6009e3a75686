import { useEffect } from "preact/hooks";
import { t } from "../../i18n/text";
import { Icon } from "../shared/Icon";
import { Row } from "../shared/Row";
import { Sheet } from "../shared/Sheet";
import { PeopleList } from "./PeopleList";
import { mayDo } from "./rights";
import type { InRoom } from "./inRoom";

/** Who is in the group, which is exactly who can read. */
export function PeopleSheet({ room, onClose, onGo }: InRoom) {
  const doubts = room.doubts.list.value;
  useEffect(() => {
    void room.doubts.load().catch(() => undefined);
  }, [room]);
  const members = room.members.value;
  const places = members.reduce((sum, member) => sum + member.keyHolders, 0);
  const shared = members.some((member) => member.here !== null);
  return (
    <Sheet title={t("people-title")} onClose={onClose}>
      <div class="box">
        <p class="with-icon">
          <Icon name="lock" />
          <span>{t("people-readers", { count: members.length })}</span>
        </p>
        <p class="why">
          {places > members.length && t("people-places", { count: places })} {t("people-photo")}
        </p>
      </div>
      <PeopleList members={members} onOpen={(member) => onGo({ kind: "person", member })} />
      {mayDo(room, "unban") && room.banned.value.length > 0 && (
        <div class="rows">
          <Row icon="remove" words={t("banned-title")} onPress={() => onGo({ kind: "banned" })} />
        </div>
      )}
      {doubts.map(({ author, by, barred }) => (
        <p class="note" key={author}>
          {t(barred ? "doubts-barred" : "doubts-seen", { who: author, by: by.join(", ") })}
        </p>
      ))}
      {!shared && <p class="note">{t("people-here-not-shared")}</p>}
      <a class="tap" href="/about">
        {t("people-how")}
      </a>
    </Sheet>
  );
}
