/** What the screens are shown of a room's ledger. */
import type { Line } from "./desk.ts";
import { goesOnAs } from "./former.ts";
import type { Ledger } from "./ledger.ts";
import { silence, silenceWithin } from "./moderation.ts";
import { standingOffer } from "./offices.ts";
import type { RoomRecord } from "./record.ts";
import { RANKS, STAFF } from "./roles.ts";
import { isMuted } from "./silence.ts";
import type { State } from "./state.ts";
import { pseudonymOf } from "./timeline.ts";
import type { Deed, Member, Role, RoomStatus, Silenced } from "./types.ts";

export function statusOf({ record, halted, stuck, departed }: Ledger, line: Line): RoomStatus {
  if (record.ending) return record.ending;
  if (halted) return "halted";
  if (line === "down") return "offline";
  if (!record.state) return "loading";
  if (line === "entering" || stuck) return "catching_up";
  return departed.length > 0 ? "rekeying" : "live";
}

/** Highest role first, then by pseudonym. `here` are the ids of those who are connected. Of a mute know the staff and who is muted. */
export function membersOf(ledger: Ledger, here: ReadonlySet<string>): Member[] {
  const { record, state, now } = ledger;
  const staff = STAFF.includes(state.members[record.me]?.role ?? "guest");
  const holders = record.ending ? [] : ledger.group.roster.map(({ id }) => id);
  return Object.entries(state.members)
    .map(([id, { pseudonym, role, agreed, listening, leaves }]) => ({
      id,
      pseudonym,
      role,
      me: id === record.me,
      here: state.presence ? here.has(id) : null,
      agreed: agreed === state.rules.version,
      agreedTo: agreed,
      keyHolders: leaves.filter((leaf) => holders.includes(leaf)).length,
      muted: (staff || id === record.me) && isMuted(state, id, now()) ? (state.mutes[id] ?? null) : null,
      listening,
      away: record.away.includes(id),
      offered: standingOffer(state, id)?.role ?? null,
      blocked: isBlocked(record, id),
    }))
    .sort((a, b) => RANKS[b.role] - RANKS[a.role] || a.pseudonym.localeCompare(b.pseudonym));
}

/** Whether somebody is blocked on this device: also who was, and came back on another. */
export function isBlocked({ state, blocked }: Pick<RoomRecord, "state" | "blocked">, id: string): boolean {
  const now = (one: string): string => (state ? goesOnAs(state, one) : one);
  return blocked.some((one) => now(one) === now(id));
}

/** Why this member may not write now. `deeds` say who muted them, and why. */
export function silencedOf({ record, state, now }: Ledger, deeds: readonly Deed[], within?: string): Silenced | null {
  const { me } = record;
  const silent = within === undefined ? silence : (of: State, id: string, at: number) => silenceWithin(of, within, id, at);
  const why = me in state.members ? silent(state, me, now()) : null;
  if (why !== "muted") return why && { why };
  const muted = state.mutes[me] ?? { until: null, session: false };
  const deed = deeds.findLast(({ what, whom }) => what === "mute" && whom?.id === me);
  return { why, ...muted, since: deed?.time ?? now(), by: deed?.by.pseudonym ?? null, reason: deed?.reason ?? null };
}

export function offerOf(state: State, me: string): { role: Role; by: string } | null {
  const made = standingOffer(state, me);
  return made && { role: made.role, by: pseudonymOf(state, made.by) ?? "" };
}

/** When the next mute ends by itself (milliseconds); null for none. */
export function nextMuteEnd({ mutes }: State, now: number): number | null {
  const ends = Object.values(mutes).flatMap(({ until }) => (until !== null && until > now ? until : []));
  return ends.length === 0 ? null : Math.min(...ends);
}
