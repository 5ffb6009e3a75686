"""The composition root: settings in, a FastAPI application out."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI

from safespace.api import accounts, groups, health, invites, key_packages, reports, requests, rooms, socket
from safespace.api.headers import PolicyHeaders
from safespace.api.limits import Limits
from safespace.api.pages import pages_router
from safespace.api.problems import ANSWERS, Guard, add_problem_handlers
from safespace.clock import Clock, wall_clock
from safespace.clockwork import Clockwork
from safespace.hub import Hub
from safespace.relay import Relay, expiring, forgetting
from safespace.settings import Settings
from safespace.storage.database import Database
from safespace.storage.migrations import upgrade
from safespace.storage.stamps import StampKeys


def create_app(settings: Settings, clock: Clock = wall_clock) -> FastAPI:
    """The whole server. Its parts live in `app.state` while it runs: see `safespace.api.parts`."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        settings.make_data_dir()
        database = Database(settings.database_url)
        await upgrade(database)
        app.state.database = database
        stamp_keys = await StampKeys.begin(database, clock())
        app.state.hub = hub = Hub()
        app.state.relay = relay = Relay(database, hub, clock, stamp_keys.current)
        clockwork = Clockwork(database, clock)
        clockwork.every(forgetting.EVERY, lambda now: forgetting.forget(database, now))
        clockwork.every(expiring.EVERY, lambda now: expiring.expire(database, now))
        clockwork.every(expiring.EVERY_TAKEDOWN, lambda now: expiring.forget_taken_down(database, now))
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
    app.state.limits = Limits(settings, clock)
    app.add_middleware(Guard)
    app.add_middleware(PolicyHeaders, behind_tls=settings.address.startswith("https://"))
    add_problem_handlers(app)
    for part in (accounts, groups, rooms, invites, requests, key_packages, reports, socket):
        app.include_router(part.router, prefix="/v1")
    app.include_router(health.router)
    app.include_router(pages_router(settings.web_dir))
    return app
