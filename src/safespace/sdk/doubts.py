"""Whose devices could not follow what others did, as the server tells those who moderate."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from safespace.sdk.reports import Someone
from safespace.sdk.rest import Rest
from safespace.sdk.room import Room
from safespace.sdk.statements import Statements


@dataclass(frozen=True, slots=True)
class Doubt:
    """`by` could not follow what `author` did at this line, by the server's word. `barred`: for that, and what others
    said, the server takes no more changes of keys from the author for now."""

    room: UUID
    seq: int
    by: Someone
    author: Someone
    about: Literal["commit", "act"]
    barred: bool


class Doubts:
    """The part of a group that reads them."""

    main: Room
    _rest: Rest

    async def doubts(self) -> list[Doubt]:
        """Those of the last 24 hours, the newest first. Raises Refused `forbidden` for who does not moderate."""
        who = Statements(self.main.place).someone
        return [
            Doubt(UUID(item["room"]), item["seq"], who(item["by"]), who(item["author"]), item["about"], item["barred"])
            async for item in self._rest.items(f"/groups/{self.main.place.group}/doubts")
        ]
