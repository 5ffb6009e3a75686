"""What always holds of a fold, whatever members try. Single cases are in `tests/vectors/policy.json`."""

import random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safespace.crypto.encoding import canonical_json
from safespace.rooms.actions import SHOWN, Accept, Admit, AnyAction, Leave, Offer, Remove, shown, shows_its_own
from safespace.rooms.policy import check_clear, fold, propose, state_hash
from safespace.rooms.roles import RANKS, STAFF
from safespace.rooms.state import (
    MAX_BANNED,
    MAX_DEPARTED,
    PolicyError,
    PolicyMessage,
    State,
    StateMessage,
    read_policy,
    read_state,
)
from safespace.wire import ClearPolicy, PolicyPart, Shown
from vectors.edits import apply, edits_of
from vectors.fixed import b64
from vectors.policy_forms import of_every_kind
from vectors.policy_people import ROLES, T, admitting, creating, everyone, folded, id_of
from vectors.policy_sequences import story

Step = tuple[PolicyMessage, State | None, State]
"""A message, the state before it and the one after."""


def walk(steps: list[dict[str, Any]]) -> list[Step]:
    """The changes along a story, each refused step leaving the state as it was."""
    state: State | None = None
    changes: list[Step] = []
    for step in steps:
        message = read_policy(step["content"].encode())
        before = None if state is None else state.written()
        after = None
        if step["code"] is None:
            after = fold(state, message, step["time"])
            changes.append((message, state, after))
        else:
            with pytest.raises(PolicyError, match=step["code"]):
                fold(state, message, step["time"])
        assert state is None or state.written() == before, "a fold changes no state, it makes another"
        state = after or state
    return changes


stories = st.integers(0, 2**64).map(lambda seed: walk(story(random.Random(seed))))


@settings(max_examples=200, deadline=None)
@given(stories)
def test_a_group_always_has_an_owner_and_its_hash_survives_writing(changes: list[Step]) -> None:
    for _, _, state in changes:
        assert any(member.role == "owner" for member in state.members.values())
        assert len(state.departed) <= MAX_DEPARTED
        # Reading checks all that a state promises; writing again gives the same bytes.
        again = read_state(StateMessage(state=state).written())
        assert again == state
        assert state_hash(again) == state_hash(state)


@settings(max_examples=200, deadline=None)
@given(stories)
def test_nobodys_rank_rises_without_their_word(changes: list[Step]) -> None:
    for message, before, after in changes:
        action = message.action
        for id, member in after.members.items():
            was = before.members.get(id) if before else None
            if was is not None and RANKS[member.role] > RANKS[was.role]:
                assert isinstance(action, Accept)
                assert message.actor == id
                assert action.version == after.charter.version == member.charter
            if was is None and before is not None:
                assert isinstance(action, Admit)
                if member.role in STAFF:
                    assert action.replaces is not None
                    assert RANKS[before.members[action.replaces].role] >= RANKS[member.role]


@settings(max_examples=200, deadline=None)
@given(stories)
def test_nothing_is_done_to_the_actors_own_rank_or_above(changes: list[Step]) -> None:
    for message, before, after in changes:
        if before is None:
            continue
        mine = RANKS[before.members[message.actor].role]
        for id, member in before.members.items():
            if id == message.actor or RANKS[member.role] < mine:
                continue
            assert after.members.get(id) == member
            muted = before.mutes.get(id)
            # One for the session ends with it, whoever speaks next.
            assert after.mutes.get(id) == muted or (muted is not None and muted.session)
            assert after.offers.get(id) == before.offers.get(id)


@settings(max_examples=100, deadline=None)
@given(stories)
def test_coming_back_ends_neither_mute_nor_listening(changes: list[Step]) -> None:
    for message, before, after in changes:
        action = message.action
        if not isinstance(action, Admit) or action.replaces is None or before is None:
            continue
        assert after.mutes.get(action.target) == before.mutes.get(action.replaces)
        assert after.members[action.target].listening >= before.members[action.replaces].listening
        assert action.replaces not in after.members


def test_only_the_newest_departed_are_kept() -> None:
    state = folded(None, ("owner", creating()))
    for number in range(MAX_DEPARTED + 6):
        name = f"guest {number}"
        state = folded(state, ("owner", admitting(name, "guest")), (name, Leave()))
    assert state.departed == tuple(id_of(f"guest {number}") for number in range(6, MAX_DEPARTED + 6))
    assert read_state(StateMessage(state=state).written()) == state


def test_only_the_newest_banned_are_named() -> None:
    state = folded(None, ("owner", creating()))
    for number in range(MAX_BANNED + 2):
        name = f"guest {number}"
        ban = Remove(target=id_of(name), ban=True)
        state = folded(state, ("owner", admitting(name, "guest")), ("owner", ban))
    assert [one.pseudonym for one in state.banned] == [f"guest {number}" for number in range(2, MAX_BANNED + 2)]
    assert read_state(StateMessage(state=state).written()) == state


def test_nobody_gains_by_coming_back_and_the_old_leaves_are_gone() -> None:
    full = everyone()
    let_back = 0
    for actor in ROLES:
        for old in ROLES:
            for new in ROLES:
                message = propose(full, id_of(actor), 0, admitting("new", new, replaces=old))
                try:
                    after = fold(full, message, T)
                except PolicyError:
                    continue
                let_back += 1
                assert RANKS[actor] > RANKS[old] >= RANKS[new]
                assert id_of(old) not in after.members
                assert len(after.members) == len(full.members)
                assert after.departed == (*full.departed, *full.members[id_of(old)].leaves)
    assert let_back
    back = folded(full, ("owner", admitting("new", "moderator", replaces="moderator")))
    assert back.members[id_of("new")].leaves == (id_of("new"),)


