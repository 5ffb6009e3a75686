"""Accounts, logins and devices, told about Ada, Ben and Mallory."""

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select, text

from asking import BROWSER, FakeClock, bearer, cookie, cookie_of, credentials, key, running, settings_in
from safespace.fields import b64decode
from safespace.storage.tables import Login

DAY = 86_400_000


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def started(tmp_path: Path, clock: FakeClock) -> AsyncIterator[tuple[FastAPI, httpx.AsyncClient]]:
    settings = settings_in(tmp_path, login_failures_per_hour=5, registrations_per_hour=20)
    async with running(settings, clock) as both:
        yield both


@pytest.fixture
def client(started: tuple[FastAPI, httpx.AsyncClient]) -> httpx.AsyncClient:
    return started[1]


@pytest.fixture
def app(started: tuple[FastAPI, httpx.AsyncClient]) -> FastAPI:
    return started[0]


async def register(client: httpx.AsyncClient, handle: str, login_key: str) -> dict[str, str]:
    answer = await client.post("/v1/accounts", json=credentials(handle, login_key))
    assert answer.status_code == 201, answer.text
    made: dict[str, str] = answer.json()
    return made


def code(answer: httpx.Response) -> str:
    assert answer.headers["content-type"] == "application/problem+json"
    return str(answer.json()["code"])


async def test_ada_registers_and_is_herself(client: httpx.AsyncClient) -> None:
    made = await register(client, "ada", key())
    answer = await client.get("/v1/me", headers=bearer(made["token"]))
    assert answer.json() == {"account": made["account"], "handle": "ada", "device": made["device"]}


async def test_the_database_holds_the_digest_and_an_argon2id_alone(client: httpx.AsyncClient, app: FastAPI) -> None:
    login_key = key()
    made = await register(client, "ada", login_key)
    async with app.state.database.read() as connection:
        digests = list((await connection.execute(select(Login.digest))).scalars())
        verifier = (await connection.execute(text("SELECT verifier FROM accounts"))).scalar_one()
        dump = await connection.run_sync(lambda c: "\n".join(c.connection.driver_connection._conn.iterdump()))
    assert digests == [hashlib.sha256(b64decode(made["token"])).digest()]
    assert verifier.startswith("$argon2id$")
    for secret in (made["token"], login_key):
        assert secret not in dump
        assert b64decode(secret).hex() not in dump.lower()


@pytest.mark.parametrize("handle", ["ab", "Ada", "a_b", "a b", "a" * 33, "ädä", "ada\n", ""])
async def test_a_handle_has_its_letters(client: httpx.AsyncClient, handle: str) -> None:
    assert code(await client.post("/v1/accounts", json=credentials(handle, key()))) == "handle_invalid"


async def test_a_handle_is_taken_once(client: httpx.AsyncClient) -> None:
    await register(client, "ada", key())
    answer = await client.post("/v1/accounts", json=credentials("ada", key()))
    assert (answer.status_code, code(answer)) == (409, "handle_taken")


async def test_a_wrong_passphrase_and_an_unknown_handle_get_the_same_answer(client: httpx.AsyncClient) -> None:
    await register(client, "ada", key())
    wrong = await client.post("/v1/login", json=credentials("ada", key()))
    unknown = await client.post("/v1/login", json=credentials("nobody", key()))
    impossible = await client.post("/v1/login", json=credentials("No Body", key()))
    assert code(wrong) == "wrong_login"
    assert wrong.status_code == unknown.status_code == impossible.status_code == 401
    assert wrong.content == unknown.content == impossible.content
    assert wrong.headers.multi_items() == unknown.headers.multi_items()


async def test_a_device_stays_the_same_one_if_it_says_who_it_was(client: httpx.AsyncClient) -> None:
    ada = key()
    made = await register(client, "ada", ada)
    again = await client.post("/v1/login", json=credentials("ada", ada, device=made["device"]))
    new = await client.post("/v1/login", json=credentials("ada", ada))
    assert again.json()["device"] == made["device"]
    assert new.json()["device"] != made["device"]


async def test_nobody_logs_in_as_another_accounts_device(client: httpx.AsyncClient) -> None:
    made = await register(client, "ada", key())
    mallory = key()
    await register(client, "mallory", mallory)
    answer = await client.post("/v1/login", json=credentials("mallory", mallory, device=made["device"]))
    assert answer.json()["device"] != made["device"]


async def test_guessing_is_slow_and_the_known_device_still_logs_in(client: httpx.AsyncClient, clock: FakeClock) -> None:
    ada = key()
    made = await register(client, "ada", ada)
    guesses = [code(await client.post("/v1/login", json=credentials("ada", key()))) for _ in range(7)]
    assert guesses == ["wrong_login"] * 5 + ["throttled"] * 2
    refused = await client.post("/v1/login", json=credentials("ada", ada))
    assert (refused.status_code, code(refused)) == (429, "throttled")
    clock.now += int(refused.headers["retry-after"]) * 1000
    known = await client.post("/v1/login", json=credentials("ada", ada, device=made["device"]))
    assert known.status_code == 200
    assert (await client.post("/v1/login", json=credentials("ada", ada))).status_code == 200


async def test_a_made_up_device_does_not_open_another_bucket(client: httpx.AsyncClient) -> None:
    await register(client, "ada", key())
    guesses = [
        code(await client.post("/v1/login", json=credentials("ada", key(), device=str(uuid4())))) for _ in range(6)
    ]
    assert guesses[-1] == "throttled"


