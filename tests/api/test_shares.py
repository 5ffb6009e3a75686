"""Somebody who sends much at once is heard in turn with the others, and all of it, in its order."""

import asyncio
import contextlib
import json
import re
import socket
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from uuid import UUID

import pytest
import uvicorn
from sqlalchemy.ext.asyncio import AsyncConnection
from uuid6 import uuid7

from asking import settings_in
from gathering import Person, junk
from greedy import get, masked, post
from in_process import running
from safespace import share
from safespace.api.deadlines import DeadlineProtocol
from safespace.api.upgrade import Upgrade
from safespace.app import create_app
from safespace.framing import Opcode
from safespace.storage import accounts
from safespace.wire import MAX_FRAME
from serving import free_port

MANY = 12
"""Connections of whoever sends much."""
EACH = 150
"""What comes on each of them."""
PATIENCE = 30.0
UPGRADE = (
    b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n"
    b"Sec-WebSocket-Version: 13\r\n\r\n"
)


class Slow:
    """A clock by which all that is done takes a millisecond more than it does."""

    _more = 0.0

    def __call__(self) -> float:
        self._more += 0.001
        return time.perf_counter() + self._more


class Peer:
    """A connection; it sends at once, and has what came when it is asked."""

    def __init__(self, port: int) -> None:
        self._line = socket.create_connection(("127.0.0.1", port))
        self._line.setblocking(False)
        self.came = b""

    def send(self, data: bytes) -> None:
        assert self._line.send(data) == len(data), "as much as the system holds for the server"

    def look(self) -> bytes:
        """All that has come so far."""
        with contextlib.suppress(BlockingIOError):
            while part := self._line.recv(1 << 20):
                self.came += part
        return self.came

    async def until(self, word: bytes, count: int = 1) -> bytes:
        """Turn by turn, until this has come so many times."""
        async with asyncio.timeout(PATIENCE):
            while self.look().count(word) < count:  # noqa: ASYNC110  # turn by turn
                await asyncio.sleep(0)
        return self.came

    def close(self) -> None:
        self._line.close()


class Place:
    """A server in this process, so that one turn of its loop sees all that was sent at once."""

    def __init__(self, port: int, patch: pytest.MonkeyPatch, ada: Person, mo: Person) -> None:
        self.port = port
        self._patch = patch
        self.ada = ada
        self.mo = mo
        self.peers: list[Peer] = []

    def slow(self) -> None:
        """From now on all that is done takes long."""
        self._patch.setattr(share, "perf_counter", Slow())

    async def connected(self, count: int = 1) -> list[Peer]:
        made = [Peer(self.port) for _ in range(count)]
        self.peers += made
        return made

    async def sockets(self, person: Person, count: int = 1) -> list[Peer]:
        """Sockets that have been greeted, and are quiet."""
        made = await self.connected(count)
        for one in made:
            one.send(get("/socket", person.token)[:-2] + UPGRADE)
            await one.until(b" 101 ")
            one.send(PING)
            await one.until(b'"pong"')
            one.came = b""
        return made


@pytest.fixture
async def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Place]:
    port = free_port()
    config = uvicorn.Config(
        create_app(settings_in(tmp_path, port=port, registrations_per_hour=1000)),
        port=port,
        http=DeadlineProtocol,
        ws=Upgrade,
        ws_max_size=MAX_FRAME,
        ws_per_message_deflate=False,
        log_config=None,
        timeout_graceful_shutdown=5,
    )
    async with running(config):
        url = f"http://127.0.0.1:{port}"
        place = Place(port, monkeypatch, await Person.arrive(url, "ada"), await Person.arrive(url, "mo"))
        yield place
        for peer in place.peers:
            peer.close()


def text(frame: object) -> bytes:
    return masked(Opcode.TEXT, json.dumps(frame).encode())


PING = text({"t": "ping"})


def refused() -> tuple[str, bytes]:
    """A message to a room that was not entered, and the id that its refusal names."""
    frame = {"t": "send", "room": str(uuid7()), "client_id": str(uuid7()), "kind": "message", "epoch": 0}
    return str(frame["client_id"]), text(frame | {"body": junk(64), "commitment": junk(32)})


