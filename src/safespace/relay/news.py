"""What is for an account, wherever it is connected."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING
from uuid import UUID

from safespace.hub import Hub

if TYPE_CHECKING:  # needs what is not installed where there is one process
    from safespace.bus import Bus


class News:
    """Tells the connections of this process and, where there are others, theirs."""

    def __init__(self, hub: Hub, bus: Bus | None) -> None:
        self._hub = hub
        self._bus = bus

    def tell(self, accounts: Collection[UUID], text: str) -> None:
        """A frame for every connection of these accounts."""
        self._hub.tell(accounts, text)
        if self._bus is not None:
            for account in accounts:
                self._bus.tell(account, text)

    def tell_here(self, account: UUID, text: str) -> None:
        """A frame for the account's connections in this process."""
        self._hub.tell([account], text)

    def end_logins(self, account: UUID, logins: Collection[bytes]) -> None:
        """Close the sockets of an account's logins, by their digests, that are in the database no more."""
        self._hub.close_logins(logins)
        if self._bus is not None:
            self._bus.tell_logins(account)
