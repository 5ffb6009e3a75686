"""Frames that are wrong in themselves: each gets its own code, the socket stays open, nothing is stored."""

import json
from typing import Any

import pytest
from uuid6 import uuid7

from gathering import Evening, Line, Person, junk, stored
from serving import ServerProcess

ROOM = "01890000-0000-7000-8000-000000000001"


def send(**changes: Any) -> str:
    frame = {
        "t": "send",
        "room": ROOM,
        "client_id": str(uuid7()),
        "kind": "message",
        "epoch": 0,
        "body": junk(100),
        "commitment": junk(),
    }
    return json.dumps(frame | changes)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "malformed_json"),
        ("[" * 100_000, "malformed_json"),
        ("[]", "unknown_frame"),
        ("{}", "unknown_frame"),
        ('{"t":"shout"}', "unknown_frame"),
        ('{"t":"enter","room":"x","after":0}', "invalid_field"),
        (f'{{"t":"enter","room":"{ROOM}","after":"0"}}', "invalid_field"),
        (f'{{"t":"enter","room":"{ROOM}","after":-1}}', "invalid_field"),
        (f'{{"t":"enter","room":"{ROOM}","after":0,"more":1}}', "invalid_field"),
        (send(kind="policy"), "invalid_field"),
        (send(commitment=junk(31)), "invalid_field"),
        (send(body="a+b/"), "bad_base64"),
        (send(body="YQ=="), "bad_base64"),
        (send(body=junk(70_000)), "too_large"),
        (" " * 524_288 + "{}", "too_large"),
        (send(), "not_entered"),
        (f'{{"t":"enter","room":"{ROOM}","after":0}}', "unknown_room"),
    ],
)
async def test_a_wrong_frame_is_refused_and_the_line_stays(evening: Evening, text: str, code: str) -> None:
    async with evening.ada.line() as line:
        await line.socket.send(text)
        assert (await line.until("refused"))["code"] == code
        await line.say({"t": "enter", "room": evening.room, "after": 0})
        await line.until("caught_up")


async def test_a_refusal_names_the_room_and_the_client_id(evening: Evening) -> None:
    async with evening.ada.line() as line:
        frame = json.loads(send(body="YQ=="))
        await line.say(frame)
        refused = await line.until("refused")
        assert (refused["room"], refused["client_id"]) == (ROOM, frame["client_id"])


async def test_binary_frames_are_refused(evening: Evening) -> None:
    async with evening.ada.line() as line:
        await line.socket.send(b"{}")
        assert (await line.until("refused"))["code"] == "malformed_json"


async def test_more_than_twenty_bad_frames_in_a_row_close_the_line(evening: Evening) -> None:
    async with evening.ada.line() as line:
        for _ in range(20):
            await line.socket.send("{")
        await line.say({"t": "enter", "room": evening.room, "after": 0})
        await line.until("caught_up")
        for _ in range(21):
            await line.socket.send("{")
        refusals = [frame for frame in await line.rest() if frame["t"] == "refused"]
        assert (len(refusals), line.close_code) == (21, 4400)


@pytest.mark.parametrize("token", [pytest.param(junk(), id="unknown"), "nonsense", ""])
async def test_a_socket_without_a_login_is_closed_with_4401(standing_server: ServerProcess, token: str) -> None:
    stranger = Person(standing_server.url, "stranger")
    stranger.token = token
    async with stranger.line() as line:
        frames = await line.rest()
        assert [frame["code"] for frame in frames] == ["unauthenticated"]
        assert line.close_code == 4401


async def test_logging_out_closes_the_logins_sockets_alone(evening: Evening) -> None:
    ada = await Person.arrive(evening.url, "ada")
    async with ada.line() as line, evening.ada.line() as other:
        await ada.ask("POST", "/logout")
        assert await line.rest() == []
        assert line.close_code == 4401
        assert await other.refusal({"t": "shout"}) == "unknown_frame"


async def test_an_account_has_only_so_many_sockets(standing_server: ServerProcess) -> None:
    ada = await Person.arrive(standing_server.url, "ada")
    lines: list[Line] = []
    async with ada.line() as first:
        lines.append(first)
        await _open(ada, 31)


async def _open(person: Person, more: int) -> None:
    async with person.line() as line:
        if more > 1:
            await _open(person, more - 1)
            return
        async with person.line() as last:
            frames = await last.rest()
            assert [frame["code"] for frame in frames] == ["quota_reached"]
        assert await line.refusal({"t": "shout"}) == "unknown_frame"


async def test_wrong_frames_store_nothing(evening: Evening, standing_server: ServerProcess) -> None:
    before = stored(standing_server)
    async with evening.ben.entered(evening.room) as line:
        for text in ("{", "{}", send(), send(room=evening.room), send(room=evening.room, body="YQ==")):
            await line.socket.send(text)
            await line.until("refused")
    assert stored(standing_server) == before
