"""What concerns a whole group: who keeps it, how long it remembers, and what was done in it."""

import asyncio

from safespace.fields import Role, b64encode
from safespace.rooms.actions import (
    Accept,
    Agree,
    Demote,
    EndOffer,
    Offer,
    Rename,
    RenameGroup,
    Retain,
    StepDown,
    Unban,
    WriteCharter,
    WriteWelcome,
)
from safespace.rooms.former import ids_of
from safespace.rooms.live_actions import WriteRules
from safespace.rooms.names import refusal
from safespace.rooms.offices import standing_offer
from safespace.rooms.state import Banned
from safespace.sdk.any_room import Member
from safespace.sdk.deciding import acting
from safespace.sdk.deeds import Deed, seal_deeds
from safespace.sdk.errors import Refused
from safespace.sdk.room import Room


class Offices:
    """A group's offices. What is done raises Refused with the group's own reason, Removed, Left, Moved or
    UntrustedServer, and returns once the relay took it."""

    main: Room

    @property
    def charter(self) -> str:
        """What moderators and above agree to."""
        state = self.main.policy
        return state.charter.text if state else ""

    @property
    def rules(self) -> str:
        """What everyone agrees to."""
        state = self.main.policy
        return state.rules.text if state else ""

    async def write_rules(self, text: str) -> None:
        """Write the ground rules anew: whoever writes them agrees, and nobody else says anything before they do.

        Refused: `forbidden`, `invalid_field`.
        """
        await self.main.do(acting(WriteRules, rules=text))

    async def agree(self) -> None:
        """Agree to `rules` as they stand now. Refused: `invalid_field` where they change meanwhile: read them again."""
        await self.main.do(Agree(version=self.main.now().rules.version))

    @property
    def offered(self) -> Role | None:
        """The role that this member may accept."""
        state, me = self.main.policy, self.main.place.me
        made = standing_offer(state, me) if state and me else None
        return made.role if made else None

    async def offer_role(self, member: Member, role: Role) -> None:
        """Ask a member to take a role of staff: one below one's own, or, by an owner, any. They accept or decline.

        Refused: `forbidden`, `rank_too_low`, `unknown_member`, `already_offered`.
        """
        await self.main.do(acting(Offer, target=member.id, role=role))

    async def end_offer(self, member: Member) -> None:
        """Take back an offer, or decline one's own. Refused: `no_offer`, `rank_too_low`, `unknown_member`."""
        await self.main.do(acting(EndOffer, target=member.id))

    async def accept_role(self) -> None:
        """Take the role that is offered, and agree to `charter` as it stands now.

        Refused: `no_offer`; `invalid_field` where the charter changes meanwhile: read it, and accept again.
        """
        state, role = self.main.policy, self.offered
        self.main.log.check_usable()
        if state is None or role is None:
            raise Refused("no_offer")
        await self.main.do(acting(Accept, role=role, version=state.charter.version))

    async def demote(self, member: Member, role: Role) -> None:
        """Give someone of a lower rank than one's own a lower role. Refused: `forbidden`, `rank_too_low`, `unchanged`,
        `unknown_member`."""
        await self.main.do(acting(Demote, target=member.id, role=role))

    async def step_down(self, role: Role = "member") -> None:
        """Take a lower role. Refused: `last_owner` for the only owner, `forbidden`, `unchanged`."""
        await self.main.do(acting(StepDown, role=role))

    async def hand_over(self, member: Member, role: Role = "facilitator") -> None:
        """Offer someone the group, wait until they accept, and step down to `role`.

        Cancelled while waiting, the offer stands. Refused: `no_offer` once it does not; else as `offer_role`.
        """
        if self._offered_to(member) != "owner":
            await self.offer_role(member, "owner")
        await self.main.log.until(lambda: self._is_owner(member) or self._offered_to(member) != "owner")
        if not self._is_owner(member):
            raise Refused("no_offer")
        await self.step_down(role)

    async def unban(self, banned: Banned) -> None:
        """Let someone of `main.policy.banned` ask again. Refused: `forbidden`, `not_banned`."""
        await self.main.do(acting(Unban, target=banned.member))

    async def retain(self, days: int) -> None:
        """Keep messages for so many days, 0 for ever. Refused: `forbidden`, `unchanged`, `invalid_field`."""
        await self.main.do(acting(Retain, days=days))

    async def write_charter(self, text: str) -> None:
        """Write the charter anew. Who has a role keeps it. Refused: `forbidden`, `invalid_field`."""
        await self.main.do(acting(WriteCharter, charter=text))

    async def rename(self, name: str) -> None:
        """Give the group another name. Invites that there are show the old one. Refused: `forbidden`, `unchanged`,
        `invalid_field`."""
        await self.main.do(acting(RenameGroup, name=name))

    async def set_welcome(self, text: str) -> None:
        """Write the welcome anew, for invites from now on. Refused: `forbidden`, `unchanged`, `invalid_field`."""
        await self.main.do(acting(WriteWelcome, welcome=text))

    async def rename_me(self, pseudonym: str) -> None:
        """Take another name here. It is told to everyone; the old one is nobody else's for thirty days.

        Refused: `pseudonym_taken` (or like another's), `pseudonym_reserved`, `renamed_often` (three times of late),
        `unchanged`, `invalid_field`, and whatever keeps one from writing for now (`muted`, …).
        """
        place = self.main.place
        if (code := refusal(pseudonym, place.names_besides(place.me or ""))) is not None:
            raise Refused(code)
        await self.main.do(acting(Rename, pseudonym=pseudonym))

    def audit(self) -> list[Deed]:
        """What was done since this device is in the group, oldest first, by the group's own record: all of it for
        moderators and above, for others what concerns them."""
        place = self.main.place
        me = place.me or b64encode(place.leaf.identity)  # one's last act, or the end of one's time here, too
        entry = place.member(me)
        mine = ids_of(place.state, me) if place.state else [me]
        return [deed for deed in self.main.log.record if deed.concerns(mine, entry.role if entry else "guest")]

    async def export_audit(self, passphrase: str) -> str:
        """`audit()` as the content of a file that only the passphrase opens: `open_audit`, or the pages."""
        return await asyncio.to_thread(seal_deeds, self.audit(), passphrase)

    def _offered_to(self, member: Member) -> Role | None:
        state = self.main.policy
        made = standing_offer(state, member.id) if state and member.id in state.members else None
        return made.role if made else None

    def _is_owner(self, member: Member) -> bool:
        now = self.main.member(member.id)
        return now is not None and now.role == "owner"
