"""The order of a room's lines, whoever wrote them and however often they are read: no hole, none twice."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from uuid6 import uuid7

from safespace.connection import Connection, Place
from safespace.fanout import Fanout, Lines
from safespace.share import Shares


class Ear:
    """An outlet that keeps the seqs it gets."""

    def __init__(self) -> None:
        self.heard: list[int] = []

    def write(self, frames: bytes) -> None:
        self.heard += map(int, frames.split())

    def close(self, code: int) -> None: ...


def place(seen: int = 0) -> tuple[Place, Ear]:
    ear = Ear()
    id = UUID(int=uuid7().int)
    return Place(Connection(id, id, b"", Shares().of(b""), ear, lambda: None), b"l", b"m", seen, id), ear


def lines(first: int, last: int) -> Lines:
    return [(seq, b"%d " % seq) for seq in range(first, last + 1)]


def entered(fanout: Fanout, seen: int = 0) -> tuple[Place, Ear]:
    one, ear = place(seen)
    fanout.places.add(one)
    return one, ear


def test_what_comes_after_a_gap_is_held_until_the_gap_is_filled() -> None:
    fanout = Fanout()
    one, ear = entered(fanout)
    assert fanout.go_live(one)
    assert fanout.publish(lines(1, 2))
    assert not fanout.publish(lines(5, 6)), "3 and 4 are missing"
    assert not fanout.publish(lines(8, 8))
    assert ear.heard == [1, 2]
    assert fanout.publish(lines(1, 4))
    assert ear.heard == [1, 2, 3, 4, 5, 6]
    assert fanout.publish(lines(7, 9))
    assert ear.heard == [1, 2, 3, 4, 5, 6, 7, 8, 9]


def test_who_departs_has_nothing_after_the_last_line_however_lines_come() -> None:
    fanout = Fanout()
    one, ear = entered(fanout)
    other, others = entered(fanout)
    assert fanout.go_live(one)
    assert fanout.go_live(other)
    fanout.depart(one, 3)
    assert fanout.departed() == []
    fanout.publish(lines(1, 6))
    assert (ear.heard, others.heard) == ([1, 2, 3], [1, 2, 3, 4, 5, 6])
    assert fanout.departed() == [one]
    fanout.publish(lines(7, 7))
    assert ear.heard == [1, 2, 3]


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.integers(1, 4), st.just(0)),  # this process wrote lines, and tells
        st.tuples(st.just("others"), st.integers(1, 4), st.just(0)),  # another one did
        st.tuples(st.just("read"), st.integers(1, 9), st.integers(0, 5)),  # some are read
        st.tuples(st.just("enter"), st.integers(0, 3), st.just(0)),  # somebody caught up, but for so many
        st.tuples(st.just("depart"), st.just(0), st.just(0)),
    ),
    max_size=60,
)


@given(STEPS)
def test_everyone_gets_each_line_once_in_order_up_to_their_last(steps: list[tuple[str, int, int]]) -> None:
    fanout = Fanout()
    head = published = 0
    people: list[tuple[Place, Ear, int]] = []
    catching_up: list[tuple[Place, Ear, int]] = []
    for step, count, back in steps:
        match step:
            case "write":
                fanout.publish(lines(head + 1, head + count))
                head += count
            case "others":
                head += count
            case "read" if fanout.live:
                first = max(1, fanout.published + 1 - back)
                if first <= min(head, first + count - 1):
                    fanout.publish(lines(first, min(head, first + count - 1)))
            case "enter":
                seen = max(0, head - count)
                one, ear = entered(fanout, seen)
                catching_up.append((one, ear, seen))
            case "depart" if people and people[0][0].until is None:
                fanout.depart(people[0][0], head)
        for waiting in list(catching_up):
            one, ear, _ = waiting
            if fanout.go_live(one):
                catching_up.remove(waiting)
                people.append(waiting)
            else:  # it reads what is missing, and tries again after what comes next
                ear.heard += range(one.seen + 1, head + 1)
                one.seen = head
        assert not fanout.live or fanout.published >= published
        published = fanout.published if fanout.live else 0
    if fanout.live and head:
        fanout.publish(lines(1, head))
    for one, ear, seen in people:
        until = head if one.until is None else one.until
        assert ear.heard == list(range(seen + 1, until + 1))
