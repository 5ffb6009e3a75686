"""What has expired and is of no use to anyone is deleted, now and then; and stamps get a new key."""

from safespace.crypto.mls.profile import CLOCK_SKEW, LIFETIME
from safespace.relay.joining import DAY
from safespace.storage import (
    accounts,
    acts,
    declines,
    doubts,
    handovers,
    invites,
    key_packages,
    reports,
    stamps,
    vouching,
)
from safespace.storage.database import Database

EVERY = 3600.0
"""Seconds between two times."""
KNOWN = (LIFETIME + CLOCK_SKEW) * 1000
"""Milliseconds after which no KeyPackage that was here can still be valid, so that none is ever taken twice."""

REPORTS_KEPT = 90 * DAY
"""Milliseconds after which a resolved report is deleted."""


ACTS_KEPT = 30 * DAY
"""Milliseconds after which an act that nobody doubted is taken back no more."""


async def forget(database: Database, now: int) -> None:
    """Delete expired logins and notes, requests and KeyPackages that nobody can use again, old reports, what was
    kept for them, and keys."""
    async with database.write() as db:
        await accounts.delete_expired_logins(db, now)
        await invites.delete_requests(db, now - KNOWN, now)
        await key_packages.delete_older(db, now - KNOWN)
        await reports.forget_resolved(db, now - REPORTS_KEPT)
        await vouching.forget(db, now)
        await handovers.forget_expired(db, now)
        await declines.forget(db, now - declines.KEPT)
        await acts.forget(db, now - ACTS_KEPT)
        await doubts.forget(db, now)
        await stamps.rotate(db, now)
        await stamps.forget(db, now)
