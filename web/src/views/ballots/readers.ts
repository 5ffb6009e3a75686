import type { BallotOutcome, BallotsView, RoomView } from "../../room/types";
import { may } from "../../room/roles";
import { names } from "../../i18n/time";

/** Who reads what is answered, by name. */
export function readersOf(room: RoomView): string {
  return names(room.members.value.filter(({ role }) => may(role, "open_ballot")).map(({ pseudonym }) => pseudonym));
}

/** What came of a ballot by now. Throws AppError, or an Error where what it takes cannot be fetched. */
export async function readBallot(ballots: BallotsView, id: string): Promise<BallotOutcome> {
  return (await ballots.deeds()).read(id);
}
