"""What the other browser tests rely on: that troubles are seen, in both browsers."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from browser.people import Browsers, NewPerson, Which

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "require-trusted-types-for 'script'; trusted-types"
)


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A page by its path: /calm is faultless, /script breaks the policy, /stranger asks someone else."""
    path = (await reader.readuntil(b"\r\n\r\n")).split(b" ")[1]
    extra = {b"/script": b"<script>1</script>", b"/stranger": b"<img src='//stranger.test/x' alt=''>"}.get(path, b"")
    unnamed = b"<input>" if path == b"/unnamed" else b""
    page = b"<!doctype html><html lang=en><title>Calm</title><main><h1>Calm</h1>" + extra + unnamed + b"</main></html>"
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(page)}\r\nConnection: close\r\n"
    policy = POLICY if path != b"/stranger" else "default-src *"
    writer.write(head.encode() + f"Content-Security-Policy: {policy}\r\n\r\n".encode() + page)
    await writer.drain()
    writer.close()


@pytest.fixture
async def origin() -> AsyncIterator[str]:
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()


async def test_a_faultless_page_gives_no_trouble(person: NewPerson, which: Which, origin: str) -> None:
    fern = await person("Fern", origin, which=which)
    await fern.page.goto("/calm")
    assert await fern.page.title() == "Calm"
    assert await fern.accessibility() == []


@pytest.mark.parametrize(("path", "sign"), [("/script", "policy violation: script-src"), ("/stranger", "third party")])
async def test_troubles_are_recorded(browsers: Browsers, which: Which, origin: str, path: str, sign: str) -> None:
    moss = await browsers.person("Moss", origin, which=which)
    await moss.page.goto(path)
    await moss.context.close()
    assert any(sign in trouble for trouble in moss.unexpected())


async def test_axe_finds_an_unnamed_field(person: NewPerson, which: Which, origin: str) -> None:
    wren = await person("Wren", origin, which=which)
    await wren.page.goto("/unnamed")
    assert [line.split(":")[0] for line in await wren.accessibility()] == ["input_label_exists", "label"]
