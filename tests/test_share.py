"""Shares of the loop's time, by a clock of the test's own: who has used up theirs waits, and everybody gets there."""

import asyncio

import pytest

from safespace import share as module
from safespace.share import ACCOUNT, AT_ONCE, KEPT, Share, Shares, Work


class Time:
    """Stands still but for what is done."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    time = Time()
    monkeypatch.setattr(module, "perf_counter", time)
    monkeypatch.setattr(module, "thread_time", time)
    return time


def do(time: Time, share: Share, seconds: float) -> None:
    """Something that takes so long."""
    time.now += seconds
    share.pay(seconds)


class Reader:
    """Notes when it is held."""

    held = 0

    def hold(self) -> None:
        self.held += 1


async def turns(count: int = 1) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


async def test_whoever_has_not_used_up_their_share_waits_for_nothing(time: Time) -> None:
    shares = Shares()
    ada, reader = shares.of(b"ada"), Reader()
    ada.readers.add(reader)
    for _ in range(100):
        do(time, ada, AT_ONCE / 4)
        time.now += AT_ONCE / 4 / ACCOUNT
        await ada.due()
    assert (ada.is_used_up, reader.held) == (False, 0)


async def test_whoever_has_goes_on_one_thing_a_turn_in_the_order_asked_for(time: Time) -> None:
    shares = Shares()
    ada, ben = shares.of(b"ada"), shares.of(b"ben")
    done: list[str] = []
    reader = Reader()
    ada.readers.add(reader)
    do(time, ada, 2 * AT_ONCE)
    assert (ada.is_used_up, reader.held) == (True, 1)
    for number in range(20):
        ada.when_due(lambda number=number: done.append(f"ada {number}"))  # type: ignore[misc]
    time.now += 1
    for _ in range(20):
        ben.when_due(lambda: done.append("ben"))
    await turns()
    assert [one for one in done if one != "ben"] == [], "the pause is not over"
    async with asyncio.timeout(30):
        while len(done) < 40:
            await turns()
    assert [one for one in done if one != "ben"] == [f"ada {number}" for number in range(20)]
    assert done[:20] == ["ben"] * 20
    async with asyncio.timeout(30):
        await ada.due()
        while ada.is_used_up:
            await turns()


async def test_what_is_done_in_between_has_the_others_wait_again(time: Time) -> None:
    """Each takes more than there is; nobody is left out, however many come behind them."""
    shares = Shares()
    ada, ben = shares.of(b"ada"), shares.of(b"ben")
    order: list[int] = []

    def dear(number: int) -> None:
        order.append(number)
        do(time, ada, AT_ONCE)
        do(time, ben, 0)  # somebody else is at work
        time.now += 2 * AT_ONCE / ACCOUNT
        if number < 20:
            ada.when_due(lambda: dear(number + 20))

    do(time, ada, 2 * AT_ONCE)
    for number in range(20):
        ada.when_due(lambda number=number: dear(number))  # type: ignore[misc]
    async with asyncio.timeout(30):
        while len(order) < 40:
            await turns()
    assert order == list(range(40))


async def test_whoever_is_alone_takes_turns_and_pauses_for_nothing(time: Time) -> None:
    shares = Shares()
    ada = shares.of(b"ada")
    do(time, ada, 1.5 * AT_ONCE)
    time.now += module.ALONE + 1
    done: list[int] = []

    def dear(number: int) -> None:
        done.append(number)
        do(time, ada, 10 * AT_ONCE)

    do(time, ada, 10 * AT_ONCE)
    for number in range(50):
        ada.when_due(lambda number=number: dear(number))  # type: ignore[misc]
    loop = asyncio.get_running_loop()
    began = loop.time()
    await asyncio.sleep(0.2)  # the first pause was for others
    assert done == list(range(50)), loop.time() - began


async def test_coming_again_fills_no_share(time: Time) -> None:
    shares = Shares()
    do(time, shares.of(b"ada"), 3 * AT_ONCE)
    for number in range(KEPT - 1):
        shares.of(b"%d" % number)
    assert shares.of(b"ada").is_used_up


async def test_of_somebodys_work_one_thing_has_its_turn_at_a_time(time: Time) -> None:
    ada = Shares().of(b"ada")
    inside: list[int] = []
    order: list[int] = []

    async def work(number: int) -> None:
        async with ada.turn():
            inside.append(number)
            assert inside == [number]
            await turns(3)
            inside.remove(number)
            order.append(number)

    doing = [asyncio.create_task(work(number)) for number in range(10)]
    await turns()
    doing[4].cancel()
    await asyncio.gather(*doing, return_exceptions=True)
    assert order == [0, 1, 2, 3, 5, 6, 7, 8, 9]
    async with ada.turn():
        pass


async def test_whoever_gives_up_while_the_share_is_used_up_leaves_the_turn(time: Time) -> None:
    ada = Shares().of(b"ada")
    do(time, ada, 2 * AT_ONCE)

    async def come() -> None:
        async with ada.turn():
            pass

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.001):
            await come()
    time.now += 1
    async with asyncio.timeout(30):
        await come()


async def test_work_is_paid_for_step_by_step_and_is_as_it_would_be(time: Time) -> None:
    shares = Shares()
    address, ada = shares.of(b"address"), shares.of(b"ada")

    async def doing() -> str:
        time.now += 0.0005
        await turns()
        await work.belongs_to(ada)
        time.now += 0.0005
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await asyncio.sleep(30)
        assert asyncio.current_task() is not None
        time.now += 0.00025
        return "done"

    work = Work(address, doing())
    assert await work == "done"
    assert address.level == pytest.approx(AT_ONCE - 0.0005)
    assert ada.level <= AT_ONCE - 0.00025
    async with ada.turn():
        """The turn ended with it."""

    async def failing() -> None:
        await work.belongs_to(ada)
        raise ValueError("no")

    work = Work(address, failing())  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="no"):
        await work
    async with ada.turn():
        """And with this one."""
    task = asyncio.create_task(_forever(Work(ada, asyncio.sleep(30))))
    await turns(3)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def _forever(work: Work[None]) -> None:
    await work


async def test_a_reader_that_may_read_again_is_not_held_before_it_could(time: Time) -> None:
    """However much the same account's other readers and work take meanwhile."""
    ada = Shares().of(b"ada")
    reader, other = Reader(), Reader()
    ada.readers |= {reader, other}
    do(time, ada, 2 * AT_ONCE)
    ada.let_pass(reader)
    do(time, ada, 2 * AT_ONCE)
    assert (reader.held, other.held) == (1, 2)
    ada.pay(AT_ONCE, reader)
    assert (reader.held, other.held) == (2, 3), "it has read"
