"""A room in which members decide things for the whole group, by policy messages."""

from collections.abc import Callable
from typing import TypeVar

from pydantic import ValidationError

from safespace.crypto.sealed import Sealed
from safespace.rooms.actions import AnyAction
from safespace.rooms.moderation import as_read_by
from safespace.rooms.running import settle
from safespace.rooms.silence import is_muted
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
        state = self._read()
        listed = [self._listed(state, id) for id in state.members] if state else []
        return sorted(listed, key=lambda member: member.pseudonym)

    def member(self, id: str) -> Member | None:
        """The member with this id, if there is one now."""
        state = self._read()
        return self._listed(state, id) if state and id in state.members else None

    def _listed(self, state: State, id: str) -> Member:
        entry, place = state.members[id], self.place
        muted = is_muted(state, id, place.session_time())
        return Member(id, entry.pseudonym, entry.role, id == place.me, id in place.away, muted)

    @property
    def policy(self) -> State | None:
        """What the group has agreed, folded from its policy messages, as this member may read it: others' mutes are for
        moderators and above. None until it is known."""
        return None if self.place.state is None else as_read_by(self.place.state, self.place.me or "")

    def now(self) -> State:
        """`policy`, and what time has made of it since. Raises what stands in the way of knowing."""
        self.log.check_usable()
        if (state := self._read()) is None:
            raise Refused("not_a_member")
        return state

    def _read(self) -> State | None:
        state = self.policy
        return None if state is None else settle(state, self.place.session_time())

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
