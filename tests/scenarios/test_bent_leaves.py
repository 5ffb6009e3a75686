"""Somebody's leaf is one that a library of ours trips over: it is refused by name, and the evening goes on."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bent_leaves import LEAVES, BentNewcomer, NeutralKey, update
from evening import Evening, sit_down, until
from guests import guest_comes
from safespace.crypto.mls.leaf import Lifetime
from safespace.sdk import Segment
from safespace.sdk.errors import Refused
from serving import ServerProcess

PART = Segment(title="Pacing, with a nurse", minutes=20, kind="guest")


async def go_on(evening: Evening, *silent: str) -> None:
    """All but the `silent` say something, all read it, and Fern's changes of keys are taken as ever."""
    fern = evening.rooms["Fern"]
    await fern.refresh_keys()
    last = 0
    for name, room in evening.rooms.items():
        if name in silent:
            continue
        last = await room.send(f"{name} is here")
    for room in evening.rooms.values():
        await until(lambda: room.place.cursor >= last)  # noqa: B023 - called before the next turn
        assert room.place.public == fern.place.public
        assert room.warnings() == []


async def refused(room: Any, changes: dict[str, Any], code: str = "leaf_invalid") -> None:
    with pytest.raises(Refused) as refusal:
        await update(room, changes)
    assert refusal.value.code == code


async def test_a_newcomer_with_a_link(
    standing_server: ServerProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rosa's KeyPackage is refused as it arrives: nobody is asked, nobody makes a commit of it."""
    async with Evening.of(standing_server.url, tmp_path, "Wren", "Moss") as evening:
        rosa = await evening.arrive("Rosa")
        link = await evening.group.create_invite(uses=20)
        bent = LEAVES | {"a year and a second": {"lifetime": Lifetime(0, 2**64 - 1)}}
        with monkeypatch.context() as patch:
            patch.setattr("safespace.sdk.joining.Newcomer", BentNewcomer)
            for name, changes in bent.items():
                patch.setattr(BentNewcomer, "changes", changes)
                with pytest.raises(Refused) as refusal:
                    await rosa.join(link, pseudonym="Rosa")
                assert refusal.value.code == "key_package_invalid", name
        assert await evening.group.waiting() == []
        await go_on(evening)
        group = await sit_down(evening.group, rosa, "Rosa")
        evening.rooms["Rosa"] = group.main
        await go_on(evening)


async def test_an_agreement_that_only_some_would_take(
    standing_server: ServerProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The relay cannot see it. Fern's device does not show who asks so, and no device would let them in."""
    async with Evening.of(standing_server.url, tmp_path, "Wren") as evening:
        rosa = await evening.arrive("Rosa")
        link = await evening.group.create_invite()
        with monkeypatch.context() as patch:
            patch.setattr("safespace.sdk.joining.SigningKey", NeutralKey)
            joining = asyncio.create_task(rosa.join(link, pseudonym="Rosa"))
            fern = evening.rooms["Fern"]
            async with asyncio.timeout(60):
                while "forged_request" not in [warning.code for warning in fern.warnings()]:
                    assert await evening.group.waiting() == []
                    await asyncio.sleep(0.1)
            joining.cancel()
        fern.place.warnings = []
        await go_on(evening)


async def test_a_members_own_update(standing_server: ServerProcess, tmp_path: Path) -> None:
    async with Evening.of(standing_server.url, tmp_path, "Wren", "Moss") as evening:
        wren = evening.rooms["Wren"]
        for changes in LEAVES.values():
            await refused(wren, changes)
        await go_on(evening)
        await wren.refresh_keys()
        await go_on(evening)


async def test_a_guests_own_update(standing_server: ServerProcess, tmp_path: Path) -> None:
    async with Evening.of(standing_server.url, tmp_path, "Wren") as evening:
        await guest_comes(evening, evening.group, "Jay", PART)
        for changes in LEAVES.values():
            await refused(evening.rooms["Jay"], changes)
        await go_on(evening, "Jay")  # no session is on, so a guest only listens
