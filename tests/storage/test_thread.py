"""The writer's thread: calls in their order, errors to whoever asked, and an end that waits for what was asked for."""

import asyncio
import threading
import time

import pytest

from safespace.storage.thread import Thread


async def test_calls_are_made_one_after_another_in_their_order_on_one_other_thread() -> None:
    thread = Thread("calls")
    made: list[tuple[int, int]] = []
    await asyncio.gather(*[thread.call(lambda n: made.append((n, threading.get_ident())), n) for n in range(100)])
    thread.end()
    assert [number for number, _ in made] == list(range(100))
    assert {ident for _, ident in made}.isdisjoint({threading.get_ident()})
    assert len({ident for _, ident in made}) == 1


async def test_what_a_call_raises_comes_back_and_the_next_is_made() -> None:
    def fail() -> None:
        raise LookupError("gone")

    thread = Thread("fails")
    made: list[int] = []
    with pytest.raises(LookupError, match="gone"):
        await thread.call(fail)
    await thread.call(made.append, 1)
    thread.end()
    assert made == [1]


async def test_one_who_waits_no_longer_disturbs_nobody() -> None:
    thread = Thread("leaves")
    go = threading.Event()
    made: list[int] = []

    def wait() -> None:
        go.wait(30)

    waiting = asyncio.create_task(thread.call(wait))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    go.set()
    await thread.call(made.append, 1)
    thread.end()
    assert made == [1]


async def test_the_end_comes_after_what_was_asked_for() -> None:
    thread = Thread("ends")
    made: list[int] = []

    def slowly() -> None:
        time.sleep(0.05)
        made.append(1)

    waiting = asyncio.create_task(thread.call(slowly))
    await asyncio.sleep(0)
    thread.end()
    assert made == [1]
    await waiting


def test_a_thread_that_nobody_used_ends() -> None:
    Thread("idle").end()
