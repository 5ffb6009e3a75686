"""The week of the rooms adds up: nobody is lost or counted twice, and what is said to flatten a peak does."""

import math
from dataclasses import replace

import pytest
from bench.peaks import WEEK, Costs, Habits, arrivals, simulate, starts

FEW = Habits(rooms=20_000)
COSTS = Costs()


def test_the_same_seed_gives_the_same_week_and_another_one_another() -> None:
    assert simulate(FEW, COSTS, seed=1) == simulate(FEW, COSTS, seed=1)
    assert starts(FEW, seed=1) != starts(FEW, seed=2)


def test_every_room_meets_once_a_week() -> None:
    found = starts(replace(FEW, zones=((-5, 0.5), (9, 0.5))))
    assert sum(meetings.rooms for meetings in found.values()) == FEW.rooms
    assert all(0 <= start < WEEK for start in found)
    least, most = min(FEW.sizes), max(FEW.sizes)
    assert all(least * m.rooms <= m.members <= most * m.rooms for m in found.values())


@pytest.mark.parametrize("doors", [0, 600])
@pytest.mark.parametrize("jitter", [0, 1, 300])
def test_everyone_who_comes_arrives_once(doors: int, jitter: int) -> None:
    shares = arrivals(replace(FEW, doors=doors, jitter=jitter))
    assert math.isclose(sum(shares.values()), 1, rel_tol=1e-9)
    assert min(shares.values()) > -1e-12


def test_nobody_comes_before_the_doors_are_open() -> None:
    shares = arrivals(replace(FEW, doors=600, scatter=10))
    early = sum(share for at, share in shares.items() if -600 <= at < -80)
    assert early == pytest.approx(0.5 * 520 / 600)
    assert not [at for at in shares if at < -600]


@pytest.mark.parametrize(("doors", "jitter"), [(600, 0), (0, 300), (600, 300)])
def test_early_doors_and_spread_calls_flatten_the_peak_and_change_nothing_else(doors: int, jitter: int) -> None:
    plain, flatter = simulate(FEW, COSTS), simulate(replace(FEW, doors=doors, jitter=jitter), COSTS)
    assert flatter.peak.entering < 0.6 * plain.peak.entering
    assert flatter.mean == plain.mean


def test_more_time_zones_flatten_the_peak() -> None:
    wide = simulate(replace(FEW, zones=((-5, 0.35), (1, 0.4), (8, 0.25))), COSTS)
    assert wide.peak.deliveries < 0.7 * simulate(FEW, COSTS).peak.deliveries


def test_twice_the_rooms_are_twice_the_load() -> None:
    one, two = simulate(FEW, COSTS), simulate(replace(FEW, rooms=40_000), COSTS)
    assert two.mean.cpu(COSTS) == pytest.approx(2 * one.mean.cpu(COSTS), rel=0.02)
    assert two.peak.cpu(COSTS) == pytest.approx(2 * one.peak.cpu(COSTS), rel=0.1)
