"""A device's place in any room: its keys, and how far the log was read. What was agreed depends on the room."""

from abc import ABC, abstractmethod
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from safespace.crypto.mls import Leaf, PublicGroup
from safespace.fields import Role, b64decode, b64encode
from safespace.rooms.actions import Admit
from safespace.rooms.further_state import Bring, FurtherState
from safespace.rooms.state import State
from safespace.sdk.clocks import ServerClock
from safespace.sdk.disputed import Disputed
from safespace.sdk.errors import ClientError, RoomWarning
from safespace.sdk.group_crypto import GroupCrypto, LeafKey
from safespace.sdk.missing import Missing
from safespace.sdk.said import Said
from safespace.wire import Envelope

Status = Literal["member", "removed", "left", "moved", "undone", "lost", "refused", "elsewhere"]
"""`undone`: the commit that let this device in was voided. `lost`: it could not apply one that the others could.
`refused`, `elsewhere`: only the server says that this device is not in the room, or that another one took over."""


@dataclass(frozen=True, slots=True)
class Before:
    """The way back from the newest commit, at `seq`, until something comes after its act.

    `tag` is its confirmation tag (empty where it could not be read), `applied` whether this device could apply it,
    `mine` whether it made it. `keys` are the snapshot and the public group before it. A newcomer, who was let in by it,
    has neither.
    """

    seq: int
    tag: str = ""
    mine: bool = False
    applied: bool = True
    keys: tuple[bytes, PublicGroup] | None = None
    state: State | FurtherState | None = None
    since_update: int = 0
    renewed: int = 0

    def dump(self) -> dict[str, Any]:
        return {
            "seq": self.seq,
            "tag": self.tag,
            "mine": self.mine,
            "applied": self.applied,
            "keys": self.keys and {"snapshot": b64encode(self.keys[0]), **_dump_public(self.keys[1])},
            "state": self.state and self.state.model_dump(mode="json"),
            "since_update": self.since_update,
            "renewed": self.renewed,
        }

    @classmethod
    def load(cls, saved: dict[str, Any], room: UUID, state: type[State] | type[FurtherState]) -> "Before":
        keys, before = saved["keys"], saved["state"]
        return cls(
            seq=saved["seq"],
            tag=saved["tag"],
            mine=saved["mine"],
            applied=saved["applied"],
            keys=keys and (b64decode(keys["snapshot"]), _load_public(keys, room)),
            state=before and state.model_validate(before, strict=False),
            since_update=saved["since_update"],
            renewed=saved["renewed"],
        )