async def test_one_address_guesses_slowly_over_many_handles(client: httpx.AsyncClient) -> None:
    codes = [code(await client.post("/v1/login", json=credentials(f"person-{n}", key()))) for n in range(21)]
    assert codes == ["wrong_login"] * 20 + ["throttled"]


async def test_right_logins_are_not_counted(client: httpx.AsyncClient) -> None:
    ada = key()
    await register(client, "ada", ada)
    for _ in range(12):
        assert (await client.post("/v1/login", json=credentials("ada", ada))).status_code == 200


async def test_one_address_registers_so_many(client: httpx.AsyncClient) -> None:
    for n in range(20):
        await register(client, f"person-{n}", key())
    answer = await client.post("/v1/accounts", json=credentials("one-more", key()))
    assert code(answer) == "throttled"
    assert int(answer.headers["retry-after"]) == 180


async def test_a_login_slides_on_and_ends_ninety_days_after_its_last_use(
    client: httpx.AsyncClient, clock: FakeClock
) -> None:
    made = await register(client, "ada", key())
    for _ in range(3):
        clock.now += 80 * DAY
        assert (await client.get("/v1/me", headers=bearer(made["token"]))).status_code == 200
    clock.now += 90 * DAY
    assert code(await client.get("/v1/me", headers=bearer(made["token"]))) == "unauthenticated"


async def test_logout_ends_this_login_alone(client: httpx.AsyncClient) -> None:
    ada = key()
    first = await register(client, "ada", ada)
    second = (await client.post("/v1/login", json=credentials("ada", ada))).json()
    assert (await client.post("/v1/logout", headers=bearer(first["token"]))).status_code == 204
    assert code(await client.get("/v1/me", headers=bearer(first["token"]))) == "unauthenticated"
    assert (await client.get("/v1/me", headers=bearer(second["token"]))).status_code == 200


async def test_a_revoked_device_is_out_and_never_comes_back(client: httpx.AsyncClient) -> None:
    ada = key()
    first = await register(client, "ada", ada)
    second = (await client.post("/v1/login", json=credentials("ada", ada))).json()
    address = f"/v1/me/devices/{first['device']}"
    assert (await client.delete(address, headers=bearer(second["token"]))).status_code == 204
    assert code(await client.get("/v1/me", headers=bearer(first["token"]))) == "unauthenticated"
    assert code(await client.delete(address, headers=bearer(second["token"]))) == "not_found"
    listed = (await client.get("/v1/me/devices", headers=bearer(second["token"]))).json()
    assert [item["id"] for item in listed["items"]] == [second["device"]]
    again = await client.post("/v1/login", json=credentials("ada", ada, device=first["device"]))
    assert again.json()["device"] != first["device"]


async def test_another_accounts_device_is_as_if_it_were_not_there(client: httpx.AsyncClient) -> None:
    ada = await register(client, "ada", key())
    mallory = await register(client, "mallory", key())
    hers = await client.delete(f"/v1/me/devices/{ada['device']}", headers=bearer(mallory["token"]))
    none = await client.delete(f"/v1/me/devices/{uuid4()}", headers=bearer(mallory["token"]))
    assert (hers.status_code, hers.content) == (none.status_code, none.content) == (404, none.content)
    assert (await client.get("/v1/me", headers=bearer(ada["token"]))).status_code == 200


async def test_devices_come_in_pages(client: httpx.AsyncClient) -> None:
    ada = key()
    made = await register(client, "ada", ada)
    others = [(await client.post("/v1/login", json=credentials("ada", ada))).json()["device"] for _ in range(4)]
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await client.get("/v1/me/devices", params={"limit": 2, **cursor}, headers=bearer(made["token"]))).json()
        assert len(page["items"]) <= 2
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert seen == [made["device"], *others]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer AAAA"},
        {"Authorization": "Bearer ****"},
        {"Authorization": f"Bearer {key()}"},
        {"Authorization": f"Basic {key()}"},
        cookie(key()),
        cookie(""),
    ],
)
async def test_bad_tokens_are_refused(client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    answer = await client.get("/v1/me", headers=headers)
    assert (answer.status_code, code(answer)) == (401, "unauthenticated")


@pytest.mark.parametrize("name", ["token", "access_token", "__Host-safespace", "authorization"])
async def test_a_token_in_the_address_is_never_read(client: httpx.AsyncClient, name: str) -> None:
    made = await register(client, "ada", key())
    assert code(await client.get("/v1/me", params={name: made["token"]})) == "unauthenticated"


async def test_a_browser_gets_a_cookie_and_no_token(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/accounts", json=credentials("ada", key(), "cookie"), headers=BROWSER)
    assert "token" not in answer.json()
    attributes = {part.strip().lower() for part in answer.headers["set-cookie"].split(";")[1:]}
    assert {"secure", "httponly", "samesite=strict", "path=/", f"max-age={90 * 86400}"} == attributes
    value = cookie_of(answer)
    renewed = await client.get("/v1/me", headers=cookie(value))
    assert renewed.json()["handle"] == "ada"
    assert cookie_of(renewed) == value
    left = await client.post("/v1/logout", headers=cookie(value) | BROWSER)
    assert left.status_code == 204
    assert "max-age=0" in left.headers["set-cookie"].lower()
