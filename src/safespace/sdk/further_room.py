"""A further room as people use it: the staff room, or an aside (docs/protocol.md, "Further rooms")."""

import contextlib
from collections.abc import Callable
from uuid import UUID

from uuid6 import uuid7

from safespace.crypto.mls import MLSError, check_key_package
from safespace.fields import Purpose, b64decode, b64encode
from safespace.rooms.further_state import Bring, LeaveRoom, RemoveFromRoom
from safespace.rooms.passing import has_place
from safespace.rooms.roll import role_at
from safespace.sdk.any_room import AnyRoom, Member
from safespace.sdk.checks import Suspicion, check_endorsed
from safespace.sdk.errors import ClientError, Refused, RoomWarning, UntrustedServer
from safespace.sdk.further_place import FurtherPlace, Help
from safespace.sdk.further_sealing import seal_further
from safespace.sdk.group_crypto import Commit, GroupCrypto
from safespace.sdk.lifetimes import until_usable
from safespace.sdk.rest import Rest
from safespace.sdk.room import Room
from safespace.sdk.said import HelpMessage
from safespace.sdk.sealing import Pending
from safespace.sdk.store import Store
from safespace.wire import Frame


class FurtherRoom(AnyRoom):
    """`Group.staff`, one of `Group.rooms`, made by `Group.aside`, or come into by `Breakout.enter`."""

    def __init__(
        self,
        main: Room,
        rest: Rest,
        place: FurtherPlace,
        store: Store,
        post: Callable[[Frame], None],
        update_jitter: tuple[float, float] | None,
    ) -> None:
        super().__init__(place, store, post, update_jitter)
        self.place = place
        """What this device knows of the room, keys included."""
        self._main = main
        self._rest = rest

    @property
    def purpose(self) -> Purpose | None:
        """What the room is for; None until that is known."""
        return None if self.place.state is None else self.place.state.purpose

    @property
    def about(self) -> Member | None:
        """Whom an aside is about."""
        state = self.place.state
        return None if state is None or state.about is None else self._main.member(state.about)

    @property
    def help(self) -> Help | None:
        """`asked` while the member whom an aside is about waits for someone, `answered` once somebody spoke to them."""
        return self.place.help

    async def say_ok(self) -> None:
        """Say that one needs no help, or no more. Raises what `send` does, and Refused `forbidden` elsewhere."""
        await self._say_help(False)

    async def ask_for_help(self) -> None:
        """Ask everyone in one's own aside for help. Raises as `say_ok` does."""
        await self._say_help(True)

    async def _say_help(self, asked: bool) -> None:
        self.log.check_usable()
        if self.about is None or not self.about.me:
            raise Refused("forbidden")
        await self.log.deliver(Pending(uuid7(), content=HelpMessage(help=asked).written()))

    def members(self) -> list[Member]:
        state = self.place.state
        listed = [member for id in (state.members if state else ()) if (member := self.member(id)) is not None]
        return sorted(listed, key=lambda member: member.pseudonym)

    def member(self, id: str) -> Member | None:
        state, roll = self.place.state, self.place.main.roll
        if state is None or id not in state.members:
            return None
        # Of someone who is on the way out, as they were when the room last changed.
        role = role_at(roll, id, state.main) or "guest"
        return Member(id, roll[id].pseudonym, role, id == self.place.own)

    async def bring(self, member: Member) -> None:
        """Bring a member of the group into the room; returns once the relay took it.

        Raises Refused (`does_not_belong`, `already_member`, `key_package_exhausted`, …), UntrustedServer where the
        server hands out keys that are not the member's, ClockWrong, or what `send` raises.
        """
        self.log.check_usable()
        package, action = await self._take(member)

        def make(client_id: UUID) -> Pending | None:
            state = self.place.state
            if state is not None and member.id in state.members and not self.place.passing:
                return None  # someone else was faster
            return seal_further(self.place, client_id, action, lambda crypto: crypto.add(package))

        await self.act(make)

    async def send(self, text: str, note: str | None = None) -> int:
        seq = await super().send(text, note)
        if self.place.purpose == "capsule":
            await self._main.spoken()
        return seq

    async def remove(self, member: Member) -> None:
        """Take a member of lower rank out of the room. Raises Refused (`rank_too_low`, `unknown_member`, …)."""
        await self.act(lambda client_id: self._seal_out(client_id, member.id))

    async def leave(self) -> None:
        """Leave the room, not the group."""
        await self.act(lambda client_id: seal_further(self.place, client_id, LeaveRoom()))

    def please_bring(self, members: list[str]) -> None:
        """The relay asks for these to be brought. Who they are, main says."""
        self.log.chores.start(self._bring_staff(members), "bring")

    async def _bring_staff(self, members: list[str]) -> None:
        for id in members:
            member = self._main.member(id)
            if member is not None and (self.place.passing or self.member(id) is None) and self._is_for(member):
                with contextlib.suppress(ClientError):  # someone else will be asked
                    await self.bring(member)

    def _is_for(self, member: Member) -> bool:
        """Whether the group sent them here, where that is what a room is for."""
        return not self.place.passing or has_place(self._main.now().live, self.id, member.id, member.role)

    async def _take(self, member: Member) -> tuple[bytes, Bring]:
        """One of the member's KeyPackages, and the announcement of it."""
        wanted = {"member": member.id, "room": str(self.id)}
        taken = await self._rest.call("POST", f"/groups/{self.place.group}/key-packages/take", wanted)
        try:
            package = b64decode(taken["package"])
            checked = check_key_package(package, self._main.place.clock.now() // 1000)
            check_endorsed(self.place.main, member.id, taken["endorsement"], checked)
        except (Suspicion, MLSError, ValueError) as error:
            self._main.log.warn("package_forged")
            raise UntrustedServer(RoomWarning("package_forged")) from error
        await until_usable(checked)
        action = Bring(
            target=member.id,
            leaf=b64encode(checked.identity),
            endorsement=taken["endorsement"],
            package=b64encode(checked.ref),
        )
        return package, action

    def _seal_out(self, client_id: UUID, member: str) -> Pending:
        """Take a member's leaf out of the room, and say so."""
        state = self.place.state
        entry = state.members.get(member) if state else None
        leaf = None if entry is None else self.place.leaf_in_tree(b64decode(entry.leaf))
        if leaf is None:
            raise Refused("unknown_member")
        keys = [(leaf.identity, leaf.signature_key)]
        return seal_further(self.place, client_id, RemoveFromRoom(target=member), lambda crypto: crypto.remove(keys))

    def _seal_commit(self, client_id: UUID, make: Callable[[GroupCrypto], Commit]) -> Pending:
        return seal_further(self.place, client_id, None, make)

    async def _rekey(self, named: set[bytes]) -> None:
        """Who left is only taken out of the tree; who no longer belongs is taken out of the room's state, too."""
        with contextlib.suppress(ClientError):  # someone else will be asked
            while self._outsider(named) is not None:
                await self.act(lambda client_id: self._seal_outsider(client_id, named), rekeying=True)
        await super()._rekey(named)

    def _outsider(self, named: set[bytes]) -> str | None:
        state = self.place.state
        leaves = {} if state is None else {id: b64decode(state.members[id].leaf) for id in self.place.outsiders}
        return next((id for id, leaf in leaves.items() if leaf in named and id != self.place.own), None)

    def _seal_outsider(self, client_id: UUID, named: set[bytes]) -> Pending | None:
        outsider = self._outsider(named)
        return None if outsider is None else self._seal_out(client_id, outsider)
