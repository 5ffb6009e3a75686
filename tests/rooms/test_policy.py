"""What always holds of a fold, whatever members try. Single cases are in `tests/vectors/policy.json`."""

import random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safespace.crypto.encoding import canonical_json
from safespace.rooms.policy import check_clear, fold, propose, state_hash
from safespace.rooms.roles import RANKS
from safespace.rooms.state import (
    MAX_DEPARTED,
    Leave,
    PolicyError,
    State,
    StateMessage,
    read_policy,
    read_state,
    write,
)
from safespace.wire import ClearPolicy
from vectors.edits import apply, edits_of
from vectors.policy_cases import ROLES, admitting, creating, everyone, id_of
from vectors.policy_sequences import story


def folded(steps: list[dict[str, Any]]) -> list[State]:
    """The states along a story, each refused step leaving the state as it was."""
    state: State | None = None
    states = []
    for step in steps:
        message = read_policy(step["content"].encode())
        if step["code"] is None:
            state = fold(state, message)
        else:
            with pytest.raises(PolicyError, match=step["code"]):
                fold(state, message)
        if state:
            states.append(state)
    return states


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**64))
def test_a_group_always_has_an_owner_and_its_hash_survives_writing(seed: int) -> None:
    for state in folded(story(random.Random(seed))):
        assert any(member.role == "owner" for member in state.members.values())
        assert len(state.departed) <= MAX_DEPARTED
        # Reading checks all that a state promises; writing again gives the same bytes.
        again = read_state(write(StateMessage(state=state)))
        assert again == state
        assert state_hash(again) == state_hash(state)


def test_only_the_newest_departed_are_kept() -> None:
    state = fold(None, propose(None, id_of("owner"), 0, creating()))
    for number in range(MAX_DEPARTED + 6):
        name = f"guest {number}"
        state = fold(state, propose(state, id_of("owner"), 0, admitting(name, "guest")))
        state = fold(state, propose(state, id_of(name), 0, Leave()))
    assert state.departed == tuple(id_of(f"guest {number}") for number in range(6, MAX_DEPARTED + 6))
    assert read_state(write(StateMessage(state=state))) == state


def test_a_refused_message_changes_nothing() -> None:
    full = everyone()
    before = write(full)
    with pytest.raises(PolicyError, match="forbidden"):
        fold(full, propose(full, id_of("guest"), 0, admitting("new")))
    assert write(full) == before


def test_nobody_gains_by_coming_back_and_the_old_leaves_are_gone() -> None:
    full = everyone()
    for actor in ROLES:
        for old in ROLES:
            for new in ROLES:
                message = propose(full, id_of(actor), 0, admitting("new", new, replaces=old))
                try:
                    after = fold(full, message)
                except PolicyError:
                    continue
                assert RANKS[actor] > RANKS[old] >= RANKS[new]
                assert id_of(old) not in after.members
                assert len(after.members) == len(full.members)
                assert after.departed == (*full.departed, *full.members[id_of(old)].leaves)
    back = fold(full, propose(full, id_of("owner"), 0, admitting("new", "moderator", replaces="moderator")))
    assert back.members[id_of("new")].leaves == (id_of("new"),)


SHOWN = ClearPolicy(
    action="admit",
    target=id_of("new"),
    policy_seq=3,
    role="member",
    request=admitting("new").request,
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
    ],
)
def test_what_is_shown_to_the_relay_is_what_is_sealed(other: dict[str, Any]) -> None:
    message = propose(everyone(), id_of("owner"), 3, admitting("new"))
    check_clear(SHOWN, message)
    with pytest.raises(PolicyError, match="announcement_mismatch"):
        check_clear(SHOWN.model_copy(update=other), message)


@given(st.data())
def test_a_changed_message_is_refused_or_shown_as_it_is(data: st.DataObject) -> None:
    """A sealed action that is not the one announced never folds unnoticed."""
    full = everyone()
    message = propose(full, id_of("owner"), 3, admitting("new", data.draw(st.sampled_from(ROLES[1:]))))
    clear = SHOWN.model_copy(update={"role": message.action.role})  # type: ignore[union-attr]
    plain = message.model_dump(mode="json")
    shown = {"action", "target", "role", "request", "replaces"}
    edits = [edit for edit in edits_of(plain) if edit["path"][0] == "seq" or edit["path"][-1] in shown]
    changed = apply(plain, data.draw(st.sampled_from(edits)))
    if changed == plain:
        return
    with pytest.raises(PolicyError):
        check_clear(clear, read_policy(canonical_json(changed)))


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
