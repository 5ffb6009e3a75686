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
    """Tokens of somebody's bucket; where that is out of them, of a `member`'s own in the group, if there is one."""

    budget: str
    whose: Whose
    key: bytes
    tokens: int = 1
    member: bytes | None = None


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
        taken = await self._take(costs)
        try:
            yield
        except SafeSpaceError as error:
            if on == "success" or error.status >= 500:
                await self._give_back(taken)
            raise
        except Exception:
            await self._give_back(taken)
            raise
        if on == "refusal":
            await self._give_back(taken)

    @asynccontextmanager
    async def making(
        self,
        budget: str,
        account: UUID,
        size: int | None,
        group: UUID | None = None,
        count: int = 1,
        invite: UUID | None = None,
    ) -> AsyncIterator[None]:
        """Pay for something that stays: so many of these, and bytes of the request, from the account's and the group's,
        and, where it is done by an invite, from its own.

        `size` is None where the number alone counts. What is refused costs one of the refusals that an account has,
        and nothing else.
        """
        tokens = {budget: count} if size is None else {budget: count, "stored": kib(size)}
        costs = [Cost(name, "account", account.bytes, many) for name, many in tokens.items()]
        if group is not None:
            costs += [
                Cost(name, "group", group.bytes, many, member=group.bytes + account.bytes)
                for name, many in tokens.items()
                if (name, "group") in self._buckets
            ]
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

    async def _take(self, costs: Sequence[Cost]) -> Sequence[Cost]:
        """What was taken, and is to be given back where it has to be."""
        taken: list[Cost] = []
        try:
            for cost in costs:
                taken += [await self._take_one(cost)]
        except SafeSpaceError:
            await self._give_back(taken)
            raise
        return taken

    async def _take_one(self, cost: Cost) -> Cost:
        try:
            await self._buckets[cost.budget, cost.whose].take(cost.key, cost.tokens)
        except SafeSpaceError:
            own = self._buckets.get((cost.budget, "member"))
            if own is None or cost.member is None:
                raise
            await own.take(cost.member, cost.tokens)
            return Cost(cost.budget, "member", cost.member, cost.tokens)
        return cost

    async def _give_back(self, costs: Sequence[Cost]) -> None:
        for cost in costs:
            await self._buckets[cost.budget, cost.whose].give_back(cost.key, cost.tokens)
