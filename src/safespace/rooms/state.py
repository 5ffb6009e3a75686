"""What a group has agreed, and the policy messages that change it: their exact form, read strictly.

See docs/protocol.md, "Policy". `web/src/room/state.ts` reads and writes alike (vectors in `tests/vectors/policy.json`).
"""

from collections import Counter
from typing import Annotated, Literal, Self, TypeVar

from pydantic import Field, ValidationError, model_validator

from safespace.crypto.encoding import canonical_json
from safespace.crypto.invites import Agreement, One, Rules, Sealed, Version
from safespace.crypto.texts import GroundRules, GroupName, Pseudonym, Welcome
from safespace.errors import SafeSpaceError
from safespace.wire import Count, Digest, Id, Identity, Role

MAX_DEPARTED = 64
"""How many departed leaves a state remembers, the newest."""


class PolicyError(SafeSpaceError):
    """A policy message that nobody applies, with a code of `errors.CODES`."""


class Member(Sealed):
    """One member. `agreed` is the version of the ground rules agreed to."""

    pseudonym: Pseudonym
    role: Role
    key: Digest
    """HPKE public key: the policy key."""
    agreed: Version
    leaves: tuple[Identity, ...] = Field(min_length=1)


class State(Sealed):
    """What all members agree on. Always has an owner; no leaf and no pseudonym stands in it twice."""

    v: One = 1
    group: Id
    room: Id
    name: GroupName
    welcome: Welcome
    presence: bool
    rules: Rules
    members: dict[Identity, Member]
    departed: Annotated[tuple[Identity, ...], Field(max_length=MAX_DEPARTED)] = ()

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        members = self.members.values()
        if not any(member.role == "owner" for member in members):
            raise ValueError("a group has an owner")
        if any(member.agreed > self.rules.version for member in members):
            raise ValueError("nobody agreed to rules that are not written yet")
        if len({member.pseudonym for member in members}) != len(members):
            raise ValueError("a pseudonym belongs to one member")
        leaves = Counter(self.departed)
        for member in members:
            leaves.update(member.leaves)
        if leaves and max(leaves.values()) > 1:
            raise ValueError("a leaf belongs to one member")
        return self


class Create(Sealed):
    action: Literal["create"] = "create"
    target: None = None
    group: Id
    room: Id
    name: GroupName
    welcome: Welcome
    presence: bool
    rules: GroundRules
    pseudonym: Pseudonym
    key: Digest


class Admit(Sealed):
    action: Literal["admit"] = "admit"
    target: Identity
    pseudonym: Pseudonym
    role: Role
    key: Digest
    package: Digest
    """KeyPackageRef (RFC 9420 section 5.2)."""
    request: Id
    agreement: Agreement
    replaces: Identity | None = None
    """The member who comes back with this leaf: the old membership ends where the new one begins."""


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


Action = Annotated[Create | Admit | Agree | Leave | Remove, Field(discriminator="action")]


class PolicyMessage(Sealed):
    """The sealed half of a policy envelope. `seq` is the policy_seq, `state` the hash, it was made on."""

    kind: Literal["policy"] = "policy"
    actor: Identity
    seq: Count
    state: Digest
    action: Action


class StateMessage(Sealed):
    """The state as handed to joiners."""

    kind: Literal["state"] = "state"
    state: State


Content = TypeVar("Content", PolicyMessage, StateMessage)


def write(content: PolicyMessage | StateMessage | State) -> bytes:
    """Canonical JSON, as it is hashed and sent."""
    return canonical_json(content.model_dump(mode="json"))


def read_policy(content: bytes) -> PolicyMessage:
    """The content of a policy message. Raises PolicyError `invalid_field`."""
    return _read(PolicyMessage, content)


def read_state(content: bytes) -> State:
    """The state inside a state message's content. Raises PolicyError `invalid_field`."""
    return _read(StateMessage, content).state


def _read(model: type[Content], content: bytes) -> Content:
    try:
        read = model.model_validate_json(content)
    except ValidationError as error:
        raise PolicyError("invalid_field") from error
    # Every field is written out, so there is one way to write what was read.
    if write(read) != content:
        raise PolicyError("invalid_field")
    return read
