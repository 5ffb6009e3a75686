"""Each account's share of the event loop's time, so that nobody waits for what another one asks for.

Whoever has used up a share goes on in small steps, one a turn and as fast as the share fills again; where nobody else
is at work, at once. Before a login an address has a share. See docs/decisions/0041-shares-of-the-loop.md.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine, Generator
from contextlib import asynccontextmanager
from time import perf_counter, thread_time
from typing import Any, Final, Generic, Protocol, TypeVar
from weakref import WeakValueDictionary

ACCOUNT: Final = 0.2
"""Of the loop's time, while others are at work."""
ADDRESS: Final = 0.5
"""The same, before a login: many people may be behind one address."""
AT_ONCE: Final = 0.002
"""Seconds of the loop that may be used before others have their turn."""
DEBT: Final = 0.02
"""Seconds beyond a share that count; else who had the loop to themselves would wait long for the next to come."""
ALONE: Final = 1.0
"""Seconds after which somebody else who was at work does not count any more."""
KEPT: Final = 1_000
"""Shares that are kept though nobody uses them, so that coming again fills none."""

AT_MOST: Final = 0.002
"""Seconds that reading once counts for; where it was longer, something else had the processor."""
COPYING: Final = 1e-9
"""Seconds for each byte that the loop has read before it hands them over."""

T = TypeVar("T")


def beginning(read: int = 0) -> float:
    """When something begins, or began where the loop has read so many bytes for it just now."""
    return perf_counter() - read * COPYING


class Reader(Protocol):
    """A connection that the holder of a share sends on."""

    def hold(self) -> None:
        """Read nothing more until it is due."""


class Shares:
    """The shares of this process, by a key of whoever has them."""

    def __init__(self) -> None:
        self._shares: WeakValueDictionary[bytes, Share] = WeakValueDictionary()
        self._kept: deque[Share] = deque(maxlen=KEPT)
        self.last: Share | None = None
        """Who was at work last, and since when it is nobody else."""
        self.since = 0.0

    def of(self, key: bytes, rate: float = ACCOUNT) -> "Share":
        """The share of this account or address."""
        share = self._shares.get(key)
        if share is None:
            share = self._shares[key] = Share(self, rate)
            self._kept.append(share)
        return share


class Share:
    """What one account or address may use. `level` is what is left of it, in seconds of the loop."""

    __slots__ = (
        "__weakref__",
        "_due",
        "_passed",
        "_rate",
        "_shares",
        "_then",
        "_turn",
        "is_used_up",
        "level",
        "readers",
    )

    def __init__(self, shares: Shares, rate: float) -> None:
        self.level = AT_ONCE
        self.is_used_up = False
        self.readers: set[Reader] = set()
        """They are held where the share is used up."""
        self._shares = shares
        self._rate = rate
        self._then = perf_counter()
        self._due: deque[Callable[[], None]] = deque()
        self._turn = asyncio.Lock()
        self._passed: Reader | None = None

    def spend(self, began: float, reader: Reader | None = None) -> None:
        """Pay for what was done since then (`beginning`); `reader` is who has read for it."""
        self.pay(min(perf_counter() - began, AT_MOST), reader)

    def pay(self, used: float, reader: Reader | None = None) -> None:
        """Pay for what took so long."""
        now = perf_counter()
        if self._shares.last is not self:
            self._shares.last, self._shares.since = self, now
        self._fill(now)
        self.level -= used
        if self._passed is reader:
            self._passed = None
        if self.level < 0:
            if not self.is_used_up:
                self.is_used_up = True
                self._wait()
            for other in self.readers:
                if other is not self._passed:
                    other.hold()

    def let_pass(self, reader: Reader) -> None:
        """Whoever waited to read is not held again before it could, or the next one goes on."""
        self._passed = reader

    def when_due(self, proceed: Callable[[], None]) -> None:
        """Call this in a later turn of the loop: the next one, unless the share is used up."""
        if self.is_used_up:
            self._due.append(proceed)
        else:
            asyncio.get_running_loop().call_soon(proceed)

    async def due(self) -> None:
        """Wait while the share is used up. Nothing may be held meanwhile that others wait for."""
        if self.is_used_up:
            await self.next_turn()

    async def next_turn(self) -> None:
        """Go on in a later turn of the loop, when it is due."""
        waiting = asyncio.get_running_loop().create_future()
        self.when_due(lambda: None if waiting.done() else waiting.set_result(None))
        await waiting

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """One of these blocks runs at a time, and begins when it is due."""
        await self.begin()
        try:
            yield
        finally:
            self.end()

    async def begin(self) -> None:
        """Have the turn until `end`."""
        await self._turn.acquire()
        try:
            await self.due()
        except BaseException:
            self.end()
            raise

    def end(self) -> None:
        """Let the next one have the turn."""
        self._turn.release()

    def _fill(self, now: float) -> None:
        filled = max(self.level, -DEBT) + (now - self._then) * self._rate
        self.level = filled if filled < AT_ONCE else AT_ONCE
        self._then = now

    def _wait(self) -> None:
        alone = self._shares.last is self and perf_counter() - self._shares.since > ALONE
        loop = asyncio.get_running_loop()
        if alone or self.level >= 0:
            loop.call_soon(loop.call_soon, self._go_on)  # the turn after the next: whoever may read now does before
        else:
            loop.call_later(-self.level / self._rate, self._go_on)

    def _go_on(self) -> None:
        """Let one go on, or have the share be as any other where nobody waits."""
        self._fill(perf_counter())
        self._passed = None
        if self._due:
            proceed = self._due.popleft()
            try:
                proceed()
            finally:
                self._wait()
        else:
            self.is_used_up = False


class Work(Generic[T]):
    """What is done for somebody, to be awaited: each of its steps is paid for from `share`."""

    def __init__(self, share: Share, doing: Coroutine[Any, Any, T]) -> None:
        self.share = share
        self._doing = doing
        self._has_turn = False

    async def belongs_to(self, share: Share) -> None:
        """From now on it is this one's, and has its turn until `part`, or its end."""
        self.share = share
        await share.begin()
        self._has_turn = True

    def part(self) -> None:
        """Let others have the turn."""
        if self._has_turn:
            self._has_turn = False
            self.share.end()

    def __await__(self) -> Generator[Any, Any, T]:
        step: Callable[[Any], Any] = self._doing.send
        given: Any = None
        try:
            while True:
                began = thread_time()  # a step is long enough for a call of the system
                try:
                    waits_for = step(given)
                except StopIteration as end:
                    return end.value  # type: ignore[no-any-return]
                finally:
                    self.share.pay(thread_time() - began)
                try:
                    step, given = self._doing.send, (yield waits_for)
                except BaseException as error:
                    step, given = self._doing.throw, error
        finally:
            self.part()
