"""The REST routes as the SDK uses them: JSON in, JSON out, problems raised as `Refused`."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from safespace.sdk.clocks import ServerClock
from safespace.sdk.errors import Refused, Unreachable, WrongLogin

TIMEOUT = httpx.Timeout(20.0)
PLAIN = {"User-Agent": "SafeSpace", "Accept": "*/*", "Accept-Language": "*"}
"""Headers that do not tell one client from another."""


class Rest:
    """One server, with the bearer token of one device once there is one. Each answer sets the clock."""

    def __init__(self, url: str, clock: ServerClock) -> None:
        self.clock = clock
        self._http = httpx.AsyncClient(base_url=url, timeout=TIMEOUT, trust_env=False)

    def authorize(self, token: str) -> None:
        self._http.headers["Authorization"] = f"Bearer {token}"

    async def call(self, method: str, path: str, body: object = None) -> Any:
        """Ask and return the decoded answer (None for 204). Raises Refused, WrongLogin or Unreachable."""
        return await self._ask(self._http, method, path, body)

    async def _ask(self, http: httpx.AsyncClient, method: str, path: str, body: object) -> Any:
        try:
            response = await http.request(method, f"/v1{path}", json=body)
            answer = response.json() if response.content else None
        except (httpx.TransportError, ValueError) as error:
            raise Unreachable from error
        with contextlib.suppress(KeyError, TypeError, ValueError):
            self.clock.dated(int(parsedate_to_datetime(response.headers["Date"]).timestamp() * 1000))
        if response.is_success:
            return answer
        if not isinstance(answer, dict) or not isinstance(code := answer.get("code"), str):
            raise Unreachable(f"The server answered {response.status_code} without a reason.")
        if code == "wrong_login":
            raise WrongLogin(code)
        after = response.headers.get("Retry-After", "")
        raise Refused(code, answer.get("detail"), retry_after=int(after) if after.isdigit() else None)

    async def nameless(self, path: str, body: object) -> None:
        """Tell the server something that nobody said: without the token, on a connection of its own, and with the
        headers that every program sends. Raises Refused or Unreachable."""
        url = self._http.base_url
        async with httpx.AsyncClient(base_url=url, timeout=TIMEOUT, trust_env=False, headers=PLAIN) as http:
            await self._ask(http, "POST", path, body)

    async def items(self, path: str) -> AsyncIterator[Any]:
        """Every item of a list, page after page."""
        cursor = ""
        while True:
            page = await self.call("GET", path + cursor)
            for item in page["items"]:
                yield item
            if page["next"] is None:
                return
            cursor = f"?cursor={page['next']}"

    async def close(self) -> None:
        await asyncio.shield(self._http.aclose())
