"""Runs both servers one after the other and writes bench/results.json. See bench/README.md."""

import asyncio
import contextlib
import json
import os
import socket
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import httpx
from websockets.asyncio.client import ClientConnection, connect

from bench.load import Measured, measure
from safespace.crypto import login
from safespace.sdk import Client
from safespace.wire import b64encode

SHAPES = ((1, 20, 400), (5, 20, 100))
"""Rooms, connections in each, frames sent into each."""
TIMES = 3
TEXT = "x" * 300
PASSPHRASE = "only for this run"  # noqa: S105 - of accounts that vanish with the run


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


async def open_socket(url: str, token: str | None = None) -> ClientConnection:
    headers = {"Authorization": f"Bearer {token}"} if token else None
    return await connect(url, additional_headers=headers, compression=None, proxy=None, max_size=None, max_queue=None)


async def found_room(url: str, number: int, folder: Path) -> tuple[str, dict[str, object]]:
    """A group with one member. Gives a token of its device, and a sealed message as a `send` frame."""
    handle = f"bench-{number}"
    async with await Client.register(
        url, handle=handle, passphrase=PASSPHRASE, store=folder / handle, update_jitter=None
    ) as client:
        group = await client.create_group("Bench", rules="None.")
        seq = await group.main.send(TEXT)
        room = str(group.main.id)
    login_key, _ = await asyncio.to_thread(login.stretch, login.normal_origin(url), handle, PASSPHRASE)
    body = {"handle": handle, "login_key": b64encode(login_key), "as": "token"}
    async with httpx.AsyncClient(base_url=f"{url}/v1", trust_env=False) as rest:
        first = (await rest.post("/login", json=body)).json()
        rest.headers["Authorization"] = f"Bearer {first['token']}"
        devices = (await rest.get("/me/devices")).json()["items"]
        own = next(device["id"] for device in devices if device["id"] != first["device"])
        token = (await rest.post("/login", json={**body, "device": own})).json()["token"]
        answer = await rest.get(
            f"/rooms/{room}/envelopes",
            params={"after": seq - 1, "limit": 1},
            headers={"Authorization": f"Bearer {token}"},
        )
    envelope = answer.json()["items"][0]
    kept = {name: envelope[name] for name in ("room", "kind", "epoch", "body", "commitment")}
    return token, {"t": "send", **kept}


async def enter(url: str, token: str, room: object) -> ClientConnection:
    connection = await open_socket(url.replace("http", "ws") + "/v1/socket", token)
    await connection.send(json.dumps({"t": "enter", "room": room, "after": 0}))
    while json.loads(await connection.recv())["t"] != "caught_up":
        pass
    return connection


async def quiet(connections: Sequence[ClientConnection]) -> None:
    """Read what is not a delivery (who is here) until nothing comes any more."""

    async def drain(connection: ClientConnection) -> None:
        with contextlib.suppress(TimeoutError):
            while True:
                await asyncio.wait_for(connection.recv(), 1)

    await asyncio.gather(*map(drain, connections))


async def relay(shape: tuple[int, int, int]) -> Measured:
    count_rooms, people, count = shape
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = {"SAFESPACE_PORT": str(port), "SAFESPACE_DATA_DIR": str(folder / "data")}
        async with running(port, "safespace.cli", "serve", **settings, SAFESPACE_LOG_LEVEL="error") as pid:
            founded = [await found_room(url, number, folder) for number in range(count_rooms)]
            rooms = [[await enter(url, token, frame["room"]) for _ in range(people)] for token, frame in founded]
            everyone = [connection for room in rooms for connection in room]
            await quiet(everyone)
            result = await measure(
                rooms,
                lambda number: [json.dumps(founded[number][1] | {"client_id": str(uuid4())}) for _ in range(count)],
                count,
                pid,
            )
            await asyncio.gather(*[connection.close() for connection in everyone])
    return result


async def bare(shape: tuple[int, int, int], frame: str) -> Measured:
    count_rooms, people, count = shape
    port = free_port()
    async with running(port, "bench.broadcast", str(port)) as pid:
        rooms = [
            [await open_socket(f"ws://127.0.0.1:{port}/{number}") for _ in range(people)]
            for number in range(count_rooms)
        ]
        result = await measure(rooms, lambda _: [frame] * count, count, pid)
        await asyncio.gather(*[connection.close() for room in rooms for connection in room])
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
    # As long as the envelopes that the relay hands out for TEXT.
    frame = json.dumps({"t": "envelope", "body": "x" * 1000})
    results = {}
    for shape in SHAPES:
        pairs = [(await bare(shape, frame), await relay(shape)) for _ in range(TIMES)]
        rows = {"broadcast": row([pair[0] for pair in pairs]), "relay": row([pair[1] for pair in pairs])}
        ratio = {name: round(value / rows["broadcast"][name], 2) for name, value in rows["relay"].items()}
        name = f"{shape[0]} x {shape[1]}"
        results[name] = {**rows, "ratio": ratio}
        print(f"{name}: rooms x people, {shape[2]} frames a room, medians of {TIMES}")
        for who, values in results[name].items():
            print(f"  {who:<10}" + "".join(f"  {key} {value:>10,.2f}" for key, value in values.items()))
    Path(__file__).with_name("results.json").write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main())
