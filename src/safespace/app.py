"""The composition root: settings in, a FastAPI application out."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING
from uuid import UUID

from fastapi import FastAPI
from uuid6 import uuid7

from safespace.api import (
    accounts,
    ballots,
    calendars,
    copies,
    doubts,
    further,
    groups,
    handovers,
    health,
    invites,
    key_packages,
    passing,
    reports,
    requests,
    rooms,
    socket,
)
from safespace.api.guard import Guard
from safespace.api.headers import PolicyHeaders
from safespace.api.limits import Limits
from safespace.api.pages import pages_router
from safespace.api.problems import ANSWERS, add_problem_handlers
from safespace.api.proxies import Notice, Proxies
from safespace.api.turns import Turns
from safespace.clock import Clock, wall_clock
from safespace.clockwork import Clockwork
from safespace.hub import Hub
from safespace.relay import Relay, balloting, expiring, forgetting, running
from safespace.settings import Settings
from safespace.share import Shares
from safespace.storage import shared
from safespace.storage.database import Database
from safespace.storage.migrations import upgrade
from safespace.storage.stamps import StampKeys

if TYPE_CHECKING:
    from safespace.bus import Bus
    from safespace.tally import Tally


REQUESTS, WAITING = 8, 64
"""Requests of one account that are answered at once, and further ones that wait."""


def create_app(settings: Settings, clock: Clock = wall_clock) -> FastAPI:
    """The whole server. Its parts live in `app.state` while it runs: see `safespace.api.parts`."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        settings.make_data_dir()
        database = Database(settings.database_url)
        await upgrade(database)
        app.state.database = database
        app.state.readiness = health.Readiness(database)
        stamp_keys = await StampKeys.begin(database, clock())
        async with database.write() as connection:
            key = await shared.secret(connection, "names")
        bus, tally = _others(settings, key)
        budgets = settings.scaled_budgets
        app.state.limits = Limits(budgets, clock, key if tally else secrets.token_bytes(32), tally)
        app.state.relay = relay = Relay(database, Hub(), clock, stamp_keys.current, budgets, bus=bus, tally=tally)
        clockwork = Clockwork(database, clock)
        clockwork.every(forgetting.EVERY, lambda now: forgetting.forget(database, now))
        clockwork.every(expiring.EVERY, lambda now: expiring.expire(database, now))
        clockwork.every(expiring.EVERY_TAKEDOWN, lambda now: expiring.forget_taken_down(database, now))
        clockwork.every(running.EVERY, lambda now: running.look_after(database, now))
        clockwork.every(balloting.EVERY, lambda now: balloting.look_after(database, now))
        clockwork.start()
        try:
            yield
            await clockwork.stop()
            await relay.stop()
            await stamp_keys.stop()
        finally:
            await database.close()

    app = FastAPI(
        title="SafeSpace",
        version=version("safespace"),
        summary="A relay for end-to-end encrypted rooms. It stores ciphertext; docs/protocol.md tells what is inside.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        responses=ANSWERS,
        lifespan=lifespan,
    )
    app.state.settings = settings
    app.state.clock = clock
    app.state.turns = Turns(REQUESTS, WAITING)
    app.state.shares = Shares()
    app.add_middleware(Guard)
    app.add_middleware(PolicyHeaders, behind_tls=settings.address.startswith("https://"))
    app.add_middleware(Proxies, known=settings.proxies, strange=Notice(settings.data_dir))
    add_problem_handlers(app)
    for part in (
        accounts,
        groups,
        rooms,
        further,
        passing,
        invites,
        requests,
        key_packages,
        reports,
        doubts,
        handovers,
        copies,
        calendars,
        ballots,
        socket,
    ):
        app.include_router(part.router, prefix="/v1")
    app.include_router(health.router)
    app.include_router(calendars.feed_router)
    app.include_router(pages_router(settings.web_dir))
    return app


def _others(settings: Settings, key: bytes) -> tuple[Bus | None, Tally | None]:
    """The way to the other processes, if there is to be one."""
    if settings.redis_url is None:
        return None, None
    from safespace import bus, tally  # the extra `redis` is not installed where there is one process

    client, process = bus.connect(settings.redis_url), UUID(int=uuid7().int)
    return bus.Bus(client, key, process), tally.Tally(client, key, process)
