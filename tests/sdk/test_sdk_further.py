"""What a further room's lines say is believed only where main, the tree and the members' own signatures bear it out."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pytest
from nacl.signing import SigningKey
from uuid6 import uuid7

from safespace.crypto.endorsements import endorsement_bytes
from safespace.crypto.franking import seal_content
from safespace.crypto.mls import check_key_package
from safespace.crypto.padding import unpad
from safespace.fields import Purpose, Role, b64decode, b64encode
from safespace.rooms.further_state import (
    AnyFurtherAction,
    Bring,
    FurtherState,
    FurtherStateMessage,
    LeaveRoom,
    Open,
    RemoveFromRoom,
    read_state,
)
from safespace.rooms.roll import Known, Roll, Since
from safespace.sdk.checks import Suspicion
from safespace.sdk.further_place import FurtherPlace
from safespace.sdk.further_sealing import seal_further
from safespace.sdk.group_crypto import Commit, GroupCrypto, LeafKey, Newcomer
from safespace.sdk.place import Place
from safespace.sdk.pool import endorse
from safespace.sdk.reading import read
from safespace.sdk.sealing import Pending
from safespace.wire import Act, ClearPolicy, Envelope

GROUP, ROOM = uuid7(), uuid7()
NOW = 1_800_000_000
"""Seconds."""
Lines = list[Envelope]


@dataclass
class Person:
    """Someone in main, and in the further room once they are."""

    name: str
    main: Place
    place: FurtherPlace | None = None
    halted: str | None = None

    @property
    def id(self) -> str:
        return b64encode(self.main.leaf.identity)

    @property
    def there(self) -> FurtherPlace:
        assert self.place is not None
        return self.place


class Table:
    """Fern owns the group, Mo and Fae moderate, Wren and Moss are members; everyone has read main up to seq 10."""

    def __init__(self) -> None:
        self.people: dict[str, Person] = {}
        roles: dict[str, Role] = {
            "Fern": "owner",
            "Mo": "moderator",
            "Fae": "moderator",
            "Wren": "member",
            "Moss": "member",
        }
        for name in roles:
            room = uuid7()
            crypto = GroupCrypto.create(LeafKey.fresh(), room.bytes)
            main = Place(
                group=GROUP, room=room, policy_private=bytes(32), crypto=crypto, public=crypto.public(), policy_seq=10
            )
            self.people[name] = Person(name, main)
        self.roll: Roll = {
            one.id: Known(pseudonym=name, key=b64encode(one.main.leaf.public), roles=(Since(seq=2, role=roles[name]),))
            for name, one in self.people.items()
        }
        for one in self.people.values():
            one.main.roll = self.roll
        self.head = 0
        self.inside: list[Person] = []
        self.pending: Pending
        """What was sealed last."""

    def __getitem__(self, name: str) -> Person:
        return self.people[name]

    def goes_on(self, name: str, role: Role | None, seq: int, *, seen_by: list[str] | None = None) -> None:
        """In main somebody's role changes, or they go; those in `seen_by` have read of it."""
        known = self.roll[self[name].id]
        since = (*known.roles, Since(seq=seq, role=role))
        self.roll = {**self.roll, self[name].id: known.model_copy(update={"roles": since})}
        for one in seen_by or list(self.people):
            self[one].main.roll = self.roll
            self[one].main.policy_seq = seq

    def open(self, purpose: Purpose = "aside", about: str | None = "Wren", by: str = "Fern") -> None:
        opener = self[by]
        crypto = GroupCrypto.create(LeafKey.fresh(), ROOM.bytes)
        opener.place = FurtherPlace(
            group=GROUP, room=ROOM, crypto=crypto, public=crypto.public(), main=opener.main, own=opener.id
        )
        self.inside = [opener]
        action = Open(
            target=None if about is None else self[about].id,
            group=GROUP,
            room=ROOM,
            purpose=purpose,
            leaf=b64encode(crypto.leaf.identity),
            endorsement=endorse(opener.main, crypto.leaf),
        )
        self.act(by, action)

    def act(
        self,
        by: str,
        action: AnyFurtherAction | None,
        make: Callable[[GroupCrypto], Commit] | None = None,
        change: Callable[[Lines], Lines] = lambda lines: lines,
    ) -> Lines:
        """Somebody acts, and all in the room read what the server makes of it."""
        self.pending = pending = seal_further(self[by].there, uuid7(), action, make)
        lines = change(lines_of(pending, self.head, self[by].there.leaf.identity))
        for one in self.inside:
            self.reads(one, lines, pending if one is self[by] else None)
        self.head += len(lines)
        return lines

    def reads(self, one: Person, lines: Lines, own: Pending | None = None) -> None:
        for line in lines:
            if one.halted is None and line.seq == one.there.cursor + 1:
                try:
                    read(one.there, line, own)
                except Suspicion as suspicion:
                    one.halted = suspicion.code
                one.there.cursor = line.seq

    def bring(
        self,
        by: str,
        who: str,
        *,
        endorsement: str | None = None,
        package: Callable[[bytes], bytes] = lambda package: package,
        change: Callable[[Lines], Lines] = lambda lines: lines,
    ) -> None:
        """Somebody is brought, and reads what the server hands them."""
        newcomer, one = Newcomer(), self[who]
        given = package(newcomer.package)
        checked = check_key_package(newcomer.package, NOW)
        action = Bring(
            target=one.id,
            leaf=b64encode(newcomer.leaf.identity),
            endorsement=endorsement or endorse(one.main, newcomer.leaf),
            package=b64encode(checked.ref),
        )
        made: list[Commit] = []

        def make(crypto: GroupCrypto) -> Commit:
            made.append(crypto.add(given))
            return made[0]

        before = self.head
        lines = self.act(by, action, make, change)
        welcome = made[0].welcome
        assert welcome is not None
        if given != newcomer.package:
            return
        crypto = newcomer.join(ROOM.bytes, made[0].after.tree(), welcome)
        one.place = FurtherPlace(
            group=GROUP,
            room=ROOM,
            crypto=crypto,
            public=crypto.public(),
            main=one.main,
            own=one.id,
            brought=True,
            policy_seq=before + 1,
            cursor=before + 2,
        )
        self.inside.append(one)
        self.reads(one, lines[2:])

    def out(self, by: str, who: str) -> None:
        """Somebody is taken out of the room."""
        self.inside.remove(self[who])
        self.act(by, RemoveFromRoom(target=self[who].id), removing(self[who]))

    def names(self, of: str) -> set[str]:
        state = self[of].there.state
        assert state is not None
        return {name for name, one in self.people.items() if one.id in state.members}


