"""A device's place in a room: its keys, the group as it stands, and how far the log was read. Kept in the store."""

from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from safespace.crypto.invites import Rules
from safespace.crypto.mls import Leaf, PublicGroup
from safespace.rooms.actions import Admit
from safespace.rooms.state import Member, State
from safespace.sdk.clocks import ServerClock
from safespace.sdk.errors import RoomWarning
from safespace.sdk.group_crypto import GroupCrypto, LeafKey
from safespace.sdk.missing import Missing
from safespace.wire import b64decode, b64encode

Status = Literal["member", "removed", "left", "moved", "undone", "lost", "refused", "elsewhere"]
"""`undone`: the commit that let this device in was voided. `lost`: it could not apply one that the others could.
`refused`, `elsewhere`: only the server says that this device is not in the room, or that another one took over."""

_MOST_PAST = 64


@dataclass(frozen=True, slots=True)
class Asked:
    """What a newcomer asked to join with; the state it is handed must say the same."""

    pseudonym: str
    key: str
    rules: Rules


@dataclass(frozen=True, slots=True)
class Before:
    """The way back from the newest commit, at `seq`, until something comes after its act.

    `applied` is whether this device could apply it, `mine` whether it made it. `keys` are the snapshot and the public
    group before it; None for a newcomer, who was let in by it.
    """

    seq: int
    mine: bool = False
    applied: bool = True
    keys: tuple[bytes, PublicGroup] | None = None
    state: State | None = None

    def dump(self) -> dict[str, Any]:
        return {
            "seq": self.seq,
            "mine": self.mine,
            "applied": self.applied,
            "keys": self.keys and {"snapshot": b64encode(self.keys[0]), **_dump_public(self.keys[1])},
            "state": self.state and self.state.model_dump(mode="json"),
        }

    @classmethod
    def load(cls, saved: dict[str, Any], room: UUID) -> "Before":
        keys, state = saved["keys"], saved["state"]
        return cls(
            seq=saved["seq"],
            mine=saved["mine"],
            applied=saved["applied"],
            keys=keys and (b64decode(keys["snapshot"]), _load_public(keys, room)),
            state=state and State.model_validate(state, strict=False),
        )


