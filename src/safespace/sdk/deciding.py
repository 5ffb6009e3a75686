"""A room in which members decide things for the whole group, by policy messages."""

from collections.abc import Callable
from typing import TypeVar

from pydantic import ValidationError

from safespace.crypto.sealed import Sealed
from safespace.rooms.actions import AnyAction
from safespace.rooms.running import settle
from safespace.rooms.state import State
from safespace.sdk.any_room import AnyRoom, Member
from safespace.sdk.errors import Refused
from safespace.sdk.place import Place
from safespace.sdk.sealing import seal_act

Kind = TypeVar("Kind", bound=Sealed)


class Deciding(AnyRoom):
    """What is decided raises Refused with the group's own reason, Removed, Left, Moved or UntrustedServer, and returns
    once the relay took it."""

    place: Place

    def members(self) -> list[Member]:
        """Who holds the keys, by pseudonym."""
        state = self.place.state
        listed = [member for id in (state.members if state else ()) if (member := self.member(id)) is not None]
        return sorted(listed, key=lambda member: member.pseudonym)

    def member(self, id: str) -> Member | None:
        """The member with this id, if there is one now."""
        entry = self.place.member(id)
        if entry is None:
            return None
        return Member(id, entry.pseudonym, entry.role, id == self.place.me, id in self.place.away)

    @property
    def policy(self) -> State | None:
        """What the group has agreed, folded from its policy messages; None until that is known."""
        return self.place.state

    def now(self) -> State:
        """What the group has agreed, and what time has made of it since. Raises what stands in the way of knowing."""
        self.log.check_usable()
        if self.place.state is None:
            raise Refused("not_a_member")
        return settle(self.place.state, self.place.session_time())

    async def do(self, action: AnyAction) -> None:
        """Say a policy message that changes no keys. Raises Refused, Removed, Left, Moved or UntrustedServer."""
        await self._decide(lambda: action)

    async def _decide(self, decide: Callable[[], AnyAction]) -> None:
        """Say what is decided, anew whenever something else came first."""
        await self.act(lambda client_id: seal_act(self.place, client_id, decide()))


def acting(kind: type[Kind], **fields: object) -> Kind:
    """An action. Raises Refused `invalid_field` where a field is out of range."""
    try:
        return kind.model_validate(fields)
    except ValidationError as error:
        raise Refused("invalid_field") from error
