"""A member whose acts hold up outside and not inside: all devices pass over them alike, and the evening goes on."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from uuid6 import uuid7

from evening import Evening, until
from junk import act, codes, sealed
from safespace.fields import b64encode
from safespace.rooms.actions import Agree, Leave
from safespace.rooms.policy import propose
from safespace.rooms.state import StateMessage
from safespace.sdk.place import Place
from safespace.sdk.said import TextMessage
from safespace.sdk.sealing import Pending
from safespace.wire import Send
from serving import ServerProcess


def made(place: Place, action: Agree | Leave, **bent: Any) -> bytes:
    """What an honest device would have sealed, bent."""
    assert place.me is not None
    return propose(place.state, place.me, place.policy_seq, action).model_copy(update=bent).written()


async def agree(evening: Evening) -> None:
    """All fold alike: someone is let in, everyone agrees on it, and talks."""
    await evening.seat("Ada")
    fern, ada = evening.rooms["Fern"], evening.rooms["Ada"]
    await ada.send("good evening")
    await until(lambda: len({room.place.cursor for room in evening.seated()}) == 1)
    for room in evening.seated():
        assert (room.policy, room.place.policy_seq) == (fern.policy, fern.place.policy_seq)


@pytest.mark.parametrize("junk", ["noise", "another actor", "another ground", "another version", "garbled", "no seal"])
async def test_a_policy_message_that_does_not_hold_is_void(
    standing_server: ServerProcess, tmp_path: Path, junk: str
) -> None:
    async with Evening.of(standing_server.url, tmp_path, "Wren", "Moss") as evening:
        fern, wren, moss = evening.rooms.values()
        place = wren.place
        before = fern.policy
        match junk:
            case "noise":
                await act(wren, "agree", b"\xff junk")
            case "another actor":
                await act(wren, "agree", made(place, Agree(version=1), actor=fern.place.me))
            case "another ground":
                await act(wren, "agree", made(place, Agree(version=1), state=b64encode(bytes(32))))
            case "another version":
                await act(wren, "agree", made(place, Agree(version=2)))
            case "garbled":
                body = sealed(place, b"-")[0]
                await act(wren, "agree", b"-", body=body[:-6] + "AAAAAA")
            case _:
                await act(wren, "agree", made(place, Agree(version=1)), commitment=b64encode(bytes(32)))
        await until(lambda: "policy_forged" in codes(fern) and "policy_forged" in codes(moss))
        assert fern.policy == before
        await fern.send("I saw that")
        await agree(evening)
        assert codes(fern) == codes(moss) == ["policy_forged"]


async def test_noise_is_passed_over_and_does_not_pile_up(standing_server: ServerProcess, tmp_path: Path) -> None:
    async with Evening.of(standing_server.url, tmp_path, "Wren", "Moss") as evening:
        fern, wren, moss = evening.rooms.values()
        place = wren.place
        for _ in range(120):
            client_id = uuid7()
            body, commitment, plaintexts = sealed(place, b"noise")
            frame = Send(
                t="send",
                room=place.room,
                client_id=client_id,
                kind="message",
                epoch=place.public.epoch,
                body=body,
                commitment=commitment,
            )
            await wren.log.deliver(Pending(client_id, frame, plaintexts))
        last = await wren.send("sorry")
        await until(lambda: fern.place.cursor == moss.place.cursor == last)
        assert fern.warnings() == moss.warnings()
        assert [warning.seq for warning in fern.warnings()] == list(range(last - 100, last))
        assert set(codes(fern)) == {"unreadable"}


async def test_a_reaction_says_nothing(standing_server: ServerProcess, tmp_path: Path) -> None:
    """Reactions are let through where messages are not, so Wren wraps a message in one."""
    async with Evening.of(standing_server.url, tmp_path, "Wren") as evening:
        fern, wren = evening.rooms.values()
        heard = evening.listen()
        content = TextMessage(text="out of turn").written()
        body, commitment, plaintexts = sealed(wren.place, content)
        frame = Send(
            t="send",
            room=wren.place.room,
            client_id=uuid7(),
            kind="reaction",
            epoch=wren.place.public.epoch,
            body=body,
            commitment=commitment,
        )
        await wren.log.deliver(Pending(frame.client_id, frame, plaintexts))
        await wren.send("in turn")
        await heard["Fern"].hears("in turn")
        assert heard["Fern"].texts == ["in turn"]
        assert codes(fern) == ["unreadable"]


async def test_a_newcomer_is_told_something_else(
    standing_server: ServerProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who admits hands over another state: the newcomer believes none of it if it does not fit, the others talk on."""
    async with Evening.of(standing_server.url, tmp_path, "Wren", "Moss") as evening:
        fern, wren, moss = evening.rooms.values()

        with monkeypatch.context() as patch:
            patch.setattr(StateMessage, "written", lambda _: b"junk")
            arriving = asyncio.create_task(evening.seat("Rosa"))
            await until(lambda: all("state_forged" in codes(room) for room in (fern, wren, moss)))
        arriving.cancel()
        await wren.send("what was that?")
        await moss.send("no idea")
        await agree(evening)
        assert codes(fern) == codes(wren) == codes(moss) == ["state_forged"]
