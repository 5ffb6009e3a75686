"""Which names could be taken for one another, or for the pages' own words. The pages judge by the same vectors."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safespace.rooms import names
from safespace.rooms.names import is_reserved, taken
from vectors import make

CASES: Any = json.loads((make.HERE / "names.json").read_text(encoding="utf-8"))
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("case", CASES["alike"], ids=lambda case: f"{case['one']} {case['other']!a}")
def test_a_name_that_looks_the_same_is_taken(case: dict[str, str]) -> None:
    assert taken(case["other"], ["Wren", case["one"]])
    assert taken(case["one"], [case["other"]])


@pytest.mark.parametrize("case", CASES["apart"], ids=lambda case: f"{case['one']} {case['other']!a}")
def test_another_is_free(case: dict[str, str]) -> None:
    assert not taken(case["other"], ["Wren", case["one"]])
    assert not taken(case["other"], [])


@pytest.mark.parametrize("case", CASES["reserved"], ids=lambda case: ascii(case["text"]))
def test_nobody_is_called_as_the_pages_call_somebody(case: dict[str, str]) -> None:
    assert is_reserved(case["text"])


@pytest.mark.parametrize("case", CASES["free"], ids=lambda case: ascii(case["text"]))
def test_what_only_holds_such_a_word_is_free(case: dict[str, str]) -> None:
    assert not is_reserved(case["text"])


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_can_be_asked_about_and_is_like_itself(one: str, other: str) -> None:
    assert taken(one, [other]) == taken(other, [one])
    assert taken(one, [one])
    assert taken(one, [f"{one}\u200d"])
    assert is_reserved(f"{one} moderator")


def test_both_clients_have_the_same_table() -> None:
    there = ROOT / "web" / "src" / "room" / "confusables.txt"
    assert (Path(names.__file__).parent / "confusables.txt").read_bytes() == there.read_bytes()
