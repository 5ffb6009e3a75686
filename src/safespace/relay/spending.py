"""What messages and acts cost their account and their group, counted in this process."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from uuid import UUID

from safespace import wire
from safespace.buckets import Buckets
from safespace.budgets import Budget, kib
from safespace.clock import Clock
from safespace.errors import SafeSpaceError

Cost = tuple[Buckets, bytes, int]


class _Shared:
    """What a group has in common, and when that is gone, what is each one's own in it."""

    def __init__(self, budget: Budget, clock: Clock) -> None:
        self._common = Buckets(budget, "group", clock)
        self._own = Buckets(budget, "member", clock)

    def take(self, group: UUID, account: UUID, tokens: int) -> Cost:
        """Take tokens; what is to be given back where it has to be."""
        try:
            self._common.take(group.bytes, tokens)
        except SafeSpaceError:
            own = group.bytes + account.bytes
            self._own.take(own, tokens)
            return self._own, own, tokens
        return self._common, group.bytes, tokens


class Spending:
    """Raises SafeSpaceError throttled; then nothing was taken."""

    def __init__(self, budgets: Mapping[str, Budget], clock: Clock) -> None:
        self._messages = Buckets(budgets["messages"], "account", clock)
        self._group_messages = _Shared(budgets["messages"], clock)
        self._acts = Buckets(budgets["acts"], "account", clock)
        self._act_size = Buckets(budgets["act_size"], "account", clock)
        self._group_acts = _Shared(budgets["acts"], clock)
        self._group_act_size = _Shared(budgets["act_size"], clock)
        self._refused_acts = Buckets(budgets["refused_acts"], "account", clock)

    def message(self, account: UUID, group: UUID, size: int) -> None:
        """A message or reaction of so many bytes. What is refused later is paid for too, as it was work."""
        mine, tokens = account.bytes, kib(size)
        self._messages.take(mine, tokens)
        try:
            self._group_messages.take(group, account, tokens)
        except SafeSpaceError:
            self._messages.give_back(mine, tokens)
            raise

    @contextmanager
    def act(self, account: UUID, group: UUID, frame: wire.Act) -> Iterator[None]:
        """An act that is refused costs only one of the refusals that an account has, as many lose a race."""
        mine, size = account.bytes, _size(frame)
        refusal = self._refused_acts, mine, 1
        taken: list[Cost] = []
        try:
            for cost in (refusal, (self._acts, mine, 1), (self._act_size, mine, size)):
                buckets, key, tokens = cost
                buckets.take(key, tokens)
                taken.append(cost)
            taken.append(self._group_acts.take(group, account, 1))
            taken.append(self._group_act_size.take(group, account, size))
        except SafeSpaceError:
            _give_back(taken)
            raise
        try:
            yield
        except BaseException:
            _give_back(taken[1:])
            raise
        _give_back([refusal])


def _give_back(costs: Iterable[Cost]) -> None:
    for buckets, key, tokens in costs:
        buckets.give_back(key, tokens)


def _size(frame: wire.Act) -> int:
    """KiB of what is sealed in it."""
    texts = [part.body for part in (frame.policy, frame.commit, frame.state) if part is not None]
    if frame.commit is not None and frame.commit.welcome is not None:
        texts.append(frame.commit.welcome)
    return kib(sum(map(len, texts)) * 3 // 4)
