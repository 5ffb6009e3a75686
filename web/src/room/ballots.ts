/** Ballots: what everyone is asked, to be answered without a name. As `safespace.rooms.ballots`. */
import { exact, type Of, whole } from "../form.ts";
import { asks, ballotKey } from "../net/wire.ts";
import { PolicyError } from "./policyError.ts";

/** How many ballots a state remembers, the newest. */
export const MAX_BALLOTS = 4;
/** Fewer people cannot be anonymous among each other. */
export const MINIMUM = 5;
/** Milliseconds after its end in which a ballot's answers travel. */
export const WINDOW = 60_000;
/** Milliseconds after a session in which people may still be asked how it was. */
export const AFTER = 24 * 3_600_000;

const count = whole(0);
/** `voters` is how many members there were when it was opened. */
export const ballot = exact({ asks, token_key: ballotKey, opened: count, closes: count, voters: count });
export type Ballot = Of<typeof ballot>;
export type Ballots = Readonly<Record<string, Ballot>>;

/** Throws PolicyError ballot_open while another one is, or too_few. */
export function opened(ballots: Ballots, id: string, given: Ballot): Ballots {
  if (ballots[id] !== undefined || Object.values(ballots).some(({ closes }) => closes > given.opened)) {
    throw new PolicyError("ballot_open");
  }
  if (given.voters < MINIMUM) throw new PolicyError("too_few");
  const newest = Object.entries(ballots)
    .sort(([one, a], [other, b]) => a.opened - b.opened || (one < other ? -1 : 1))
    .slice(1 - MAX_BALLOTS);
  return { ...Object.fromEntries(newest), [id]: given };
}

/** Throws PolicyError ballot_unknown or ballot_over. */
export function closed(ballots: Ballots, id: string, time: number): Ballots {
  const found = ballots[id];
  if (!found) throw new PolicyError("ballot_unknown");
  if (found.closes <= time) throw new PolicyError("ballot_over");
  return { ...ballots, [id]: { ...found, closes: time } };
}

/** Questions are over with the session that they were for. */
export function afterSession(ballots: Ballots, time: number): Ballots {
  return Object.fromEntries(
    Object.entries(ballots).map(([id, one]) => {
      return [id, one.asks === "questions" ? { ...one, closes: Math.min(one.closes, time) } : one];
    }),
  );
}
