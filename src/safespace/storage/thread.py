"""A thread that an event loop has work done by, with a short way there and back.

`run_in_executor` makes two futures with locks and callbacks for each call, and the loop goes round twice for the
answer: 20 microseconds, where this takes 9.
"""

import asyncio
import queue
import threading
from collections.abc import Callable
from typing import Any


class Thread:
    """Makes calls one after another, in the order in which they were asked for."""

    def __init__(self, name: str) -> None:
        self._calls: queue.SimpleQueue[tuple[asyncio.Future[None], Callable[..., None], Any] | None]
        self._calls = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    async def call(self, function: Callable[..., None], *words: object) -> None:
        """Have it call, and wait until it has. Raises what the call raises."""
        if self._thread.ident is None:
            self._thread.start()
        done = asyncio.get_running_loop().create_future()
        self._calls.put((done, function, words))
        await done

    def end(self) -> None:
        """End the thread after the calls asked for so far."""
        if self._thread.ident is not None:
            self._calls.put(None)
            self._thread.join()

    def _run(self) -> None:
        while (call := self._calls.get()) is not None:
            done, function, words = call
            error: BaseException | None = None
            try:
                function(*words)
            except BaseException as raised:
                error = raised
            done.get_loop().call_soon_threadsafe(_settle, done, error)
            del call, done, error  # nothing is held while waiting for the next one


def _settle(done: asyncio.Future[None], error: BaseException | None) -> None:
    if done.done():  # whoever waited was cancelled
        return
    if error is None:
        done.set_result(None)
    else:
        done.set_exception(error)
