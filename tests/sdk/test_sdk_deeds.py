"""The file of what staff did opens in either client, whichever wrote it."""

import json
from typing import Any

import pytest

from safespace.crypto.locked import lock, unlock
from safespace.sdk.deeds import open_deeds, seal_deeds
from safespace.sdk.errors import NotOpened
from vectors import make

GIVEN: dict[str, Any] = json.loads((make.HERE / "locked.json").read_text(encoding="utf-8"))


def test_a_file_as_browsers_write_it_opens_and_is_written_the_same() -> None:
    passphrase = GIVEN["passphrase"]
    deeds = open_deeds(GIVEN["deeds"]["file"], passphrase)
    assert [(deed.mode, deed.seconds) for deed in deeds if deed.seconds is not None] == [("round", 180), (None, 30)]
    assert json.loads(unlock(seal_deeds(deeds, passphrase), passphrase)) == GIVEN["deeds"]["content"]


@pytest.mark.parametrize("change", [{"more": None}, {"mode": "talk"}, {"seconds": 3601}, {"seconds": True}])
def test_what_is_no_deed_does_not_open(change: dict[str, Any]) -> None:
    deed = GIVEN["deeds"]["content"][0] | change
    with pytest.raises(NotOpened):
        open_deeds(lock(json.dumps([deed]), "a passphrase"), "a passphrase")
