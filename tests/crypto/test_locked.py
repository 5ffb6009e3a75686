"""What is locked opens with its passphrase, and with nothing else."""

import json
from typing import Any

import pytest

from safespace.crypto.errors import CryptoError
from safespace.crypto.locked import lock, unlock
from vectors import make

GIVEN: dict[str, Any] = json.loads((make.HERE / "locked.json").read_text(encoding="utf-8"))


def test_what_is_locked_opens() -> None:
    file = lock("Grüße 🌿", "a passphrase")
    assert unlock(file, "a passphrase") == "Grüße 🌿"
    assert lock("Grüße 🌿", "a passphrase") != file
    with pytest.raises(CryptoError):
        unlock(file, "A passphrase")


@pytest.mark.parametrize("typed", ["passphrase", "typed"])
def test_files_of_the_pages_open_however_the_passphrase_is_typed(typed: str) -> None:
    assert [unlock(case["file"], GIVEN[typed]) for case in GIVEN["files"]] == [case["text"] for case in GIVEN["files"]]


@pytest.mark.parametrize("case", GIVEN["bad"], ids=lambda case: str(case["name"]))
def test_what_is_no_locked_file_does_not_open(case: dict[str, str]) -> None:
    with pytest.raises(CryptoError):
        unlock(case["file"], GIVEN["passphrase"])
