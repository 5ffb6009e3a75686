"""Who somebody is now, and what of those who are gone still counts."""

import pytest

from safespace.rooms.former import goes_on_as, ids_of, rank_of
from safespace.rooms.reports import recipients
from safespace.rooms.state import MAX_FORMER, State
from safespace.sdk.reasons import sealed_reason
from vectors.policy_people import admitting, everyone, folded, gone_staff, id_of

HOST = id_of("facilitator")


@pytest.mark.parametrize(
    ("story", "now", "rank"),
    [
        ("came back", "back", "facilitator"),
        ("came back twice", "again", "facilitator"),
        ("came back as a member", "back", "member"),
        ("came back and left", None, "facilitator"),
        ("came back as a member and left", None, None),
        ("came back and was removed", None, "facilitator"),
        ("a facilitator left", None, "facilitator"),
        ("a facilitator stepped down and left", None, None),
    ],
)
def test_who_the_facilitator_is_now(story: str, now: str | None, rank: str | None) -> None:
    state = gone_staff()[story]
    assert goes_on_as(state, HOST) == (id_of(now) if now else HOST)
    assert rank_of(state, HOST) == rank
    State.model_validate_json(state.written())


def test_who_came_back_has_all_their_ids() -> None:
    state = gone_staff()["came back twice"]
    assert set(ids_of(state, id_of("again"))) == {id_of("again"), id_of("back"), HOST}


def test_coming_back_again_and_again_makes_nobody_forget_who_was_of_staff() -> None:
    """A member with a patient facilitator comes back more often than a state can remember."""
    state, name = gone_staff()["a facilitator left"], "member"
    for number in range(MAX_FORMER + 5):
        state = folded(state, ("owner", admitting(f"again {number}", replaces=name)))
        name = f"again {number}"
    assert rank_of(state, HOST) == "facilitator"
    assert len(state.former) == MAX_FORMER
    assert goes_on_as(state, id_of(f"again {MAX_FORMER}")) == id_of(name)


def test_a_report_about_what_they_said_before_does_not_go_to_them() -> None:
    state = gone_staff()["came back"]
    roles = {id: member.role for id, member in state.members.items()}
    assert id_of("back") in recipients(roles, "situation", None, id_of("member"))
    assert recipients(roles, "message", goes_on_as(state, HOST), id_of("member")) == [id_of("owner")]


def test_a_reason_about_what_they_said_before_is_for_them() -> None:
    state = folded(everyone(), ("owner", admitting("back", replaces="member")))
    left_out: list[tuple[str, ...]] = []
    sealed = sealed_reason(left_out.append, state, id_of("member"), "Why.")
    assert left_out == []
    assert sealed is not None
    readers = {box.member for box in sealed.boxes}
    assert readers == {id_of(who) for who in ("back", "owner", "facilitator", "moderator")}
