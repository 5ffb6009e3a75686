"""What was done in a room that this device, or another, could not follow (docs/protocol.md, "When nobody can follow an
act")."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Final
from uuid import UUID

from safespace.wire import MAX_FOLDED, ClearPolicy, Folded

MOST_VOID: Final = 4_096
"""Void messages that are remembered: more than anyone sends in a day, so that a flood of them hides none."""
_MOST_NAMED = 64
_NEAR: Final = 64
"""Lines after a void message in which the server may still go by what it showed."""


def _newest(known: list[Any], more: Iterable[Any], most: int) -> list[Any]:
    return [*known, *(one for one in more if one not in known)][-most:]


@dataclass(slots=True)
class Disputed:
    """`void` are policy messages that do not hold, `named` the members whose leaves go by what those show in clear,
    `followed` commits that this device could apply, with the line that voided them, `undone` acts that were folded here
    and that the server has taken back."""

    void: list[int] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    followed: list[list[int]] = field(default_factory=list)
    undone: list[int] = field(default_factory=list)

    def add_void(self, seq: int, shown: ClearPolicy | None, author: str | None) -> None:
        """A policy message by this member does not hold."""
        self.void = _newest(self.void, [seq], MOST_VOID)
        match shown:
            case ClearPolicy(action="leave" | "step_down"):
                named = author
            case ClearPolicy(action="remove" | "demote" | "bring", target=target):
                named = target
            case ClearPolicy(action="admit", replaces=replaced):
                named = replaced
            case _:
                named = None
        if named is not None:
            self.named = _newest(self.named, [named], _MOST_NAMED)

    def add_followed(self, seq: int, voided: int) -> None:
        """A commit that this device could apply was voided."""
        self.followed = _newest(self.followed, [[seq, voided]], MAX_FOLDED)

    def explains(self, policy_seq: int) -> bool:
        """Whether the server may refuse something for what only a void message says."""
        return any(seq <= policy_seq < seq + _NEAR for seq in self.void)

    def words(self, room: UUID, since: int) -> Iterator[Folded]:
        """What to tell the server of the lines after this one."""
        void = [seq for seq in self.void if seq > since]
        for start in range(0, len(void), MAX_FOLDED):
            yield Folded(room=room, seqs=void[start : start + MAX_FOLDED], ok=False)
        if followed := [commit for commit, voided in self.followed if voided > since]:
            yield Folded(room=room, seqs=followed, ok=True)

    def word(self, room: UUID, seq: int) -> Folded | None:
        """What to tell the server of an act that somebody doubts; None where that is so long ago that nobody knows."""
        if len(self.void) == MOST_VOID and seq < self.void[0]:
            return None
        return Folded(room=room, seqs=[seq], ok=seq not in self.void)

    def hear(self, seq: int, *, undone: bool) -> bool:
        """The server says whether a doubted act holds. Whether that is news of one that was folded here."""
        new = undone and seq not in self.void and seq not in self.undone
        if new:
            self.undone = _newest(self.undone, [seq], MAX_FOLDED)
        elif not undone and seq in self.undone:
            self.undone.remove(seq)
        return new

    def dump(self) -> dict[str, Any]:
        return asdict(self)