def test_an_offer_is_worth_what_its_maker_may_give() -> None:
    offered = folded(everyone(), ("facilitator", Offer(target=id_of("member"), role="moderator")))
    accept = Accept(role="moderator", version=1)
    assert folded(offered, ("member", accept)).members[id_of("member")].role == "moderator"
    without = folded(offered, ("owner", Remove(target=id_of("facilitator"))))
    with pytest.raises(PolicyError, match="no_offer"):
        folded(without, ("member", accept))


IN_CLEAR = ClearPolicy(
    action="admit",
    target=id_of("new"),
    policy_seq=3,
    role="member",
    request=admitting("new").request,
    listening=False,
)


@pytest.mark.parametrize(
    "other",
    [
        {"action": "remove"},
        {"target": id_of("other")},
        {"role": "owner"},
        {"request": UUID(int=1)},
        {"policy_seq": 2},
        {"replaces": id_of("member")},
        {"listening": True},
        {"days": 3},
    ],
)
def test_what_is_shown_to_the_relay_is_what_is_sealed(other: dict[str, Any]) -> None:
    message = propose(everyone(), id_of("owner"), 3, admitting("new"))
    check_clear(IN_CLEAR, message)
    with pytest.raises(PolicyError, match="announcement_mismatch"):
        check_clear(IN_CLEAR.model_copy(update=other), message)


@given(st.data())
def test_a_changed_message_is_refused_or_shown_as_it_is(data: st.DataObject) -> None:
    """A sealed action that is not the one announced never folds unnoticed."""
    action = data.draw(st.sampled_from(of_every_kind()))
    message = propose(everyone(), id_of("owner"), 3, action)
    plain = message.model_dump(mode="json")
    inside = {name: plain["action"][name] for name in SHOWN[action.action]}
    clear = ClearPolicy.model_validate_json(canonical_json({"action": action.action, "policy_seq": 3, **inside}))
    check_clear(clear, message)
    known = {"action", *SHOWN[action.action]}
    edits = [
        edit for edit in edits_of(plain) if edit["path"] == ["seq"] or (edit["path"][1:2] and edit["path"][1] in known)
    ]
    changed = apply(plain, data.draw(st.sampled_from(edits)))
    if canonical_json(changed) == canonical_json(plain):
        return
    with pytest.raises(PolicyError):
        check_clear(clear, read_policy(canonical_json(changed)))


def test_the_relay_is_shown_of_each_action_what_it_enforces_and_no_reason() -> None:
    assert set(Shown.model_fields) == set().union(*SHOWN.values())
    assert set(PolicyPart.model_fields) - set(Shown.model_fields) == {
        "action",
        "policy_seq",
        "main",
        "epoch",
        "body",
        "commitment",
    }
    assert SHOWN["mute"] == ("target", "length")
    assert SHOWN["remove"] == ("target", "ban")
    assert SHOWN["take_down"] == ("target", "line")


SEALED = {"policy_seq": 3, "epoch": 1, "body": "AAAA", "commitment": id_of("x") + "A" * 21}
OPTIONAL = {
    ("admit", "replaces"),
    ("admit", "session"),
    ("admit", "until"),
    ("open_session", "plan"),
    ("set_floor", "grace"),
    ("start_round", "grace"),
    ("lower_hand", "target"),
}
"""Fields that an action may leave null."""


@pytest.mark.parametrize("action", of_every_kind(), ids=lambda action: action.action)
def test_an_act_shows_just_the_fields_of_its_action(action: AnyAction) -> None:
    clear = {"action": action.action, **shown(action), **SEALED}
    assert shows_its_own(PolicyPart.model_validate(clear))
    anything = {"target": id_of("x"), "role": "guest", "request": UUID(int=1), "replaces": id_of("x")}
    anything |= {"listening": False, "ban": False, "length": 5, "on": False, "line": 1, "days": 0}
    anything |= {"plan": UUID(int=2), "starts": (1,), "minutes": 5, "clock": False, "seconds": 0, "grace": 0}
    anything |= {"mode": "open", "order": (id_of("x"),), "turn": 0, "later": False, "absent": False}
    anything |= {"ballot": UUID(int=3), "asks": "feedback", "token_key": b64("key", 294)}
    anything |= {"session": False, "until": 1}
    anything |= {"into": UUID(int=3), "old": UUID(int=4), "rooms": {UUID(int=5): ()}}
    assert anything.keys() == Shown.model_fields.keys()
    for name, value in anything.items():
        given, optional = shown(action).get(name) is not None, (action.action, name) in OPTIONAL
        if not given and not optional:
            assert not shows_its_own(PolicyPart.model_validate(clear | {name: value})), name
        if given and not optional:
            assert not shows_its_own(PolicyPart.model_validate(clear | {name: None})), name


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner)))
def test_other_json_is_refused(value: Any) -> None:
    for reader in (read_policy, read_state):
        with pytest.raises(PolicyError, match="invalid_field"):
            reader(canonical_json(value))


@given(st.binary())
def test_other_bytes_are_refused(content: bytes) -> None:
    for reader in (read_policy, read_state):
        with pytest.raises(PolicyError, match="invalid_field"):
            reader(content)
