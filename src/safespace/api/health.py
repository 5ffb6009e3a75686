"""`/healthz`: the process answers. `/readyz`: the database answers, takes writes and is migrated.

Anyone may ask, as often as they like: the database is looked at now and then, by one question at a time.
"""

import asyncio
from typing import Annotated, Literal, cast

from fastapi import APIRouter, Depends
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import HTTPConnection

from safespace.errors import SafeSpaceError
from safespace.storage.database import Database
from safespace.storage.migrations import is_current
from safespace.storage.outages import FateUnknown

LOOK = 2.0
"""Seconds for which it is believed what the database was seen to be."""

router = APIRouter(tags=["health"])


class Health(BaseModel):
    status: Literal["ok"] = "ok"


class Readiness:
    """Whether this process can serve, as it was seen of late."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._turn = asyncio.Lock()
        self._seen: str | None = None
        self._until = 0.0

    async def check(self) -> None:
        """Raises SafeSpaceError unavailable."""
        async with self._turn:
            time = asyncio.get_running_loop().time
            if time() >= self._until:
                self._seen = await self._look()
                self._until = time() + LOOK
        if self._seen is not None:
            raise SafeSpaceError("unavailable", self._seen, retry_after=1)

    async def _look(self) -> str | None:
        """What is wrong, in words; None where nothing is."""
        try:
            if not await is_current(self._database):
                return "The database is not migrated."
            async with self._database.write():  # so that a full stop shows
                pass
        except (SQLAlchemyError, OSError, FateUnknown):
            return "The database does not answer."
        return None


async def _readiness(connection: HTTPConnection) -> Readiness:
    return cast(Readiness, connection.app.state.readiness)


@router.get("/healthz")
async def alive() -> Health:
    """The process runs and answers."""
    return Health()


@router.get("/readyz")
async def ready(readiness: Annotated[Readiness, Depends(_readiness)]) -> Health:
    """The database can be read and written, and its tables are those of this version; as seen within two seconds."""
    await readiness.check()
    return Health()
