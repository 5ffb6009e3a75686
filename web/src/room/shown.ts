/** What the screens are shown of a room's ledger. */
import { b64encode } from "../crypto/bytes.ts";
import type { Line } from "./desk.ts";
import type { Ledger } from "./ledger.ts";
import { RANKS } from "./roles.ts";
import type { Member, RoomStatus } from "./types.ts";

export function statusOf({ record, halted, departed }: Ledger, line: Line): RoomStatus {
  if (record.ending) return record.ending;
  if (halted) return "halted";
  if (line === "down") return "offline";
  if (!record.state) return "loading";
  if (line === "entering") return "catching_up";
  return departed.length > 0 ? "rekeying" : "live";
}

/** Highest role first, then by pseudonym. `here` are the ids of those who are connected. */
export function membersOf(ledger: Ledger, here: ReadonlySet<string>): Member[] {
  const { record, state } = ledger;
  const holders = record.ending ? [] : ledger.group.roster.map(({ identity }) => b64encode(identity));
  return Object.entries(state.members)
    .map(([id, { pseudonym, role, agreed, leaves }]) => ({
      id,
      pseudonym,
      role,
      me: id === record.me,
      here: state.presence ? here.has(id) : null,
      agreed: agreed === state.rules.version,
      keyHolders: leaves.filter((leaf) => holders.includes(leaf)).length,
    }))
    .sort((a, b) => RANKS[b.role] - RANKS[a.role] || a.pseudonym.localeCompare(b.pseudonym));
}
