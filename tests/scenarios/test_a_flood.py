"""Rob floods the room, and is muted or removed in the middle of it: from the relay's answer on nobody gets any more of
it, whoever reads and whoever stands still, and what is said after his removal he cannot read, given all there is."""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from uuid6 import uuid7
from websockets.exceptions import ConnectionClosed

from campaign import rounds
from evening import Evening, Listener, refusal, until
from gathering import Frame, Line, Person
from safespace.crypto.errors import CryptoError
from safespace.fields import b64encode
from safespace.sdk import Room
from safespace.sdk.errors import Removed
from safespace.sdk.group_crypto import GroupCrypto, GroupCryptoError
from safespace.sdk.said import TextMessage
from safespace.sdk.sealing import Pending, seal_message
from serving import ServerProcess

READERS = ("Wren", "Moss", "Ada", "Ivy", "Gus", "Kit", "Bo")[: rounds(4, 7)]
"""Who reads along with a client that decrypts, like Fern, who moderates."""
LINES = rounds(5, 28)
"""Further connections of each; with Rob's two and the clients' own, 207 in all."""
STALLED = rounds(4, 40)
"""Further connections that do not read."""
PACE = 50
"""Messages a second."""
AFTERWARDS = 5
"""Messages that are said when it is over."""


class Flood(NamedTuple):
    """Rob's two connections and all the others', with their reading; `said` are the client_ids that he sent."""

    evening: Evening
    loud: Line
    quiet: Line
    lines: list[Line]
    said: list[str]
    stop: asyncio.Event
    tasks: list[asyncio.Task[None]]

    @property
    def rob(self) -> str:
        """His leaf, as envelopes name it."""
        return b64encode(self.evening.rooms["Rob"].place.leaf.identity)

    @property
    def refused(self) -> list[Frame]:
        return [frame for frame in self.loud.heard if frame["t"] == "refused"]


@asynccontextmanager
async def flooded(url: str, folder: Path) -> AsyncIterator[Flood]:
    """A second into the flood, everybody but those who stand still reading it."""
    async with Evening.of(url, folder, *READERS, "Rob") as evening, AsyncExitStack() as stack:
        listeners = [Listener(evening.rooms[name]) for name in ("Fern", *READERS)]

        async def enter(name: str) -> Line:
            login = Person(url, name)
            login.token = evening.clients[name]._store.get("login")["token"]
            room = str(evening.group.main.id)
            return await stack.enter_async_context(login.entered(room, evening.rooms[name].place.cursor))

        lines = [await enter(name) for name in READERS for _ in range(LINES)]
        flood = Flood(evening, await enter("Rob"), await enter("Rob"), lines, [], asyncio.Event(), [])
        for line in lines[:STALLED]:
            line.socket.transport.pause_reading()
        flood.tasks.extend(asyncio.create_task(read(line)) for line in (*lines, flood.loud, flood.quiet))
        flooding = asyncio.create_task(pour(flood))
        await until(lambda: all(len(listener.heard) >= PACE for listener in listeners))
        try:
            yield flood
        finally:
            flood.stop.set()
            await flooding
            for task in flood.tasks:
                task.cancel()
            for listener in listeners:
                await listener.stop()


async def pour(flood: Flood) -> None:
    """Say things at PACE, whatever is answered, until told to stop or the line is closed."""
    place = flood.evening.rooms["Rob"].place
    with contextlib.suppress(ConnectionClosed):
        while not flood.stop.is_set():
            pending = Pending(uuid7(), content=TextMessage(text="flood " * 20).written())
            seal_message(place, pending)
            assert pending.frame is not None
            await flood.loud.say(pending.frame.model_dump(mode="json", exclude_none=True))
            flood.said.append(str(pending.client_id))
            await asyncio.sleep(1 / PACE)


async def read(line: Line) -> None:
    """Hear all there is, until the line is closed."""
    with contextlib.suppress(ConnectionClosed, TimeoutError):
        while True:
            await line.get()


async def chat_on(flood: Flood) -> int:
    """Those who are left talk, and hear each other, on every line; the seq of the last word."""
    for line in flood.lines[:STALLED]:
        line.socket.transport.resume_reading()
    evening = flood.evening
    for number in range(AFTERWARDS - 1):
        await evening.rooms[READERS[number % len(READERS)]].send(f"and on we talk {number}")
    last = await evening.rooms["Fern"].send("good night")
    await until(lambda: all(any(frame.get("seq", 0) >= last for frame in reversed(line.heard)) for line in flood.lines))
    for name in ("Fern", *READERS):
        room = evening.rooms[name]
        await until(lambda: room.place.cursor >= last)  # noqa: B023 - called before the next turn
        assert room.warnings() == []
    return last


