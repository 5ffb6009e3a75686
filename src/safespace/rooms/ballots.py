"""Ballots: what everyone is asked, to be answered without a name.

Pure, and alike at the relay and on every device (`web/src/room/ballots.ts`; vectors in `tests/vectors/policy.json`).
A ballot is answered until it closes; the answers travel in the WINDOW after that, at random moments, and are handed out
once it is over. See docs/protocol.md, "Ballots".
"""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from safespace.crypto.sealed import Sealed
from safespace.errors import PolicyError
from safespace.fields import Asks, BallotKey, Count

MAX_BALLOTS: Final = 4
"""How many ballots a state remembers, the newest."""
MINIMUM: Final = 5
"""Fewer people cannot be anonymous among each other: they are not asked, and fewer answers are shown to nobody."""
WINDOW: Final = 60_000
"""Milliseconds after its end in which a ballot's answers travel."""
AFTER: Final = 24 * 3_600_000
"""Milliseconds after a session in which people may still be asked how it was."""


class Ballot(Sealed):
    """`voters` is how many members there were when it was opened: nobody who came later has a token."""

    asks: Asks
    token_key: BallotKey
    opened: Count
    closes: Count
    voters: Count


def opened(ballots: Mapping[UUID, Ballot], id: UUID, new: Ballot) -> dict[UUID, Ballot]:
    """Raises PolicyError ballot_open while another one is, or too_few."""
    if id in ballots or any(ballot.closes > new.opened for ballot in ballots.values()):
        raise PolicyError("ballot_open")
    if new.voters < MINIMUM:
        raise PolicyError("too_few")
    newest = sorted(ballots.items(), key=lambda item: (item[1].opened, str(item[0])))[1 - MAX_BALLOTS :]
    return {**dict(newest), id: new}


def closed(ballots: Mapping[UUID, Ballot], id: UUID, time: int) -> dict[UUID, Ballot]:
    """Raises PolicyError ballot_unknown or ballot_over."""
    if id not in ballots:
        raise PolicyError("ballot_unknown")
    if ballots[id].closes <= time:
        raise PolicyError("ballot_over")
    return {**ballots, id: ballots[id].model_copy(update={"closes": time})}


def after_session(ballots: Mapping[UUID, Ballot], time: int) -> dict[UUID, Ballot]:
    """Questions are over with the session that they were for."""
    return {
        id: ballot.model_copy(update={"closes": min(ballot.closes, time)}) if ballot.asks == "questions" else ballot
        for id, ballot in ballots.items()
    }