def removing(one: Person) -> Callable[[GroupCrypto], Commit]:
    leaf = one.there.leaf
    return lambda crypto: crypto.remove([(leaf.identity, leaf.public)])


def lines_of(pending: Pending, head: int, leaf: bytes) -> Lines:
    """The lines that the relay makes of an act."""
    frame = pending.frame
    assert isinstance(frame, Act)
    policy = frame.policy
    common: dict[str, Any] = {"room": ROOM, "time": NOW * 1000, "leaf": b64encode(leaf), "client_id": pending.client_id}
    lines: Lines = []
    for part, kind in ((policy, "policy"), (frame.commit, "handshake"), (frame.state, "policy")):
        if part is None:
            continue
        clear = None
        if part is policy and policy is not None:
            clear = ClearPolicy.model_validate(policy.model_dump(include=set(ClearPolicy.model_fields)))
        elif part is frame.state and policy is not None:
            clear = ClearPolicy(action="state", main=policy.main)
        commitment = getattr(part, "commitment", None)
        lines.append(
            Envelope(
                **common,
                seq=head + len(lines) + 1,
                kind=kind,
                epoch=part.epoch,
                body=part.body,
                commitment=commitment,
                policy=clear,
            )
        )
    return lines


def test_who_is_brought_sees_who_is_there_and_everyone_sees_them() -> None:
    table = Table()
    table.open()
    table.bring("Fern", "Mo")
    table.bring("Mo", "Wren")
    assert [table.names(one.name) for one in table.inside] == [{"Fern", "Mo", "Wren"}] * 3
    assert [one.halted for one in table.inside] == [None] * 3
    table.act("Wren", LeaveRoom())
    table.act("Fern", None, removing(table["Wren"]))
    assert table["Wren"].there.status == "left"
    assert [table.names(one) for one in ("Fern", "Mo")] == [{"Fern", "Mo"}] * 2
    assert [table[one].halted for one in ("Fern", "Mo")] == [None] * 2