async def test_a_frame_is_heard_before_the_rest_of_what_another_account_sent_before_it(place: Place) -> None:
    """Ada's twelve sockets are full when Mo says something; all that Ada said is answered, in its order."""
    adas = await place.sockets(place.ada, MANY)
    (mo,) = await place.sockets(place.mo)
    said = [[refused() for _ in range(EACH)] for _ in adas]
    place.slow()
    for peer, frames in zip(adas, said, strict=True):
        peer.send(b"".join(frame for _, frame in frames))
    mo.send(PING)
    await mo.until(b'"pong"')
    before = sum(peer.look().count(b'"refused"') for peer in adas)
    assert before < 64 * MANY / 2, "which is what each of them would have had in the first turn"
    for peer, frames in zip(adas, said, strict=True):
        came = await peer.until(b'"refused"', EACH)
        assert re.findall(rb'"client_id":"([^"]+)"', came) == [id.encode() for id, _ in frames]


@pytest.mark.parametrize(
    ("frame", "answer"),
    [(masked(Opcode.PING, b"you?"), b"\x8a\x04you?"), (PING, b'"pong"')],
    ids=["pings of the protocol", "pings"],
)
async def test_so_it_is_whatever_is_sent(place: Place, frame: bytes, answer: bytes) -> None:
    adas = await place.sockets(place.ada, MANY)
    (mo,) = await place.sockets(place.mo)
    place.slow()
    for peer in adas:
        peer.send(frame * 1000)
    mo.send(refused()[1])
    await mo.until(b'"refused"')
    assert sum(peer.look().count(answer) for peer in adas) < 64 * MANY / 2
    for peer in adas:
        await peer.until(answer, 1000)


async def test_a_frame_is_heard_before_the_rest_of_another_accounts_handshakes(place: Place) -> None:
    (mo,) = await place.sockets(place.mo)
    adas = await place.connected(MANY)
    place.slow()
    for peer in adas:
        peer.send(get("/socket", place.ada.token)[:-2] + UPGRADE)
    mo.send(PING)
    await mo.until(b'"pong"')
    assert sum(b" 101 " in peer.look() for peer in adas) < MANY / 2
    for peer in adas:
        await peer.until(b" 101 ")


async def test_a_request_is_answered_before_the_rest_of_what_another_account_asked_before_it(place: Place) -> None:
    adas = await place.connected(MANY)
    (mo,) = await place.connected()
    for peer in (*adas, mo):
        peer.send(get("/me", ""))
        await peer.until(b" 401 ")
        peer.came = b""
    place.slow()
    for peer in adas:
        peer.send(get("/me/devices", place.ada.token) * 4)
    mo.send(get("/me", place.mo.token))
    await mo.until(b" 200 ")
    assert sum(peer.look().count(b" 200 ") for peer in adas) < MANY / 2
    for peer in adas:
        await peer.until(b" 200 ", 4)


async def test_of_what_an_account_asks_one_thing_is_worked_on_at_a_time(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else what is ready of all of them would be done in one turn. Somebody else's is worked on beside it."""
    inside: list[UUID] = []
    most = {UUID(place.ada.account): 0, UUID(place.mo.account): 0}
    inner = accounts.list_devices

    async def listed(db: AsyncConnection, account: UUID, after: UUID | None, limit: int) -> Sequence[object]:
        inside.append(account)
        most[account] = max(most[account], inside.count(account))
        try:
            await asyncio.sleep(0.001)
            return await inner(db, account, after, limit)
        finally:
            inside.remove(account)

    monkeypatch.setattr(accounts, "list_devices", listed)
    adas = await place.connected(MANY)
    (mo,) = await place.connected()
    for peer in adas:
        peer.send(get("/me/devices", place.ada.token))
    mo.send(get("/me/devices", place.mo.token))
    for peer in (*adas, mo):
        await peer.until(b" 200 ")
    assert set(most.values()) == {1}


async def test_a_frame_is_heard_before_the_rest_of_another_accounts_bodies(place: Place) -> None:
    (mo,) = await place.sockets(place.mo)
    adas = await place.connected(MANY)
    asked = post("/groups", place.ada.token, json.dumps({"id": "x" * 60_000}).encode())
    place.slow()
    for peer in adas:
        peer.send(asked)
    mo.send(PING)
    await mo.until(b'"pong"')
    assert sum(b" 422 " in peer.look() for peer in adas) < MANY / 2
    for peer in adas:
        await peer.until(b" 422 ")
