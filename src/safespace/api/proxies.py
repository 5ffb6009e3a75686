"""Whose a request is that came through a reverse proxy, and proxies that nobody named.

Only from the proxies of `SAFESPACE_PROXIES` is `X-Forwarded-For` believed, from its end on up to the first address that
is none of theirs: what stands before that, anybody may have written.
"""

import contextlib
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from safespace.addresses import Network, is_in, parse_address
from safespace.logs import log

NOTE: Final = "unknown-proxy"
"""A file in the data directory while the server runs."""
WORDS: Final = (
    "A request came through a proxy that SAFESPACE_PROXIES does not name, or that sends no X-Forwarded-For. Name it "
    "there: until then everybody behind it is one address in the limits. If there is none, somebody made the header "
    "up, and it was not believed."
)
HEADER: Final = b"x-forwarded-for"
OF_PROXIES: Final = frozenset({HEADER, b"forwarded", b"x-real-ip", b"x-forwarded-proto"})


class Proxies:
    """ASGI middleware: the client's own address in place of a known proxy's. `strange` is called when a request shows
    that it came through a proxy, and does not show from whom."""

    def __init__(self, app: ASGIApp, known: Collection[Network], strange: Callable[[], None]) -> None:
        self._app = app
        self._known = known
        self._strange = strange

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            self._look(scope)
        await self._app(scope, receive, send)

    def _look(self, scope: Scope) -> None:
        names = {name for name, _ in scope["headers"]}
        if not names & OF_PROXIES:
            return
        peer = parse_address(scope["client"][0]) if scope["client"] else None
        if peer is None or not is_in(peer, self._known) or HEADER not in names:
            self._strange()
            return
        hops = b",".join(value for name, value in scope["headers"] if name == HEADER).decode("latin-1").split(",")
        for hop in reversed(hops):
            address = parse_address(hop)
            if address is None:
                return
            scope["client"] = (str(address), 0)
            if not is_in(address, self._known):
                return


class Notice:
    """Says once, in the log and in a note for `safespace doctor`, that a proxy is not known."""

    def __init__(self, folder: Path) -> None:
        self._note = folder / NOTE
        self._said = False

    def __call__(self) -> None:
        if not self._said:
            self._said = True
            log.warning("proxy", words=WORDS)
            with contextlib.suppress(OSError):  # it is in the log
                self._note.touch(mode=0o600)


def forget_notice(folder: Path) -> None:
    """A start with other settings may have mended it."""
    with contextlib.suppress(OSError):
        (folder / NOTE).unlink(missing_ok=True)