def _by(other: str) -> Callable[[Table], str]:
    """An endorsement of another leaf, by someone."""
    return lambda table: endorse(table[other].main, LeafKey.fresh())


@pytest.mark.parametrize(
    "endorsement",
    [_by("Wren"), _by("Fern"), lambda table: b64encode(bytes(64)), lambda table: _elsewhere(table["Wren"])],
    ids=["of another leaf", "by someone else", "of nobody", "in another group"],
)
def test_a_leaf_that_its_member_did_not_endorse_stops_the_room(endorsement: Callable[[Table], str]) -> None:
    table = Table()
    table.open()
    table.bring("Fern", "Mo")
    table.bring("Fern", "Wren", endorsement=endorsement(table))
    assert (table["Mo"].halted, table["Wren"].halted) == ("unendorsed_leaf", "state_mismatch")


def _elsewhere(one: Person) -> str:
    key = SigningKey(one.main.leaf.secret[:32])
    leaf = LeafKey.fresh()
    return b64encode(key.sign(endorsement_bytes(uuid7().bytes, leaf.identity, leaf.public)).signature)


def test_another_key_package_than_the_announced_one_stops_the_room() -> None:
    table = Table()
    table.open()
    table.bring("Fern", "Mo")
    table.bring("Fern", "Wren", package=lambda package: Newcomer().package)
    assert table["Mo"].halted == "unannounced_change"


@pytest.mark.parametrize("what", ["add", "remove"])
def test_a_change_of_keys_that_nobody_announced_stops_the_room(what: str) -> None:
    table = Table()
    table.open()
    table.bring("Fern", "Mo")
    table.bring("Fern", "Fae")

    def make(crypto: GroupCrypto) -> Commit:
        return crypto.add(Newcomer().package) if what == "add" else removing(table["Fae"])(crypto)

    table.act("Fern", None, make)
    assert table["Mo"].halted == "unannounced_change"


