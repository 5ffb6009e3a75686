"""What a device sent to a room and was not acknowledged yet, and who waits for it."""

import asyncio
from collections.abc import Iterator
from uuid import UUID

from safespace.sdk.sealing import Pending
from safespace.sdk.store import Store


class Outbox:
    """Kept in the store, to be sent again after a restart. `in_flight` is what this connection has sent."""

    def __init__(self, store: Store, name: str) -> None:
        self.in_flight: set[UUID] = set()
        self._store = store
        self._name = name
        self._pending = {one.client_id: one for one in map(Pending.load, store.get("outbox", name) or [])}
        self._waiting: dict[UUID, asyncio.Future[int]] = {}

    def __iter__(self) -> Iterator[Pending]:
        return iter(self._pending.values())

    def get(self, client_id: UUID) -> Pending | None:
        return self._pending.get(client_id)

    def add(self, pending: Pending) -> asyncio.Future[int]:
        """Something to send; the future is its seq, or why it never gets one."""
        future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting[pending.client_id] = future
        self._pending[pending.client_id] = pending
        return future

    def stop_waiting(self, pending: Pending) -> None:
        """Nobody waits any more; what was never sealed was never sent, and is forgotten."""
        self._waiting.pop(pending.client_id, None)
        if pending.frame is None:
            self._pending.pop(pending.client_id, None)

    def take(self, client_id: UUID) -> None:
        """Never to be sent again."""
        self._pending.pop(client_id, None)
        self.in_flight.discard(client_id)

    def settle(self, client_id: UUID, result: int | Exception) -> None:
        """Tell who waits: the seq, or what became of it."""
        future = self._waiting.get(client_id)
        if future is None or future.done():
            return
        if isinstance(result, Exception):
            future.set_exception(result)
        else:
            future.set_result(result)

    def fail_all(self, error: Exception) -> None:
        """Tell everyone who waits."""
        for client_id in self._waiting:
            self.settle(client_id, error)

    def save(self) -> None:
        """Only inside the store's `writing`."""
        self._store.put([one.dump() for one in self._pending.values() if one.frame], "outbox", self._name)
