"""What always holds of session and floor, whatever people try and whatever the clock does.

Single cases are in `tests/vectors/policy.json`.
"""

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safespace.errors import PolicyError
from safespace.rooms import floor as floors
from safespace.rooms import live as lives
from safespace.rooms.actions import shown
from safespace.rooms.dealing import deal
from safespace.rooms.floor import Floor, Terms
from safespace.rooms.live import Live, Table
from safespace.rooms.live_actions import GiveFloor, PassTurn, RaiseHand, SetFloor, StartRound
from safespace.rooms.moderation import due_refusal
from safespace.rooms.policy import fold, propose
from safespace.rooms.running import settle
from safespace.rooms.silence import silences
from safespace.rooms.state import State, StateMessage, read_policy, read_state
from safespace.wire import Shown
from vectors.live_sequences import evening
from vectors.policy_people import ROLES, T, everyone, folded, hands, id_of, opening, round_of

evenings = st.integers(0, 2**64).map(lambda seed: list(evening(40, random.Random(seed))))
times = st.integers(T - 10**8, T + 10**8)


def walk(steps: list[dict[str, Any]]) -> list[tuple[dict[str, Any], State, State]]:
    """The steps that were allowed, with the states before and after."""
    state, walked = everyone(), []
    for step in steps:
        if step["code"] is None:
            before, state = state, fold(state, read_policy(step["content"].encode()), step["time"])
            walked.append((step, before, state))
    return walked


@settings(max_examples=60, deadline=None)
@given(evenings)
def test_whoever_waits_gets_the_floor_and_nobody_is_in_two_places(steps: list[dict[str, Any]]) -> None:
    turn = 0
    for _, _, state in walk(steps):
        floor = state.floor
        assert read_state(StateMessage(state=state).written()) == state, "reading checks who waits and who speaks"
        assert floor.turn >= turn
        turn = floor.turn


@settings(max_examples=60, deadline=None)
@given(evenings)
def test_the_order_of_hands_is_kept(steps: list[dict[str, Any]]) -> None:
    for step, before, after in walk(steps):
        message = read_policy(step["content"].encode())
        action = message.action
        if isinstance(action, StartRound) or (isinstance(action, PassTurn) and action.later):
            continue
        # Who had a turn meanwhile waits again behind the others.
        queue = settle(before, step["time"]).floor.queue
        stayed = [id for id in after.floor.queue if id in queue]
        assert stayed == [id for id in queue if id in stayed]


@settings(max_examples=60, deadline=None)
@given(evenings)
def test_the_relay_makes_of_what_it_is_shown_what_devices_make_of_the_whole(steps: list[dict[str, Any]]) -> None:
    table: Table = (everyone().live, everyone().floor)
    for step, before, after in walk(steps):
        message = read_policy(step["content"].encode())
        given = Shown.model_validate(shown(message.action))
        role = before.members[message.actor].role
        time = step["time"]
        table = lives.settled(*table, time)
        kind, members = message.action.action, len(before.members)
        unable = silences(settle(before, time), time)
        table = deal(*table, message.actor, role, kind, given, time, members=members, silences=unable)
        table = table[0], floors.heeding(table[0].terms, table[1], silences(after, time), time)
        live, floor = after.live, after.floor.model_copy(update={"too": ()})
        assert table == (live, floor)


@settings(max_examples=100, deadline=None)
@given(evenings)
def test_nobody_has_the_floor_who_cannot_speak(steps: list[dict[str, Any]]) -> None:
    for step, _, after in walk(steps):
        unable = silences(after, step["time"])
        floor = after.floor
        if after.live.terms.mode == "open":
            assert floor.holder is None
            continue
        assert floor.holder not in unable
        assert floor.silent == {one: at for one, at in unable.items() if one in floor.queue}
        assert floor.holder is not None or set(floor.queue) <= unable.keys(), "nobody who may speak waits in silence"
        if floor.holder is not None and after.live.paused is None:
            assert due_refusal(after, floor.holder, "message", step["time"]) in (None, "in_capsule", "closed")


@settings(max_examples=100, deadline=None)
@given(evenings)
def test_nobody_is_passed_over_but_who_cannot_speak_and_they_keep_their_place(steps: list[dict[str, Any]]) -> None:
    for step, before, after in walk(steps):
        action = read_policy(step["content"].encode()).action
        settled = settle(before, step["time"])
        if isinstance(action, StartRound | GiveFloor | SetFloor) or after.floor.turn != settled.floor.turn + 1:
            continue
        holder, queue = after.floor.holder, settled.floor.queue
        ahead = queue[: queue.index(holder)] if holder in queue else ()
        assert all(one in after.floor.queue and one in after.floor.silent for one in ahead)


@settings(max_examples=60, deadline=None)
@given(evenings, times, times)
def test_no_state_depends_on_when_it_is_looked_at(steps: list[dict[str, Any]], one: int, other: int) -> None:
    early, late = sorted((one, other))
    for _, _, state in walk(steps)[-5:]:
        assert settle(settle(state, early), late) == settle(state, late)


def test_a_turn_that_is_passed_twice_is_passed_once() -> None:
    state = folded(everyone(), ("facilitator", opening()), ("facilitator", round_of("member", "guest", "moderator")))
    again = propose(state, id_of("member"), 0, PassTurn(turn=1, later=False, absent=False))
    state = fold(state, again, T)
    assert state.floor.holder == id_of("guest")
    for actor in ("member", "facilitator"):
        with pytest.raises(PolicyError, match="turn_over"):
            fold(state, propose(state, id_of(actor), 0, PassTurn(turn=1, later=False, absent=False)), T)
    assert state.floor.holder == id_of("guest")


def test_of_two_facilitators_at_once_the_second_looks_again() -> None:
    state = folded(everyone(), ("owner", opening()), ("owner", hands()), ("guest", RaiseHand(too=False)))
    mine, yours = (
        propose(state, id_of(who), 0, GiveFloor(target=id_of(to)))
        for who, to in (("owner", "member"), ("facilitator", "moderator"))
    )
    for first, second in ((mine, yours), (yours, mine)):
        after = fold(state, first, T)
        assert isinstance(first.action, GiveFloor)
        assert after.floor.holder == first.action.target
        # The floor is not in the hash: the relay's compare-and-set of policy_seq is what serialises them.
        assert after.live == state.live
        assert fold(after, second, T).floor.holder != after.floor.holder


def test_everyone_in_a_round_has_one_turn_whoever_sleeps() -> None:
    terms = Terms(mode="round", seconds=60, grace=0)
    floor = floors.start_round(terms, Floor(), tuple(map(id_of, ROLES)), {}, T)
    spoke = []
    for minute in range(len(ROLES) + 1):
        now = lives.settled(Live(terms=terms), floor, T + minute * 60_000)[1]
        spoke.append(now.holder)
    assert spoke == [*map(id_of, ROLES), None]
