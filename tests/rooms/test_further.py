"""What always holds of a further room's fold and of the roll, whatever members try. Single cases: `further.json`."""

from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from safespace.fields import Role
from safespace.rooms.further import belongs, fold, propose, state_hash
from safespace.rooms.further_state import (
    AnyFurtherAction,
    FurtherState,
    FurtherStateMessage,
    LeaveRoom,
    RemoveFromRoom,
    read_state,
)
from safespace.rooms.roll import Known, Since, role_at, role_now
from safespace.rooms.state import PolicyError
from vectors.fixed import b64
from vectors.further_cases import bringing, opening
from vectors.policy_people import id_of

PEOPLE = ["owner", "anna", "ben", "chi", "dee"]
roles: st.SearchStrategy[Role] = st.sampled_from(["facilitator", "moderator", "member", "guest"])
histories = st.lists(st.tuples(st.integers(1, 9), st.one_of(roles, st.none())), max_size=3)


@st.composite
def rolls(draw: st.DrawFn) -> dict[str, Known]:
    """An owner, and people whose roles change on the way; who is gone stays gone."""
    roll = {id_of("owner"): _known("owner", [(1, "owner")])}
    for who in PEOPLE[1:]:
        seq = 1
        since: list[tuple[int, Role | None]] = [(1, draw(roles))]
        for step, role in draw(histories):
            seq += step
            since.append((seq, role))
            if role is None:
                break
        roll[id_of(who)] = _known(who, since)
    return roll


def _known(who: str, since: list[tuple[int, Role | None]]) -> Known:
    entries = tuple(Since(seq=seq, role=role) for seq, role in since)
    return Known(pseudonym=who, key=b64(f"key of {who}", 32), roles=entries)


tries = st.lists(
    st.tuples(
        st.sampled_from(PEOPLE),
        st.sampled_from(["bring", "leave", "remove"]),
        st.sampled_from(PEOPLE),
        st.integers(0, 5),
    ),
    max_size=30,
)


@settings(max_examples=300, deadline=None)
@given(rolls(), tries, st.sampled_from([None, "anna"]))
def test_nobody_is_in_a_room_who_did_not_belong_when_they_came(
    roll: Mapping[str, Known], attempts: list[tuple[str, str, str, int]], about: str | None
) -> None:
    main, whom = 1, about and id_of(about)
    first = opening("staff" if about is None else "aside", about)
    state = fold(None, propose(None, id_of("owner"), 0, main, first), roll)
    came = {id_of("owner"): main}
    for number, (actor, kind, other, step) in enumerate(attempts):
        main += step
        action: AnyFurtherAction = LeaveRoom()
        if kind == "bring":
            action = bringing(other, b64(f"leaf {number}", 16))
        elif kind == "remove":
            action = RemoveFromRoom(target=id_of(other))
        try:
            after = fold(state, propose(state, id_of(actor), number, main, action), roll)
        except PolicyError:
            continue
        assert id_of(actor) in state.members
        came |= dict.fromkeys(after.members.keys() - state.members.keys(), main)
        for id in state.members.keys() - after.members.keys():
            _check_end(roll, state, after, id_of(actor), id)
        state = after
        assert state.main == main
        assert all(belongs(state.purpose, whom, id, role_at(roll, id, came[id])) for id in state.members)
        handed = FurtherStateMessage(state=state)
        assert state_hash(read_state(handed.written())) == state_hash(state)


def _check_end(roll: Mapping[str, Known], before: FurtherState, after: FurtherState, actor: str, gone: str) -> None:
    """Who is no longer in the room left, or no longer belonged, or was put out by someone of higher rank."""
    assert before.members[gone].leaf in after.departed
    if gone == actor or not belongs(after.purpose, after.about, gone, role_at(roll, gone, after.main)):
        return
    ranks: list[Role | None] = [None, "guest", "member", "moderator", "facilitator", "owner"]
    assert ranks.index(role_at(roll, actor, after.main)) > ranks.index(role_at(roll, gone, after.main))


@given(rolls(), st.sampled_from(PEOPLE), st.integers(0, 40))
def test_the_roll_tells_the_role_that_was_last_given(roll: Mapping[str, Known], who: str, seq: int) -> None:
    since = roll[id_of(who)].roles
    told = [entry.role for entry in since if entry.seq <= seq]
    assert role_at(roll, id_of(who), seq) == (told[-1] if told else since[0].role)
    assert role_now(roll, id_of(who)) == since[-1].role
    assert role_at(roll, id_of("stranger"), seq) is None
