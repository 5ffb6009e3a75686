"""What a further room has agreed, and the policy messages that change it: their exact form, read strictly.

See docs/protocol.md, "Further rooms". `web/src/room/furtherState.ts` reads and writes alike (vectors in
`tests/vectors/further.json`).
"""

from collections import Counter
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from safespace.crypto.invites import One, Signature
from safespace.crypto.sealed import Sealed
from safespace.fields import Count, Digest, Id, Identity, Purpose
from safespace.rooms.state import MAX_DEPARTED, read_agreed


class Endorsed(Sealed):
    """A leaf in a further room, and its member's signature over it (`safespace.crypto.endorsements`)."""

    leaf: Identity
    endorsement: Signature


class Open(Sealed):
    """Begin a further room, with oneself in it. `target` is whom an aside is about, and null else."""

    action: Literal["open"] = "open"
    target: Identity | None
    group: Id
    room: Id
    purpose: Purpose
    leaf: Identity
    endorsement: Signature


class Bring(Sealed):
    """Bring a member of the group into the room, by a KeyPackage that the relay handed out for it.

    In a passing room also one who stands in it: their leaf, whose keys are gone, departs by this.
    """

    action: Literal["bring"] = "bring"
    target: Identity
    leaf: Identity
    endorsement: Signature
    package: Digest
    """KeyPackageRef (RFC 9420 section 5.2)."""


class LeaveRoom(Sealed):
    action: Literal["leave"] = "leave"
    target: None = None


class RemoveFromRoom(Sealed):
    """Take a member out of the room: one who no longer belongs in it, or, by staff, one of a lower rank."""

    action: Literal["remove"] = "remove"
    target: Identity


AnyFurtherAction = Open | Bring | LeaveRoom | RemoveFromRoom


class FurtherState(Sealed):
    """What those in a further room agree on. No leaf stands in it twice."""

    v: One = 1
    group: Id
    room: Id
    purpose: Purpose
    about: Identity | None
    main: Count
    """The policy_seq of main that the last message was made on."""
    members: dict[Identity, Endorsed]
    departed: Annotated[tuple[Identity, ...], Field(max_length=MAX_DEPARTED)] = ()

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if (self.about is not None) != (self.purpose == "aside"):
            raise ValueError("an aside is about someone, and no other room is")
        leaves = Counter((*self.departed, *(member.leaf for member in self.members.values())))
        if leaves and max(leaves.values()) > 1:
            raise ValueError("a leaf belongs to one member")
        return self


class FurtherMessage(Sealed):
    """The sealed half of a policy envelope. `seq` and `main` are the policy_seqs, here and in main, it was made on."""

    kind: Literal["policy"] = "policy"
    actor: Identity
    seq: Count
    main: Count
    state: Digest
    action: Annotated[AnyFurtherAction, Field(discriminator="action")]


class FurtherStateMessage(Sealed):
    """The state as handed to who is brought."""

    kind: Literal["state"] = "state"
    state: FurtherState


def read_policy(content: bytes) -> FurtherMessage:
    """The content of a policy message. Raises PolicyError `invalid_field`."""
    return read_agreed(FurtherMessage, content)


def read_state(content: bytes) -> FurtherState:
    """The state inside a state message's content. Raises PolicyError `invalid_field`."""
    return read_agreed(FurtherStateMessage, content).state
