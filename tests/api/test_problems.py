"""Bad input gets a coded problem, and never its own words back."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from asking import credentials, key, running, settings_in
from safespace.api.guard import MAX_BODY
from safespace.api.problems import as_refusal
from safespace.errors import CODES, SafeSpaceError
from serving import ServerProcess

SECRET = "do-not-repeat-me"


@pytest.fixture(scope="module")
async def started(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[FastAPI, httpx.AsyncClient]]:
    async with running(settings_in(tmp_path_factory.mktemp("problems"))) as both:
        app, _ = both

        @app.get("/v1-broken")
        async def broken() -> None:
            raise RuntimeError(SECRET)

        # The pages take every path that is left, so this one goes before them.
        app.router.routes.insert(0, app.router.routes.pop())
        yield both


@pytest.fixture
def client(started: tuple[FastAPI, httpx.AsyncClient]) -> httpx.AsyncClient:
    return started[1]


def check(answer: httpx.Response, code: str) -> dict[str, Any]:
    body: dict[str, Any] = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.status_code == body["status"] == CODES[code].status
    assert body["code"] == code
    assert body["type"] == f"urn:safespace:problem:{code}"
    assert body["title"] == CODES[code].words
    assert body["detail"]
    assert SECRET not in answer.text
    return body


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "malformed_json"),
        (b"", "invalid_field"),
        (b"[]", "invalid_field"),
        (b'"do-not-repeat-me"', "invalid_field"),
        (b"\xff\xfe", "malformed_json"),
        (b"[" * 100_000, "malformed_json"),
        (b'{"handle": NaN}', "invalid_field"),
        (b"0" * (MAX_BODY + 1), "too_large"),
    ],
)
async def test_bodies_that_are_not_what_they_should_be(client: httpx.AsyncClient, body: bytes, code: str) -> None:
    answer = await client.post("/v1/accounts", content=body, headers={"Content-Type": "application/json"})
    check(answer, code)


@pytest.mark.parametrize(
    ("change", "code", "place"),
    [
        ({"handle": 7}, "invalid_field", "handle"),
        ({"handle": SECRET * 10}, "invalid_field", "handle"),
        ({"as": SECRET}, "invalid_field", "as"),
        ({"login_key": SECRET}, "invalid_field", "login_key"),
        ({"login_key": "*" * 43}, "bad_base64", "login_key"),
        ({"login_key": "A" * 42 + "B"}, "bad_base64", "login_key"),
        ({SECRET: 1}, "invalid_field", "body"),
    ],
)
async def test_a_wrong_field_is_named_and_not_repeated(
    client: httpx.AsyncClient, change: dict[str, object], code: str, place: str
) -> None:
    answer = await client.post("/v1/accounts", json=credentials("ada", key()) | change)
    assert check(answer, code)["detail"].startswith(f"{place}:")


async def test_a_missing_field_is_named(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/accounts", json={"handle": "ada", "as": "token"})
    assert check(answer, "invalid_field")["detail"] == "login_key: Field required"


async def test_a_body_that_does_not_say_its_length_is_cut_off(client: httpx.AsyncClient) -> None:
    asked = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal asked
        while asked < 100:
            asked += 1
            yield b"x" * 65536

    answer = await client.post("/v1/accounts", content=endless(), headers={"Content-Type": "application/json"})
    check(answer, "too_large")
    assert asked <= MAX_BODY // 65536 + 2


@pytest.mark.parametrize(
    "path", ["/v1/nothing", "/v1", "/v1/", "/nothing", "/assets/../settings.py", "/.env", "/v1/me/x"]
)
async def test_unknown_addresses(client: httpx.AsyncClient, path: str) -> None:
    check(await client.get(path), "not_found")


async def test_a_wrong_method_is_told_the_right_one(client: httpx.AsyncClient) -> None:
    answer = await client.put("/v1/accounts")
    check(answer, "method_not_allowed")
    assert answer.headers["allow"] == "POST"


async def test_an_unexpected_error_keeps_its_words_to_itself(client: httpx.AsyncClient) -> None:
    with capture_logs() as logs:
        check(await client.get("/v1-broken"), "internal")
    (entry,) = logs
    assert entry["kind"] == "RuntimeError"
    assert any("test_problems.py" in place for place in entry["place"])
    assert SECRET not in json.dumps(logs)


@pytest.mark.parametrize(
    ("words", "code"), [("database or disk is full", "storage_full"), ("database is locked", "unavailable")]
)
def test_a_database_that_cannot_now(words: str, code: str) -> None:
    with capture_logs() as logs:
        refusal = as_refusal(OperationalError(SECRET, {}, Exception(words)))
    assert refusal.code == code
    assert refusal.retry_after == 1
    assert SECRET not in json.dumps(logs)


def test_every_code_has_a_problem() -> None:
    for code in CODES:
        assert 400 <= SafeSpaceError(code).status < 600


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=50),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(st.sampled_from(["handle", "login_key", "as", "device", "x"]), inner, max_size=5)
        ),
        max_leaves=12,
    )
)
def test_whatever_is_sent_gets_a_coded_answer(standing_server: ServerProcess, body: object) -> None:
    answer = httpx.post(f"{standing_server.url}/v1/login", json=body, trust_env=False)
    check(answer, answer.json()["code"])
    assert answer.json()["code"] in {"invalid_field", "bad_base64", "wrong_login"}