@dataclass(slots=True, kw_only=True)
class AnyPlace(ABC):
    """`cursor` is the last seq read and `time` its time, `shown` and `deeds` the numbers of messages and deeds that
    were kept, `first` how many of those messages are deleted again, `policy_seq` as in docs/protocol.md.
    """

    group: UUID
    room: UUID
    crypto: GroupCrypto
    public: PublicGroup
    state: State | FurtherState | None = None
    """What the room has agreed, None until that is known."""
    policy_seq: int = 0
    cursor: int = 0
    time: int = 0
    shown: int = 0
    first: int = 0
    deeds: int = 0
    status: Status = "member"
    admitting: tuple[bytes, Admit | Bring] | None = None
    """The announcing leaf and the announcement of an Add, until the Add, which comes next."""
    state_due: bytes | None = None
    """The leaf whose state message comes next, after its Add."""
    unadmitted: State | FurtherState | None = None
    """The state before what is announced."""
    before: Before | None = None
    voided: tuple[str, ...] = ()
    """The confirmation tags of commits that were voided since one last stood: none of them may come again."""
    since_update: int = 0
    """Own messages sealed since this leaf's last new keys."""
    renewed: int = 0
    """When it took those, as the server says; 0 until the first look at it."""
    warnings: list[RoomWarning] = field(default_factory=list)
    missing: Missing = field(default_factory=Missing)
    disputed: Disputed = field(default_factory=Disputed)
    clock: ServerClock = field(default_factory=ServerClock)

    @property
    @abstractmethod
    def me(self) -> str | None:
        """The own member id, while a member."""

    @property
    @abstractmethod
    def known(self) -> bool:
        """Whether it is known here what the room has agreed."""

    @property
    def judges_refusals(self) -> bool:
        """Whether this room's own log says why someone may not write in it."""
        return True

    @property
    def contested(self) -> Collection[str]:
        """The members whom the relay may hold for gone by what nobody folds."""
        return self.disputed.named

    @property
    @abstractmethod
    def newcomer(self) -> bool:
        """Whether this device waits for the state that it is handed."""

    @property
    @abstractmethod
    def days(self) -> int:
        """How long messages are kept; 0 is for ever."""

    @property
    @abstractmethod
    def gone(self) -> Collection[str]:
        """The leaves that left by what the room has agreed (b64)."""

    @property
    @abstractmethod
    def departed(self) -> list[Leaf]:
        """Leaves in the tree whose member has no place in the room any more. While there are any, nothing is sent."""

    @abstractmethod
    def member_of(self, identity: bytes) -> str | None:
        """The id of the member who holds this leaf."""

    @abstractmethod
    def name_of(self, member: str) -> str | None:
        """The member's pseudonym."""

    @abstractmethod
    def role_of(self, member: str) -> Role | None:
        """The member's role in the group."""

    @property
    @abstractmethod
    def ending(self) -> ClientError | None:
        """How this device came to be out of the room, if it is."""

    @abstractmethod
    def turned_out(self, code: str) -> Status:
        """What it means that the server says `gone` with this code, or refuses to let this device in with it."""

    def heard(self, member: str, said: Said) -> None:
        """Take note of what a member said, beside showing it: in most rooms nothing."""
        return

    def waits_for(self, envelope: Envelope) -> bool:
        """Whether something else has to be read before this line."""
        return False

    @property
    def turned_away(self) -> bool:
        """Whether only the server says that this device is out: it keeps its keys, and looks again."""
        return self.status in ("refused", "elsewhere") and self.halted is None

    @property
    def leaf(self) -> LeafKey:
        return self.crypto.leaf

    @property
    def halted(self) -> RoomWarning | None:
        """The warning that stopped all sending, if one did."""
        return next((warning for warning in self.warnings if warning.halting), None)

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

    def commit_stands(self) -> None:
        """Something else came after the newest commit: neither it nor another for the same epoch is voided any more."""
        if self.before is not None:
            self.before, self.voided = None, ()

    def leaf_in_tree(self, identity: bytes) -> Leaf | None:
        return next((leaf for leaf in self.public.leaves() if leaf.identity == identity), None)

    @abstractmethod
    def dump(self) -> dict[str, Any]:
        """As JSON for the store. Holds every secret of the place."""

    def changed(self) -> dict[str, Any]:
        """What to write to the store, by name: the dump, and what else has changed since this was last asked."""
        return {"place": self.dump()}

    def _dump_common(self) -> dict[str, Any]:
        return {
            "group": str(self.group),
            "room": str(self.room),
            "leaf": [b64encode(part) for part in (self.leaf.identity, self.leaf.public, self.leaf.secret)],
            "snapshot": b64encode(self.crypto.snapshot()),
            **_dump_public(self.public),
            "state": self.state and self.state.model_dump(mode="json"),
            "policy_seq": self.policy_seq,
            "cursor": self.cursor,
            "time": self.time,
            "shown": self.shown,
            "first": self.first,
            "deeds": self.deeds,
            "status": self.status,
            "admitting": self.admitting and [b64encode(self.admitting[0]), self.admitting[1].model_dump(mode="json")],
            "state_due": None if self.state_due is None else b64encode(self.state_due),
            "unadmitted": self.unadmitted and self.unadmitted.model_dump(mode="json"),
            "before": self.before and self.before.dump(),
            "voided": list(self.voided),
            "since_update": self.since_update,
            "renewed": self.renewed,
            "warnings": [[warning.code, warning.seq, warning.who] for warning in self.warnings],
            "missing": self.missing.dump(),
            "disputed": self.disputed.dump(),
        }


_PLAIN = ("policy_seq", "cursor", "time", "shown", "first", "deeds", "status", "since_update", "renewed")


def load_common(saved: dict[str, Any], state: type[State] | type[FurtherState]) -> dict[str, Any]:
    """The fields that every place has, from its dump."""
    room = UUID(saved["room"])
    leaf = LeafKey(*map(b64decode, saved["leaf"]))
    admitting, due = saved["admitting"], saved["state_due"]
    return {
        "group": UUID(saved["group"]),
        "room": room,
        "crypto": GroupCrypto.load(leaf, room.bytes, b64decode(saved["snapshot"])),
        "public": _load_public(saved, room),
        "state": saved["state"] and state.model_validate(saved["state"], strict=False),
        **{name: saved[name] for name in _PLAIN},
        "admitting": admitting and (b64decode(admitting[0]), _announcement(admitting[1])),
        "state_due": None if due is None else b64decode(due),
        "unadmitted": saved["unadmitted"] and state.model_validate(saved["unadmitted"], strict=False),
        "before": saved["before"] and Before.load(saved["before"], room, state),
        "voided": tuple(saved["voided"]),
        "warnings": [RoomWarning(code, seq, tuple(who)) for code, seq, who in saved["warnings"]],
        "missing": Missing(**saved["missing"]),
        "disputed": Disputed(**saved["disputed"]),
    }


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


def _announcement(saved: dict[str, Any]) -> Admit | Bring:
    kind: type[Admit] | type[Bring] = Admit if saved["action"] == "admit" else Bring
    return kind.model_validate(saved, strict=False)
