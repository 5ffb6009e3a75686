"""What a device could not follow: however much of it there is, the server is told of all, and of nothing that is
forgotten."""

from uuid import UUID

from safespace.sdk.disputed import MOST_VOID, Disputed

ROOM = UUID(int=1)


def flood(count: int) -> Disputed:
    disputed = Disputed()
    for seq in range(1, count + 1):
        disputed.add_void(seq, None, None)
    return disputed


def test_a_flood_hides_none_of_it() -> None:
    said = list(flood(600).words(ROOM, 0))
    assert [len(frame.seqs) for frame in said] == [256, 256, 88]
    assert [seq for frame in said for seq in frame.seqs] == list(range(1, 601))
    assert not any(frame.ok for frame in said)


def test_of_what_is_forgotten_nothing_is_said() -> None:
    disputed = flood(MOST_VOID + 5)
    assert disputed.word(ROOM, 3) is None
    void, held = disputed.word(ROOM, 6), disputed.word(ROOM, MOST_VOID + 9)
    assert void is not None
    assert held is not None
    assert (void.ok, held.ok) == (False, True)
