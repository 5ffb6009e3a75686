"""What a room's log does beside reading and sending."""

import asyncio
import random
from collections.abc import Callable, Coroutine
from typing import Any


class Chores:
    """Tasks by name, at most one under each, until they are cancelled for good."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self._over = False

    def start(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Do something, unless it is being done or all is over."""
        if self._over or any(task.get_name() == name for task in self._tasks):
            work.close()
            return
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def later(self, call: Callable[[], None], pause: float, name: str) -> None:
        """Call after `pause` to twice as many seconds."""
        self.start(_after(call, pause * random.uniform(1, 2)), name)  # noqa: S311 - jitter, not a secret

    def cancel(self) -> None:
        """End all of it; nothing is started any more."""
        self._over = True
        for task in self._tasks:
            task.cancel()

    async def stopped(self) -> None:
        """Wait until nothing runs any more."""
        await asyncio.gather(*self._tasks, return_exceptions=True)


async def _after(call: Callable[[], None], pause: float) -> None:
    await asyncio.sleep(pause)
    call()