def check_lines(flood: Flood, acknowledged: int, lines: list[Line]) -> None:
    """Each heard every line of the log from where it came in, and none of Rob's after the relay's answer."""
    for line in lines:
        heard = [frame for frame in line.heard if frame["t"] == "envelope"]
        assert [frame["seq"] for frame in heard] == list(range(heard[0]["seq"], heard[-1]["seq"] + 1)), "no holes"
        assert not [frame for frame in heard if frame["leaf"] == flood.rob and frame["seq"] > acknowledged]
    fern = flood.evening.rooms["Fern"]
    for name in ("Fern", *READERS):
        conversation = flood.evening.rooms[name].log.conversation
        shown = [conversation.message(number) for number in range(flood.evening.rooms[name].place.shown)]
        assert not [one for one in shown if one.sender == "Rob" and one.seq > acknowledged]
        assert len([one for one in shown if one.sender == "Rob"]) >= PACE
    assert fern.warnings() == []


@pytest.mark.campaign
async def test_from_the_relays_answer_to_a_mute_nobody_gets_any_more_of_it(
    standing_server: ServerProcess, tmp_path: Path
) -> None:
    async with flooded(standing_server.url, tmp_path) as flood:
        fern, rob = flood.evening.rooms["Fern"], flood.evening.rooms["Rob"]
        await fern.mute(flood.evening.member("Rob"), length="lifted", reason="This is too much at once.")
        acknowledged = fern.place.policy_seq
        await until(lambda: len(flood.refused) >= PACE)
        flood.stop.set()
        last = await chat_on(flood)
        check_lines(flood, acknowledged, flood.lines)
        assert {(frame["code"], frame["policy_seq"]) for frame in flood.refused} == {("muted", acknowledged)}
        await until(lambda: flood.quiet.heard[-1].get("seq") == last)  # who is muted reads on
        assert await refusal(rob.send("why?")) == "muted"


@pytest.mark.campaign
async def test_from_the_relays_answer_to_a_removal_on_he_gets_nothing_and_opens_nothing(
    standing_server: ServerProcess, tmp_path: Path
) -> None:
    async with flooded(standing_server.url, tmp_path) as flood:
        fern, rob = flood.evening.rooms["Fern"], flood.evening.rooms["Rob"]
        epoch = fern.place.public.epoch
        stays = flood.evening.rooms["Moss"].place.crypto.fork()
        await fern.remove(flood.evening.member("Rob"))
        acknowledged = fern.place.policy_seq
        assert fern.place.public.epoch == epoch + 1
        await until(lambda: flood.loud.close_code is not None and flood.quiet.close_code is not None)
        await chat_on(flood)
        check_lines(flood, acknowledged, flood.lines)
        for line in (flood.loud, flood.quiet):
            await asyncio.wait(flood.tasks[-2:])
            assert line.close_code == 4403
            assert line.heard[-1] == {"t": "gone", "room": str(rob.id), "code": "removed"}
            assert max(frame.get("seq", 0) for frame in line.heard) <= acknowledged + 1
        with pytest.raises(Removed) as removed:
            await rob.send("what?")
        assert removed.value.announced
        assert opened_by(rob.place.crypto, rob, standing_server, epoch) == 0
        assert opened_by(stays, rob, standing_server, epoch) >= AFTERWARDS - 1, "all but her own"


def opened_by(crypto: GroupCrypto, room: Room, server: ServerProcess, epoch: int) -> int:
    """How many of the lines sealed after `epoch` these keys open, given the server's database."""
    with contextlib.closing(sqlite3.connect(f"file:{server.database_file}?mode=ro", uri=True)) as database:
        after = "(epoch > :epoch OR kind = 'handshake' AND epoch = :epoch)"
        rows = f"SELECT kind, leaf, body FROM envelopes WHERE room = :room AND {after} ORDER BY seq"  # noqa: S608 - ours
        lines = database.execute(rows, {"room": room.id.hex, "epoch": epoch}).fetchall()
    assert [kind for kind, *_ in lines].count("message") >= AFTERWARDS
    assert "handshake" in [kind for kind, *_ in lines]
    keys = {leaf.identity: leaf.signature_key for leaf in room.place.public.leaves()}
    opened = 0
    for kind, leaf, body in lines:
        with contextlib.suppress(GroupCryptoError, CryptoError):
            if kind == "handshake":
                # Who is removed by it reads just that in it, and stays where they are.
                crypto.apply(body)
            else:
                crypto.decrypt(body, leaf, keys[leaf])
                opened += 1
    return opened
