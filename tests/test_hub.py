"""The hub: one write for each connection and commit, each line once, and slow readers that hold up nobody."""

from functools import partial
from uuid import UUID

import pytest
from uuid6 import uuid7

from safespace import connection as module
from safespace.connection import Connection, Place
from safespace.hub import Hub
from safespace.share import Shares

ROOM = UUID(int=uuid7().int)


class Pipe:
    """An outlet that keeps what is written."""

    def __init__(self) -> None:
        self.writes: list[bytes] = []
        self.closed: int | None = None

    def write(self, frames: bytes) -> None:
        self.writes.append(frames)

    def close(self, code: int) -> None:
        self.closed = self.closed or code


def enter(the_hub: Hub, after: int = 0, *, live: bool = True) -> tuple[Connection, Pipe, Place]:
    pipe = Pipe()
    connection = Connection(UUID(int=uuid7().int), UUID(int=uuid7().int), b"", Shares().of(b""), pipe, lambda: None)
    assert the_hub.connect(connection)
    place = the_hub.enter(connection, ROOM, leaf=b"l", member=b"m", group=ROOM, after=after, presence=False)
    if live:
        assert the_hub.go_live(ROOM, place)
    return connection, pipe, place


def lines(first: int, count: int) -> list[tuple[int, bytes]]:
    return [(seq, b"<%d>" % seq) for seq in range(first, first + count)]


def test_what_one_commit_stored_is_one_write_for_each_connection() -> None:
    the_hub = Hub()
    pipes = [enter(the_hub)[1] for _ in range(3)]
    the_hub.publish(ROOM, lines(1, 3))
    the_hub.publish(ROOM, lines(4, 1))
    assert [pipe.writes for pipe in pipes] == [[b"<1><2><3>", b"<4>"]] * 3


def test_a_line_seen_while_catching_up_is_not_written_again() -> None:
    the_hub = Hub()
    _, some, _ = enter(the_hub, after=2)
    _, all_, _ = enter(the_hub, after=4)
    _, catching_up, place = enter(the_hub, after=0, live=False)
    the_hub.publish(ROOM, lines(1, 4))
    assert (some.writes, all_.writes, catching_up.writes) == ([b"<3><4>"], [], [])
    assert not the_hub.go_live(ROOM, place), "it has not seen what was published"


def test_what_waits_for_a_slow_reader_is_sent_in_order_once_it_reads() -> None:
    the_hub = Hub()
    connection, pipe, _ = enter(the_hub)
    connection.stalled()
    the_hub.publish(ROOM, lines(1, 2))
    the_hub.publish(ROOM, lines(3, 1))
    assert pipe.writes == []
    connection.flowing()
    assert b"".join(pipe.writes) == b"<1><2><3>"


def test_a_reader_that_falls_behind_is_closed_and_what_waited_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_WAITING", 100)
    the_hub = Hub()
    slow, slow_pipe, _ = enter(the_hub)
    _, quick_pipe, _ = enter(the_hub)
    slow.stalled()
    for seq in range(1, 40):
        the_hub.publish(ROOM, lines(seq, 1))
    assert (slow_pipe.writes, slow_pipe.closed) == ([], 4408)
    assert (len(quick_pipe.writes), quick_pipe.closed) == (39, None)
    slow.flowing()
    assert slow_pipe.writes == []


def test_what_waits_and_is_to_be_read_anew_is_let_go_of_and_its_reader_sent_back() -> None:
    the_hub = Hub()
    slow, slow_pipe, _ = enter(the_hub)
    quick, quick_pipe, place = enter(the_hub)
    _, _, catching_up = enter(the_hub, live=False)
    slow.stalled()
    quick.stalled()
    quick.flowing()
    the_hub.publish(ROOM, lines(1, 2))
    the_hub.reread(ROOM)
    slow.flowing()
    assert (slow_pipe.writes, slow_pipe.closed) == ([], 4408)
    assert (quick_pipe.writes, quick_pipe.closed) == ([b"<1><2>"], None)
    assert (place.reread, catching_up.reread) == (False, True)


def test_a_connection_that_is_to_end_sends_what_waits_first() -> None:
    connection, pipe, _ = enter(Hub())
    connection.stalled()
    connection.push(b"last words")
    connection.finish(4403)
    assert (pipe.writes, pipe.closed) == ([], None)
    connection.push(b"too late")
    connection.flowing()
    assert (pipe.writes, pipe.closed) == ([b"last words"], 4403)


def together(the_hub: Hub, count: int) -> list[tuple[Connection, Pipe, list[str]]]:
    """Connections of one account; each notes when it may go on."""
    account = UUID(int=uuid7().int)
    made = []
    for _ in range(count):
        pipe, called = Pipe(), list[str]()
        connection = Connection(
            account, UUID(int=uuid7().int), b"", Shares().of(b""), pipe, partial(called.append, "on")
        )
        assert the_hub.connect(connection)
        made.append((connection, pipe, called))
    return made


def test_what_waits_for_all_connections_of_an_account_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_GOING", 100)
    the_hub = Hub()
    mine = together(the_hub, 3)
    [(other, other_pipe, _)] = together(the_hub, 1)
    for connection in (*[one for one, _, _ in mine], other):
        connection.stalled()
        connection.push(b"x" * 40)
    assert [pipe.closed for _, pipe, _ in mine] == [None, None, 4408]
    assert mine[0][0].load.going == 80
    mine[0][0].push(b"x" * 15)
    assert mine[0][1].closed is None
    mine[0][0].flowing()
    mine[1][0].drop(4408)
    assert (mine[0][0].load.going, other.load.going, other_pipe.closed) == (0, 40, None)


def test_what_is_at_work_for_an_account_lets_its_other_connections_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_WORKING", 100)
    the_hub = Hub()
    (first, _, ended), (second, _, _) = together(the_hub, 2)
    [(other, _, _)] = together(the_hub, 1)
    first.begin(60)
    assert not second.load.is_full
    second.begin(60)
    assert (first.load.is_full, other.load.is_full) == (True, False)
    went: list[str] = []
    first.load.waiting[lambda: went.append("first")] = None
    first.load.waiting[lambda: went.append("second")] = None
    first.settled(60)
    assert (went, ended, first.load.waiting) == (["first", "second"], ["on"], {})
    with second.load.at_work(100):
        assert first.load.is_full
    second.settled(60)
    assert first.load.working == 0
