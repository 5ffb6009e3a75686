"""The buckets: how much at once, how fast again, how much memory."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import HTTPConnection

from asking import FakeClock
from safespace.api.limits import Limits
from safespace.buckets import COMMON, HOUR, Buckets
from safespace.budgets import BUDGETS, Budget, Rate
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
