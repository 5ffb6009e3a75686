"""Foreign pages: what a browser that was lured elsewhere sends along does not work."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import websockets
from starlette.requests import HTTPConnection

from asking import BROWSER, ORIGIN, bearer, cookie, cookie_of, credentials, key, running, settings_in
from safespace.api.auth import check_origin
from safespace.errors import SafeSpaceError
from safespace.settings import Settings
from serving import ServerProcess

FOREIGN = [
    "http://evil.example",
    "https://localhost:8000",
    "http://localhost",
    "http://localhost:8001",
    "http://localhost:8000.evil.example",
    "http://localhost:8000@evil.example",
    "http://evil.example#http://localhost:8000",
    "http://127.0.0.1:80000",
    "http://127.0.0.2:8000",
    "HTTP://LOCALHOST:8000",
    "http://localhost:8000/",
    "http://localhost:8000, http://evil.example",
    "http://[::ffff:127.0.0.1]:8000",
    "http://0.0.0.0:8000",
    "file://",
    "chrome-extension://abcdef",
    "data:",
    "blob:http://localhost:8000",
    "null",
    "",
]


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with running(settings_in(tmp_path)) as (_, client):
        yield client


@pytest.mark.parametrize("origin", FOREIGN)
async def test_a_foreign_page_is_refused(client: httpx.AsyncClient, origin: str) -> None:
    made = await client.post("/v1/accounts", json=credentials("ada", key(), "cookie"), headers=BROWSER)
    answer = await client.post("/v1/logout", headers=cookie(cookie_of(made)) | {"Origin": origin, "X-SafeSpace": "1"})
    assert (answer.status_code, answer.json()["code"]) == (403, "origin_refused")
    assert (await client.get("/v1/me", headers=cookie(cookie_of(made)))).status_code == 200


@pytest.mark.parametrize(
    "headers", [{}, {"Origin": ORIGIN}, {"X-SafeSpace": "1"}, {"Origin": ORIGIN, "X-SafeSpace": "0"}]
)
async def test_a_cookie_needs_the_origin_and_the_header(client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    made = await client.post("/v1/accounts", json=credentials("ada", key(), "cookie"), headers=BROWSER)
    answer = await client.post("/v1/logout", headers=cookie(cookie_of(made)) | headers)
    assert answer.json()["code"] == "origin_refused"


@pytest.mark.parametrize("path", ["/v1/accounts", "/v1/login"])
async def test_a_foreign_page_cannot_log_a_browser_in(client: httpx.AsyncClient, path: str) -> None:
    for kind in ("cookie", "token"):
        answer = await client.post(
            path, json=credentials("ada", key(), kind), headers={"Origin": "http://evil.example", "X-SafeSpace": "1"}
        )
        assert answer.json()["code"] == "origin_refused"
        assert "set-cookie" not in answer.headers


async def test_the_sdk_needs_no_origin(client: httpx.AsyncClient) -> None:
    made = await client.post("/v1/accounts", json=credentials("ada", key()))
    assert (await client.post("/v1/logout", headers=bearer(made.json()["token"]))).status_code == 204


async def test_no_preflight_is_granted(client: httpx.AsyncClient) -> None:
    answer = await client.options(
        "/v1/logout", headers={"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}
    )
    assert not [name for name in answer.headers if name.startswith("access-control-")]


def upgrade(headers: dict[str, str], settings: Settings) -> bool:
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    try:
        check_origin(HTTPConnection({"type": "websocket", "headers": raw}), settings)
    except SafeSpaceError as error:
        return error.code != "origin_refused"
    return True


@pytest.mark.parametrize("origin", FOREIGN)
def test_an_upgrade_by_a_foreign_page_is_refused(origin: str) -> None:
    assert not upgrade({"Origin": origin, "Host": "localhost:8000"}, Settings())


def test_an_upgrade_by_ones_own_page_passes() -> None:
    settings = Settings(origins=("https://rooms.example",))
    assert upgrade({"Origin": "https://rooms.example", "Host": "rooms.example"}, settings)
    assert upgrade({"Origin": "http://127.0.0.1:8000", "Host": "127.0.0.1:8000"}, settings)
    assert upgrade({"Origin": "http://[::1]:8000", "Host": "[::1]:8000"}, settings)


def test_a_name_that_was_pointed_at_this_machine_is_not_ones_own() -> None:
    assert not upgrade({"Origin": "http://evil.example:8000", "Host": "evil.example:8000"}, Settings())


def test_an_upgrade_without_origin_is_for_bearers() -> None:
    assert upgrade({"Host": "localhost:8000"} | bearer(key()), Settings())
    assert not upgrade({"Host": "localhost:8000"} | cookie(key()), Settings())


async def test_a_foreign_page_that_tries_sockets_is_counted_and_fills_no_log(standing_server: ServerProcess) -> None:
    before, address = standing_server.log(), f"ws://127.0.0.1:{standing_server.port}/v1/socket"
    for origin in ("http://evil.example", "null", "http://evil.example:8000") * 20:
        with pytest.raises(websockets.InvalidStatus) as refused:
            await websockets.connect(address, origin=websockets.Origin(origin), proxy=None)
        assert refused.value.response.status_code == 403
    said = standing_server.log().removeprefix(before)
    assert 1 <= said.count("origin_refused") <= 40, "twenty in a minute, and how many more there were"
    for trouble in ("Traceback", "unexpected", "evil"):
        assert trouble not in said
