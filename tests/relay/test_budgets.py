"""How much one account and one group may say: a lively evening never meets a limit, a flood does not last."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from asking import FakeClock
from evening import Evening, until
from gathering import Frame, Gathering, Line, Person
from safespace import wire
from safespace.budgets import BUDGETS, MIB
from safespace.crypto.padding import padme
from safespace.errors import SafeSpaceError
from safespace.relay.spending import Spending
from safespace.sdk.errors import Unreachable
from serving import ServerProcess

SHORT = 600
"""Bytes of a sealed message of a few lines."""
HOUR = 3600


class Table:
    """What people say in a group, by the second. `taken` and `refused` count it, by account."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.spending = Spending(BUDGETS, self.clock)
        self.taken: Counter[UUID] = Counter()
        self.refused: Counter[UUID] = Counter()
        self.group = uuid4()

    def say(self, account: UUID, size: int = SHORT, group: UUID | None = None) -> bool:
        try:
            self.spending.message(account, group or self.group, size)
        except SafeSpaceError as error:
            if error.code != "throttled" or not error.retry_after:
                raise
            self.refused[account] += 1
            return False
        self.taken[account] += 1
        return True

    def act(self, account: UUID, frame: wire.Act, raising: Exception | None = None) -> bool:
        try:
            with self.spending.act(account, self.group, frame):
                if raising is not None:
                    raise raising
        except SafeSpaceError as error:
            return error is raising
        return True

    def passes(self, seconds: float) -> None:
        self.clock.now += round(1000 * seconds)


@pytest.fixture
def table() -> Table:
    return Table()


def people(count: int) -> list[UUID]:
    return [uuid4() for _ in range(count)]


def test_fifty_people_a_whole_lively_evening(table: Table) -> None:
    """For two hours everyone says something every twenty seconds, and all at once whenever the clock strikes."""
    fifty = people(50)
    for second in range(2 * HOUR):
        for person in fifty[second % 20 :: 20]:
            table.say(person)
        if second % 900 == 0:
            for person in fifty:
                for _ in range(10):
                    table.say(person)
        table.passes(1)
    assert not table.refused


def test_everybody_comes_back_at_once_with_what_they_wrote_meanwhile(table: Table) -> None:
    for person in people(50):
        for _ in range(60):
            table.say(person)
    assert not table.refused


@pytest.mark.parametrize("size", [300, 1000])
def test_a_program_posts_every_second_for_a_day(table: Table, size: int) -> None:
    [program] = people(1)
    for _ in range(24 * HOUR):
        table.say(program, size)
        table.passes(1)
    assert not table.refused


FLOODS = {"short": SHORT, "longest": 64 * 1024, "empty": 0, "of a KiB": 1024}


