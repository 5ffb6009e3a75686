"""Whose a request is: through a proxy that is known, one that is not, and with headers that somebody made up."""

import asyncio
import re
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.types import Receive, Scope, Send
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from asking import credentials, key, settings_in
from safespace.addresses import is_in, parse_network
from safespace.api.proxies import NOTE, Notice, Proxies
from safespace.doctor import Finding, examine
from safespace.settings import Settings
from serving import ServerProcess

KNOWN = [parse_network(text) for text in ("172.30.84.1", "10.0.0.0/8", "2001:db8:1::/48")]
Header = tuple[bytes, bytes]


async def through(peer: str | None, headers: Iterable[Header], known: Any = KNOWN) -> tuple[str | None, int]:
    """Whose address the application sees, and how often a strange proxy was noticed."""
    seen: list[str | None] = []
    noticed: list[int] = []

    async def app(scope: Scope, _: Receive, __: Send) -> None:
        seen.append(scope["client"][0] if scope["client"] else None)

    async def nothing(*_: Any) -> Any: ...

    scope = {"type": "http", "headers": list(headers), "client": (peer, 4711) if peer else None}
    await Proxies(app, known, lambda: noticed.append(1))(scope, nothing, nothing)
    return seen[0], len(noticed)


def forwarded(*values: str) -> list[Header]:
    return [(b"x-forwarded-for", value.encode()) for value in values]


@pytest.mark.parametrize(
    ("peer", "headers", "client"),
    [
        ("172.30.84.1", forwarded("198.51.100.7"), "198.51.100.7"),
        ("::ffff:172.30.84.1", forwarded("198.51.100.7"), "198.51.100.7"),
        ("10.1.2.3", forwarded("203.0.113.9, 198.51.100.7"), "198.51.100.7"),
        ("10.1.2.3", forwarded("203.0.113.9", "198.51.100.7, 10.9.9.9"), "198.51.100.7"),
        ("172.30.84.1", forwarded("10.0.0.1, 198.51.100.7:4711"), "198.51.100.7"),
        ("172.30.84.1", forwarded("[2001:db8::7]:443"), "2001:db8::7"),
        ("2001:db8:1::5", forwarded("2001:db8::7"), "2001:db8::7"),
        # What cannot be read makes nobody new: it stays with the proxy that it came from.
        ("172.30.84.1", forwarded("unknown"), "172.30.84.1"),
        ("172.30.84.1", forwarded(""), "172.30.84.1"),
        ("172.30.84.1", forwarded("198.51.100.7, \xff\xfe".encode().decode("latin-1")), "172.30.84.1"),
        ("172.30.84.1", forwarded("junk, 10.0.0.2"), "10.0.0.2"),
        ("172.30.84.1", [], "172.30.84.1"),
    ],
)
async def test_a_known_proxy_says_whose_a_request_is(peer: str, headers: list[Header], client: str) -> None:
    assert await through(peer, headers) == (client, 0)


@pytest.mark.parametrize(
    ("peer", "headers"),
    [
        ("192.0.2.1", forwarded("198.51.100.7")),
        ("192.0.2.1", [(b"forwarded", b"for=198.51.100.7")]),
        ("192.0.2.1", [(b"x-real-ip", b"198.51.100.7")]),
        ("172.30.84.2", forwarded("172.30.84.1")),
        ("172.30.84.1", [(b"forwarded", b"for=198.51.100.7")]),
        (None, forwarded("198.51.100.7")),
    ],
)
async def test_a_strange_proxy_is_noticed_and_not_believed(peer: str | None, headers: list[Header]) -> None:
    assert await through(peer, headers) == (peer, 1)


async def test_who_comes_without_a_proxy_is_not_noticed() -> None:
    assert await through("192.0.2.1", [(b"host", b"rooms.example")], known=()) == ("192.0.2.1", 0)


async def test_it_is_said_once_and_without_an_address(server: ServerProcess) -> None:
    """Also where the first that comes is somebody who opens a socket."""
    headers = {"X-Forwarded-For": "203.0.113.9"}
    with pytest.raises(WebSocketException):
        async with connect(f"ws://127.0.0.1:{server.port}/v1/nothing", additional_headers=headers, proxy=None):
            pass
    async with httpx.AsyncClient(base_url=server.url, headers=headers, trust_env=False) as client:
        for _ in range(3):
            assert (await client.get("/healthz")).is_success
    log = await asyncio.to_thread(server.log)
    assert log.count("SAFESPACE_PROXIES") == 1
    assert not re.search(r"203\.0\.113|127\.0\.0\.1", log)
    note = server.data_dir / NOTE
    assert (note.read_bytes(), stat.S_IMODE(note.stat().st_mode)) == (b"", 0o600)
    assert not (await proxies(Settings(data_dir=server.data_dir))).fine
    await asyncio.to_thread(server.stop)
    await asyncio.to_thread(server.start)
    assert (await proxies(Settings(data_dir=server.data_dir))).fine, "a start with other settings may have mended it"


async def test_people_behind_a_known_proxy_have_limits_of_their_own(tmp_path: Path) -> None:
    server = ServerProcess(tmp_path / "data", SAFESPACE_PROXIES="127.0.0.1", SAFESPACE_REGISTRATIONS_PER_HOUR="2")
    await asyncio.to_thread(server.start)
    codes: dict[str, list[int]] = {}
    async with httpx.AsyncClient(base_url=server.url, trust_env=False) as client:
        for who in ("198.51.100.1", "198.51.100.2"):
            for number in range(3):
                # The proxy writes its own word behind what the client made up.
                headers = {"X-Forwarded-For": f"203.0.113.{number}, {who}"}
                body = credentials(f"person-{who[-1]}-{number}", key())
                answer = await client.post("/v1/accounts", json=body, headers=headers)
                codes.setdefault(who, []).append(answer.status_code)
    await asyncio.to_thread(server.stop)
    assert codes == {"198.51.100.1": [201, 201, 429], "198.51.100.2": [201, 201, 429]}
    assert "SAFESPACE_PROXIES" not in server.log()


async def proxies(settings: Settings) -> Finding:
    [found] = [one for one in await examine(settings) if one.subject == "Proxies"]
    return found


async def test_the_doctor_says_that_no_proxy_is_named_where_there_must_be_one(tmp_path: Path) -> None:
    tls = settings_in(tmp_path, public_url="https://rooms.example")
    assert not (await proxies(tls)).fine
    named = settings_in(tmp_path, public_url="https://rooms.example", proxies="172.30.84.1,10.0.0.0/8")
    assert await proxies(named) == Finding("Proxies", True, "172.30.84.1/32, 10.0.0.0/8")
    assert (await proxies(settings_in(tmp_path))).fine


def test_a_note_that_cannot_be_written_stops_nobody(tmp_path: Path) -> None:
    notice = Notice(tmp_path / "nowhere")
    notice()
    notice()


def test_the_compose_file_names_the_gateway_that_its_proxy_comes_from() -> None:
    text = (Path(__file__).parents[2] / "compose.yaml").read_text(encoding="utf-8")
    [named] = re.findall(r"SAFESPACE_PROXIES: \$\{SAFESPACE_PROXIES:-(.+)\}", text)
    [[subnet, gateway]] = re.findall(r"config: \[\{subnet: (\S+), gateway: (\S+)\}\]", text)
    assert named == gateway
    [network] = Settings(proxies=named).proxies
    assert is_in(network.network_address, [parse_network(subnet)])
    assert 'ports: ["127.0.0.1:8000:8000"]' in text, "nobody else can come from there"
