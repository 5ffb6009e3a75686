import type { Member, RoomView } from "../../room/types";
import { t } from "../../i18n/text";
import { Mark } from "../shared/Mark";
import { roleWord } from "./roleWord";

/** Everyone who can read here. Who looks comes first, then those who look after the group. */
const ORDER: readonly Member["role"][] = ["owner", "facilitator", "moderator", "member", "guest"];

function byRank(one: Member, other: Member): number {
  if (one.me !== other.me) return one.me ? -1 : 1;
  return ORDER.indexOf(one.role) - ORDER.indexOf(other.role) || one.pseudonym.localeCompare(other.pseudonym);
}

export function PeopleList({ room, onOpen }: { room: RoomView; onOpen: (member: string) => void }) {
  const members = [...room.members.value].sort(byRank);
  return (
    <ul class="people">
      {members.map((member) => (
        <li key={member.id}>
          <button type="button" class="row person" onClick={() => onOpen(member.id)}>
            <span class="person-mark">
              <Mark member={member.id} />
              {member.here === true && <span class="person-here" />}
            </span>
            <span class="row-words">
              <b dir="auto">{member.pseudonym}</b>
              {member.me && <span class="note">{t("you")}</span>}
            </span>
            <span class="note person-aside">
              {roleWord(member.role)}
              {member.here === true && <span class="unseen"> {t("person-here")}</span>}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
