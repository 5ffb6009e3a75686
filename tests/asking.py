"""Clients for tests of the API: in the process with a fake clock, or a browser's headers on a real server."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from blank import put_blank_database
from safespace.app import create_app
from safespace.fields import b64encode
from safespace.settings import Settings

ORIGIN = "http://localhost:8000"
BROWSER = {"Origin": ORIGIN, "X-SafeSpace": "1"}


class FakeClock:
    """Stands still unless it is moved; milliseconds."""

    def __init__(self) -> None:
        self.now = 1_800_000_000_000

    def __call__(self) -> int:
        return self.now


def key() -> str:
    """A fresh login key."""
    return b64encode(secrets.token_bytes(32))


def credentials(handle: str, login_key: str, kind: str = "token", **more: Any) -> dict[str, Any]:
    """The body of a registration or a login."""
    return {"handle": handle, "login_key": login_key, "as": kind, **more}


def bearer(token: str) -> dict[str, str]:
    """The SDK's header."""
    return {"Authorization": f"Bearer {token}"}


def cookie(value: str) -> dict[str, str]:
    """A browser's header."""
    return {"Cookie": f"__Host-safespace={value}"}


def cookie_of(response: httpx.Response) -> str:
    """The token in the `Set-Cookie` of an answer."""
    name, _, rest = response.headers["set-cookie"].partition("=")
    assert name == "__Host-safespace"
    return str(rest.partition(";")[0])


@asynccontextmanager
async def running(
    settings: Settings, clock: FakeClock | None = None
) -> AsyncIterator[tuple[FastAPI, httpx.AsyncClient]]:
    """The whole application on a real database, with a client that speaks to it directly."""
    settings.make_data_dir()
    put_blank_database(settings.data_dir / "safespace.db")
    app = create_app(settings, clock or FakeClock())
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN) as client,
    ):
        yield app, client


def settings_in(folder: Path, **more: Any) -> Settings:
    """Settings with a data directory of the test's own."""
    return Settings(data_dir=folder / "data", **more)
