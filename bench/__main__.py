"""Runs both servers one after the other and writes bench/results.json. See bench/README.md."""

import asyncio
import contextlib
import json
import os
import secrets
import socket
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import uvloop
from uuid6 import uuid7

from bench.load import Client, Measured, masked, measure, open_client
from safespace.crypto.franking import seal_content
from safespace.sdk.group_crypto import GroupCrypto, LeafKey
from safespace.wire import b64encode


@dataclass(frozen=True)
class Shape:
    """Rooms, connections in each, frames sent into each, and deliveries a second in all (None: as fast as it goes)."""

    rooms: int
    people: int
    frames: int
    rate: float | None = None

    @property
    def name(self) -> str:
        return f"{self.rooms} x {self.people}" + (f" at {self.rate:,.0f}/s" if self.rate else "")


@dataclass(frozen=True)
class Load:
    """Connections by room, what makes a frame for each room, and the server's process."""

    rooms: Sequence[Sequence[Client]]
    make: Sequence[Callable[[], str]]
    pid: int


SHAPES = (Shape(1, 20, 4000), Shape(50, 20, 200), Shape(1, 20, 1000, 10_000), Shape(50, 20, 40, 10_000))
TIMES = 3
TEXT = "x" * 300
UNLIMITED = {"SAFESPACE_REGISTRATIONS_PER_HOUR": "1000000", "SAFESPACE_LOG_LEVEL": "error"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@asynccontextmanager
async def running(port: int, *words: str, **environment: str) -> AsyncIterator[int]:
    """A server process; gives its process id once the port answers."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", *words, env={**os.environ, **environment}, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        for _ in range(600):
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                break
            await asyncio.sleep(0.1)
        yield process.pid
    finally:
        process.terminate()
        await process.wait()


async def found_room(port: int) -> tuple[str, Callable[[], str]]:
    """A group of one device, without the SDK. Gives its token and what makes another `send` frame each time.

    The body is the same in all of them, as the relay cannot look into it.
    """
    room, key = uuid7(), LeafKey.fresh()
    crypto = GroupCrypto.create(key, room.bytes)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}/v1", trust_env=False) as rest:
        account = {"handle": f"b-{room.hex[-20:]}", "login_key": b64encode(secrets.token_bytes(32)), "as": "token"}
        token: str = (await rest.post("/accounts", json=account)).raise_for_status().json()["token"]
        group = {
            "id": str(uuid7()),
            "room": str(room),
            "tree": b64encode(crypto.tree()),
            "confirmation_tag": b64encode(crypto.public().confirmation_tag),
            "presence": False,
        }
        (await rest.post("/groups", json=group, headers={"Authorization": f"Bearer {token}"})).raise_for_status()
    content = json.dumps({"kind": "text", "text": TEXT}).encode()
    plaintext, commitment = seal_content(content, room.bytes, key.identity, 0)
    frame = {
        "t": "send",
        "room": str(room),
        "kind": "message",
        "epoch": 0,
        "body": b64encode(crypto.encrypt(plaintext)),
        "commitment": b64encode(commitment),
    }
    return token, lambda: json.dumps(frame | {"client_id": str(uuid7())})


async def enter(port: int, token: str, frame: str) -> Client:
    client = await open_client(port, "/v1/socket", token)
    client.say(masked(json.dumps({"t": "enter", "room": json.loads(frame)["room"], "after": 0})))
    return client


@asynccontextmanager
async def relay(shape: Shape) -> AsyncIterator[Load]:
    port = free_port()
    with tempfile.TemporaryDirectory() as name:
        settings = {"SAFESPACE_PORT": str(port), "SAFESPACE_DATA_DIR": str(Path(name) / "data")}
        async with running(port, "safespace.cli", "serve", **settings, **UNLIMITED) as pid:
            founded = [await found_room(port) for _ in range(shape.rooms)]
            rooms = [[await enter(port, token, make()) for _ in range(shape.people)] for token, make in founded]
            await asyncio.sleep(1)  # until all have caught up; what they were told by then is no delivery
            yield Load(rooms, [make for _, make in founded], pid)


@asynccontextmanager
async def bare(shape: Shape) -> AsyncIterator[Load]:
    port = free_port()
    # As long as the envelopes that the relay hands out for TEXT.
    frame = json.dumps({"t": "envelope", "body": "x" * 1000}, separators=(",", ":"))
    async with running(port, "bench.broadcast", str(port)) as pid:
        rooms = [[await open_client(port, f"/{number}") for _ in range(shape.people)] for number in range(shape.rooms)]
        yield Load(rooms, [lambda: frame] * shape.rooms, pid)


async def run(server: Callable[[Shape], AbstractAsyncContextManager[Load]], shape: Shape) -> Measured:
    async with server(shape) as load:

        def frames(count: int) -> Callable[[int], list[str]]:
            return lambda number: [load.make[number]() for _ in range(count)]

        await measure(load.rooms, frames(20), load.pid)  # warm
        result = await measure(load.rooms, frames(shape.frames), load.pid, shape.rate)
        for room in load.rooms:
            for client in room:
                client.transport.close()
    return result


def row(runs: Sequence[Measured]) -> dict[str, float]:
    def median(of: Callable[[Measured], float]) -> float:
        return round(statistics.median(map(of, runs)), 2)

    return {
        "deliveries_per_second": median(lambda run: run.rate),
        "cpu_seconds_per_million": median(lambda run: run.cpu_per_million),
        "echo_p50_ms": median(lambda run: run.echo(0.5)),
        "echo_p99_ms": median(lambda run: run.echo(0.99)),
    }


async def main() -> None:
    results = {}
    for shape in SHAPES:
        pairs = [(await run(bare, shape), await run(relay, shape)) for _ in range(TIMES)]
        rows = {"broadcast": row([pair[0] for pair in pairs]), "relay": row([pair[1] for pair in pairs])}
        ratio = {name: round(value / rows["broadcast"][name], 2) for name, value in rows["relay"].items()}
        results[shape.name] = {**rows, "ratio": ratio}
        print(f"{shape.name}: {shape.frames} frames a room, medians of {TIMES}")
        for who, values in results[shape.name].items():
            print(f"  {who:<10}" + "".join(f"  {key} {value:>10,.2f}" for key, value in values.items()))
    Path(__file__).with_name("results.json").write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