@dataclass(slots=True)
class Place:
    """`cursor` is the last seq read and `time` its time, `shown` and `deeds` the numbers of messages
    and deeds kept, `policy_seq` as in docs/protocol.md.
    """

    group: UUID
    room: UUID
    policy_private: bytes
    crypto: GroupCrypto
    public: PublicGroup
    state: State | None = None
    policy_seq: int = 0
    cursor: int = 0
    time: int = 0
    shown: int = 0
    deeds: int = 0
    status: Status = "member"
    asked: Asked | None = None
    """Set until a newcomer has got the state."""
    admitting: tuple[bytes, Admit] | None = None
    """The announcing leaf and the announcement of an Add, until the Add, which comes next."""
    unadmitted: State | None = None
    """The state before that announcement."""
    before: Before | None = None
    state_due: bytes | None = None
    """The leaf whose state message comes next, after its Add."""
    since_update: int = 0
    """Own messages sealed since this leaf's last new keys."""
    warnings: list[RoomWarning] = field(default_factory=list)
    past: dict[str, str] = field(default_factory=dict)
    """Signature keys of the newest leaves that departed, by leaf: what their members said can still be checked."""
    missing: Missing = field(default_factory=Missing)
    clock: ServerClock = field(default_factory=ServerClock)

    @property
    def leaf(self) -> LeafKey:
        return self.crypto.leaf

    @property
    def me(self) -> str | None:
        """The own member id, while a member."""
        return self.member_of(self.leaf.identity)

    @property
    def halted(self) -> RoomWarning | None:
        """The warning that stopped all sending, if one did."""
        return next((warning for warning in self.warnings if warning.halting), None)

    @property
    def departed(self) -> list[Leaf]:
        """Leaves that are gone by policy and still in the tree. While there are any, nothing is sent."""
        gone = set(self.state.departed) if self.state else set()
        return [leaf for leaf in self.public.leaves() if b64encode(leaf.identity) in gone]

    @property
    def stuck(self) -> bool:
        """Whether the newest commit could not be applied here, and it is not known yet what becomes of it."""
        return self.before is not None and not self.before.applied

    @property
    def keys(self) -> str:
        """What tells these keys from all others, also those of another commit for the same epoch."""
        return b64encode(self.public.confirmation_tag)

    @property
    def between(self) -> bool:
        """Whether the rest of an act has yet to be read."""
        return self.admitting is not None or self.state_due is not None

    def member_of(self, identity: bytes) -> str | None:
        """The id of the member who holds this leaf."""
        name = b64encode(identity)
        members = self.state.members if self.state else {}
        return next((member for member, entry in members.items() if name in entry.leaves), None)

    def member(self, member: str | None) -> Member | None:
        return self.state.members.get(member) if self.state and member else None

    def leaf_in_tree(self, identity: bytes) -> Leaf | None:
        return next((leaf for leaf in self.public.leaves() if leaf.identity == identity), None)

    def remember(self, identity: bytes) -> None:
        """Keep the signature key of a leaf that is about to go."""
        leaf = self.leaf_in_tree(identity)
        if leaf is not None:
            known = {**self.past, b64encode(identity): b64encode(leaf.signature_key)}
            self.past = dict(list(known.items())[-_MOST_PAST:])

    def signature_key(self, identity: bytes) -> bytes | None:
        """Of a leaf that is or was in the tree."""
        leaf, past = self.leaf_in_tree(identity), self.past.get(b64encode(identity))
        if leaf is not None:
            return leaf.signature_key
        return None if past is None else b64decode(past)

    def dump(self) -> dict[str, Any]:
        """As JSON for the store. Holds every secret of the place."""
        return {
            "group": str(self.group),
            "room": str(self.room),
            "leaf": [b64encode(part) for part in (self.leaf.identity, self.leaf.public, self.leaf.secret)],
            "policy_private": b64encode(self.policy_private),
            "snapshot": b64encode(self.crypto.snapshot()),
            **_dump_public(self.public),
            "state": self.state and self.state.model_dump(mode="json"),
            "policy_seq": self.policy_seq,
            "cursor": self.cursor,
            "time": self.time,
            "shown": self.shown,
            "deeds": self.deeds,
            "status": self.status,
            "asked": self.asked and [self.asked.pseudonym, self.asked.key, self.asked.rules.model_dump()],
            "admitting": self.admitting and [b64encode(self.admitting[0]), self.admitting[1].model_dump(mode="json")],
            "unadmitted": self.unadmitted and self.unadmitted.model_dump(mode="json"),
            "before": self.before and self.before.dump(),
            "state_due": None if self.state_due is None else b64encode(self.state_due),
            "since_update": self.since_update,
            "warnings": [[warning.code, warning.seq] for warning in self.warnings],
            "past": self.past,
            "missing": self.missing.dump(),
        }

    @classmethod
    def load(cls, saved: dict[str, Any]) -> "Place":
        room = UUID(saved["room"])
        leaf = LeafKey(*map(b64decode, saved["leaf"]))
        asked, admitting, due = saved["asked"], saved["admitting"], saved["state_due"]
        return cls(
            group=UUID(saved["group"]),
            room=room,
            policy_private=b64decode(saved["policy_private"]),
            crypto=GroupCrypto.load(leaf, room.bytes, b64decode(saved["snapshot"])),
            public=_load_public(saved, room),
            state=saved["state"] and State.model_validate(saved["state"], strict=False),
            policy_seq=saved["policy_seq"],
            cursor=saved["cursor"],
            time=saved["time"],
            shown=saved["shown"],
            deeds=saved["deeds"],
            status=saved["status"],
            asked=asked and Asked(asked[0], asked[1], Rules.model_validate(asked[2])),
            admitting=admitting and (b64decode(admitting[0]), Admit.model_validate(admitting[1], strict=False)),
            unadmitted=saved["unadmitted"] and State.model_validate(saved["unadmitted"], strict=False),
            before=saved["before"] and Before.load(saved["before"], room),
            state_due=None if due is None else b64decode(due),
            since_update=saved["since_update"],
            warnings=[RoomWarning(code, seq) for code, seq in saved["warnings"]],
            past=saved["past"],
            missing=Missing(**saved["missing"]),
        )


def _dump_public(public: PublicGroup) -> dict[str, Any]:
    return {
        "epoch": public.epoch,
        "tree": b64encode(public.export_tree()),
        "transcript": b64encode(public.confirmed_transcript_hash),
        "tag": b64encode(public.confirmation_tag),
    }


def _load_public(saved: dict[str, Any], room: UUID) -> PublicGroup:
    tree, transcript, tag = (b64decode(saved[name]) for name in ("tree", "transcript", "tag"))
    return PublicGroup.load(room.bytes, saved["epoch"], tree, transcript, tag)
