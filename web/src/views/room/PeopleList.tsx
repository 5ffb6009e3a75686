import type { LiveView } from "../../room/liveView";
import type { Member } from "../../room/types";
import { t } from "../../i18n/text";
import { Each } from "../shared/Each";
import { Mark } from "../shared/Mark";
import { roleWord } from "./roleWord";

const ORDER: readonly Member["role"][] = ["owner", "facilitator", "moderator", "member", "guest"];

function byRank(one: Member, other: Member): number {
  if (one.me !== other.me) return one.me ? -1 : 1;
  return ORDER.indexOf(one.role) - ORDER.indexOf(other.role) || one.pseudonym.localeCompare(other.pseudonym);
}

export interface PeopleListProps {
  readonly members: readonly Member[];
  /** Where it shows whose turn it is. */
  readonly live?: LiveView | null;
  readonly onOpen: (member: string) => void;
}

/** What someone is doing just now, if it is worth a word. */
function stateWord(member: Member, live: LiveView | null): string | null {
  if (live?.floor.holder === member.id) return t("floor-has");
  if (live && live.upNext === member.id) return t("floor-next");
  if (member.muted) return t("state-muted");
  if (member.listening) return t("state-listening");
  return member.away ? t("state-away") : null;
}

/** People of the group. Who looks comes first, then those who look after it. */
export function PeopleList({ members: given, live = null, onOpen }: PeopleListProps) {
  const members = [...given].sort(byRank);
  return (
    <ul class="people">
      <Each of={members} by={({ id }) => id} draw={(member) => <Person member={member} live={live} onOpen={onOpen} />} />
    </ul>
  );
}

function Person({ member, live, onOpen }: { member: Member; live: LiveView | null; onOpen: (member: string) => void }) {
  return (
    <li>
      <button type="button" class="row person" onClick={() => onOpen(member.id)}>
        <span class="person-mark">
          <Mark member={member.id} />
          {member.here === true && <span class="person-here" />}
        </span>
        <span class="row-words">
          <b dir="auto">{member.pseudonym}</b>
          {member.me && <span class="note">{t("you")}</span>}
          {live?.session?.lead === member.id && <span class="note">{t("person-leads")}</span>}
          {stateWord(member, live) !== null && <span class="note">{stateWord(member, live)}</span>}
        </span>
        <span class="note person-aside">
          {roleWord(member.role)}
          {member.here === true && <span class="unseen"> {t("person-here")}</span>}
        </span>
      </button>
    </li>
  );
}
