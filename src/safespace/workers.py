"""Several processes that serve one address: started, started again when one dies, and ended together.

Each listens by itself (SO_REUSEPORT, socket(7)), so the kernel hands out connections evenly.
"""

import contextlib
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from types import FrameType

from safespace import logs

PAUSE = 1.0
"""Seconds before a process that died is started again."""

Worker = Callable[[socket.socket, int, Callable[[], None]], None]
"""What a process does: serve on a socket until a file descriptor is at its end, and say when it has begun."""


class Workers:
    """`run` forks, so nothing else may run yet: no thread, no event loop."""

    def __init__(self, count: int, host: str, port: int, worker: Worker) -> None:
        self._count = count
        self._address = (host, port)
        self._worker = worker
        self._alive: set[int] = set()
        self._stopping = False

    def run(self, begun: Callable[[], None]) -> bool:
        """Serve until SIGINT or SIGTERM; `begun` is called once all do. False where one could not begin.

        Raises OSError where the address cannot be had.
        """
        _listener(*self._address, shared=False).close()
        # When this process is gone, however it went, the others find the pipe at its end.
        self._lifeline, self._mine = os.pipe()
        self._ready, self._say_ready = os.pipe()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        for _ in range(self._count):
            self._fork()
        if self._all_begun():
            begun()
            self._watch()
            fine = True
        else:
            fine = self._stopping
        self._end()
        return fine

    def _stop(self, _: int, __: FrameType | None) -> None:
        self._stopping = True

    def _all_begun(self) -> bool:
        os.set_blocking(self._ready, False)
        begun = 0
        while begun < self._count and not self._stopping:
            with contextlib.suppress(BlockingIOError):
                begun += len(os.read(self._ready, self._count))
            if self._reap():
                return False
            time.sleep(0.02)
        return not self._stopping

    def _watch(self) -> None:
        while not self._stopping:
            time.sleep(PAUSE)
            for _ in range(self._reap()):
                if not self._stopping:
                    print("A process ended and is started again.", file=sys.stderr)
                    self._fork()

    def _end(self) -> None:
        os.close(self._mine)
        while self._alive:
            self._reap()
            time.sleep(0.02)

    def _reap(self) -> int:
        """How many processes have ended since the last time."""
        ended = {pid for pid in self._alive if os.waitpid(pid, os.WNOHANG)[0]}
        self._alive -= ended
        return len(ended)

    def _fork(self) -> None:
        pid = os.fork()
        if pid:
            self._alive.add(pid)
            return
        code = 1
        try:
            os.close(self._mine)
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_IGN)
            with _listener(*self._address, shared=True) as listener:
                self._worker(listener, self._lifeline, self._begun)
            code = 0
        except Exception as error:
            logs.log.error("worker", kind=type(error).__name__, place=logs.place_of(error.__traceback__))
        finally:
            sys.stderr.flush()
            os._exit(code)

    def _begun(self) -> None:
        os.write(self._say_ready, b".")


def _listener(host: str, port: int, *, shared: bool) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listener = socket.socket(family, kind, protocol)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if shared:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        listener.bind(address)
    except OSError:
        listener.close()
        raise
    return listener
