"""What was done to what the group has agreed, as people are told of it, and who is told of what."""

from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from pydantic import ConfigDict, TypeAdapter

from safespace.crypto.errors import CryptoError
from safespace.crypto.locked import lock, unlock
from safespace.crypto.reasons import open_reason
from safespace.fields import FloorMode, MuteLength, PolicyAction, Role, TurnSeconds, b64decode
from safespace.rooms.actions import AnyAction, SealedReason, shown
from safespace.rooms.former import goes_on_as
from safespace.rooms.roles import STAFF
from safespace.rooms.state import PolicyMessage, State
from safespace.sdk.any_place import AnyPlace
from safespace.sdk.clocks import date_of
from safespace.sdk.errors import NotOpened
from safespace.sdk.store import Store

_OF_ALL: Final[frozenset[PolicyAction]] = frozenset({"create", "mute_all", "retain"})
"""What every member is told of: it concerns them all."""


@dataclass(frozen=True, slots=True)
class Who:
    """A member, by id and by the pseudonym they had then."""

    id: str
    pseudonym: str


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that was done, at `seq` of the log. `what` is the policy action; the fields after `reason` are its own.

    `reason` is what was given as the reason where it was sealed to this member, `reasoned` whether any was.
    """

    seq: int
    time: int
    what: PolicyAction
    by: Who
    whom: Who | None
    reasoned: bool
    reason: str | None
    role: Role | None = None
    length: MuteLength | None = None
    on: bool | None = None
    line: int | None = None
    days: int | None = None
    ban: bool | None = None
    seconds: TurnSeconds | None = None
    mode: FloorMode | None = None
    absent: bool | None = None

    @property
    def done_at(self) -> datetime:
        """When, by the server's clock."""
        return date_of(self.time)

    def concerns(self, mine: Collection[str], role: Role) -> bool:
        """Whether a member of these ids may read of it: the staff of everything, others of what concerns them."""
        about = (self.by.id, self.whom and self.whom.id)
        return role in STAFF or self.what in _OF_ALL or not set(mine).isdisjoint(about)


def deed_of(
    message: PolicyMessage, before: State | None, after: State, *, seq: int, time: int, me: str, key: bytes
) -> Deed:
    """`before` still knows who left; `key` is the private policy key of `me`, who may read the reason."""
    action = message.action

    def who(id: str) -> Who:
        entry = after.members.get(goes_on_as(after, id)) or (before.members.get(id) if before else None)
        banned = next((one for one in before.banned if one.member == id), None) if before else None
        known = entry or banned
        return Who(id, known.pseudonym if known else "")

    fields: dict[str, Any] = {name: value for name, value in shown(action).items() if name in _FIELDS}
    return Deed(
        seq=seq,
        time=time,
        what=action.action,
        by=who(message.actor),
        whom=None if action.target is None else who(action.target),
        reasoned=_reason(action) is not None,
        reason=_read_reason(action, after.group.bytes, me, key),
        **fields,
    )


def seal_deeds(done: list[Deed], passphrase: str) -> str:
    """The content of a file that only the passphrase opens. Takes 64 MiB and, on purpose, a while."""
    return lock(_deeds.dump_json(done).decode(), passphrase)


def open_deeds(file: str, passphrase: str) -> list[Deed]:
    """What `seal_deeds`, or a browser, put into a file. Raises NotOpened for another passphrase or another file."""
    try:
        return _deeds.validate_json(unlock(file, passphrase))
    except ValueError as error:  # a CryptoError, or pydantic's
        raise NotOpened from error


_deeds: Final = TypeAdapter(list[Deed], config=ConfigDict(extra="forbid", strict=True))
_FIELDS: Final = frozenset({"role", "length", "on", "line", "days", "ban", "seconds", "mode", "absent"})


def _reason(action: AnyAction) -> SealedReason | None:
    return getattr(action, "reason", None)


def _read_reason(action: AnyAction, group: bytes, me: str, key: bytes) -> str | None:
    """None where there is none, or none for `me` that opens."""
    reason = _reason(action)
    box = next((box for box in reason.boxes if box.member == me), None) if reason else None
    if reason is None or box is None:
        return None
    try:
        return open_reason(b64decode(box.box), b64decode(reason.mac), group, b64decode(action.target or ""), key)
    except CryptoError:
        return None


class Record:
    """The deeds that a device read of, in the store, by number. Writes only inside the store's `writing`."""

    def __init__(self, place: AnyPlace, store: Store) -> None:
        self._place = place
        self._store = store
        self._name = str(place.room)

    def __iter__(self) -> Iterator[Deed]:
        """Oldest first."""
        for number in range(self._place.deeds):
            saved: dict[str, Any] = self._store.get("deed", self._name, str(number))
            whom = saved["whom"]
            yield Deed(**saved | {"by": Who(**saved["by"]), "whom": None if whom is None else Who(**whom)})

    def add(self, deed: Deed) -> None:
        self._store.put(asdict(deed), "deed", self._name, str(self._place.deeds))
        self._place.deeds += 1
