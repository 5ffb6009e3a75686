"""How long the relay's event loop is held up at once, under each route and each frame, with what is worst for it.

    PYTHONPATH=tests .venv/bin/python -m bench.blocks

Everything is as large as the limits allow, and larger: full lists, bodies of a megabyte that are all brackets, a
thousand appointments in each of five groups. Prints a table for docs/performance.md. See bench/watched.py.
"""

import asyncio
import copy
import json
import secrets
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from rich.console import Console
from rich.table import Table
from uuid6 import uuid7

from gathering import Frame, Gathering, Person, act, junk, now
from greedy import (
    database,
    fill_like,
    fill_log,
    fill_reports,
    fill_requests,
    let_go,
    masked,
    opened,
    pour,
)
from safespace.crypto.mls import check_key_package
from safespace.fields import b64decode
from safespace.framing import Opcode
from safespace.sdk.group_crypto import Newcomer
from serving import ServerProcess
from side import package

RUNS = 5
"""Of each; the median of the longest turns counts, and the least of their times."""
LIMIT = 5.0
"""Milliseconds that are told as too long."""
EMOJI = "\N{GRINNING FACE}"
HOUR = 3_600_000

Doing = Callable[[], Awaitable[object]]


class Watched(ServerProcess):
    """The server with a watch."""

    command = (sys.executable, "-m", "bench.watched", "serve")
    _watched: subprocess.Popen[str]

    def launch(self) -> None:
        self._watched = subprocess.Popen(
            self.command,
            env=self._environment | {"SAFESPACE_LOG_LEVEL": "error"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._process = self._watched  # type: ignore[assignment]
        assert self._watched.stdout is not None
        self._watched.stdout.readline()  # that it serves

    def longest(self) -> tuple[float, float]:
        """Milliseconds of CPU and of time of the loop's longest turn since the last call."""
        assert self._watched.stdin is not None
        assert self._watched.stdout is not None
        print(file=self._watched.stdin, flush=True)
        cpu, elapsed = map(float, self._watched.stdout.readline().split())
        return cpu, elapsed


class Block(NamedTuple):
    name: str
    cpu: float
    elapsed: float


class Room:
    """A group at its limits, and whoever uses it."""

    def __init__(self, server: Watched, g: Gathering) -> None:
        self.server = server
        self.g = g
        self.ada = g.ada
        self.calendar = ""
        self.head = 0

    async def ask(self, method: str, path: str, body: Any = None, *, raw: bytes | None = None) -> int:
        """A request, whatever comes of it."""
        content = raw if raw is not None else None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"} if content is not None else {}
        return (await self.ada.http.request(method, path, content=content, headers=headers)).status_code

    async def say(self, *texts: str | bytes, after: str | None = None, seconds: float = 0.3) -> None:
        """Frames on a socket of its own that is in the room, and a while to see what they cause."""
        async with self.ada.line() as line:
            await line.say({"t": "enter", "room": self.g.room, "after": self.head})
            await line.until("caught_up")
            for text in texts:
                await line.socket.send(text)
            if after is not None:
                await line.until(after)
            await asyncio.sleep(seconds)

    async def write(self, data: bytes) -> None:
        """Bytes on a socket, as they are."""
        line = await opened(self.server.port, self.ada.token)
        await pour([line], data, 1, 1.0)
        await asyncio.sleep(0.3)
        let_go([line])


async def full_room(server: Watched) -> Room:
    """Everything there can be of everything, most of it put straight into the database."""
    g = await Gathering.begin(server.url)
    room = Room(server, g)
    ada = g.ada
    ben = await g.admit("ben", "facilitator")
    g.ada.seen = (await ada.ask("GET", f"/groups/{g.group}"))["room"]["head"]
    for plan in range(16):
        starts = [now() + HOUR * (24 + 2 * (64 * plan + number)) for number in range(64)]
        frame = act(g.room, policy=ada.policy(g.room, "plan", g.policy_seq, plan=str(uuid7()), starts=starts,
                                              minutes=1, clock=False))  # fmt: skip
        async with ada.entered(g.room, ada.seen) as line:
            await line.say(frame)
            g.policy_seq = ada.seen = (await line.until("envelope", client_id=frame["client_id"]))["seq"]
    room.calendar = (await ada.ask("POST", "/calendars", {"group": None}))["path"]
    report = {"id": str(uuid7()), "sealed": junk(264_000), "boxes": [{"member": ada.member, "box": junk(80)}]}
    await ben.ask("POST", f"/groups/{g.group}/reports", report)
    own = {"id": str(uuid7()), "sealed": junk(264_000), "boxes": [{"member": ben.member, "box": junk(80)}]}
    await ada.ask("POST", f"/groups/{g.group}/reports", own)
    for _ in range(15):
        entry = {"id": str(uuid7()), "sealed": junk(16_000), "boxes": report["boxes"], "status": None, "answer": None}
        await ada.ask("POST", f"/groups/{g.group}/reports/{report['id']}/entries", entry)
    note = {"id": str(uuid7()), "sealed": junk(16_000), "expires": now() + HOUR, "boxes": report["boxes"]}
    await ada.ask("POST", f"/groups/{g.group}/handovers", note)
    elsewhere = copy.copy(ada)
    elsewhere.epoch = 0
    others = [await Gathering.begin(server.url, ada=copy.copy(elsewhere)) for _ in range(4)]
    with database(server.database_file) as db:
        fill_log(db, g.room, 1000, 160 * 1024)
        fill_reports(db, g.group, 50, 15, 8 * 1024)
        fill_like(db, "handovers", g.group, 98)
        fill_like(db, "invites", g.group, 150, card=secrets.token_bytes(16 * 1024))
        fill_requests(db, ada.account, 100, welcome=256 * 1024, tree=1024 * 1024)
        fill_requests(db, ada.account, 100, welcome=0, tree=0)
        live = db.execute("SELECT live FROM rooms WHERE id = ?", [UUID(g.room).hex]).fetchone()["live"]
        for other in others:
            db.execute("UPDATE rooms SET live = ? WHERE id = ?", [live, UUID(other.room).hex])
    room.head = (await ada.ask("GET", f"/groups/{g.group}"))["room"]["head"]
    return room


BRACKETS = b'{"a":[' + b"[]," * 210_000 + b"[]]}"
FIELDS = json.dumps({f"f{number}": number for number in range(1450)}).encode()
LONG = json.dumps({"id": "x" * 655_000}).encode()


def requests(room: Room) -> Mapping[str, Doing]:
    """The routes."""
    g, ada, group = room.g, room.ada, f"/groups/{room.g.group}"
    newcomers = [Newcomer() for _ in range(100)]
    good = [package(ada, g.group, one) for one in newcomers]
    bad = [*good[:-1], good[0] | {"package": good[-1]["package"]}]
    box = [{"member": ada.member, "box": junk(80)}]
    assert check_key_package(b64decode(good[0]["package"]), now() // 1000)

    async def feed() -> None:
        answer = await ada.http.get(f"{room.server.url}{room.calendar}")
        assert answer.text.count("BEGIN:VEVENT") == 500

    async def health(path: str) -> None:
        await ada.http.get(f"{room.server.url}{path}")

    async def logins() -> None:
        body = {"handle": "nobody-here", "login_key": junk(), "as": "token"}
        await asyncio.gather(*[room.ask("POST", "/login", body) for _ in range(8)])

    async def packages(given: Sequence[object]) -> None:
        await room.ask("POST", f"{group}/key-packages", {"packages": given})
        await room.ask("DELETE", f"{group}/key-packages")

    def get(path: str) -> Doing:
        return lambda: room.ask("GET", path)

    def post(path: str, body: object) -> Doing:
        return lambda: room.ask("POST", path, body)

    async def raw(body: bytes) -> None:
        for path in ("/login", "/accounts", "/groups", f"{group}/reports", f"{group}/invites", f"{group}/key-packages"):
            await room.ask("POST", path, raw=body)

    big = {"id": str(uuid7()), "sealed": junk(264_000), "boxes": box}
    invite = g.new_invite(ada, card=junk(16_000))
    many = {**invite, "sealed": invite["sealed"] + [{"member": junk(16), "box": junk(256)} for _ in range(499)]}
    stamp = {
        "room": g.room,
        "leaf": ada.member,
        "epoch": 0,
        "seq": 1,
        "time": 0,
        "commitment": junk(),
        "stamp": junk(33),
    }
    return {
        "GET /healthz, /readyz": lambda: asyncio.gather(*[health(path) for path in ("/healthz", "/readyz") * 4]),
        "GET /calendar/….ics, 5 groups of 1,024 appointments": feed,
        "GET / (the page)": lambda: health("/"),
        "POST, any route: 630 KB of brackets": lambda: raw(BRACKETS),
        "POST, any route: 1,450 fields that nobody knows": lambda: raw(FIELDS),
        "POST, any route: a string of 640 KiB": lambda: raw(LONG),
        "POST /login, 8 at once": logins,
        "GET /me, /me/devices": lambda: asyncio.gather(room.ask("GET", "/me"), room.ask("GET", "/me/devices")),
        "GET /groups, /groups/…": lambda: asyncio.gather(room.ask("GET", "/groups"), room.ask("GET", group)),
        "POST /groups": post("/groups", g.new_group(ada)),
        "GET …/invites, 150 of 16 KiB": get(f"{group}/invites?limit=100"),
        "POST …/invites with 500 boxes": post(f"{group}/invites", many),
        "GET /requests, 100 of 1.3 MB": get("/requests?limit=100"),
        "GET …/requests, 100 of 20 KiB": get(f"{group}/requests?limit=100"),
        "POST /invites/…/requests": post(
            f"/invites/{g.invite}/requests", g.new_request(Newcomer(), sealed=junk(16_000))
        ),
        "GET …/reports, 50 of half a MB": get(f"{group}/reports?limit=20"),
        "GET …/reports/own": get(f"{group}/reports/own?limit=100"),
        "POST …/reports of 264 KB": post(f"{group}/reports", big),
        "POST …/stamps/verify": post(f"{group}/stamps/verify", stamp),
        "GET …/handovers, 99 of 16 KiB": get(f"{group}/handovers?limit=100"),
        "POST …/handovers": post(f"{group}/handovers", {**big, "sealed": junk(16_000), "expires": now() + HOUR}),
        "POST …/key-packages, 100": lambda: packages(good),
        "POST …/key-packages, 100, the last is wrong": lambda: packages(bad),
        "POST …/key-packages, one 100 times": lambda: packages(good[:1] * 100),
        "GET …/rooms, /welcomes, /calendars": lambda: asyncio.gather(
            *[room.ask("GET", path) for path in (f"{group}/rooms", "/welcomes", "/calendars")]
        ),
        "POST …/ballots (a key is made)": post(f"{group}/ballots", None),
        "GET /rooms/…": get(f"/rooms/{g.room}"),
        "GET /rooms/…/envelopes, 200 of 160 KiB": get(f"/rooms/{g.room}/envelopes?limit=200"),
    }


def ada_commit(ada: Person) -> Frame:
    """Something as large as a commit and a Welcome may be together."""
    return {"epoch": ada.epoch, "body": junk(200_000), "welcome": junk(150_000), "reply": junk()}


def frames(room: Room) -> Mapping[str, Doing]:
    """The frames."""
    g, ada = room.g, room.ada

    def said(frame: Mapping[str, object]) -> str:
        return json.dumps(frame)

    def message() -> str:
        return said(ada.message(g.room, "x" * 40_000))

    async def enter() -> None:
        async with ada.line() as line:
            await line.say({"t": "enter", "room": g.room, "after": 1})
            for _ in range(60):
                await line.get()

    async def crowd() -> None:
        texts = [said(ada.message(g.room)) for _ in range(32)]
        await asyncio.gather(*[room.say(*texts, seconds=1) for _ in range(30)])

    def acted(action: str, **fields: object) -> str:
        return said(act(g.room, policy=ada.policy(g.room, action, g.policy_seq, **fields)))

    commit = act(
        g.room, commit={"epoch": ada.epoch, "body": junk(256 * 1024), "welcome": junk(250_000), "reply": junk()}
    )
    parties = {str(uuid7()): [junk(16) for _ in range(70)] for _ in range(20)}
    starts = [now() + HOUR * 24 * (number + 1) for number in range(64)]
    return {
        "enter, 500 lines of 160 KiB missed": enter,
        "send, 32 of 64 KB at once": lambda: room.say(*[message() for _ in range(32)], seconds=1),
        "send, 32 small on each of 32 sockets": crowd,
        "send, 300 small at once": lambda: room.say(*[said(ada.message(g.room)) for _ in range(300)], seconds=1),
        "act: plan with 64 starts beside 15 others": lambda: room.say(
            acted("plan", plan=str(uuid7()), starts=starts, minutes=1, clock=False), after="refused"
        ),
        "act: 20 small rooms of 70": lambda: room.say(acted("break_out", rooms=parties), after="refused"),
        "act: commit and Welcome of 350 KB that are none": lambda: room.say(said(commit), after="refused"),
        "ping, 20,000 at once": lambda: room.write(masked(Opcode.TEXT, b'{"t":"ping"}') * 20_000),
        "WebSocket pings, 50,000 at once": lambda: room.write(masked(Opcode.PING, b"") * 50_000),
        "a text of 512 KiB that is all brackets": lambda: room.say("[" + "[]," * 174_000 + "[]]", after="refused"),
        "a text of 512 KiB of emoji": lambda: room.say(EMOJI * 131_000, after="refused"),
        "a text of 512 KiB of spaces": lambda: room.say(" " * 524_000 + "{}", after="refused"),
        "a text of 1 MiB of emoji": lambda: room.say(EMOJI * 262_000, after="refused"),
        "1,450 fields that nobody knows": lambda: room.say(FIELDS.decode(), after="refused"),
        "250,000 fragments of 2 bytes": lambda: room.write(
            masked(Opcode.TEXT, b"{ ", final=False) + masked(Opcode.CONTINUATION, b"  ", final=False) * 250_000
        ),
        "500 frames that are no JSON": lambda: room.write(masked(Opcode.TEXT, b"{") * 500),
    }


async def measure() -> list[Block]:
    with tempfile.TemporaryDirectory(prefix="safespace-blocks-") as folder:
        server = Watched(Path(folder) / "data")
        await asyncio.to_thread(server.start)
        try:
            room = await full_room(server)
            return [
                await block(server, name, doing) for kind in (requests, frames) for name, doing in kind(room).items()
            ]
        finally:
            await asyncio.to_thread(server.stop)


async def block(server: Watched, name: str, doing: Doing) -> Block:
    made: list[tuple[float, float]] = []
    for _ in range(RUNS):
        await asyncio.to_thread(server.longest)
        await doing()
        made.append(await asyncio.to_thread(server.longest))
    return Block(name, statistics.median(cpu for cpu, _ in made), min(elapsed for _, elapsed in made))


def main() -> None:
    console = Console(width=None if sys.stdout.isatty() else 140)
    table = Table("", title="The loop's longest turn, milliseconds", title_justify="left")
    for heading in ("CPU", "time"):
        table.add_column(heading, justify="right")
    blocks = asyncio.run(measure())
    for one in blocks:
        mark = " !" if one.cpu > LIMIT else ""
        table.add_row(one.name, f"{one.cpu:.1f}{mark}", f"{one.elapsed:.1f}")
    console.print(table)
    console.print(f"{sum(one.cpu > LIMIT for one in blocks)} of {len(blocks)} above {LIMIT:g} ms of CPU")


if __name__ == "__main__":
    main()
