"""The messages that a device keeps of a room, in the store: by number, in the order of their seqs, for as long as the
group keeps any."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from safespace.crypto.reports import ReportedLine
from safespace.fields import is_time
from safespace.rooms.actions import AnyAction, Restore, TakeDown
from safespace.sdk.any_place import AnyPlace
from safespace.sdk.checks import Suspicion
from safespace.sdk.clocks import date_of, own_clock
from safespace.sdk.store import Store

RESTORABLE = 35_000
"""Milliseconds for which the text of a message that was taken down is kept unseen: the server lets it be restored for
30 seconds, and the word of it takes its way."""
_DAY = 86_400_000


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it is shown. `sender` is the pseudonym, `member` the member id, `time` in milliseconds.

    `seq` is its number in `room`, the id of the room in which it was said.
    `note` is the content note under which the text is folded away. Of a message that was taken down only the place
    stays: `text` is empty.
    """

    seq: int
    text: str
    sender: str
    member: str
    me: bool
    time: int
    room: UUID
    note: str | None = None
    noted_by: str | None = None
    """Pseudonym of who wrote the note, if not the author."""
    taken_down: bool = False
    title: str | None = None
    """Of a resource card, which `text` is of then."""
    answers: int | None = None
    """The seq of the message that a card answers."""
    capsule: bool = False
    """Whether it was said in a capsule, so that nothing is kept of it once the session has ended."""
    quote: dict[str, Any] | None = field(default=None, repr=False)
    """What it takes to report it (`crypto.reports.ReportedLine`)."""

    @property
    def sent_at(self) -> datetime:
        """When the server took it."""
        return date_of(self.time)

    def dump(self) -> dict[str, Any]:
        """As JSON for the store of its room."""
        return {name: value for name, value in asdict(self).items() if name != "room"}


@dataclass(frozen=True, slots=True)
class Noted:
    """A content note for the message at `line`, or its end, by a member; `staff` are moderators and above."""

    line: int
    note: str | None
    member: str
    pseudonym: str
    staff: bool


class Conversation:
    """Writes only inside the store's `writing`."""

    def __init__(self, place: AnyPlace, store: Store, clock: Callable[[], int] = own_clock) -> None:
        self._place = place
        self._store = store
        self._name = str(place.room)
        self._clock = clock
        self._oldest = (-1, 0)

    @property
    def first(self) -> int:
        """The number of the first message that the group still keeps: those before it are for nobody any more."""
        number, days = self._place.first, self._place.days
        if days:
            now = self._place.clock.at_least()
            for following in range(number, self._place.shown):
                time = self._time(following)
                if not is_time(time) or time > now + _DAY:
                    continue  # one of which nobody knows when it was goes with the next of which that is known
                if time > now - days * _DAY:
                    break
                number = following + 1
        return number

    def message(self, number: int) -> Message:
        """The message with this number, from `first` to `place.shown` - 1."""
        return self._loaded(self._store.get("message", self._name, str(number)))

    def add(self, message: Message) -> None:
        """Keep the next message."""
        self._put(self._place.shown, message)
        self._place.shown += 1

    def check(self, action: AnyAction) -> None:
        """Raises Suspicion policy_forged where the line, as it is known here, is not of the member who is named."""
        if not isinstance(action, TakeDown | Restore):
            return
        number = self._number_of(action.line)
        if number is not None and self.message(number).member != action.target:
            raise Suspicion("policy_forged")

    def quote(self, line: int) -> ReportedLine | None:
        """The message at this seq as it can be reported, if it is kept here."""
        number = self._number_of(line)
        return None if number is None else _quote(self.message(number))

    def quotes(self, line: int, around: int) -> list[ReportedLine]:
        """The message at this seq and the `around` nearest to it; what came before counts for more."""
        number = self._number_of(line)
        meant = None if number is None else _quote(self.message(number))
        if number is None or meant is None:
            return []
        before, after = (
            self._quotes(range(number - 1, self.first - 1, -1), around),
            self._quotes(range(number + 1, self._place.shown), around),
        )
        later = min(len(after), max(around // 2, around - len(before)))
        return [*reversed(before[: around - later]), meant, *after[:later]]

    def newest_quotes(self, count: int) -> list[ReportedLine]:
        """The newest messages as they can be reported, oldest first."""
        return self._quotes(range(self._place.shown - 1, self.first - 1, -1), count)[::-1]

    def _quotes(self, numbers: Iterable[int], count: int) -> list[ReportedLine]:
        found = (quote for number in numbers if (quote := _quote(self.message(number))) is not None)
        return list(islice(found, count))

    def annotate(self, noted: Noted) -> None:
        """Put a content note on a message or take it off, where that is its author's word or the staff's."""
        number = self._number_of(noted.line)
        if number is None or (message := self.message(number)).taken_down:
            return
        if noted.staff or message.member == noted.member:
            by = None if noted.note is None or message.member == noted.member else noted.pseudonym
            self._put(number, replace(message, note=noted.note, noted_by=by))

    def follow(self, action: AnyAction) -> None:
        """Do what a policy message does to the conversation."""
        match action:
            case TakeDown(line=line):
                self.take_down(line)
            case Restore(line=line):
                self.restore(line)

    def take_down(self, line: int) -> None:
        """Show the message at this seq no longer; its text is kept for RESTORABLE milliseconds."""
        number = self._number_of(line)
        if number is None or (message := self.message(number)).taken_down:
            return
        hidden = [*self._hidden(), {"number": number, "until": self._clock() + RESTORABLE, "message": message.dump()}]
        self._store.put(hidden, "hidden", self._name)
        self._put(
            number,
            replace(message, text="", note=None, noted_by=None, title=None, answers=None, quote=None, taken_down=True),
        )

    def restore(self, line: int) -> None:
        """Show it again, if its text is still here."""
        number, hidden = self._number_of(line), self._hidden()
        for one in hidden:
            if one["number"] == number:
                self._put(one["number"], self._loaded(one["message"]))
        self._store.put([one for one in hidden if one["number"] != number], "hidden", self._name)

    def tidy(self) -> bool:
        """Delete the messages that the group keeps no longer, and the texts that can be restored no more. Gives whether
        the place has changed by it."""
        over, first = self._place.first, self.first
        for number in range(over, first):
            self._store.delete("message", self._name, str(number))
        self._place.first = first
        hidden, now = self._hidden(), self._clock()
        kept = [one for one in hidden if one["until"] > now and one["number"] >= first]
        if kept != hidden:
            self._store.put(kept, "hidden", self._name)
        return first > over

    def _time(self, number: int) -> int:
        if self._oldest[0] != number:
            self._oldest = number, self.message(number).time
        return self._oldest[1]

    def _hidden(self) -> list[dict[str, Any]]:
        return list(self._store.get("hidden", self._name) or [])

    def _loaded(self, saved: dict[str, Any]) -> Message:
        return Message(**saved, room=self._place.room)

    def _put(self, number: int, message: Message) -> None:
        self._store.put(message.dump(), "message", self._name, str(number))

    def _number_of(self, line: int) -> int | None:
        """By halves: numbers and seqs rise together."""
        low, high = self.first, self._place.shown
        while low < high:
            middle = (low + high) // 2
            if self.message(middle).seq < line:
                low = middle + 1
            else:
                high = middle
        return low if low < self._place.shown and self.message(low).seq == line else None


def _quote(message: Message) -> ReportedLine | None:
    return None if message.quote is None else ReportedLine.model_validate(message.quote)
