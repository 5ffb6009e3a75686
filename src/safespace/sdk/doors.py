"""The door of a group: invites, who waits, letting them in or not, and a word to them meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from pydantic import ValidationError
from uuid6 import uuid7

from safespace.crypto import hpke
from safespace.crypto.errors import CryptoError
from safespace.crypto.invites import (
    Card,
    InviteKeys,
    Material,
    Visit,
    Word,
    open_card,
    open_material,
    seal_card,
    seal_material,
    seal_reply,
    seal_word,
)
from safespace.fields import Role, b64decode, b64encode
from safespace.rooms.actions import Admit
from safespace.rooms.names import taken
from safespace.rooms.namesakes import settled
from safespace.rooms.roles import STAFF, may
from safespace.rooms.state import Muted, State
from safespace.sdk.any_room import Member
from safespace.sdk.checks import Applicant, Suspicion, check_request
from safespace.sdk.clocks import date_of
from safespace.sdk.errors import Refused
from safespace.sdk.group_crypto import GroupCrypto
from safespace.sdk.invite_links import InviteLink
from safespace.sdk.lifetimes import until_usable
from safespace.sdk.place import Place
from safespace.sdk.reach import reachable
from safespace.sdk.rest import Rest
from safespace.sdk.sealing import Pending, seal_act
from safespace.sdk.sessions import Sessions

AT_ONCE = 200
"""Requests that are turned away in one go."""
DAY = 24 * 3600 * 1000
"""Milliseconds."""
_CANNOT = frozenset(
    {
        "request_decided",
        "request_unknown",
        "request_expired",
        "invite_used_up",
        "invite_revoked",
        "announcement_mismatch",
        "pseudonym_reserved",
        "pseudonym_taken",
        "rank_too_low",
    }
)
"""Why someone who waited cannot be admitted: no longer, or not by this member."""


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who waits to be admitted. `since` is when the server took the request.

    `replaces` is the member they are already, on another device, if the server says so: whoever admits them ends that
    membership, and the old device can no longer read. It is the server's word, so look whether it is the same person.
    """

    id: UUID
    pseudonym: str
    note: str
    since: datetime
    applicant: Applicant
    invite: UUID
    package: bytes
    replaces: Member | None = None
    was: str | None = None
    """The member id that they had here before, if the server says so, and are none now: their name is theirs again."""
    guest: Visit | None = None
    """What they were asked to come for as a guest: `segment` and `minutes`; None for who was asked to join."""
    removed: bool = False
    """Whether this account was removed from the group once, by the server's word."""
    muted: Muted | None = None
    """A mute that held when it went, and goes on, by the server's word. So does listening:"""
    listening: bool = False


@dataclass(frozen=True, slots=True)
class Unopened:
    """Someone who waits by a link that this device cannot open yet: it was made before this member took office.

    A device of one of `holders` hands it on by itself as soon as it is here.
    """

    since: datetime
    holders: list[Member]


