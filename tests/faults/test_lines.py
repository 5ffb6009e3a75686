"""Lines that go dead without a word, and a thousand that come back in the same moment."""

import asyncio
import contextlib
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from bench.generator import NUMBER
from bench.safespace import found
from uuid6 import uuid7
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from campaign import rounds
from evening import Evening
from faults.cable import Cable
from faults.crowd import head_of, spread
from gathering import Gathering
from serving import ServerProcess

DEAD = rounds(1, 3)
BACK = rounds(1, 5)
ROOMS, PEOPLE, LINES = rounds(1, 5), 20, 10
"""Lines of each of the people in a room."""
RATE = 10
"""Messages a second in each room."""


@pytest.mark.campaign
async def test_a_line_that_goes_dead_is_noticed_on_both_sides_and_nothing_is_missed(
    standing_server: ServerProcess, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    gone: list[float] = []
    back: list[float] = []
    g = await Gathering.begin(standing_server.url, presence=True)
    ben = await g.admit("ben")
    async with (
        Cable.to(standing_server.port) as cable,
        Evening.of(f"http://127.0.0.1:{cable.port}", tmp_path, "Wren") as evening,
    ):
        ben.url = evening.url
        listeners = evening.listen()
        said: list[str] = []
        for number in range(DEAD):
            async with g.ada.entered(g.room) as line, ben.entered(g.room):
                await line.until("here", members=sorted([g.ada.member, ben.member]))
                cable.go_dead()
                dead = time.monotonic()
                words = {name: f"{name} {number}" for name in evening.rooms}
                said += words.values()
                waiting = [asyncio.create_task(room.send(words[name])) for name, room in evening.rooms.items()]
                await line.until("here", members=[g.ada.member])
                gone.append(time.monotonic() - dead)
                await asyncio.gather(*waiting, *[listener.hears(*said) for listener in listeners.values()])
                back.append(time.monotonic() - dead)
        assert [sorted(listener.texts) for listener in listeners.values()] == [sorted(said)] * 2
        assert all(room.warnings() == [] for room in evening.rooms.values())
    record_property("times", DEAD)
    record_property("gone_for_the_others_s", spread(gone))
    record_property("back_and_caught_up_s", spread(back))


class Visitor:
    """A line that comes back as soon as `open` is set, with no pause to spare the server."""

    def __init__(self, url: str, room: str, token: str, after: int, open: asyncio.Event) -> None:
        self.after = after
        self.seqs: list[int] = []
        self.live = asyncio.Event()
        self._address = url.replace("http", "ws", 1) + "/v1/socket"
        self._headers = {"Authorization": f"Bearer {token}"}
        self._room = room
        self._open = open

    async def run(self) -> None:
        while True:
            await self._open.wait()
            with contextlib.suppress(OSError, EOFError, TimeoutError, WebSocketException):
                await self._once()
            self.live.clear()
            await asyncio.sleep(0.05)

    async def chat(self, message: str) -> None:
        """Send RATE messages a second while the line is live."""
        while True:
            await self.live.wait()
            with contextlib.suppress(WebSocketException):
                await self._socket.send(message.replace(NUMBER, str(uuid7())))
            await asyncio.sleep(1 / RATE)

    async def _once(self) -> None:
        async with connect(
            self._address,
            additional_headers=self._headers,
            compression=None,
            proxy=None,
            ping_interval=None,
            open_timeout=60,
        ) as self._socket:
            last = self.seqs[-1] if self.seqs else self.after
            await self._socket.send(json.dumps({"t": "enter", "room": self._room, "after": last}))
            async for text in self._socket:
                frame = json.loads(text)
                if frame["t"] == "envelope":
                    self.seqs.append(frame["seq"])
                elif frame["t"] == "caught_up":
                    self.live.set()


@pytest.mark.campaign
@pytest.mark.timeout(5400)
async def test_a_thousand_lines_come_back_in_the_same_moment(
    server: ServerProcess, record_property: Callable[[str, object], None]
) -> None:
    open = asyncio.Event()
    visitors: dict[str, list[Visitor]] = {}
    chatting: list[asyncio.Task[None]] = []
    rooms = await found(server.url, ROOMS, PEOPLE)
    for room in rooms:
        head = head_of(server.database_file, UUID(room.id))
        here = [Visitor(server.url, room.id, token, head, open) for token in room.tokens * LINES]
        visitors[room.id] = here
        chatting.append(asyncio.create_task(here[0].chat(room.message[room.message.index(b"{") :].decode())))
    everyone = [visitor for here in visitors.values() for visitor in here]
    running = [asyncio.create_task(visitor.run()) for visitor in everyone]
    back: list[float] = []
    asked: list[float] = []
    for number in range(BACK + 1):
        if number:
            open.clear()
            await asyncio.to_thread(server.kill)
            await asyncio.to_thread(server.start)
        began = time.monotonic()
        open.set()
        times = asyncio.gather(*[_time_until_live(visitor, began) for visitor in everyone])
        waits = await _ask_until(times, server.url, rooms[0].tokens[0])
        if number:
            back += times.result()
            asked += waits
        await asyncio.sleep(1)
    await _stopped(chatting)
    for room_id, here in visitors.items():
        head = head_of(server.database_file, UUID(room_id))
        async with asyncio.timeout(60):
            while any(visitor.seqs[-1] < head for visitor in here):  # noqa: ASYNC110 - there are a thousand
                await asyncio.sleep(0.1)
        for visitor in here:
            assert visitor.seqs == list(range(visitor.after + 1, head + 1))
    await _stopped(running)
    record_property("lines", len(everyone))
    record_property("times", BACK)
    record_property("back_and_caught_up_s", spread(back))
    record_property("a_request_meanwhile_s", spread(asked))
    record_property("holes", 0)


async def _time_until_live(visitor: Visitor, began: float) -> float:
    await visitor.live.wait()
    return time.monotonic() - began


async def _ask_until(done: asyncio.Future[Any], url: str, token: str) -> list[float]:
    """What requests of somebody else take meanwhile, in seconds; all are answered."""
    waits: list[float] = []
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=url, headers=headers, trust_env=False, timeout=60) as client:
        while not done.done():
            began = time.monotonic()
            assert (await client.get("/v1/me")).status_code == 200
            waits.append(time.monotonic() - began)
            await asyncio.wait([done], timeout=0.05)
    return waits


async def _stopped(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
