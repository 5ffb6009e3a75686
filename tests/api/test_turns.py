"""So many at a time for each key; who waits is let in when one has gone, and who comes too late is turned away."""

import asyncio

import pytest

from safespace.api.turns import Turns
from safespace.errors import SafeSpaceError


async def test_so_many_at_a_time_and_the_next_in_their_order() -> None:
    turns = Turns(2, 10)
    inside: list[int] = []
    most = 0

    async def come(number: int) -> None:
        nonlocal most
        async with turns.turn(b"ada"):
            inside.append(number)
            most = max(most, len(inside))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            inside.remove(number)

    await asyncio.gather(*[come(number) for number in range(9)])
    assert (most, inside) == (2, [])


async def test_one_key_waits_for_no_other() -> None:
    turns = Turns(1, 10)
    async with turns.turn(b"ada"), turns.turn(b"ben"):
        pass


async def test_who_comes_when_too_many_wait_is_turned_away() -> None:
    turns = Turns(1, 2)
    async with asyncio.TaskGroup() as group, turns.turn(b"ada"):

        async def come() -> None:
            async with turns.turn(b"ada"):
                pass

        for _ in range(2):
            group.create_task(come())
        await asyncio.sleep(0)
        with pytest.raises(SafeSpaceError) as refused:
            await come()
        assert (refused.value.code, refused.value.retry_after) == ("throttled", 1)


async def test_whoever_gives_up_waiting_leaves_no_gap() -> None:
    turns = Turns(1, 1)
    async with turns.turn(b"ada"):
        for _ in range(3):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.01), turns.turn(b"ada"):
                    pass
    async with turns.turn(b"ada"):
        pass