class Doors(Sessions):
    """Who comes in, and who is told what meanwhile."""

    _rest: Rest
    _url: str

    async def create_invite(self, uses: int = 1, days: float = 1) -> str:
        """A link for `uses` people (1 to 500), good for `days`. Raises Refused, Removed or UntrustedServer.

        Whoever has it sees the group's name, welcome and rules and can ask to join, and browsers keep in their history
        what was opened: one person and one day are usually enough.
        """
        return await self._invite(uses, self._place.clock.now() + int(days * DAY), None)

    async def invite_guest(self, segment: str | None = None, minutes: int | None = None, uses: int = 1) -> str:
        """A link for a guest: someone who comes for a part of one session, and is gone when that is over.

        `segment` and `minutes` say what they are asked to come for, and for about how long. It is good until the
        session that is on, or else the next, is over; where none is planned, for a day. Raises as `create_invite`.
        """
        try:
            visit = Visit(segment=segment, minutes=minutes)
        except ValidationError as error:
            raise Refused("invalid_field") from error
        return await self._invite(uses, self._end_of_session(), visit)

    def _end_of_session(self) -> int:
        """When the session that is on, or the next, is over, in milliseconds; a day from now where there is none."""
        for session in self.sessions():
            ends = session.closes or session.starts + timedelta(minutes=session.minutes)
            return round(ends.timestamp() * 1000)
        return self._place.clock.now() + DAY

    async def _invite(self, uses: int, expires: int, guest: Visit | None) -> str:
        state, me = self._state, self._place.me
        own = self._place.member(me)
        if own is None or not may(own.role, "admit"):
            raise Refused("forbidden")
        self.main.log.check_usable()
        invite, (private, public) = uuid7(), hpke.generate()
        card = Card(
            group=state.group,
            room=state.room,
            name=state.name,
            welcome=state.welcome,
            rules=state.rules,
            sender=own.pseudonym,
            key=b64encode(public),
            guest=guest,
        )
        fragment, sealed = seal_card(invite.bytes, card)
        material = Material(fragment, private)
        admitters = [id for id, member in state.members.items() if may(member.role, "admit")]
        boxes = [
            {"member": id, "box": b64encode(seal_material(b64decode(state.members[id].key), invite.bytes, material))}
            for id in reachable(self.main.log.unreached, state, admitters)
        ]
        body = {
            "id": str(invite),
            "card": b64encode(sealed),
            "uses": uses,
            "expires": expires,
            "sealed": boxes,
        }
        await self._rest.call("POST", f"/groups/{self._state.group}/invites", body)
        return InviteLink(invite, fragment).at(self._url)

    async def waiting(self) -> list[Person]:
        """Those who wait, oldest first. Requests that do not hold together are left out, with a warning, and so are
        those of `unopened`, without one."""
        material: dict[UUID, _Held] | None = None
        people = []
        async for item in self._rest.items(f"/groups/{self._state.group}/requests"):
            material = await self._material() if material is None else material
            if (known := material.get(UUID(item["invite"]))) is None:
                continue  # see `unopened`
            replaces = None if item["replaces"] is None else self.main.member(item["replaces"])
            if replaces is None and item["replaces"] is not None:
                continue  # a member this device has not read of yet, or one that there is not
            request_id, package = UUID(item["id"]), b64decode(item["package"])
            try:
                applicant = check_request(
                    self._place,
                    known.keys,
                    known.private,
                    request_id,
                    expires=item["expires"],
                    package=package,
                    sealed=b64decode(item["sealed"]),
                    mac=b64decode(item["mac"]),
                    now=self._place.clock.now(),
                )
            except Suspicion as suspicion:
                self.main.log.warn(suspicion.code)
                continue
            said = applicant.request
            since = date_of(item["created"])
            people.append(
                Person(
                    request_id,
                    said.pseudonym,
                    said.note,
                    since,
                    applicant,
                    UUID(item["invite"]),
                    package,
                    replaces,
                    item["was"],
                    known.guest,
                    item["removed"],
                    None if item["muted"] is None else Muted(**item["muted"]),
                    item["listening"],
                )
            )
        return sorted(people, key=lambda person: person.since)

    async def unopened(self) -> list[Unopened]:
        """Those who wait by a link from before this member took office, as long as nobody who has it was here since,
        oldest first. Raises Refused."""
        group = self._state.group
        invites = {item["id"]: item async for item in self._rest.items(f"/groups/{group}/invites")}
        found = []
        async for item in self._rest.items(f"/groups/{group}/requests"):
            invite = invites.get(item["invite"])
            if invite is not None and invite["box"] is None:
                holders = [self.main.member(id) for id in invite["holders"]]
                found.append(Unopened(date_of(item["created"]), [one for one in holders if one is not None]))
        return sorted(found, key=lambda one: one.since)

    async def admit(self, person: Person, role: Role | None = None, *, listening: bool = False) -> None:
        """Let someone in, as `role`: by default what they were asked to come as, or were where they come back.

        Whose name is taken comes in with a number behind it ("Hazel 2"). With `listening` they only read until a
        moderator lets them speak; who left while muted or listening comes back that way. Only who comes back has a
        staff role at once. Returns once the relay took it. Raises Refused (`pseudonym_taken`, `pseudonym_reserved`, …),
        Removed, Moved, ClockWrong or UntrustedServer.
        """
        package = person.applicant.package
        await until_usable(package)
        said = person.applicant.request

        def reply(after: GroupCrypto, state: bytes) -> bytes:
            exported = after.export(b"safespace invite", person.id.bytes, 32)
            return seal_reply(b64decode(said.reply), self.main.id.bytes, package.ref, person.id.bytes, exported, state)

        def make(client_id: UUID) -> Pending:
            # Whoever left meanwhile, on the old device, comes like anyone else.
            replaces = None if person.replaces is None else self.main.member(person.replaces.id)
            name = settled(said.pseudonym, self._names_of_others(person))
            muted = None if replaces else person.muted
            action = Admit(
                target=b64encode(package.identity),
                pseudonym=name,
                role=role or (replaces.role if replaces else "guest" if person.guest else "member"),
                key=said.key,
                package=b64encode(package.ref),
                request=person.id,
                agreement=said.agreement,
                listening=listening or person.listening,
                replaces=None if replaces is None else replaces.id,
                session=None if muted is None else muted.session,
                until=None if muted is None else muted.until,
            )
            return seal_act(self._place, client_id, action, lambda crypto: crypto.add(person.package), reply)

        await self.main.act(make)

    async def admit_all(self, *, replacing: bool = False, removed: bool = False) -> list[Person]:
        """Let in everyone who waits now and can be let in; returns them.

        Those who would replace a member are passed over, as that shuts out a device on the server's word alone;
        `replacing` lets them in too. So are those who were removed once, without `removed`, and those who ask for the
        name of one of the staff. Raises as `admit` does.
        """
        admitted = []
        for person in await self.waiting():
            if (person.replaces is not None and not replacing) or (person.removed and not removed):
                continue
            if person.replaces is None and taken(person.pseudonym, self._names_of_staff()):
                continue
            try:
                await self.admit(person)
            except Refused as refused:
                if refused.code not in _CANNOT:
                    raise
            else:
                admitted.append(person)
        return admitted

    async def decline(self, person: Person, said: str | None = None, *, final: bool = False) -> None:
        """Tell someone no, with a kind word (up to 280 characters) if there is one. Raises Refused.

        They wait a while before they can ask again, longer each time; with `final` they cannot.
        """
        body = {"word": self._word(person, said, declined=True), "final": final}
        await self._rest.call("POST", f"/groups/{self._state.group}/requests/{person.id}/decline", body)

    async def turn_all_away(self, people: Sequence[Person] | None = None) -> None:
        """Tell everyone no who waits, or these, without a word: also those whose requests are not genuine."""
        group = self._state.group
        if people is None:
            ids = [item["id"] async for item in self._rest.items(f"/groups/{group}/requests")]
        else:
            ids = [str(person.id) for person in people]
        for at in range(0, len(ids), AT_ONCE):
            body = {"requests": ids[at : at + AT_ONCE]}
            await self._rest.call("POST", f"/groups/{group}/requests/decline", body)

    async def revoke_invite(self, link: str) -> None:
        """Take a link back. Who waits by it is told so, and waits no longer. Raises BadLink or Refused."""
        invite = InviteLink.read(link, self._url).invite
        await self._rest.call("DELETE", f"/groups/{self._state.group}/invites/{invite}")

    async def refused(self) -> int:
        """How many accounts were told not to ask again. Raises Refused."""
        answer = await self._rest.call("GET", f"/groups/{self._state.group}/refusals")
        return int(answer["count"])

    async def forgive(self) -> None:
        """Let everyone ask again who was told no. Raises Refused."""
        await self._rest.call("DELETE", f"/groups/{self._state.group}/refusals")

    async def tell(self, person: Person, said: str) -> None:
        """Tell someone who waits a word (up to 280 characters), in the place of the one before. Raises Refused."""
        body = {"word": self._word(person, said, declined=False)}
        await self._rest.call("POST", f"/groups/{self._state.group}/requests/{person.id}/word", body)

    async def tell_all(self, said: str) -> list[Person]:
        """Tell everyone who waits a word; returns them. Raises Refused."""
        told = []
        for person in await self.waiting():
            try:
                await self.tell(person, said)
            except Refused as refused:
                if refused.code not in _CANNOT:
                    raise
            else:
                told.append(person)
        return told

    async def thank(self, guest: Member) -> None:
        """See a guest off: they are removed, without a ban, and the keys change. It happens by itself when the session
        is over, or moves on from a part that was for a guest. Raises as `main.remove` does.
        """
        await self.main.remove(guest)

    def _names_of_staff(self) -> list[str]:
        return [one.pseudonym for one in self.main.members() if one.role in STAFF]

    def _names_of_others(self, person: Person) -> list[str]:
        """The names of members, of who was banned, and of who was here before as far as this device saw it, but for the
        person's own: a stranger shall not be taken for who spoke here lately."""
        before = [one for one in (person.replaces.id if person.replaces else None, person.was) if one is not None]
        return self._place.names_besides(*before)

    def _word(self, person: Person, said: str | None, *, declined: bool) -> str:
        me = self._place.member(self._place.me)
        if me is None:
            raise Refused("not_a_member")
        try:
            word = Word(declined=declined, sender=me.pseudonym, text=said)
        except ValidationError as error:
            raise Refused("invalid_field", "A word is empty or too long.") from error
        asked = person.applicant.request
        keys = b64decode(asked.reply), b64decode(asked.key)
        return b64encode(seal_word(*keys, person.invite.bytes, person.id.bytes, word))

    @property
    def _place(self) -> Place:
        return self.main.place

    @property
    def _state(self) -> State:
        state = self._place.state
        assert state is not None  # noqa: S101 - a Group is only made once its state is known
        return state

    async def _material(self) -> "dict[UUID, _Held]":
        """What this member holds of each invite that they can open."""
        held = {}
        async for item in self._rest.items(f"/groups/{self._state.group}/invites"):
            if item["box"] is None:
                continue
            invite = UUID(item["id"])
            try:
                material = open_material(self._place.policy_private, invite.bytes, b64decode(item["box"]))
                keys = InviteKeys.derive(material.fragment, invite.bytes)
                card = open_card(keys, b64decode(item["card"]))
            except CryptoError:
                self.main.log.warn("forged_request")
                continue
            held[invite] = _Held(keys, material.private, card.guest)
        return held


@dataclass(frozen=True, slots=True, repr=False)
class _Held:
    """An invite as one who admits holds it: its keys, its HPKE private key, and whether it is for a guest."""

    keys: InviteKeys
    private: bytes
    guest: Visit | None
