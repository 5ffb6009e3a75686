"""What members can do to what a group has agreed: every policy action, its exact fields, and which of them it shows.

See docs/protocol.md, "Policy". `web/src/room/actions.ts` has the same.
"""

from collections.abc import Mapping
from typing import Annotated, Final, Literal, get_args

from pydantic import Field

from safespace.crypto.invites import Agreement, Version
from safespace.crypto.sealed import Sealed
from safespace.crypto.texts import Charter, GroundRules, GroupName, Pseudonym, Welcome
from safespace.crypto.x25519 import PublicKey
from safespace.fields import Count, Days, Digest, Id, Identity, Line, MuteLength, Role
from safespace.rooms.boxes import Boxes
from safespace.rooms.live_actions import LiveAction
from safespace.wire import PolicyPart, Shown


class SealedReason(Sealed):
    """A reason that the target and the staff can read; for the others its HMAC. See `safespace.crypto.reasons`."""

    mac: Digest
    boxes: Boxes


class Create(Sealed):
    action: Literal["create"] = "create"
    target: None = None
    group: Id
    room: Id
    name: GroupName
    welcome: Welcome
    presence: bool
    days: Days
    rules: GroundRules
    charter: Charter
    pseudonym: Pseudonym
    key: PublicKey


class Admit(Sealed):
    action: Literal["admit"] = "admit"
    target: Identity
    pseudonym: Pseudonym
    role: Role
    key: PublicKey
    package: Digest
    """KeyPackageRef (RFC 9420 section 5.2)."""
    request: Id
    agreement: Agreement
    listening: bool
    """Whether they only read until someone lets them speak."""
    replaces: Identity | None = None
    """The member who comes back with this leaf: the old membership ends where the new one begins."""
    session: bool | None = None
    """Whether a mute that held when they went, and goes on, ends with the session, too; None where there is none."""
    until: Count | None = None
    """When that ends (milliseconds); None when somebody lifts it."""


class Agree(Sealed):
    action: Literal["agree"] = "agree"
    target: None = None
    version: Version


class Leave(Sealed):
    action: Literal["leave"] = "leave"
    target: None = None


class Remove(Sealed):
    action: Literal["remove"] = "remove"
    target: Identity
    ban: bool = False
    reason: SealedReason | None = None


class Offer(Sealed):
    """Ask a member to take a higher role. It is theirs once they accept."""

    action: Literal["offer"] = "offer"
    target: Identity
    role: Role


class EndOffer(Sealed):
    """Decline an offer made to oneself, or take one back."""

    action: Literal["end_offer"] = "end_offer"
    target: Identity


class Accept(Sealed):
    """Take the offered role, having agreed to the charter of this version."""

    action: Literal["accept"] = "accept"
    target: None = None
    role: Role
    version: Version


class Demote(Sealed):
    action: Literal["demote"] = "demote"
    target: Identity
    role: Role


class StepDown(Sealed):
    action: Literal["step_down"] = "step_down"
    target: None = None
    role: Role


class Mute(Sealed):
    action: Literal["mute"] = "mute"
    target: Identity
    length: MuteLength
    reason: SealedReason | None = None


class Unmute(Sealed):
    action: Literal["unmute"] = "unmute"
    target: Identity


class MuteAll(Sealed):
    """While on, only moderators and above write."""

    action: Literal["mute_all"] = "mute_all"
    target: None = None
    on: bool


class LetSpeak(Sealed):
    """End a newcomer's listening."""

    action: Literal["let_speak"] = "let_speak"
    target: Identity


class TakeDown(Sealed):
    """Take down the message at seq `line`, which `target` wrote."""

    action: Literal["take_down"] = "take_down"
    target: Identity
    line: Line
    reason: SealedReason | None = None


class Restore(Sealed):
    """Undo a take_down, for as long as the relay still has the message."""

    action: Literal["restore"] = "restore"
    target: Identity
    line: Line


class Unban(Sealed):
    action: Literal["unban"] = "unban"
    target: Identity


class Retain(Sealed):
    """How many days messages are kept; 0 is for ever."""

    action: Literal["retain"] = "retain"
    target: None = None
    days: Days


class WriteCharter(Sealed):
    """A new version of the moderators' charter."""

    action: Literal["write_charter"] = "write_charter"
    target: None = None
    charter: Charter


class RenameGroup(Sealed):
    """Another name for the group."""

    action: Literal["rename_group"] = "rename_group"
    target: None = None
    name: GroupName


class WriteWelcome(Sealed):
    """Another welcome, for those who are invited from now on."""

    action: Literal["write_welcome"] = "write_welcome"
    target: None = None
    welcome: Welcome


class Rename(Sealed):
    """Another pseudonym for oneself. The old one is nobody else's for a while (`safespace.rooms.naming`)."""

    action: Literal["rename"] = "rename"
    target: None = None
    pseudonym: Pseudonym


LaterAction = (
    Admit
    | Agree
    | Leave
    | Remove
    | Offer
    | EndOffer
    | Accept
    | Demote
    | StepDown
    | Mute
    | Unmute
    | MuteAll
    | LetSpeak
    | TakeDown
    | Restore
    | Unban
    | Retain
    | WriteCharter
    | RenameGroup
    | WriteWelcome
    | Rename
    | LiveAction
)
"""What is done in a group that there is."""
AnyAction = Create | LaterAction
Action = Annotated[AnyAction, Field(discriminator="action")]

SHOWN: Final[Mapping[str, tuple[str, ...]]] = {
    kind.model_fields["action"].default: tuple(name for name in Shown.model_fields if name in kind.model_fields)
    for kind in AnyAction.__args__
}
"""By action, the fields that stand in clear beside it."""

_KINDS: Final = {kind.model_fields["action"].default: kind for kind in AnyAction.__args__}


def shows_its_own(clear: PolicyPart) -> bool:
    """Whether what is shown of an action is every field of that action that is never null, and none of another's."""
    fields = _KINDS[clear.action].model_fields
    for name in Shown.model_fields:
        kind = fields[name].annotation if name in fields else None
        given, allowed = getattr(clear, name) is not None, kind not in (None, type(None))
        if given > allowed or (not given and allowed and type(None) not in get_args(kind)):
            return False
    return True


def shown(action: AnyAction) -> dict[str, object]:
    """What an action shows, by field."""
    return {name: getattr(action, name) for name in SHOWN[action.action]}
