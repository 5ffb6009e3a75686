"""How much anyone may do: rates of what is done, and quotas of what is kept. docs/operating.md has both as tables.

A rate has room for a lively evening: fifty people in a room, bursts of messages, everyone coming back at once, a door
at which a hundred wait, a program that posts every second. Nothing goes on for ever at more than its rate.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal, NamedTuple

from safespace.errors import SafeSpaceError

MIB: Final = 1024
"""KiB; sizes are counted in those."""
Whose = Literal["account", "device", "group", "member", "address", "handle", "invite", "calendar"]
OWN: Final = 1 / 4
"""So much of what one account may do is its own in each of its groups, however much others have taken there."""


def kib(size: int) -> int:
    """The KiB that so many bytes have begun."""
    return size // 1024 + 1


class Rate(NamedTuple):
    """So many at once, and so many more an hour.

    After a refusal nothing is taken before `again` of them are there, and as many as were asked for: so nobody asks
    anew for each one, and what is smaller does not overtake what was refused.
    """

    at_once: int
    per_hour: int
    again: int = 1

    def times(self, factor: float) -> "Rate":
        at_once, per_hour, again = (max(1, round(value * factor)) for value in self)
        return Rate(at_once, per_hour, again)


@dataclass(frozen=True, slots=True)
class Budget:
    """What is counted, and the rates for each of those it is counted for."""

    what: str
    rates: Mapping[Whose, Rate]
    unit: str = ""

    def with_rates(self, change: Callable[[Whose, Rate], Rate]) -> "Budget":
        return replace(self, rates={whose: change(whose, rate) for whose, rate in self.rates.items()})

    def words(self, whose: Whose) -> str:
        """The limit, as a refusal names it."""
        at_once, per_hour, _ = self.rates[whose]
        return (
            f"Limit for one {whose}: {at_once:,}{self.unit} {self.what} at once, then {per_hour:,}{self.unit} an hour."
        )


def _shared(account: Rate, group: Rate) -> Mapping[Whose, Rate]:
    """What the accounts of a group have together, and beyond that each of them alone: a few who take all there is in
    common take nothing from what is another's."""
    return {"account": account, "group": group, "member": account.times(OWN)}


BUDGETS: Final[Mapping[str, Budget]] = {
    # In rooms; every process counts for itself.
    "messages": Budget(
        "of messages and reactions, each at least one",
        _shared(Rate(512, 4 * 3600, again=20), Rate(4_096, 32 * 3600, again=160)),
        unit=" KiB",
    ),
    "acts": Budget(
        "decisions and changes of keys",
        _shared(Rate(600, 1_800, again=5), Rate(12_000, 36_000, again=20)),
    ),
    "act_size": Budget(
        "of decisions and changes of keys",
        _shared(Rate(64 * MIB, 28 * MIB, again=MIB), Rate(1_280 * MIB, 560 * MIB, again=MIB)),
        unit=" KiB",
    ),
    "refused_acts": Budget("refused decisions", {"account": Rate(600, 3_600, again=5)}),
    # In rooms, all processes together.
    "restless": Budget("own changes of keys, agreements and hands", {"device": Rate(300, 300)}),
    "doubts": Budget("doubted changes of keys", {"device": Rate(300, 300)}),
    "contested": Budget("doubted decisions", {"device": Rate(300, 300)}),
    "undone": Budget("decisions that nobody could follow", {"account": Rate(3, 3)}),
    # Requests that leave something behind.
    "stored": Budget(
        "of requests that leave something behind",
        _shared(Rate(32 * MIB, 16 * MIB), Rate(256 * MIB, 128 * MIB)),
        unit=" KiB",
    ),
    "refused": Budget("refused requests", {"account": Rate(300, 1_200)}),
    "groups": Budget("new groups", {"account": Rate(30, 30)}),
    "rooms": Budget("further rooms", _shared(Rate(60, 60), Rate(300, 300))),
    "invites": Budget("invites", _shared(Rate(300, 300), Rate(600, 600))),
    "requests": Budget("requests to join", {"account": Rate(40, 20), "invite": Rate(150, 75), "group": Rate(600, 300)}),
    "reports": Budget("reports", _shared(Rate(30, 30), Rate(200, 100))),
    "entries": Budget("notes, entries and words at the door", _shared(Rate(120, 120), Rate(600, 600))),
    "copies": Budget("copies for who took office later", _shared(Rate(600, 600), Rate(2_400, 2_400))),
    "ballots": Budget("ballots", _shared(Rate(30, 30), Rate(60, 60))),
    "calendars": Budget("calendars", {"account": Rate(60, 60)}),
    "key_packages": Budget("KeyPackages", {"account": Rate(2_000, 1_000)}),
    "asks": Budget("asks to come into passing rooms", {"account": Rate(600, 600)}),
    # Tries: what is refused counts as well.
    "registrations": Budget("new accounts", {"address": Rate(120, 120)}),
    "logins": Budget("wrong logins", {"address": Rate(120, 120), "handle": Rate(30, 30), "device": Rate(30, 30)}),
    "sessions": Budget("logins", {"account": Rate(120, 60)}),
    "lookups": Budget("invites looked up", {"address": Rate(600, 600), "invite": Rate(600, 600)}),
    "feeds": Budget("calendars fetched", {"address": Rate(600, 600), "calendar": Rate(120, 120)}),
    "verifications": Budget("stamps verified", {"account": Rate(1_200, 1_200)}),
}


def scaled(factor: float, *, registrations: int, logins: int) -> Mapping[str, Budget]:
    """Every budget times `factor`, but for what nobody could follow, which is as little on a large server, and for new
    accounts of an address and wrong logins for a handle: those are an hour's. An address, which several people may
    share, has four times as many wrong logins."""
    made = {name: budget.with_rates(lambda _, rate: rate.times(factor)) for name, budget in BUDGETS.items()}
    return made | {
        "undone": BUDGETS["undone"],
        "registrations": made["registrations"].with_rates(lambda _, __: Rate(registrations, registrations)),
        "logins": made["logins"].with_rates(
            lambda whose, _: Rate(logins, logins).times(4 if whose == "address" else 1)
        ),
    }


class Quota(NamedTuple):
    """How many of something there may be."""

    most: int
    words: str

    def check(self, there: int, more: int = 1) -> None:
        """Raises SafeSpaceError quota_reached where so many more would be too many."""
        if there + more > self.most:
            raise self.refusal()

    def refusal(self) -> SafeSpaceError:
        """What is told, with the limit."""
        return SafeSpaceError("quota_reached", f"Limit: {self.most:,} {self.words}.")


QUOTAS: Final[Mapping[str, Quota]] = {
    "sockets": Quota(32, "open connections of one account"),
    "groups": Quota(100, "groups that one account owns"),
    "calendars": Quota(50, "calendars of one account"),
    "requests_of_account": Quota(20, "requests to join of one account that wait"),
    "requests_in_group": Quota(200, "requests to join that wait in one group"),
    "requests_by_invite": Quota(50, "requests to join that wait by one link"),
    "requests_by_place": Quota(4, "of them for each use that the link has left"),
    "invites": Quota(200, "invites of one group that can be used"),
    "key_packages": Quota(100, "KeyPackages of one device in one group that wait to be taken"),
    "taken_packages": Quota(500, "KeyPackages of one group that one account took within 90 days"),
    "reports": Quota(50, "open reports of one account in one group"),
    "entries": Quota(200, "entries about one report"),
    "handovers": Quota(100, "notes of one group that have not expired"),
}
"""The same on every server, as clients count on them."""
