"""A group's main room as people use it: what the group has agreed, and removing someone."""

from collections.abc import Callable
from uuid import UUID

from safespace.rooms.actions import AnyAction, Leave, Remove
from safespace.rooms.state import State
from safespace.sdk.any_room import AnyRoom, Member
from safespace.sdk.errors import Refused
from safespace.sdk.group_crypto import Commit, GroupCrypto
from safespace.sdk.place import Place
from safespace.sdk.sealing import Pending, seal_act
from safespace.sdk.store import Store
from safespace.wire import Frame, b64decode


class Room(AnyRoom):
    """`Group.main`."""

    def __init__(
        self, place: Place, store: Store, post: Callable[[Frame], None], update_jitter: tuple[float, float] | None
    ) -> None:
        super().__init__(place, store, post, update_jitter)
        self.place = place
        """What this device knows of the room, keys included."""

    def members(self) -> list[Member]:
        """Who holds the keys, by pseudonym."""
        state = self.place.state
        listed = [member for id in (state.members if state else ()) if (member := self.member(id)) is not None]
        return sorted(listed, key=lambda member: member.pseudonym)

    def member(self, id: str) -> Member | None:
        """The member with this id, if there is one now."""
        entry = self.place.member(id)
        return None if entry is None else Member(id, entry.pseudonym, entry.role, id == self.place.me)

    @property
    def policy(self) -> State | None:
        """What the group has agreed, folded from its policy messages; None until that is known."""
        return self.place.state

    @property
    def floor(self) -> str:
        """Who may speak: everyone (`open`)."""
        return "open"

    async def remove(self, member: Member) -> None:
        """Remove a member; returns once the relay took it. The rest rekey before the next message.

        Raises Refused (`forbidden`, `rank_too_low`, `unknown_member`, …), Removed, Left or UntrustedServer.
        """

        def make(client_id: UUID) -> Pending | None:
            entry = self.place.member(member.id)
            if entry is None:
                return None  # someone else was faster
            leaves = [self.place.leaf_in_tree(b64decode(leaf)) for leaf in entry.leaves]
            keys = [(leaf.identity, leaf.signature_key) for leaf in leaves if leaf is not None]
            return seal_act(self.place, client_id, Remove(target=member.id), lambda crypto: crypto.remove(keys))

        self.log.check_usable()
        if self.place.member(member.id) is None:
            raise Refused("unknown_member")
        await self.act(make)

    async def leave(self) -> None:
        """Leave the group. Raises Refused `last_owner` for its only owner."""
        await self.do(Leave())

    async def do(self, action: AnyAction) -> None:
        """Say a policy message that changes no keys. Raises Refused, Removed, Left, Moved or UntrustedServer."""
        await self.act(lambda client_id: seal_act(self.place, client_id, action))

    def _seal_commit(self, client_id: UUID, make: Callable[[GroupCrypto], Commit]) -> Pending:
        return seal_act(self.place, client_id, None, make)
