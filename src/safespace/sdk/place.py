"""A device's place in a group's main room: what the group has agreed, and who was ever seen in it."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from safespace.crypto.invites import Rules
from safespace.crypto.mls import Leaf
from safespace.fields import Role, b64decode, b64encode
from safespace.rooms.former import ids_of
from safespace.rooms.live import settled
from safespace.rooms.passing import ends
from safespace.rooms.roll import Known, Roll, follow
from safespace.rooms.state import Member, State
from safespace.sdk.any_place import AnyPlace, Status, load_common
from safespace.sdk.clocks import Countdown
from safespace.sdk.errors import ClientError, Left, Moved, Removed, Undone
from safespace.sdk.said import Answer, AttendMessage, AwayMessage, Said, TextMessage

_MOST_PAST = 64
_OVER = 24 * 3600 * 1000
"""Milliseconds after its start for which it is kept who came to a session."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a newcomer asked to join with; the state it is handed must say the same.

    `state` is the SHA-256 of that state, as it came with the answer of the one who admitted.
    """

    pseudonym: str
    key: str
    rules: Rules
    state: str


@dataclass(slots=True, kw_only=True)
class Place(AnyPlace):
    state: State | None = None
    policy_private: bytes
    hand_seq: int = 0
    """The seq of the last message about a hand."""
    asked: Asked | None = None
    """Set until a newcomer has got the state."""
    roll: Roll = field(default_factory=dict)
    """Everyone seen here, by which further rooms are judged."""
    past: dict[str, str] = field(default_factory=dict)
    """Signature keys of the newest leaves that departed, by leaf: what their members said can still be checked."""
    away: list[str] = field(default_factory=list)
    """Members who stepped out."""
    leaving: list[str] = field(default_factory=list)
    """Guests whose time here has ended."""
    answers: dict[str, dict[str, Answer]] = field(default_factory=dict)
    """By "plan start", each member's newest answer whether they come."""
    countdown: Countdown = field(default_factory=Countdown)
    _saved_roll: Roll = field(default_factory=dict)

    @property
    def me(self) -> str | None:
        return self.member_of(self.leaf.identity)

    @property
    def known(self) -> bool:
        return self.state is not None

    @property
    def newcomer(self) -> bool:
        return self.asked is not None

    @property
    def days(self) -> int:
        return self.state.days if self.state else 0

    @property
    def gone(self) -> Collection[str]:
        return self.state.departed if self.state else ()

    @property
    def departed(self) -> list[Leaf]:
        gone = set(self.gone)
        return [leaf for leaf in self.public.leaves() if b64encode(leaf.identity) in gone]

    def member_of(self, identity: bytes) -> str | None:
        name = b64encode(identity)
        members = self.state.members if self.state else {}
        return next((member for member, entry in members.items() if name in entry.leaves), None)

    def member(self, member: str | None) -> Member | None:
        return self.state.members.get(member) if self.state and member else None

    def name_of(self, member: str) -> str | None:
        entry = self.member(member)
        return None if entry is None else entry.pseudonym

    def role_of(self, member: str) -> Role | None:
        entry = self.member(member)
        return None if entry is None else entry.role

    def names_besides(self, *own: str) -> list[str]:
        """What everyone is called, was called of late, or was when banned or last seen here, but for these members."""
        state = self.state
        if state is None:
            return []
        left_out = {id for one in own for id in ids_of(state, one)}
        named = [
            *((id, one.pseudonym) for id, one in state.members.items()),
            *((id, known.pseudonym) for id, known in self.roll.items()),
            *((one.member, one.pseudonym) for one in state.banned),
            *((one.member, one.pseudonym) for one in state.names),
        ]
        return [pseudonym for id, pseudonym in named if id not in left_out]

    @property
    def ending(self) -> ClientError | None:
        match self.status:
            case "left":
                return Left()
            case "removed" | "refused":
                return Removed(announced=self.status == "removed")
            case "moved" | "elsewhere":
                return Moved(announced=self.status == "moved")
            case "undone":
                return Undone()
        return None

    def turned_out(self, code: str) -> Status:
        if code == "not_a_member" and self.before is not None and self.before.keys is None:
            return "undone"
        return "elsewhere" if code == "moved" else "refused"

    def session_time(self) -> int:
        """What time it is for sessions and what ends with them: the server's, but no later than the device has it."""
        if self.state is None:
            return self.clock.now()
        live, _ = settled(self.state.live, self.state.floor, self.clock.now())
        return self.countdown.now(self.clock, ends(live), self.time)

    def keep_roll(self) -> None:
        """Bring the roll up to what was just read."""
        if self.state is not None:
            keys = {b64encode(leaf.identity): b64encode(leaf.signature_key) for leaf in self.public.leaves()}
            self.roll = follow(self.roll, self.state, self.policy_seq, keys)

    def changed(self) -> dict[str, Any]:
        written: dict[str, Any] = {"place": self.dump()}
        if self.roll is not self._saved_roll:
            self._saved_roll = self.roll
            written["roll"] = {id: known.model_dump(mode="json") for id, known in self.roll.items()}
        return written

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

    def heard(self, member: str, said: Said) -> None:
        """Who stepped out is back when they say so, or write."""
        if isinstance(said, AwayMessage | TextMessage) and member in self.away:
            self.away.remove(member)
        if isinstance(said, AwayMessage) and said.away:
            self.away.append(member)
        if isinstance(said, AttendMessage):
            self._answered(member, said)

    def _answered(self, member: str, said: AttendMessage) -> None:
        """An answer about a session that is planned, or on; about any other it says nothing."""
        live = self.state.live if self.state else None
        times, on = (live.times.get(said.plan), live.session) if live else (None, None)
        planned = times is not None and said.start in times.starts
        if planned or (on is not None and (on.plan, on.start) == (said.plan, said.start)):
            kept = {name: given for name, given in self.answers.items() if int(name.split()[1]) > self.time - _OVER}
            name = f"{said.plan} {said.start}"
            self.answers = {**kept, name: {**kept.get(name, {}), member: said.answer}}

    def dump(self) -> dict[str, Any]:
        return self._dump_common() | {
            "policy_private": b64encode(self.policy_private),
            "hand_seq": self.hand_seq,
            "asked": self.asked
            and [self.asked.pseudonym, self.asked.key, self.asked.rules.model_dump(), self.asked.state],
            "past": self.past,
            "away": self.away,
            "leaving": self.leaving,
            "answers": self.answers,
        }

    @classmethod
    def load(cls, saved: dict[str, Any], roll: dict[str, Any]) -> "Place":
        """From what `changed` gave as `place` and as `roll`."""
        asked = saved["asked"]
        known = {id: Known.model_validate(entry, strict=False) for id, entry in roll.items()}
        return cls(
            **load_common(saved, State),
            policy_private=b64decode(saved["policy_private"]),
            hand_seq=saved["hand_seq"],
            asked=asked and Asked(asked[0], asked[1], Rules.model_validate(asked[2]), asked[3]),
            past=saved["past"],
            away=saved["away"],
            leaving=saved["leaving"],
            answers=saved["answers"],
            roll=known,
            _saved_roll=known,
        )
