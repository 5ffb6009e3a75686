"""The load generator counts right: it notices what a server loses, repeats or mixes up between rooms."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from xml.etree import ElementTree

import pytest
from bench.generator import TEXT, Client, Generator, compiled, compiler, masked, upgrade
from bench.growth import Curve
from bench.peers import Bare, Broadcast, FastAPILoop, Peer, Shape
from bench.plot import svg
from bench.processes import Process, free_port

pytestmark = pytest.mark.skipif(
    compiler() is None, reason="the load generator is written in C and there is no compiler"
)

FAULTY = """
import asyncio, sys
from websockets.asyncio.server import broadcast, serve
port, fault = int(sys.argv[1]), sys.argv[2]
rooms = {}
async def meet(connection):
    room = rooms.setdefault("" if fault == "mixes" else connection.request.path, set())
    room.add(connection)
    seen = 0
    async for frame in connection:
        seen += 1
        if fault == "loses" and seen == 3:
            continue
        broadcast(room, frame)
        if fault == "repeats" and seen == 3:
            broadcast(room, frame)
async def main():
    async with serve(meet, "127.0.0.1", port, compression=None):
        await asyncio.Future()
asyncio.run(main())
"""


@contextmanager
def faulty(folder: Path, fault: str) -> Iterator[Generator]:
    """Two rooms of three on a server with a fault."""
    port = free_port()
    process = Process([sys.executable, "-c", FAULTY, str(port), fault], port, folder / "log")
    clients = [Client(room, [upgrade(f"/{room}", port)], masked(TEXT)) for room in (0, 1) for _ in range(3)]
    try:
        with closing(Generator(compiled("load", folder), process, port, clients, websocket=True)) as generator:
            yield generator
    finally:
        process.end()


@pytest.mark.parametrize("fault", ["loses", "repeats", "mixes"])
def test_a_fault_of_the_server_ends_the_run(tmp_path: Path, fault: str) -> None:
    with faulty(tmp_path, fault) as generator, pytest.raises(RuntimeError, match="lost or repeated"):
        generator.run(0.3, ahead=2, spin=False, patience=0.5)


@pytest.mark.parametrize("kind", [Bare, Broadcast, FastAPILoop])
def test_every_delivery_is_counted(tmp_path: Path, kind: type[Peer]) -> None:
    peer = kind(tmp_path)
    try:
        with closing(peer.entered(Shape(3, 4, 1))) as generator:
            for load in ({"ahead": 5}, {"deliveries": 400.0}):
                run = generator.run(0.3, spin=False, **load)
                assert run.sent > 0
                assert run.deliveries == 4 * run.sent
                assert 0 < run.p50 <= run.p99
                assert 0 < run.busy <= 1
    finally:
        peer.end()


def test_a_fixed_rate_is_not_exceeded(tmp_path: Path) -> None:
    peer = Bare(tmp_path)
    try:
        with closing(peer.entered(Shape(3, 4, 1))) as generator:
            assert generator.run(1, deliveries=400, spin=False).sent in range(50, 102)
    finally:
        peer.end()


def test_programs_are_compiled_without_a_warning(tmp_path: Path) -> None:
    assert shutil.which(compiled("load", tmp_path))
    assert shutil.which(compiled("bare", tmp_path))


def test_a_curve_is_a_picture_with_every_point() -> None:
    curve = Curve("c", "A <title>", "rooms", "cost", {"ours": [(10, 1), (500, 3.5)], "theirs": [(10, 2), (500, 0)]})
    picture = ElementTree.fromstring(svg(curve))  # noqa: S314 - our own
    circles = list(picture.iter("{http://www.w3.org/2000/svg}circle"))
    assert len(circles) == 4
    assert all(
        56 <= float(circle.attrib["cx"]) <= 640 and 56 <= float(circle.attrib["cy"]) <= 272 for circle in circles
    )
