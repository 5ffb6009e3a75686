"""The messages a device keeps: found by seq, hidden when taken down, back when restored in time, then forgotten."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from asking import FakeClock
from safespace.rooms.actions import Restore, TakeDown
from safespace.sdk.checks import Suspicion
from safespace.sdk.conversation import RESTORABLE, Conversation, Message
from safespace.sdk.group_crypto import GroupCrypto, LeafKey
from safespace.sdk.place import Place
from safespace.sdk.store import Store

ROOM = UUID(int=1)
FERN, WREN = "A" * 22, "A" * 21 + "Q"
SEQS = (2, 3, 7, 8, 20)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.create(tmp_path / "store", bytes(32))
    yield store
    store.close()


def conversation(store: Store, clock: FakeClock) -> Conversation:
    crypto = GroupCrypto.create(LeafKey.fresh(), ROOM.bytes)
    made = Conversation(
        Place(group=ROOM, room=ROOM, policy_private=bytes(32), crypto=crypto, public=crypto.public()), store, clock
    )
    with store.writing():
        for seq in SEQS:
            made.add(Message(seq, f"said {seq}", "Fern", FERN, False, 0, ROOM, note="a note"))
    return made


def texts(made: Conversation) -> list[str]:
    return [made.message(number).text for number in range(len(SEQS))]


@pytest.mark.parametrize("seq", SEQS)
def test_a_message_taken_down_keeps_its_place_and_nothing_else(store: Store, seq: int) -> None:
    made = conversation(store, FakeClock())
    number = SEQS.index(seq)
    before = made.message(number)
    with store.writing():
        made.take_down(seq)
        made.take_down(seq)
    assert made.message(number) == replace(before, text="", note=None, taken_down=True)
    assert texts(made).count("") == 1
    with store.writing():
        made.restore(seq)
    assert made.message(number) == before


def test_it_can_be_restored_for_half_a_minute_and_is_then_forgotten(store: Store) -> None:
    clock = FakeClock()
    made = conversation(store, clock)
    with store.writing():
        made.take_down(3)
        clock.now += RESTORABLE - 1
        made.tidy()
        made.take_down(7)
        clock.now += 1
        made.tidy()
        made.restore(3)
        made.restore(7)
    assert texts(made) == ["said 2", "", "said 7", "said 8", "said 20"]


@pytest.mark.parametrize("line", [1, 4, 21, 10**9])
def test_lines_that_are_not_here_are_passed_over(store: Store, line: int) -> None:
    made = conversation(store, FakeClock())
    made.check(TakeDown(target=WREN, line=line))
    with store.writing():
        made.take_down(line)
        made.restore(line)
    assert "" not in texts(made)


def test_a_takedown_that_names_another_author_is_not_followed(store: Store) -> None:
    made = conversation(store, FakeClock())
    made.check(TakeDown(target=FERN, line=7))
    for action in (TakeDown(target=WREN, line=7), Restore(target=WREN, line=7)):
        with pytest.raises(Suspicion, match="policy_forged"):
            made.check(action)
