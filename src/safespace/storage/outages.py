"""What a database's error means: no room, away for now, somebody else was first, or something else."""

from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from safespace.errors import SafeSpaceError

_FULL = ("53100",)
_LOST = ("08", "57P")
_PASSING = (*_LOST, "40", "53", "55P03")
"""Beginnings of PostgreSQL's codes (its manual, appendix A) for what may work when tried again."""


class FateUnknown(SafeSpaceError):  # noqa: N818 - says what happened
    """The database went away while it was to commit: what was to be stored may be stored, or may not."""

    def __init__(self) -> None:
        super().__init__("unavailable", retry_after=1)


def meaning(error: Exception) -> SafeSpaceError | None:
    """The refusal that a database's error comes to; None for what is nobody's fault but ours."""
    state = _state(error)
    if state.startswith(_FULL) or (isinstance(error, OperationalError) and "full" in str(error.orig)):
        return SafeSpaceError("storage_full", retry_after=1)
    passing = isinstance(error, OperationalError | IntegrityError | PoolTimeoutError)
    if passing or is_lost(error) or state.startswith(_PASSING):
        return SafeSpaceError("unavailable", retry_after=1)
    return None


def is_lost(error: Exception) -> bool:
    """Whether the connection is gone, and with it the answer to what was asked last."""
    if isinstance(error, DBAPIError):
        lost = error.connection_invalidated or isinstance(error, InterfaceError)
    else:
        # What asyncpg raises by itself: of the network, or of a connection that was used after its end.
        lost = isinstance(error, OSError) or type(error).__name__ in ("InterfaceError", "InternalClientError")
    return lost or _state(error).startswith(_LOST)


def _state(error: Exception) -> str:
    """PostgreSQL's code, if it has one."""
    orig = error.orig if isinstance(error, DBAPIError) else error
    return str(getattr(orig, "sqlstate", None) or "")
