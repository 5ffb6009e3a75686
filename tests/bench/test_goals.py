"""A goal is met from the right side, and one that was not measured is not met."""

from bench.goals import GOALS, Goal, judged
from bench.scenarios import Ratio

MORE = Goal("more", 20, 40)
LESS = Goal("less", 0.6, 0.3)


def test_more_is_better_where_the_aim_is_higher() -> None:
    assert [MORE.allows(ratio) for ratio in (19.9, 20, 50)] == [False, True, True]
    assert [MORE.reaches(ratio) for ratio in (20, 39, 40)] == [False, False, True]


def test_less_is_better_where_the_aim_is_lower() -> None:
    assert [LESS.allows(ratio) for ratio in (0.61, 0.6, 0.1)] == [False, True, True]
    assert [LESS.reaches(ratio) for ratio in (0.6, 0.31, 0.3)] == [False, False, True]


def test_every_goal_is_listed_whether_it_was_measured_or_not() -> None:
    first, second, third, *_ = GOALS
    results = [
        Ratio(name=first.name, ratio=first.aim, unit="", against="", median_of=5),
        Ratio(name=second.name, ratio=second.must - 1, unit="", against="", median_of=5),
    ]
    words = {goal.name: (ratio, word) for goal, ratio, word in judged(results)}
    assert len(words) == len(GOALS)
    assert words[first.name] == (first.aim, "aim")
    assert words[second.name] == (second.must - 1, "no")
    assert words[third.name] == (None, "-")
