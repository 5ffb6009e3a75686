"""The servers compared. Each runs on a free port of 127.0.0.1 with its data in a folder of its own."""

import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bench.generator import TEXT, Client, Generator, Run, compiled, masked, upgrade
from bench.processes import Process, free_port


@dataclass(frozen=True)
class Shape:
    """So many rooms with so many connections each.

    Of SafeSpace's rooms each has `people` who were admitted one by one, with as many connections each as it takes;
    what is sent, stored and delivered is the same however many they are, and founding large groups takes its time.
    """

    rooms: int
    members: int
    people: int

    def __str__(self) -> str:
        return f"{self.rooms} x {self.members}"


class Members(Protocol):
    """Those who are in a server's rooms. See `bench.generator.Generator`."""

    def run(self, seconds: float, *, deliveries: float, ahead: int, spin: bool) -> Run: ...

    def close(self) -> None: ...


class Peer(ABC):
    """A server that is started once and stays up, and those who enter its rooms."""

    title: str
    """How tables call it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / type(self).__name__.lower()
        self.folder.mkdir()
        self.programs = folder
        """Where compiled programs are."""
        self.port = free_port()
        self.process: Process | None = None

    @classmethod
    def lacks(cls) -> str | None:
        """What it needs and is not there, if anything."""
        return None

    @abstractmethod
    def command(self) -> Sequence[str]:
        """What starts it, after writing whatever configuration it needs into its folder."""

    def environment(self) -> Mapping[str, str]:
        """Further variables for it."""
        return {}

    @abstractmethod
    def entered(self, shape: Shape) -> Members:
        """Have everyone enter their room."""

    def start(self) -> Process:
        """Start it, unless it runs."""
        if self.process is None:
            self.process = Process(self.command(), self.port, self.folder / "log", self.environment())
        return self.process

    def end(self) -> None:
        """End it; its data stays."""
        if self.process is not None:
            self.process.end()
            self.process = None


class Connected(Peer):
    """A server whose clients each have a connection, which load.c can play."""

    websocket = True

    @abstractmethod
    def clients(self, shape: Shape) -> list[Client]:
        """The clients, each for its room."""

    def entered(self, shape: Shape) -> Generator:
        """Open the connections, each in its room."""
        process = self.start()
        clients = self.clients(shape)
        return Generator(compiled("load", self.programs), process, self.port, clients, websocket=self.websocket)


class Room(Connected):
    """A WebSocket server whose rooms are paths, and that hands on what it gets."""

    def clients(self, shape: Shape) -> list[Client]:
        return [
            Client(room, [upgrade(f"/{room}", self.port)], masked(TEXT))
            for room in range(shape.rooms)
            for _ in range(shape.members)
        ]


class Broadcast(Room):
    title = "websockets broadcast()"

    def command(self) -> Sequence[str]:
        return sys.executable, "-m", "bench.broadcast", str(self.port)

    def environment(self) -> Mapping[str, str]:
        return {"PYTHONPATH": str(Path(__file__).parents[1])}


class FastAPILoop(Broadcast):
    title = "FastAPI, loop of sends"

    def command(self) -> Sequence[str]:
        return sys.executable, "-m", "bench.fastapi_loop", str(self.port)


class Bare(Room):
    title = "bare epoll in C"

    def command(self) -> Sequence[str]:
        return str(compiled("bare", self.programs)), str(self.port)


class BareJoined(Room):
    title = "the same, writes joined"

    def command(self) -> Sequence[str]:
        return str(compiled("bare", self.programs)), str(self.port), "join"
