"""What makes guessing and flooding slow.

Addresses are kept as keyed hashes under a key of this process and are never written anywhere.
"""

import hashlib
import ipaddress
import secrets

from starlette.requests import HTTPConnection

from safespace.buckets import Buckets
from safespace.clock import Clock
from safespace.settings import Settings


class Limits:
    """The server's buckets. Keys are an account's bytes or what `address` gives."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._key = secrets.token_bytes(32)
        self.registrations = Buckets(settings.registrations_per_hour, clock)
        self.logins = Buckets(settings.login_failures_per_hour, clock)
        self.logins_by_address = Buckets(4 * settings.login_failures_per_hour, clock)
        self.invites = Buckets(settings.invites_per_hour, clock)
        self.reports = Buckets(settings.reports_per_hour, clock)
        self.entries = Buckets(4 * settings.reports_per_hour, clock)
        self.verifications = Buckets(40 * settings.reports_per_hour, clock)

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
