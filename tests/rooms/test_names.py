"""Which names could be taken for one another."""

import pytest

from safespace.rooms.names import taken


@pytest.mark.parametrize(
    "other", ["Fern", "fern", "\uff26\uff25\uff32\uff2e", "F ern", "Fe\u200drn", "Fern\ufe0f", "FERN"]
)
def test_a_name_that_looks_the_same_is_taken(other: str) -> None:
    assert taken(other, ["Wren", "Fern"])


@pytest.mark.parametrize("other", ["Ferna", "Fénr", "Moss"])
def test_another_is_free(other: str) -> None:
    assert not taken(other, ["Wren", "Fern"])
    assert not taken(other, [])
