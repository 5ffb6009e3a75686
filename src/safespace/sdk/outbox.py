"""What one room was given to send and the relay has not yet taken, and who waits for that."""

import asyncio
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from safespace.sdk.sealing import Pending

WINDOW = 32
"""What is on its way at once; the relay decides about no more than that at a time."""


class Outbox:
    """In the order in which it was given. `saved` is what `dump` gave."""

    def __init__(self, saved: Iterable[dict[str, Any]]) -> None:
        self._pending: dict[UUID, Pending] = {one.client_id: one for one in map(Pending.load, saved)}
        self._in_flight: set[UUID] = set()
        self._waiting: dict[UUID, asyncio.Future[int]] = {}

    def __contains__(self, client_id: UUID) -> bool:
        return client_id in self._pending

    def get(self, client_id: UUID) -> Pending | None:
        return self._pending.get(client_id)

    def ready(self) -> list[Pending]:
        """What is not on its way."""
        return [one for one in self._pending.values() if one.client_id not in self._in_flight]

    @property
    def room(self) -> int:
        """How many more may be on their way."""
        return max(0, WINDOW - len(self._in_flight))

    def acts_with(self, keys: str) -> list[Pending]:
        """The acts that were made with these keys."""
        return [one for one in self._pending.values() if one.content is None and one.keys == keys]

    def add(self, pending: Pending) -> asyncio.Future[int]:
        """Resolves to the seq, or raises why it never got one. To be given back to `forget_waiter`."""
        future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting[pending.client_id] = future
        self._pending[pending.client_id] = pending
        return future

    def forget_waiter(self, pending: Pending) -> None:
        """Nobody waits any more; what was never sealed was never sent, and never will be."""
        self._waiting.pop(pending.client_id, None)
        if pending.frame is None:
            self._pending.pop(pending.client_id, None)

    def on_its_way(self, client_id: UUID) -> None:
        self._in_flight.add(client_id)

    def not_on_its_way(self, client_id: UUID) -> None:
        self._in_flight.discard(client_id)

    def connection_lost(self) -> None:
        self._in_flight.clear()

    def take_out(self, client_id: UUID) -> None:
        """It is never to be sent again."""
        self._pending.pop(client_id, None)
        self._in_flight.discard(client_id)

    def resolve(self, client_id: UUID, seq: int) -> None:
        future = self._waiting.get(client_id)
        if future is not None and not future.done():
            future.set_result(seq)

    def fail(self, client_id: UUID, error: Exception) -> None:
        future = self._waiting.get(client_id)
        if future is not None and not future.done():
            future.set_exception(error)

    def fail_all(self, error: Exception) -> None:
        for client_id in self._waiting:
            self.fail(client_id, error)

    def dump(self) -> list[dict[str, Any]]:
        return [one.dump() for one in self._pending.values() if one.frame]
