"""What the server hands out no more: explained by the group's retention and takedowns, or warned of."""

import pytest

from safespace.rooms.actions import Leave, Restore, Retain, TakeDown
from safespace.sdk.missing import DAY, Missing

NOW = 1_800_000_000_000
FERN = "A" * 22


@pytest.mark.parametrize(
    ("before", "days", "told"),
    [
        (NOW - 7 * DAY, 7, []),
        (NOW - 7 * DAY + 1, 7, [("gap_unexplained", 4)]),
        (NOW - 70 * DAY, 0, [("gap_unexplained", 4)]),
        (NOW - 7 * DAY, 30, [("gap_unexplained", 4)]),
        (0, 3650, []),
    ],
)
def test_a_gap_is_as_old_as_the_retention(before: int, days: int, told: list[tuple[str, int]]) -> None:
    missing = Missing()
    missing.gap(4, before, days)
    assert missing.unexplained(NOW) == told
    assert missing.unexplained(NOW) == [], "told once"


@pytest.mark.parametrize(("days", "later", "told"), [(30, 7, []), (0, 7, []), (7, 30, []), (7, 0, []), (30, 0, ["x"])])
def test_the_shortest_retention_since_is_the_one_that_counts(days: int, later: int, told: list[str]) -> None:
    missing = Missing()
    missing.gap(4, NOW - 8 * DAY, days)
    missing.followed(Retain(days=later))
    assert len(missing.unexplained(NOW)) == len(told)


def test_an_empty_line_is_explained_by_its_takedown_wherever_that_is_read() -> None:
    missing = Missing(empty=[3, 5, 8])
    for action in (TakeDown(target=FERN, line=5), TakeDown(target=FERN, line=4), Restore(target=FERN, line=8), Leave()):
        missing.followed(action)
    assert missing.unexplained(NOW) == [("withheld", 3), ("withheld", 8)]


def test_what_is_to_be_judged_survives_a_restart() -> None:
    missing = Missing(empty=[3])
    missing.gap(4, NOW, 7)
    assert Missing(**missing.dump()).unexplained(NOW) == [("gap_unexplained", 4), ("withheld", 3)]


def test_a_reason_for_a_refusal_is_awaited_up_to_where_it_is_said_to_be() -> None:
    missing = Missing()
    missing.claim(5, "muted")
    missing.claim(9, "quiet")
    assert missing.claims_due(4, ended=False) == []
    assert missing.claims_due(5, ended=False) == ["muted"]
    assert missing.claims_due(6, ended=True) == ["quiet"], "there is nothing after it"
    assert missing.claims_due(99, ended=True) == []
