"""Sockets live no longer than their logins, open to one's own pages alone, and are told when the server restarts."""

import asyncio
import contextlib
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from asking import bearer, cookie, credentials, key
from safespace.wire import MAX_FRAME
from serving import ServerProcess

PATIENCE = 30.0


async def ask(server: ServerProcess, method: str, path: str, **more: Any) -> httpx.Response:
    async with httpx.AsyncClient(base_url=server.url, trust_env=False) as client:
        return await client.request(method, path, **more)


async def register(server: ServerProcess, login_key: str) -> dict[str, str]:
    made: dict[str, str] = (
        await ask(
            server, "POST", "/v1/accounts", json=credentials(f"p-{key()[:8].lower()}".replace("_", "-"), login_key)
        )
    ).json()
    return made


def open_socket(server: ServerProcess, headers: dict[str, str]) -> connect:
    return connect(f"ws://127.0.0.1:{server.port}/v1/socket", additional_headers=headers, proxy=None)


async def close_code(socket: ClientConnection) -> int | None:
    async with asyncio.timeout(PATIENCE):
        await socket.wait_closed()
    return socket.close_code


async def alive(socket: ClientConnection) -> bool:
    async with asyncio.timeout(PATIENCE):
        await (await socket.ping())
    return True


async def test_logout_closes_the_sockets_of_that_login_alone(standing_server: ServerProcess) -> None:
    ada, ben = await register(standing_server, key()), await register(standing_server, key())
    async with (
        open_socket(standing_server, bearer(ada["token"])) as first,
        open_socket(standing_server, bearer(ada["token"])) as second,
        open_socket(standing_server, bearer(ben["token"])) as other,
    ):
        await ask(standing_server, "POST", "/v1/logout", headers=bearer(ada["token"]))
        assert [await close_code(first), await close_code(second)] == [4401, 4401]
        assert await alive(other)


async def test_a_socket_that_opens_while_its_login_ends_is_closed(standing_server: ServerProcess) -> None:
    async def open_and_wait(login: dict[str, str]) -> int | None:
        async with open_socket(standing_server, login) as socket:
            return await close_code(socket)

    for _ in range(20):
        ada = await register(standing_server, key())
        login = bearer(ada["token"])
        logout = asyncio.create_task(ask(standing_server, "POST", "/v1/logout", headers=login))
        assert await asyncio.gather(*(open_and_wait(login) for _ in range(6))) == [4401] * 6
        assert (await logout).status_code == 204


async def test_revoking_a_device_closes_its_sockets(standing_server: ServerProcess) -> None:
    handle, login_key = f"ada-{key()[:6].lower().replace('_', '-')}", key()
    made = (await ask(standing_server, "POST", "/v1/accounts", json=credentials(handle, login_key))).json()
    other = (await ask(standing_server, "POST", "/v1/login", json=credentials(handle, login_key))).json()
    async with (
        open_socket(standing_server, bearer(made["token"])) as lost,
        open_socket(standing_server, bearer(other["token"])) as kept,
    ):
        path = f"/v1/me/devices/{made['device']}"
        answer = await ask(standing_server, "DELETE", path, headers=bearer(other["token"]))
        assert answer.status_code == 204
        assert await close_code(lost) == 4401
        assert await alive(kept)
    async with open_socket(standing_server, bearer(made["token"])) as again:
        assert await close_code(again) == 4401


FOREIGN = [f"https://evil-{n}.example" for n in range(17)] + ["null", "http://localhost", "http://127.0.0.1"]


async def test_twenty_foreign_pages_get_no_socket(standing_server: ServerProcess) -> None:
    made = await register(standing_server, key())
    for origin in FOREIGN:
        for login in (cookie(made["token"]), bearer(made["token"])):
            with pytest.raises(InvalidStatus) as refused:
                await open_socket(standing_server, login | {"Origin": origin})
            assert refused.value.response.status_code == 403
            assert refused.value.response.headers["content-type"] == "application/problem+json"
            assert b'"origin_refused"' in refused.value.response.body


async def test_ones_own_page_gets_a_socket(standing_server: ServerProcess) -> None:
    made = await register(standing_server, key())
    for host in ("localhost", "127.0.0.1"):
        origin = {"Origin": f"http://{host}:{standing_server.port}"}
        async with open_socket(standing_server, cookie(made["token"]) | origin) as socket:
            assert await alive(socket)
            assert socket.response is not None
            assert "sec-websocket-extensions" not in socket.response.headers


async def test_a_token_in_the_address_opens_no_socket(standing_server: ServerProcess) -> None:
    made = await register(standing_server, key())
    address = f"ws://127.0.0.1:{standing_server.port}/v1/socket?token={made['token']}"
    async with connect(address, proxy=None) as socket:
        assert await close_code(socket) == 4401


async def test_a_frame_too_large_leaves_the_socket_open_and_a_flood_does_not(standing_server: ServerProcess) -> None:
    made = await register(standing_server, key())
    async with open_socket(standing_server, bearer(made["token"])) as socket:
        await socket.send("x" * (MAX_FRAME + 1))
        assert '"too_large"' in str(await socket.recv())
        assert await alive(socket)
        with contextlib.suppress(ConnectionClosed):  # it may be closed before all is sent
            await socket.send("x" * (3 * MAX_FRAME))
        assert await close_code(socket) == 1009


async def test_a_restarting_server_tells_its_clients_to_come_back(server: ServerProcess) -> None:
    made = await register(server, key())
    async with open_socket(server, bearer(made["token"])) as socket:
        _, code = await asyncio.gather(asyncio.to_thread(server.restart), close_code(socket))
        assert code == 1012
    async with open_socket(server, bearer(made["token"])) as socket:
        assert await alive(socket)
