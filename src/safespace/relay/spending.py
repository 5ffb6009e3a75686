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


class Spending:
    """Raises SafeSpaceError throttled; then nothing was taken."""

    def __init__(self, budgets: Mapping[str, Budget], clock: Clock) -> None:
        self._messages = Buckets(budgets["messages"], "account", clock)
        self._group_messages = Buckets(budgets["messages"], "group", clock)
        self._acts = Buckets(budgets["acts"], "account", clock)
        self._act_size = Buckets(budgets["act_size"], "account", clock)
        self._group_acts = Buckets(budgets["acts"], "group", clock)
        self._group_act_size = Buckets(budgets["act_size"], "group", clock)
        self._refused_acts = Buckets(budgets["refused_acts"], "account", clock)

    def message(self, account: UUID, group: UUID, size: int) -> None:
        """A message or reaction of so many bytes. What is refused later is paid for too, as it was work."""
        mine, tokens = account.bytes, kib(size)
        self._messages.take(mine, tokens)
        try:
            self._group_messages.take(group.bytes, tokens)
        except SafeSpaceError:
            self._messages.give_back(mine, tokens)
            raise

    @contextmanager
    def act(self, account: UUID, group: UUID, frame: wire.Act) -> Iterator[None]:
        """An act that is refused costs only one of the refusals that an account has, as many lose a race."""
        mine, ours, size = account.bytes, group.bytes, _size(frame)
        costs = (
            (self._acts, mine, 1),
            (self._act_size, mine, size),
            (self._group_acts, ours, 1),
            (self._group_act_size, ours, size),
        )
        _take((self._refused_acts, mine, 1), *costs)
        try:
            yield
        except BaseException:
            _give_back(costs)
            raise
        _give_back([(self._refused_acts, mine, 1)])


def _take(*costs: Cost) -> None:
    for number, (buckets, key, tokens) in enumerate(costs):
        try:
            buckets.take(key, tokens)
        except SafeSpaceError:
            _give_back(costs[:number])
            raise


def _give_back(costs: Iterable[Cost]) -> None:
    for buckets, key, tokens in costs:
        buckets.give_back(key, tokens)


def _size(frame: wire.Act) -> int:
    """KiB of what is sealed in it."""
    texts = [part.body for part in (frame.policy, frame.commit, frame.state) if part is not None]
    if frame.commit is not None and frame.commit.welcome is not None:
        texts.append(frame.commit.welcome)
    return kib(sum(map(len, texts)) * 3 // 4)
