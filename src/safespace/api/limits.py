"""What makes guessing and flooding slow, where somebody asks by a request.

Addresses are kept as keyed hashes and are never written anywhere: under a key of this process, or where processes share
their limits, under one of the server's, and then not for longer than until their buckets are full again.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Literal, NamedTuple
from uuid import UUID

from starlette.requests import HTTPConnection

from safespace.addresses import parse_address
from safespace.buckets import SharedBuckets
from safespace.budgets import Budget, Whose, kib
from safespace.clock import Clock
from safespace.errors import SafeSpaceError

if TYPE_CHECKING:  # needs what is not installed where there is one process
    from safespace.tally import Tally


On = Literal["success", "refusal", "either"]
"""What is paid for: what was done, what was tried in vain, or both."""


class Cost(NamedTuple):
    """Tokens of somebody's bucket."""

    budget: str
    whose: Whose
    key: bytes
    tokens: int = 1


class Limits:
    """The buckets of requests."""

    def __init__(self, budgets: Mapping[str, Budget], clock: Clock, key: bytes, tally: Tally | None = None) -> None:
        self._key = key
        self._buckets: dict[tuple[str, Whose], SharedBuckets] = {
            (name, whose): SharedBuckets(name, whose, budget, clock, tally)
            for name, budget in budgets.items()
            for whose in budget.rates
        }

    @asynccontextmanager
    async def spend(self, costs: Sequence[Cost], on: On) -> AsyncIterator[None]:
        """Pay for what is done inside, in this order; where one is out of tokens, the others get theirs back.

        So do all where it does not come to what is paid for (`on`), or the server could not do it. Raises
        SafeSpaceError throttled.
        """
        await self._take(costs)
        try:
            yield
        except SafeSpaceError as error:
            if on == "success" or error.status >= 500:
                await self._give_back(costs)
            raise
        except Exception:
            await self._give_back(costs)
            raise
        if on == "refusal":
            await self._give_back(costs)

    @asynccontextmanager
    async def making(
        self,
        budget: str,
        account: UUID,
        size: int,
        group: UUID | None = None,
        count: int = 1,
        invite: UUID | None = None,
    ) -> AsyncIterator[None]:
        """Pay for something that stays: so many of these, and bytes of the request, from the account's and the group's,
        and, where it is done by an invite, from its own.

        What is refused costs one of the refusals that an account has, and nothing else.
        """
        costs = [Cost(budget, "account", account.bytes, count), Cost("stored", "account", account.bytes, kib(size))]
        if group is not None:
            costs.append(Cost("stored", "group", group.bytes, kib(size)))
            if (budget, "group") in self._buckets:
                costs.append(Cost(budget, "group", group.bytes, count))
        if invite is not None:
            costs.append(Cost(budget, "invite", invite.bytes, count))
        async with (
            self.spend([Cost("refused", "account", account.bytes)], on="refusal"),
            self.spend(costs, on="success"),
        ):
            yield

    def address(self, connection: HTTPConnection) -> bytes:
        """16 bytes for the peer's address; an IPv6 peer counts as its /64."""
        host = connection.client.host if connection.client else ""
        ip = parse_address(host)
        packed = host.encode() if ip is None else ip.packed[:8] if ip.version == 6 else ip.packed
        return hashlib.blake2b(packed, key=self._key, digest_size=16).digest()

    async def _take(self, costs: Sequence[Cost]) -> None:
        taken: list[Cost] = []
        try:
            for cost in costs:
                await self._buckets[cost.budget, cost.whose].take(cost.key, cost.tokens)
                taken.append(cost)
        except SafeSpaceError:
            await self._give_back(taken)
            raise

    async def _give_back(self, costs: Sequence[Cost]) -> None:
        for cost in costs:
            await self._buckets[cost.budget, cost.whose].give_back(cost.key, cost.tokens)
