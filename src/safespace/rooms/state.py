"""What a group has agreed, and the policy messages that change it: their exact form, read strictly.

See docs/protocol.md, "Policy". `web/src/room/state.ts` reads and writes alike (vectors in `tests/vectors/policy.json`).
"""

from collections import Counter
from typing import Annotated, Literal, Self, TypeVar

from pydantic import Field, model_validator

from safespace.crypto.invites import One, Rules, Version
from safespace.crypto.sealed import Sealed
from safespace.crypto.texts import Charter as CharterText
from safespace.crypto.texts import GroupName, Prompt, Pseudonym, SessionNote, Title, Welcome
from safespace.crypto.x25519 import PublicKey
from safespace.errors import PolicyError as PolicyError
from safespace.fields import Count, Days, Digest, Id, Identity, Role
from safespace.rooms.actions import Action
from safespace.rooms.ballots import MAX_BALLOTS
from safespace.rooms.boxes import Boxes
from safespace.rooms.floor import Floor
from safespace.rooms.live import MAX_PLANS, Live
from safespace.rooms.live_actions import MAX_SEGMENTS, Pace, Recurrence, Segments, Zone
from safespace.rooms.roles import STAFF

MAX_DEPARTED = 64
"""How many departed leaves a state remembers, the newest."""
MAX_BANNED = 200
"""How many banned people a state names, the newest."""
MAX_FORMER = 200
"""How many former members a state remembers."""
MAX_NAMES = 200
"""How many old names a state keeps, the newest."""


class Member(Sealed):
    """One member. `agreed` is the version of the ground rules agreed to, `charter` that of the charter, 0 for none."""

    pseudonym: Pseudonym
    role: Role
    key: PublicKey
    """HPKE public key: the policy key."""
    agreed: Version
    charter: Count
    listening: bool
    leaves: tuple[Identity, ...] = Field(min_length=1)


class Charter(Sealed):
    """The moderators' charter."""

    version: Version
    text: CharterText


class Offered(Sealed):
    """A role that waits for a member's word."""

    role: Role
    by: Identity


class Muted(Sealed):
    """A mute: it ends at `until` (milliseconds), or, for None, when lifted; `session` when the session ends, too.

    It stands in the state after it has ended, until something else is said of that member.
    """

    until: Count | None
    session: bool


class Banned(Sealed):
    """Someone who may not come back, as they were known."""

    member: Identity
    pseudonym: Pseudonym


class Former(Sealed):
    """Somebody who is a member under this id no more, but goes on as `now`, or went with a `role` of staff."""

    member: Identity
    role: Role
    now: Identity | None


class OldName(Sealed):
    """What a member, by the id they have now, was called before: until then it is nobody else's."""

    member: Identity
    pseudonym: Pseudonym
    until: Count


class Planned(Sealed):
    """What a plan says besides when, which is in `live.times`."""

    title: Title
    note: SessionNote
    zone: Zone
    rule: Recurrence | None
    segments: Segments = ()
    """The run-sheet of its last session that had one."""


class Prompted(Sealed):
    """What a ballot says besides what is in `live.ballots`."""

    prompt: Prompt
    answer_key: PublicKey
    readers: Boxes


class RunSheet(Sealed):
    """The agenda; the room has been at segment `at` since `since` (milliseconds), None before the first."""

    segments: Segments = ()
    at: Annotated[int, Field(ge=0, lt=MAX_SEGMENTS)] | None = None
    since: Count = 0