Change = Callable[[Table, dict[str, Any]], object]
CHANGES: dict[str, Change] = {
    "a ghost": lambda t, s: s["members"].update(
        {t["Moss"].id: s["members"][t["Fern"].id] | {"leaf": b64encode(b"g" * 16)}}
    ),
    "someone left out": lambda t, s: s["members"].pop(t["Fern"].id),
    "not the newcomer": lambda t, s: s["members"].pop(t["Wren"].id),
    "another's leaf": lambda t, s: s["members"].update(
        {t["Fern"].id: s["members"][t["Mo"].id], t["Mo"].id: s["members"][t["Fern"].id]}
    ),
    "another's endorsement": lambda t, s: s["members"][t["Fern"].id].update(
        endorsement=s["members"][t["Mo"].id]["endorsement"]
    ),
    "about another": lambda t, s: s.update(about=t["Moss"].id),
    "another room": lambda t, s: s.update(room=str(uuid7())),
    "another group": lambda t, s: s.update(group=str(uuid7())),
    "another time": lambda t, s: s.update(main=3),
    "a staff room": lambda t, s: s.update(purpose="staff", about=None),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
def test_a_room_that_is_not_what_it_is_said_to_be_is_not_entered(change: Change) -> None:
    """Mo, who brings her, says something else than what is."""
    table = Table()
    table.open()
    table.bring("Fern", "Mo")

    def forged(lines: Lines) -> Lines:
        mo, pending, line = table["Mo"].there, table.pending, lines[2]
        assert pending.after is not None
        state = read_state(unpad(pending.sealed[line.body or ""])[0]).model_dump(mode="json")
        change(table, state)
        content = FurtherStateMessage(state=FurtherState.model_validate(state, strict=False)).written()
        plaintext, commitment = seal_content(content, ROOM.bytes, mo.leaf.identity, line.epoch)
        body = GroupCrypto.load(mo.leaf, ROOM.bytes, pending.after).encrypt(plaintext)
        return [*lines[:2], line.model_copy(update={"body": b64encode(body), "commitment": b64encode(commitment)})]

    table.bring("Mo", "Wren", change=forged)
    assert table["Wren"].halted == "state_mismatch"
    assert table["Wren"].there.state is None
    assert table["Fern"].halted == "state_forged"


def test_nothing_is_sent_to_someone_who_no_longer_belongs_and_they_are_taken_out() -> None:
    table = Table()
    table.open("staff", None)
    for who in ("Mo", "Fae"):
        table.bring("Fern", who)
    table.goes_on("Fae", "member", 12)
    assert [leaf.identity for leaf in table["Mo"].there.departed] == [table["Fae"].there.leaf.identity]
    assert table["Mo"].there.outsiders == [table["Fae"].id]
    table.out("Mo", "Fae")
    assert [table[one].halted for one in ("Fern", "Mo")] == [None, None]
    assert table["Fern"].there.departed == []


def test_a_line_waits_until_main_was_read_as_far_as_its_author_had() -> None:
    table = Table()
    table.open("staff", None)
    for who in ("Mo", "Fae"):
        table.bring("Fern", who)
    table.goes_on("Fae", None, 12, seen_by=["Mo"])
    pending = seal_further(
        table["Mo"].there,
        uuid7(),
        RemoveFromRoom(target=table["Fae"].id),
        removing(table["Fae"]),
    )
    lines = lines_of(pending, table.head, table["Mo"].there.leaf.identity)
    fern = table["Fern"]
    assert [fern.there.waits_for(line) for line in lines] == [True, False]
    table.goes_on("Fae", None, 12)
    assert not fern.there.waits_for(lines[0])
    table.reads(fern, lines)
    assert fern.halted is None
    assert table.names("Fern") == {"Fern", "Mo"}


def test_who_was_away_while_someone_was_demoted_and_made_a_moderator_again_sees_no_ghosts() -> None:
    table = Table()
    table.open("staff", None)
    for who in ("Mo", "Fae"):
        table.bring("Fern", who)
    table.inside.remove(table["Fern"])
    missed: Lines = []

    def note(lines: Lines) -> Lines:
        missed.extend(lines)
        return lines

    table.goes_on("Fae", "member", 12)
    table.inside.remove(table["Fae"])
    table.act("Mo", RemoveFromRoom(target=table["Fae"].id), removing(table["Fae"]), note)
    table.goes_on("Fae", "moderator", 15)
    table.bring("Mo", "Fae", change=note)
    table.reads(table["Fern"], missed)
    assert [one.halted for one in table.people.values()] == [None] * 5
    assert table.names("Fern") == table.names("Mo") == table.names("Fae") == {"Fern", "Mo", "Fae"}


def test_a_removal_without_a_reason_is_void_and_the_change_of_keys_refused() -> None:
    table = Table()
    table.open("staff", None)
    for who in ("Mo", "Fae"):
        table.bring("Fern", who)
    # Mo's client believes, and makes the room believe, that Fae has gone.
    honest, gone = table.roll, Since(seq=10, role=None)
    known = honest[table["Fae"].id]
    table["Mo"].main.roll = {**honest, table["Fae"].id: known.model_copy(update={"roles": (*known.roles, gone)})}
    table.act("Mo", RemoveFromRoom(target=table["Fae"].id), removing(table["Fae"]))
    assert table["Fern"].halted == "policy_forged"
    table["Fern"].halted = None
    assert table.names("Fern") == {"Fern", "Mo", "Fae"}


def test_a_place_is_the_same_after_it_was_put_down() -> None:
    table = Table()
    table.open()
    table.bring("Fern", "Mo")
    table.bring("Fern", "Wren")
    for one in table.inside:
        saved = one.there.dump()
        loaded = FurtherPlace.load(saved, one.main)
        assert replace(loaded, clock=one.there.clock).dump() == saved
        assert (loaded.me, loaded.state, loaded.room) == (one.id, one.there.state, UUID(str(ROOM)))
        assert b64decode(saved["leaf"][0]) == one.there.leaf.identity
