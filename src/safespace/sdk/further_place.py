"""A device's place in a further room: who is in it, and the place in main by which that is judged."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal

from safespace.crypto.mls import Leaf
from safespace.fields import Purpose, Role, b64encode
from safespace.rooms.further import belongs, outsiders
from safespace.rooms.further_state import FurtherState
from safespace.rooms.roll import role_now
from safespace.sdk.any_place import AnyPlace, Status, load_common
from safespace.sdk.errors import ClientError, Ended, Left, RoomWarning
from safespace.sdk.place import Place
from safespace.sdk.said import HelpMessage, Said, TextMessage
from safespace.wire import Envelope

Help = Literal["asked", "answered"]
"""Whether the member whom an aside is about asks for help, and whether anyone has said something to them since."""


@dataclass(slots=True, kw_only=True)
class FurtherPlace(AnyPlace):
    """`own` is this device's member id; `brought` is set until who was brought has got the state."""

    state: FurtherState | None = None
    main: Place
    own: str
    brought: bool = False
    passing: bool = False
    """Whether nothing of it may ever be saved."""
    help: Help | None = None

    @property
    def me(self) -> str | None:
        return self.own if self.state is not None and self.own in self.state.members else None

    @property
    def purpose(self) -> Purpose | None:
        """What the room is for; None until that is known."""
        return None if self.state is None else self.state.purpose

    @property
    def judges_refusals(self) -> bool:
        # Why the relay refuses in a passing room main says, and the two logs have no common order.
        return not self.passing

    @property
    def contested(self) -> Collection[str]:
        # Whoever goes in main goes here, too.
        return [*self.disputed.named, *self.main.disputed.named]

    @property
    def known(self) -> bool:
        return self.state is not None

    @property
    def newcomer(self) -> bool:
        return self.brought

    @property
    def days(self) -> int:
        return self.main.days

    @property
    def gone(self) -> Collection[str]:
        return self.state.departed if self.state else ()

    @property
    def outsiders(self) -> list[str]:
        """Members of the room who, as far as main was read, have no place in it."""
        return outsiders(self.state, self.main.roll) if self.state else []

    @property
    def departed(self) -> list[Leaf]:
        if self.state is None:
            return []
        gone = {*self.state.departed, *(self.state.members[id].leaf for id in self.outsiders)}
        return [leaf for leaf in self.public.leaves() if b64encode(leaf.identity) in gone]

    @property
    def halted(self) -> RoomWarning | None:
        return next((warning for warning in self.warnings if warning.halting), self.main.halted)

    def member_of(self, identity: bytes) -> str | None:
        name = b64encode(identity)
        members = self.state.members if self.state else {}
        return next((member for member, entry in members.items() if entry.leaf == name), None)

    def name_of(self, member: str) -> str | None:
        known = self.main.roll.get(member)
        return None if known is None else known.pseudonym

    def role_of(self, member: str) -> Role | None:
        return role_now(self.main.roll, member)

    @property
    def ending(self) -> ClientError | None:
        if self.main.ending is not None:
            return self.main.ending
        match self.status:
            case "left":
                return Left()
            case "member":
                return None
        return Ended(announced=self.status in ("removed", "undone"))

    def turned_out(self, code: str) -> Status:
        if self.state is None:
            return "refused"
        role = role_now(self.main.roll, self.own)
        return "refused" if belongs(self.state.purpose, self.state.about, self.own, role) else "removed"

    def heard(self, member: str, said: Said) -> None:
        """Only whom an aside is about asks for help there; what anyone else says to them after that is an answer."""
        of_member = self.state is not None and member == self.state.about
        match said:
            case HelpMessage(help=asked) if of_member:
                self.help = "asked" if asked else None
            case TextMessage() if self.help is not None and not of_member:
                self.help = "answered"

    def waits_for(self, envelope: Envelope) -> bool:
        return envelope.policy is not None and (envelope.policy.main or 0) > self.main.policy_seq

    def dump(self) -> dict[str, Any]:
        return self._dump_common() | {"own": self.own, "brought": self.brought, "help": self.help}

    @classmethod
    def load(cls, saved: dict[str, Any], main: Place) -> "FurtherPlace":
        own = {name: saved[name] for name in ("own", "brought", "help")}
        return cls(**load_common(saved, FurtherState), main=main, **own)
