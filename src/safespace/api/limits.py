"""What makes guessing and flooding slow.

Addresses are kept as keyed hashes and are never written anywhere: under a key of this process, or where processes share
their limits, under one of the server's, and then not for longer than an hour.
"""

from __future__ import annotations

import hashlib
import ipaddress
from typing import TYPE_CHECKING

from starlette.requests import HTTPConnection

from safespace.buckets import Buckets, SharedBuckets
from safespace.clock import Clock
from safespace.settings import Settings

if TYPE_CHECKING:  # needs what is not installed where there is one process
    from safespace.tally import Tally

FURTHER_ROOMS_PER_HOUR = 60
"""Further rooms that an account may make."""
BALLOTS_PER_HOUR = 30
"""Ballots that an account may make: each takes a key."""
ASKS_PER_HOUR = 600
"""Times that an account asks to come into passing rooms."""
FEEDS_PER_HOUR = 600
"""Times that calendars are fetched from one address: several people's programs may share it."""


class Limits:
    """The server's buckets. Keys are an account's bytes or what `address` gives."""

    def __init__(self, settings: Settings, clock: Clock, key: bytes, tally: Tally | None = None) -> None:
        self._key = key
        self._clock = clock
        self._tally = tally
        self.registrations = self._shared("registrations", settings.registrations_per_hour)
        self.logins = self._shared("logins", settings.login_failures_per_hour)
        self.logins_by_address = self._shared("logins by address", 4 * settings.login_failures_per_hour)
        self.invites = self._shared("invites", settings.invites_per_hour)
        self.rooms = self._shared("rooms", FURTHER_ROOMS_PER_HOUR)
        self.ballots = self._shared("ballots", BALLOTS_PER_HOUR)
        self.asks = self._shared("asks", ASKS_PER_HOUR)
        self.feeds = self._shared("feeds", FEEDS_PER_HOUR)
        self.reports = self._shared("reports", settings.reports_per_hour)
        self.entries = self._shared("entries", 4 * settings.reports_per_hour)
        self.verifications = self._shared("verifications", 40 * settings.reports_per_hour)

    def _shared(self, name: str, per_hour: int) -> SharedBuckets:
        return SharedBuckets(name, Buckets(per_hour, self._clock), self._tally)

    def address(self, connection: HTTPConnection) -> bytes:
        """16 bytes for the peer's address; an IPv6 peer counts as its /64."""
        host = connection.client.host if connection.client else ""
        try:
            ip = ipaddress.ip_address(host)
        except ValueError:
            packed = host.encode()
        else:
            packed = ip.packed[:8] if ip.version == 6 else ip.packed
        return hashlib.blake2b(packed, key=self._key, digest_size=16).digest()