class State(Sealed):
    """What all members agree on. Always has an owner; no leaf and no pseudonym stands in it twice."""

    v: One = 1
    group: Id
    room: Id
    name: GroupName
    welcome: Welcome
    presence: bool
    days: Days
    """How long messages are kept; 0 is for ever."""
    rules: Rules
    charter: Charter
    members: dict[Identity, Member]
    offers: dict[Identity, Offered] = Field(default_factory=dict)
    mutes: dict[Identity, Muted] = Field(default_factory=dict)
    quiet: bool = False
    """Whether only moderators and above write."""
    live: Live = Live()
    plans: Annotated[dict[Id, Planned], Field(max_length=MAX_PLANS)] = Field(default_factory=dict)
    prompts: Annotated[dict[Id, Prompted], Field(max_length=MAX_BALLOTS)] = Field(default_factory=dict)
    sheet: RunSheet = RunSheet()
    pace: Pace = "usual"
    themes: dict[Id, Title] = Field(default_factory=dict)
    """What the small rooms are about that the session has gone into."""
    floor: Floor = Floor()
    """Whose turn it is. Not in the state's hash, as members change it all at once."""
    banned: Annotated[tuple[Banned, ...], Field(max_length=MAX_BANNED)] = ()
    former: Annotated[tuple[Former, ...], Field(max_length=MAX_FORMER)] = ()
    names: Annotated[tuple[OldName, ...], Field(max_length=MAX_NAMES)] = ()
    departed: Annotated[tuple[Identity, ...], Field(max_length=MAX_DEPARTED)] = ()

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        members = self.members.values()
        if not any(member.role == "owner" for member in members):
            raise ValueError("a group has an owner")
        if any(member.agreed > self.rules.version for member in members):
            raise ValueError("nobody agreed to rules that are not written yet")
        if any(member.charter > self.charter.version for member in members):
            raise ValueError("nobody agreed to a charter that is not written yet")
        if any(member.role in STAFF and not member.charter for member in members):
            raise ValueError("who is of staff agreed to the charter")
        if not (self.offers.keys() | self.mutes.keys()) <= self.members.keys():
            raise ValueError("offers and mutes are of members")
        self._check_former()
        old = [one.pseudonym for one in self.names]
        if len(set(old)) != len(old) or not {member.pseudonym for member in members}.isdisjoint(old):
            raise ValueError("an old name is one person's, and nobody is called so")
        if self.plans.keys() != self.live.times.keys():
            raise ValueError("a plan has times and words")
        if self.prompts.keys() != self.live.ballots.keys():
            raise ValueError("a ballot has times and words")
        if self.sheet.at is not None and self.sheet.at >= len(self.sheet.segments):
            raise ValueError("the room is at a segment that there is")
        if self.themes.keys() != (self.live.breakouts.rooms.keys() if self.live.breakouts else set()):
            raise ValueError("a small room is about something")
        self._check_floor()
        if len({member.pseudonym for member in members}) != len(members):
            raise ValueError("a pseudonym belongs to one member")
        leaves = Counter(self.departed)
        for member in members:
            leaves.update(member.leaves)
        if leaves and max(leaves.values()) > 1:
            raise ValueError("a leaf belongs to one member")
        return self

    def _check_former(self) -> None:
        former = {one.member for one in self.former}
        if len(former) != len(self.former) or former & self.members.keys():
            raise ValueError("whoever is a member is no former one")
        if not {one.now for one in self.former} <= {*self.members, None}:
            raise ValueError("whoever goes on is a member")
        if any(one.now is None and one.role not in STAFF for one in self.former):
            raise ValueError("only who was of staff is remembered for that")

    def _check_floor(self) -> None:
        floor, session = self.floor, self.live.session
        named = {*floor.queue, *({floor.holder} - {None}), *({session.lead} - {None} if session else ())}
        if not named <= self.members.keys():
            raise ValueError("members wait, speak and lead")
        if len({*floor.queue, floor.holder}) != len(floor.queue) + 1 or not set(floor.too) <= set(floor.queue):
            raise ValueError("each has one place")
        silent = floor.silent.keys()
        if not silent <= set(floor.queue) or (silent and self.live.terms.mode == "open"):
            raise ValueError("whoever cannot use the floor waits for it")
        waits = floor.holder is None and set(floor.queue) - silent
        if (floor.holder is not None) if self.live.terms.mode == "open" else waits:
            raise ValueError("whoever is first and may speak has the floor, unless it is open")


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


Content = TypeVar("Content", bound=Sealed)


def read_policy(content: bytes) -> PolicyMessage:
    """The content of a policy message. Raises PolicyError `invalid_field`."""
    return read_agreed(PolicyMessage, content)


def read_state(content: bytes) -> State:
    """The state inside a state message's content. Raises PolicyError `invalid_field`."""
    return read_agreed(StateMessage, content).state


def read_agreed(model: type[Content], content: bytes) -> Content:
    """What members agree by. Raises PolicyError `invalid_field` for anything that they do not write."""
    try:
        return model.read(content)
    except ValueError as error:
        raise PolicyError("invalid_field") from error
