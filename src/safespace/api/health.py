"""`/healthz`: the process answers. `/readyz`: the database answers, takes writes and is migrated."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError

from safespace.api.parts import DatabasePart
from safespace.errors import SafeSpaceError
from safespace.storage.migrations import is_current

router = APIRouter(tags=["health"])


class Health(BaseModel):
    status: Literal["ok"] = "ok"


@router.get("/healthz")
async def alive() -> Health:
    """The process runs and answers."""
    return Health()


@router.get("/readyz")
async def ready(database: DatabasePart) -> Health:
    """The database can be read and written, and its tables are those of this version."""
    try:
        current = await is_current(database)
    except (SQLAlchemyError, OSError) as error:
        raise SafeSpaceError("unavailable", retry_after=1) from error
    if not current:
        raise SafeSpaceError("unavailable", "The database is not migrated.", retry_after=1)
    return Health()
