"""Drives bench/load.c: writes its plan, tells it to run, and reads the server's CPU time around that."""

import json
import shutil
import struct
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.processes import Process

MARK = "5afe5afe-0000-7000-8000-"
"""What every message has once, with 12 hexadecimal digits after it: for the relay, the client_id."""
NUMBER = MARK + "0" * 12
SIZE = 300
"""Bytes of a message's text."""
TEXT = NUMBER + "x" * (SIZE - len(NUMBER))


@dataclass(frozen=True)
class Client:
    """A connection: its room, what it says at first and then waits for each time, and the message it sends."""

    room: int
    opening: Sequence[tuple[str | bytes, str]]
    message: bytes


@dataclass(frozen=True)
class Run:
    """Of one run: what was sent and delivered, how long it took, the server's CPU seconds; times in milliseconds.

    `busy` is the share of the time in which the load generator was at work and not waiting for the server.
    """

    sent: int
    deliveries: int
    seconds: float
    busy: float
    p50: float
    p99: float
    cpu: float

    @property
    def rate(self) -> float:
        """Deliveries a second."""
        return self.deliveries / self.seconds

    @property
    def cpu_per_million(self) -> float:
        """CPU seconds of the server for a million deliveries."""
        return self.cpu / self.deliveries * 1e6


def compiler() -> str | None:
    """The C compiler, if there is one."""
    return shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")


def compiled(name: str, folder: Path) -> Path:
    """Compile bench/NAME.c into a folder. Raises CalledProcessError."""
    program = folder / "programs" / name
    if not program.exists():
        program.parent.mkdir(exist_ok=True)
        source = Path(__file__).with_name(f"{name}.c")
        command = [
            compiler() or "cc",
            "-O2",
            "-std=gnu11",
            "-Wall",
            "-Wextra",
            "-Werror",
            "-o",
            str(program),
            str(source),
        ]
        subprocess.run(command, check=True)
    return program


def masked(text: str) -> bytes:
    """A text as a client's frame (RFC 6455 section 5.2); the mask is zeros, which leaves the text as it is."""
    payload = text.encode()
    size = len(payload)
    head = bytes([0x81, 0x80 | size]) if size < 126 else b"\x81\xfe" + size.to_bytes(2, "big")
    return head + bytes(4) + payload


def upgrade(path: str, port: int, token: str | None = None) -> tuple[str, str]:
    """The step that opens a WebSocket."""
    login = f"Authorization: Bearer {token}\r\n" if token else ""
    hello = (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n{login}\r\n"
    )
    return hello, "\r\n\r\n"


class Generator:
    """The connections of one server, open until `close`, and the runs made over them."""

    def __init__(
        self, program: Path, process: Process, port: int, clients: Sequence[Client], *, websocket: bool
    ) -> None:
        self._server = process
        self._rooms = len({client.room for client in clients})
        self._members = len(clients) / self._rooms
        plan = program.parent / f"plan-{port}"
        plan.write_bytes(_plan(port, clients, self._rooms, websocket))
        self._load = subprocess.Popen([program, plan], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._answer()
        time.sleep(0.3)  # what others are told of the last to come is out before the first run

    def run(
        self, seconds: float, *, deliveries: float = 0, ahead: int = 0, spin: bool = True, patience: float = 20
    ) -> Run:
        """Send for some seconds, for so many `deliveries` a second in all or with `ahead` messages under way in a room.

        Raises RuntimeError unless `patience` seconds later each connection has had each message of its room, once.
        """
        # Numbers are never used twice, also by another generator in the same room.
        first = time.time_ns() // 10_000
        cpu = self._server.cpu()
        assert self._load.stdin is not None
        self._load.stdin.write(f"run {seconds} {deliveries / self._members} {ahead} {int(spin)} {patience} {first}\n")
        self._load.stdin.flush()
        answer = self._answer()
        cpu = self._server.cpu() - cpu
        if answer.pop("missing") or answer.pop("surplus"):
            raise RuntimeError(f"the server lost or repeated a message: {answer}")
        return Run(**answer, cpu=cpu)

    def close(self) -> None:
        """End the connections."""
        self._load.communicate("")
        self._load.wait(10)

    def _answer(self) -> Any:
        assert self._load.stdout is not None
        line = self._load.stdout.readline()
        if not line:
            raise RuntimeError("the load generator ended")
        return json.loads(line)


def _plan(port: int, clients: Sequence[Client], rooms: int, websocket: bool) -> bytes:
    """The plan as bench/plan.h describes it."""
    parts = [_number(port), _number(websocket), _text(MARK), _number(rooms), _number(len(clients))]
    for client in clients:
        parts += [_number(client.room), _number(len(client.opening))]
        for say, expect in client.opening:
            parts += [_text(say), _text(expect)]
        parts += [
            _text(client.message),
            _number(client.message.find(MARK.encode()) + len(MARK) if client.message else 0),
        ]
    return b"".join(parts)


def _number(number: int) -> bytes:
    return struct.pack("=I", number)


def _text(text: str | bytes) -> bytes:
    data = text.encode() if isinstance(text, str) else text
    return _number(len(data)) + data
