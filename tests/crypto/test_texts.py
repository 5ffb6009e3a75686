"""Names, and messages, of which something is seen; the pages judge by the same vectors (`names.json`)."""

import json
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from safespace.crypto.texts import Pseudonym, is_blank
from vectors import make

CASES: Any = json.loads((make.HERE / "names.json").read_text(encoding="utf-8"))["names"]
UNSEEN = "\t\u00ad\u034f\u115f\u200b\u202e\u2060\u2800\u3164\ufeff\U0001bca0\U0001d159\U0001d173\U0001d17a\U000e0041"


@pytest.mark.parametrize("sign", UNSEEN)
def test_what_is_not_seen_is_no_part_of_a_name(sign: str) -> None:
    for name in (f"Mara{sign}", f"{sign}Mara", f"Ma{sign}ra", sign):
        with pytest.raises(ValidationError):
            TypeAdapter(Pseudonym).validate_python(name)
    assert is_blank(f" {sign}\n")
    assert not is_blank(f"a{sign}")


def test_what_is_seen_is_in_no_list_of_the_unseen() -> None:
    for case in CASES:
        if case["name"].startswith("the name "):
            assert case["is_name"]
            assert not case["is_blank"]
