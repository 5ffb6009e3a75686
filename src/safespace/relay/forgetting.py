"""What has expired and is of no use to anyone is deleted, now and then."""

from safespace.crypto.mls.profile import CLOCK_SKEW, MAX_LIFETIME
from safespace.storage import accounts, invites, key_packages
from safespace.storage.database import Database

EVERY = 3600.0
"""Seconds between two times."""
KNOWN = (MAX_LIFETIME + 2 * CLOCK_SKEW) * 1000
"""Milliseconds after which no KeyPackage that was here can still be valid, so that none is ever taken twice."""


async def forget(database: Database, now: int) -> None:
    """Delete expired logins, and requests and KeyPackages whose KeyPackage nobody can use again."""
    async with database.write() as db:
        await accounts.delete_expired_logins(db, now)
        await invites.delete_requests(db, now - KNOWN)
        await key_packages.delete_older(db, now - KNOWN)
