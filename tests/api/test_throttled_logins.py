"""Strangers guess, from wherever they like: Ada still logs in, and nobody learns whether there is an Ada."""

import asyncio
import hashlib
import statistics
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from asking import ORIGIN, FakeClock, bearer, credentials, key, running, settings_in
from campaign import rounds
from serving import ServerProcess

GUESSES = rounds(60, 5_000)
"""For each of two handles."""
HANDLE_TRIES = 5
ADDRESS_TRIES = 4 * HANDLE_TRIES


class Town:
    """A server and its clock; `at` is a client at an address."""

    def __init__(self, app: FastAPI, clock: FakeClock) -> None:
        self.app = app
        self.clock = clock

    @asynccontextmanager
    async def at(self, host: str) -> AsyncIterator[httpx.AsyncClient]:
        transport = httpx.ASGITransport(self.app, client=(host, 4711))
        async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
            yield client


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    clock = FakeClock()
    settings = settings_in(tmp_path, login_failures_per_hour=HANDLE_TRIES, registrations_per_hour=10, budgets=0.1)
    async with running(settings, clock) as (app, _):
        yield Town(app, clock)


async def register(client: httpx.AsyncClient, handle: str, login_key: str) -> dict[str, str]:
    answer = await client.post("/v1/accounts", json=credentials(handle, login_key))
    assert answer.status_code == 201, answer.text
    made: dict[str, str] = answer.json()
    return made


async def tries(client: httpx.AsyncClient, handle: str, login_key: str | None = None, **more: Any) -> httpx.Response:
    return await client.post("/v1/login", json=credentials(handle, login_key or key(), **more))


async def use_up(client: httpx.AsyncClient) -> None:
    """Guess until this address is throttled."""
    for n in range(ADDRESS_TRIES):
        assert (await tries(client, f"nobody-{n}")).json()["code"] == "wrong_login"
    assert (await tries(client, "nobody-at-all")).json()["code"] == "throttled"


async def test_a_throttled_address_takes_nothing_from_a_handle(town: Town) -> None:
    ada = key()
    async with town.at("198.51.100.1") as home, town.at("192.0.2.66") as mallory:
        await register(home, "ada", ada)
        await use_up(mallory)
        for _ in range(3 * HANDLE_TRIES):
            assert (await tries(mallory, "ada")).json()["code"] == "throttled"
        assert (await tries(home, "ada", ada)).status_code == 200, "on a device that is new to her account"


@pytest.mark.parametrize("where", ["at home", "where the guesser is", "while a thousand others are guessed"])
async def test_a_known_device_logs_in_whatever_strangers_do(town: Town, where: str) -> None:
    ada = key()
    async with town.at("198.51.100.1") as home, town.at("192.0.2.66") as mallory:
        device = (await register(home, "ada", ada))["device"]
        for n in range(HANDLE_TRIES):
            async with town.at(f"192.0.2.{n}") as guesser:
                await tries(guesser, "ada")
        assert (await tries(home, "ada", ada)).json()["code"] == "throttled", "a new device waits"
        await use_up(mallory)
        if where == "while a thousand others are guessed":
            buckets = town.app.state.limits._buckets["logins", "handle"]
            for n in range(1_000):
                await buckets.take(hashlib.sha256(str(n).encode()).digest())
        client = mallory if where == "where the guesser is" else home
        answer = await tries(client, "ada", ada, device=device)
        assert (answer.status_code, answer.json().get("device")) == (200, device)


async def test_a_known_devices_own_tries_are_few_too(town: Town) -> None:
    async with town.at("198.51.100.1") as home:
        device = (await register(home, "ada", key()))["device"]
        codes = [(await tries(home, "ada", device=device)).json()["code"] for _ in range(HANDLE_TRIES + 2)]
    assert codes == ["wrong_login"] * HANDLE_TRIES + ["throttled"] * 2


async def test_a_device_of_another_account_or_of_the_past_opens_no_bucket(town: Town) -> None:
    ada, mallory = key(), key()
    async with town.at("198.51.100.1") as home, town.at("192.0.2.66") as elsewhere:
        first = await register(home, "ada", ada)
        other = await register(elsewhere, "mallory", mallory)
        second = (await tries(home, "ada", ada)).json()
        revoked = await home.delete(f"/v1/me/devices/{first['device']}", headers=bearer(second["token"]))
        assert revoked.status_code == 204
        devices = [first["device"], other["device"], str(uuid4())] * HANDLE_TRIES
        codes = [(await tries(elsewhere, "ada", device=device)).json()["code"] for device in devices]
    assert codes.count("wrong_login") == HANDLE_TRIES