@pytest.mark.parametrize("size", FLOODS.values(), ids=FLOODS)
def test_a_flood_is_what_there_is_at_once_and_then_the_rate(table: Table, size: int) -> None:
    """A hundred messages a second for an hour, in every room of the account's, in whatever size."""
    [mallory] = people(1)
    groups = people(20)
    for number in range(100 * HOUR):
        table.say(mallory, size, groups[number % 20])
        table.passes(0.01)
    rate = BUDGETS["messages"].rates["account"]
    kib = table.taken[mallory] * (size // 1024 + 1)
    assert kib <= rate.at_once + rate.per_hour
    assert kib > 0.8 * rate.per_hour


def test_one_who_floods_keeps_nobody_else_quiet(table: Table) -> None:
    mallory, *others = people(50)
    for _ in range(600):
        for _ in range(100):
            table.say(mallory)
        for person in others[:5]:
            table.say(person)
        table.passes(1)
    assert set(table.refused) == {mallory}


def test_many_together_have_the_groups_budget_and_beyond_it_each_their_own(table: Table) -> None:
    many, elsewhere = people(200), uuid4()
    rates = BUDGETS["messages"].rates
    for person in many:
        for _ in range(rates["member"].at_once):
            assert table.say(person)
    assert sum(table.taken.values()) > rates["group"].at_once, "the common part is gone"
    # What is refused then costs nothing: another group takes what they say.
    last = many[-1]
    before = table.taken[last]
    assert not all(table.say(last) for _ in range(rates["account"].at_once - before))
    assert all(table.say(last, group=elsewhere) for _ in range(rates["account"].at_once - table.taken[last]))


@pytest.mark.parametrize("size", [SHORT, 384 * 1024])
@pytest.mark.parametrize("flooding", [8, 45])
def test_those_who_flood_together_take_nothing_that_is_anothers(table: Table, flooding: int, size: int) -> None:
    """For five minutes they say and decide whatever is taken; the others talk, and Fern decides now and then."""
    everyone = people(flooding + 5)
    fern, *others = everyone[flooding:]
    refused = Counter[str]()
    for second in range(HOUR // 12):
        for one in everyone[:flooding]:
            while table.say(one):
                pass
            while table.act(one, leave(size)):
                pass
        refused["said"] += sum(not table.say(person) for person in others if second % 5 == 0)
        refused["done"] += second % 10 == 0 and not table.act(fern, leave())
        table.passes(1)
    assert not +refused


def leave(size: int = 300) -> wire.Act:
    body = "A" * (size * 4 // 3)
    policy = wire.PolicyPart.model_construct(action="leave", policy_seq=1, epoch=0, body=body, commitment="")
    return wire.Act.model_construct(t="act", room=uuid4(), client_id=uuid4(), policy=policy, commit=None, state=None)


def test_a_door_at_which_a_hundred_wait_and_an_hour_of_turns(table: Table) -> None:
    """One who leads lets in a hundred, each with the keys and the state of a large group, and then gives turns."""
    [fern] = people(1)
    assert all(table.act(fern, leave(300 * 1024)) for _ in range(100))
    for _ in range(HOUR // 10):
        assert table.act(fern, leave())
        table.passes(10)


def test_nothing_small_overtakes_what_was_too_large(table: Table) -> None:
    [ada] = people(1)
    while table.say(ada, 60 * 1024):
        pass
    for _ in range(9):
        assert not table.say(ada, SHORT)
        table.passes(1)
    table.passes(60)
    assert table.say(ada, 60 * 1024)


def test_acts_are_bounded_in_number_and_in_bytes(table: Table) -> None:
    often, much = people(2)
    taken = [table.act(often, leave()) for _ in range(2_000)]
    assert sum(taken) == BUDGETS["acts"].rates["account"].at_once
    taken = [table.act(much, leave(512 * 1024)) for _ in range(300)]
    assert sum(taken) <= 64 * MIB // 512


@pytest.mark.parametrize("size", [SHORT, 384 * 1024])
def test_a_dozen_who_do_what_they_can_keep_nobody_from_deciding(table: Table, size: int) -> None:
    """Each at their own limit, for an hour, in many short acts or in large ones; Fern mutes somebody now and then."""
    fern, *dozen = people(13)
    for second in range(HOUR):
        for one in dozen:
            while table.act(one, leave(size)):
                pass
        assert second % 10 or table.act(fern, leave())
        table.passes(1)


def test_refused_acts_cost_refusals_alone_and_those_end(table: Table) -> None:
    [ada] = people(1)
    late = SafeSpaceError("stale_policy")
    tries = [table.act(ada, leave(), raising=late) for _ in range(2_000)]
    assert sum(tries) == BUDGETS["refused_acts"].rates["account"].at_once
    table.passes(HOUR)
    assert sum(table.act(ada, leave()) for _ in range(2_000)) == BUDGETS["acts"].rates["account"].at_once


# A real server with the budgets that people have.


async def flood(line: Line, person: Person, room: str, count: int, **changes: str) -> list[Frame]:
    """Say so much without waiting; what was heard about each."""
    frames = [person.message(room, **changes) for _ in range(count)]
    mine = {frame["client_id"] for frame in frames}
    heard: dict[str, Frame] = {}
    for frame in frames:
        await line.say(frame)
    while len(heard) < count:
        frame = await line.get()
        if frame.get("client_id") in mine:
            heard[frame["client_id"]] = frame
    return [heard[frame["client_id"]] for frame in frames]


@pytest.mark.parametrize(("kind", "size"), [("message", 300), ("message", 40_000), ("reaction", 300)])
async def test_a_flood_is_refused_with_the_limit_and_the_wait(
    measured_server: ServerProcess, kind: str, size: int
) -> None:
    g = await Gathering.begin(measured_server.url)
    ben = await g.admit("ben")
    async with g.ada.entered(g.room, g.ada.seen) as a, ben.entered(g.room, ben.seen) as b:
        each = padme(size + 100) // 1024 + 1
        heard = await flood(b, ben, g.room, 700 // each + 30, kind=kind, text="x" * size)
        refused = [frame for frame in heard if frame["t"] == "refused"]
        assert {(frame["code"], frame["room"]) for frame in refused} == {("throttled", g.room)}
        assert all(1 <= frame["retry_after"] <= 60 for frame in refused)
        assert refused[-1]["detail"].startswith("Limit for one account: 512 KiB of messages and reactions")
        # From another socket, in another of his rooms, it is the same; and Ada goes on.
        async with ben.entered(g.room, ben.seen) as again:
            assert (await flood(again, ben, g.room, 1))[0]["t"] == "refused"
        assert (await flood(a, g.ada, g.room, 20))[-1]["t"] == "envelope"
        # What was refused first was overtaken by nothing.
        first = heard.index(refused[0])
        assert {frame["t"] for frame in heard[:first]} == {"envelope"}
        assert {frame["t"] for frame in heard[first:]} == {"refused"}


async def test_who_goes_on_all_the_same_is_shown_out(measured_server: ServerProcess) -> None:
    g = await Gathering.begin(measured_server.url)
    frame = g.ada.message(g.room)
    async with g.ada.entered(g.room, g.ada.seen) as line:
        for _ in range(1_700):
            await line.say(frame)
        await line.socket.wait_closed()
        assert line.socket.close_code == 4429


@pytest.fixture
def small_server(tmp_path: Path) -> Iterator[ServerProcess]:
    """A tenth of everything."""
    server = ServerProcess(tmp_path / "server" / "data", SAFESPACE_BUDGETS="0.1")
    server.data_dir.parent.mkdir()
    server.start()
    yield server
    server.stop()


async def test_what_was_too_much_at_once_is_kept_by_the_sdk_and_heard_in_order(
    small_server: ServerProcess, tmp_path: Path
) -> None:
    """Wren says more than there is at once, and closes her laptop while some of it waits."""
    async with Evening.of(small_server.url, tmp_path, "Wren") as evening:
        listener = evening.listen()["Fern"]
        texts = [f"{number:03}" for number in range(54)]
        saying = [asyncio.create_task(evening.rooms["Wren"].send(text)) for text in texts]
        await until(lambda: len(listener.heard) >= 50)
        assert not any(task.done() and task.exception() for task in saying)
        await evening.restart("Wren")
        told = await asyncio.gather(*saying, return_exceptions=True)
        assert {type(answer) for answer in told} == {int, Unreachable}
        await listener.hears(*texts)
        assert listener.texts == texts
        assert all(room.warnings() == [] for room in evening.rooms.values())
