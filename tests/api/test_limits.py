"""The buckets: how much at once, how fast again, how much memory."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import HTTPConnection
from uuid6 import uuid7

from asking import FakeClock
from safespace.api.limits import Cost, Limits, On
from safespace.buckets import COMMON, HOUR, Buckets
from safespace.budgets import BUDGETS, Budget, Rate, Whose
from safespace.errors import SafeSpaceError


def bucketful(size: int, clock: FakeClock, **more: int) -> Buckets:
    """Buckets that an hour fills."""
    return Buckets(Budget("tries", {"account": Rate(size, size)}), "account", clock, **more)


def takes(buckets: Buckets, key: bytes) -> bool:
    try:
        buckets.take(key)
    except SafeSpaceError as error:
        return error.code != "throttled"
    return True


@given(size=st.integers(1, 50), waits=st.lists(st.integers(0, HOUR), max_size=200))
def test_never_more_than_a_bucket_and_its_refill(size: int, waits: list[int]) -> None:
    clock = FakeClock()
    buckets = bucketful(size, clock)
    taken = 0
    for wait in waits:
        clock.now += wait
        taken += takes(buckets, b"ada")
    assert taken <= size + sum(waits) * size / HOUR + 1e-6


@given(size=st.integers(1, 500))
def test_the_wait_that_is_told_is_enough(size: int) -> None:
    clock = FakeClock()
    buckets = bucketful(size, clock)
    for _ in range(size):
        buckets.take(b"ada")
    with pytest.raises(SafeSpaceError) as refusal:
        buckets.take(b"ada")
    assert refusal.value.retry_after
    clock.now += refusal.value.retry_after * 1000
    buckets.take(b"ada")


def test_keys_do_not_share() -> None:
    buckets = bucketful(1, FakeClock())
    assert [takes(buckets, key) for key in (b"ada", b"ben", b"ada", b"ben")] == [True, True, False, False]


def test_what_is_given_back_can_be_taken_again_and_no_more() -> None:
    buckets = bucketful(2, FakeClock())
    buckets.take(b"ada")
    for _ in range(3):
        buckets.give_back(b"ada")
    assert [takes(buckets, b"ada") for _ in range(3)] == [True, True, False]


def test_a_clock_that_jumps_back_gives_nothing() -> None:
    clock = FakeClock()
    buckets = bucketful(1, clock)
    buckets.take(b"ada")
    clock.now -= 10 * HOUR
    assert not takes(buckets, b"ada")


def test_a_clock_that_was_wrong_for_a_while_stops_nobody_for_longer() -> None:
    clock = FakeClock()
    buckets = bucketful(60, clock)
    clock.now += 24 * HOUR
    for _ in range(60):
        buckets.take(b"ada")
    clock.now -= 24 * HOUR
    assert not takes(buckets, b"ada")
    clock.now += HOUR // 60
    assert takes(buckets, b"ada")


def test_memory_is_bounded() -> None:
    buckets = bucketful(1, FakeClock(), most=10)
    for n in range(100_000):
        takes(buckets, n.to_bytes(4, "big"))
    assert len(buckets) <= 10 + COMMON


def drained(buckets: Buckets, key: bytes) -> bytes:
    """A key that has nothing left."""
    while takes(buckets, key):
        pass
    return key


@pytest.mark.parametrize("each", [1, 2, 3])
def test_a_flood_of_keys_flushes_nobodys_bucket(each: int) -> None:
    """However many names are tried, and however often each: what was used up stays used up."""
    buckets = bucketful(3, FakeClock(), most=100)
    victims = [drained(buckets, n.to_bytes(2, "big")) for n in range(10)]
    for n in range(20_000):
        for _ in range(each):
            takes(buckets, b"flood" + n.to_bytes(4, "big"))
    assert not any(takes(buckets, victim) for victim in victims)
    assert len(buckets) <= 100 + COMMON


def test_a_flood_that_goes_on_for_hours_keeps_nothing(clock: FakeClock) -> None:
    buckets = bucketful(60, clock, most=100)
    for n in range(20_000):
        takes(buckets, n.to_bytes(4, "big"))
        clock.now += 1_000  # a token is back after a minute: 60 or so are in use at any moment
    assert len(buckets) <= 101
    # And whoever is new has a bucket of their own.
    assert sum(takes(buckets, b"ada") for _ in range(100)) == 60


def test_who_is_new_in_a_flood_has_no_more_than_anyone(clock: FakeClock) -> None:
    buckets = bucketful(5, clock, most=10)
    for n in range(10):
        drained(buckets, n.to_bytes(4, "big"))
    assert sum(takes(buckets, b"mallory") for _ in range(100)) == 5
    # Room comes, and with it no fresh bucket.
    clock.now += HOUR // 5
    taken = sum(takes(buckets, b"mallory") for _ in range(100))
    assert taken == 1


def test_keys_that_come_one_after_the_other_forever_gain_nothing() -> None:
    """Two names in turn, with a full table of others: neither is forgotten for the other."""
    buckets = bucketful(5, FakeClock(), most=10)
    for n in range(10):
        drained(buckets, n.to_bytes(4, "big"))
    taken = [sum(takes(buckets, name) for _ in range(1)) for _ in range(100) for name in (b"mallory", b"eve")]
    assert sum(taken) <= 10


def test_after_a_refusal_nothing_overtakes_what_was_refused(clock: FakeClock) -> None:
    buckets = Buckets(Budget("messages", {"account": Rate(10, 3600, again=5)}), "account", clock)
    drained(buckets, b"ada")
    clock.now += 3_000
    with pytest.raises(SafeSpaceError) as refusal:
        buckets.take(b"ada")
    assert refusal.value.retry_after == 2
    clock.now += 2_000
    assert sum(takes(buckets, b"ada") for _ in range(10)) == 5


def test_what_is_larger_than_the_bucket_takes_all_of_it(clock: FakeClock) -> None:
    buckets = bucketful(10, clock)
    buckets.take(b"ada", 1_000)
    with pytest.raises(SafeSpaceError) as refusal:
        buckets.take(b"ada", 1_000)
    clock.now += (refusal.value.retry_after or 0) * 1000
    buckets.take(b"ada", 1_000)


def test_a_refusal_names_its_limit() -> None:
    buckets = Buckets(BUDGETS["requests"], "account", FakeClock())
    drained(buckets, b"ada")
    with pytest.raises(SafeSpaceError) as refusal:
        buckets.take(b"ada")
    assert refusal.value.detail == "Limit for one account: 40 requests to join at once, then 20 an hour."
    assert refusal.value.retry_after == 180


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def limits(clock: FakeClock) -> Limits:
    return Limits(BUDGETS, clock, b"")


async def pays(limits: Limits, *costs: Cost, raising: Exception | None = None, on: On = "success") -> bool:
    """Whether these could be paid for something that then went wrong, or well."""
    done = False
    with contextlib.suppress(SafeSpaceError):
        async with limits.spend(costs, on=on):
            done = True
            if raising is not None:
                raise raising
    return done


async def left(limits: Limits, budget: str, whose: Whose, key: bytes) -> int:
    """How many tokens somebody has left; there are none afterwards."""
    count = 0
    while await pays(limits, Cost(budget, whose, key)):
        count += 1
    return count


async def test_who_is_refused_by_one_limit_drains_no_other(limits: Limits) -> None:
    address, handle = Cost("logins", "address", b"m"), Cost("logins", "handle", b"ada")
    assert await left(limits, "logins", "address", b"m") == 120
    for _ in range(1000):
        assert not await pays(limits, address, handle, on="refusal")
    assert await left(limits, "logins", "handle", b"ada") == 30


async def test_who_is_refused_by_the_last_limit_gets_all_back(limits: Limits) -> None:
    assert await left(limits, "logins", "handle", b"ada") == 30
    for _ in range(1000):
        assert not await pays(limits, Cost("logins", "address", b"m"), Cost("logins", "handle", b"ada"), on="refusal")
    assert await left(limits, "logins", "address", b"m") == 120


async def test_what_the_server_could_not_do_costs_nothing(limits: Limits) -> None:
    for failure in (SafeSpaceError("unavailable"), SafeSpaceError("storage_full"), SafeSpaceError("internal")):
        for on in ("success", "refusal", "either"):
            for _ in range(100):
                assert await pays(limits, Cost("logins", "handle", b"ada"), raising=failure, on=on)
    assert await left(limits, "logins", "handle", b"ada") == 30


async def test_what_a_group_refuses_costs_its_member_nothing_and_a_strangers_tries_cost_the_group_nothing(
    limits: Limits,
) -> None:
    ada, mallory, group = uuid7(), uuid7(), uuid7()
    tried = 0
    for _ in range(1000):
        with contextlib.suppress(SafeSpaceError):
            async with limits.making("rooms", mallory, 100, group):
                tried += 1
                raise SafeSpaceError("not_found")
    # As often as an account may be refused; then it is not even looked at.
    assert tried == 300
    assert await left(limits, "rooms", "group", group.bytes) == 300
    for _ in range(15):
        async with limits.making("rooms", ada, 100, group):
            pass
    with pytest.raises(SafeSpaceError) as refusal:
        async with limits.making("rooms", ada, 100, group):
            pass
    assert "one member" in refusal.value.detail
    assert await left(limits, "rooms", "account", ada.bytes) == 45


@pytest.mark.parametrize("accounts", [8, 20])
async def test_those_who_store_what_they_can_take_nothing_that_is_anothers(limits: Limits, accounts: int) -> None:
    """Together they use up what their group may store, in whatever way, and file reports; Ada reports, invites, and
    answers."""
    group, ada = uuid7(), uuid7()
    for one in [uuid7() for _ in range(accounts)]:
        for budget, size in (("entries", 600_000), ("rooms", 600_000), ("invites", 600_000), ("reports", None)):
            with contextlib.suppress(SafeSpaceError):
                while True:
                    async with limits.making(budget, one, size, group):
                        pass
    async with limits.making("reports", ada, None, group):
        pass
    async with limits.making("invites", ada, 5_000, group):
        pass
    async with limits.making("entries", ada, 20_000, group):
        pass


async def test_who_has_stored_all_they_may_still_reports(limits: Limits) -> None:
    ada, group = uuid7(), uuid7()
    with contextlib.suppress(SafeSpaceError):
        while True:
            async with limits.making("invites", ada, 600_000, group):
                pass
    assert await left(limits, "stored", "account", ada.bytes) < 600
    for _ in range(BUDGETS["reports"].rates["account"].at_once):
        async with limits.making("reports", ada, None, group):
            pass
    with pytest.raises(SafeSpaceError):
        async with limits.making("reports", ada, None, group):
            pass


async def test_bytes_that_stay_are_counted_over_all_kinds(limits: Limits) -> None:
    ada, made = uuid7(), 0
    for _ in range(20):
        for budget in ("ballots", "invites", "entries", "rooms"):
            with contextlib.suppress(SafeSpaceError):
                async with limits.making(budget, ada, 1024 * 1024 - 1, uuid7()):
                    made += 1
    assert made == 32


def peer(host: str | None) -> HTTPConnection:
    return HTTPConnection({"type": "http", "headers": [], "client": (host, 1) if host else None})


def test_addresses_are_hashed_under_a_key() -> None:
    here, elsewhere = Limits(BUDGETS, FakeClock(), b"here"), Limits(BUDGETS, FakeClock(), b"elsewhere")
    assert here.address(peer("192.0.2.7")) == here.address(peer("192.0.2.7"))
    assert here.address(peer("192.0.2.7")) != here.address(peer("192.0.2.8"))
    assert here.address(peer("192.0.2.7")) != elsewhere.address(peer("192.0.2.7"))
    assert len(here.address(peer(None))) == 16


def test_a_whole_ipv6_network_is_one_address() -> None:
    limits = Limits(BUDGETS, FakeClock(), b"")
    assert limits.address(peer("2001:db8::1")) == limits.address(peer("2001:db8::ffff:2"))
    assert limits.address(peer("2001:db8::1")) != limits.address(peer("2001:db8:0:1::1"))


@pytest.mark.parametrize(
    "written", ["::ffff:192.0.2.7", "192.0.2.7:4711", "[::ffff:192.0.2.7]:4711", " 192.0.2.7", "::ffff:c000:207"]
)
def test_an_address_is_one_however_it_is_written(written: str) -> None:
    """Else everybody behind an IPv6 socket would be one, or everybody with another port somebody else."""
    limits = Limits(BUDGETS, FakeClock(), b"")
    assert limits.address(peer(written)) == limits.address(peer("192.0.2.7"))
    assert limits.address(peer(written)) != limits.address(peer("::ffff:192.0.2.8"))


@pytest.mark.parametrize("written", ["[2001:db8::1]:4711", "2001:db8::9%eth0", "2001:0db8:0000::2"])
def test_a_network_is_one_however_its_address_is_written(written: str) -> None:
    limits = Limits(BUDGETS, FakeClock(), b"")
    assert limits.address(peer(written)) == limits.address(peer("2001:db8::1"))