async def test_one_passphrase_logs_in_only_so_often(town: Town) -> None:
    """Else every login with the right passphrase would leave a row for ever."""
    ada = key()
    async with town.at("198.51.100.1") as home:
        device = (await register(home, "ada", ada))["device"]
        answers = [await tries(home, "ada", ada, device=device) for _ in range(13)]
    assert [answer.status_code for answer in answers] == [200] * 12 + [429]
    assert "logins" in answers[-1].json()["detail"]


FORMS: list[dict[str, Any]] = [{}, {"device": str(uuid4())}, {"kind": "token", "device": None}]


@pytest.mark.parametrize("form", range(len(FORMS)))
async def test_known_and_unknown_handles_are_answered_alike_also_when_throttled(town: Town, form: int) -> None:
    """Status, body and headers of every guess, from the first to long after the last that is looked at."""
    heard: dict[str, list[Any]] = {}
    async with town.at("198.51.100.1") as home:
        await register(home, "ada", key())
    for host, handle in (("192.0.2.1", "ada"), ("192.0.2.2", "eve")):
        async with town.at(host) as guesser:
            answers = [await tries(guesser, handle, **FORMS[form]) for _ in range(3 * HANDLE_TRIES)]
        heard[handle] = [(one.status_code, one.content, one.headers.multi_items()) for one in answers]
    assert heard["ada"] == heard["eve"]
    assert {status for status, _, _ in heard["ada"]} == {401, 429}


@pytest.mark.parametrize("handle", ["ada ", " ada", "Ada", "ada\u00a0", "ada\0", "\0", "ada-", "a da"])
async def test_what_is_no_handle_is_nobodys(town: Town, handle: str) -> None:
    """A blank is no hyphen, and the server guesses nothing: clients trim what was typed."""
    ada = key()
    async with town.at("198.51.100.1") as home:
        await register(home, "ada", ada)
        assert (await tries(home, handle, ada)).json()["code"] == "wrong_login"
        answer = await home.post("/v1/accounts", json=credentials(handle, key()))
        made = await tries(home, "ada-")
    assert (answer.status_code, answer.json().get("code")) == (
        (201, None) if handle == "ada-" else (422, "handle_invalid")
    )
    assert made.json()["code"] == "wrong_login"


@pytest.mark.campaign
@pytest.mark.timeout(3600)
async def test_guessing_does_not_tell_who_is_here(
    standing_server: ServerProcess, record_property: Callable[[str, object], None]
) -> None:
    """Of two guesses, one for a handle that is known, the time says nothing about which: as if by tossing a coin."""
    known, unknown = f"known-{uuid4().hex[:8]}", f"other-{uuid4().hex[:8]}"
    times: dict[str, list[float]] = {known: [], unknown: []}
    answers: dict[str, set[tuple[int, bytes]]] = {known: set(), unknown: set()}
    async with httpx.AsyncClient(base_url=standing_server.url, trust_env=False) as client:
        await register(client, known, key())
        for number in range(GUESSES):
            for handle in (known, unknown) if number % 2 else (unknown, known):
                device = {"device": str(uuid4())} if number % 3 else {}
                began = time.perf_counter()
                answer = await tries(client, handle, **device)
                times[handle].append(time.perf_counter() - began)
                answers[handle].add((answer.status_code, answer.content))
            await asyncio.sleep(0)
    assert answers[known] == answers[unknown]
    assert len(answers[known]) == 1
    slower = sum(a > b for a, b in zip(times[known], times[unknown], strict=True))
    # Five standard deviations of as many tosses of a coin.
    assert abs(slower - GUESSES / 2) < 2.5 * GUESSES**0.5
    record_property("guesses", 2 * GUESSES)
    record_property("known_slower", f"{slower / GUESSES:.3f}")
    for name, handle in (("known", known), ("unknown", unknown)):
        record_property(f"{name}_ms", round(1000 * statistics.median(times[handle]), 3))
