"""`safespace serve` with a watch over its event loop: how much CPU each of the loop's turns takes.

The product knows nothing of it: this is a process that runs the same command with a callback of its own on the loop.
A line on standard input starts anew, and the answer on standard output is what the longest turn took since the one
before, in milliseconds: of the loop's own CPU, which other programs on this machine do not lengthen, and of time, in
which a thread that keeps the interpreter's lock shows, too.
"""

import asyncio
import gc
import sys
import threading
import time

from starlette.types import ASGIApp, Receive, Scope, Send

from safespace import app, cli
from safespace.settings import Settings


class Watch:
    """Comes round once in each turn of the loop."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._cpu = self._longest_cpu = 0.0
        self._time = self._longest_time = 0.0

    def begin(self) -> None:
        self._cpu, self._time = time.thread_time(), time.perf_counter()
        self._loop.call_soon(self._turn)
        threading.Thread(target=self._answer, daemon=True).start()

    def _turn(self) -> None:
        cpu, now = time.thread_time(), time.perf_counter()
        self._longest_cpu = max(self._longest_cpu, cpu - self._cpu)
        self._longest_time = max(self._longest_time, now - self._time)
        self._cpu, self._time = cpu, now
        self._loop.call_soon(self._turn)

    def _tell(self) -> None:
        print(f"{1000 * self._longest_cpu:.3f} {1000 * self._longest_time:.3f}", flush=True)
        gc.collect()  # what one scenario leaves behind is not the next one's
        self._cpu, self._time = time.thread_time(), time.perf_counter()
        self._longest_cpu = self._longest_time = 0.0

    def _answer(self) -> None:
        for _ in sys.stdin:
            self._loop.call_soon_threadsafe(self._tell)


def main() -> None:
    create_app = app.create_app

    def watched(settings: Settings) -> ASGIApp:
        inner = create_app(settings)

        async def serve(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "lifespan":
                Watch().begin()
            await inner(scope, receive, send)

        return serve

    cli.__dict__["create_app"] = watched
    cli.main()


if __name__ == "__main__":
    main()
