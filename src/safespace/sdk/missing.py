"""What the server does not hand out any more or refuses, until it is known whether what the group agreed explains it.

Lines end with the group's retention, and a message that was taken down is an empty line. Both may be read before the
policy message that is the reason; so they are judged once the log was read to its end.
"""

from dataclasses import dataclass, field
from typing import Any

from safespace.rooms.actions import AnyAction, Retain, TakeDown

DAY = 24 * 3600 * 1000
"""Milliseconds."""


@dataclass(slots=True)
class Missing:
    """`gaps` are [first seq, time of the line before, shortest retention since, 0 for none]; `empty` are seqs."""

    gaps: list[list[int]] = field(default_factory=list)
    empty: list[int] = field(default_factory=list)
    _claims: list[tuple[int, str]] = field(default_factory=list)

    def gap(self, first: int, before: int, days: int) -> None:
        """Lines from `first` on are kept no longer; the one before is of the time `before` (ms)."""
        self.gaps.append([first, before, days])

    def followed(self, action: AnyAction) -> None:
        """Something was agreed that may be the reason."""
        match action:
            case Retain(days=days) if days:
                for gap in self.gaps:
                    gap[2] = min(gap[2] or days, days)
            case TakeDown(line=line) if line in self.empty:
                self.empty.remove(line)

    def unexplained(self, latest: int) -> list[tuple[str, int]]:
        """Warnings as (code, seq), given the latest time (ms) that it may be now. Nothing is left to judge."""
        warnings = [
            ("gap_unexplained", first) for first, before, days in self.gaps if days == 0 or before + days * DAY > latest
        ]
        warnings += [("withheld", seq) for seq in self.empty]
        self.gaps, self.empty = [], []
        return warnings

    def claim(self, policy_seq: int, code: str) -> None:
        """The server refused a message with this code, for a reason agreed by `policy_seq`."""
        self._claims.append((policy_seq, code))

    def claims_due(self, read: int, *, ended: bool) -> list[str]:
        """Codes whose reason should be known now that the log was read up to `read`; `ended`: to its end."""
        due = [claim for claim in self._claims if claim[0] <= read or ended]
        self._claims = [claim for claim in self._claims if claim not in due]
        return [code for _, code in due]

    def dump(self) -> dict[str, Any]:
        return {"gaps": self.gaps, "empty": self.empty}
