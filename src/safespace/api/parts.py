"""The parts of the running server that a route may ask for, as FastAPI dependencies.

`app.state` holds one of each; `safespace.app` puts them there. They are coroutines because FastAPI calls any other
function on a thread of its pool, there and back for each part of each request.
"""

from typing import Annotated, cast

from fastapi import Depends
from starlette.requests import HTTPConnection, Request

from safespace.api.limits import Limits
from safespace.api.turns import Turns
from safespace.clock import Clock
from safespace.relay import Relay
from safespace.settings import Settings
from safespace.share import Shares
from safespace.storage.database import Database


async def _settings(connection: HTTPConnection) -> Settings:
    return cast(Settings, connection.app.state.settings)


async def _database(connection: HTTPConnection) -> Database:
    return cast(Database, connection.app.state.database)


async def _now(connection: HTTPConnection) -> int:
    return cast(Clock, connection.app.state.clock)()


async def _limits(connection: HTTPConnection) -> Limits:
    return cast(Limits, connection.app.state.limits)


async def _relay(connection: HTTPConnection) -> Relay:
    return cast(Relay, connection.app.state.relay)


async def _turns(connection: HTTPConnection) -> Turns:
    return cast(Turns, connection.app.state.turns)


async def _shares(connection: HTTPConnection) -> Shares:
    return cast(Shares, connection.app.state.shares)


async def _size(request: Request) -> int:
    return len(await request.body())


SettingsPart = Annotated[Settings, Depends(_settings)]
DatabasePart = Annotated[Database, Depends(_database)]
Now = Annotated[int, Depends(_now)]
"""The time of the request, milliseconds since 1970."""
LimitsPart = Annotated[Limits, Depends(_limits)]
RelayPart = Annotated[Relay, Depends(_relay)]
TurnsPart = Annotated[Turns, Depends(_turns)]
"""Whose turn it is, of the requests of each account."""
SharesPart = Annotated[Shares, Depends(_shares)]
Size = Annotated[int, Depends(_size)]
"""Bytes of the request's body."""
