"""When a guest's time is over; `tests/vectors/guests.json` has every pair of states."""

import pytest

from safespace.rooms.guests import done_with
from safespace.rooms.live import MINUTE
from safespace.rooms.moderation import silence
from safespace.rooms.running import settle
from vectors.guest_cases import states
from vectors.policy_people import T, id_of

KNOWN = states()


@pytest.mark.parametrize(
    ("before", "after", "over"),
    [
        ("before", "on", False),
        ("on", "the nurse", False),
        ("the nurse", "another leads", False),
        ("the nurse", "the friend", False),
        ("the nurse", "the closing", True),
        ("the friend", "the closing", True),
        ("the nurse", "a new sheet", False),
        ("the nurse", "back to the beginning", False),
        ("on", "closed", True),
        ("the nurse", "the next", True),
        ("closed", "the next", False),
        ("the nurse", "nobody", False),
    ],
)
def test_a_guest_goes_with_the_session_or_when_the_room_moves_on(before: str, after: str, over: bool) -> None:
    assert done_with(KNOWN[before], KNOWN[after]) == ([id_of("guest")] if over else [])
    assert done_with(None, KNOWN[after]) == []


def test_who_was_not_there_before_stays() -> None:
    assert done_with(KNOWN["the nurse"], KNOWN["two guests"]) == []
    assert set(done_with(KNOWN["two guests"], KNOWN["closed"])) == {id_of("guest")}


def test_a_session_that_ends_by_itself_is_over_for_its_guests_and_they_write_in_a_session_alone() -> None:
    on = KNOWN["the nurse"]
    assert on.live.session is not None
    last = on.live.session.closes
    assert done_with(on, settle(on, last - 1)) == []
    assert done_with(on, settle(on, last)) == [id_of("guest")]
    guest, member = id_of("guest"), id_of("member")
    assert silence(KNOWN["before"], guest, T) == "closed"
    assert silence(on, guest, T + MINUTE) is None
    assert (silence(on, guest, last), silence(on, member, last)) == ("closed", None)
