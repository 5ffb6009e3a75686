"""Wren's messages are paused. She and those who look after the room see it, and nobody else, as everyone was told."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from evening import Evening, until
from guests import guest_comes
from safespace.rooms.policy import state_hash
from safespace.sdk import Room, Segment
from serving import ServerProcess

PART = Segment(title="Living with pain", minutes=20, kind="guest")


@pytest.fixture
async def evening(standing_server: ServerProcess, tmp_path: Path) -> AsyncIterator[Evening]:
    """Fern keeps the group, Moss moderates; Wren and Hazel are members."""
    async with Evening.of(standing_server.url, tmp_path, "Wren", "Hazel") as evening:
        await evening.seat("Moss", "moderator")
        yield evening


def read(room: Room) -> set[str]:
    """Who is muted, by all that somebody can read here without looking into the fold."""
    names = {member.id: member.pseudonym for member in room.members()}
    listed = {member.pseudonym for member in room.members() if member.muted}
    assert listed == {names[id] for id in names if (one := room.member(id)) is not None and one.muted}
    assert room.policy is not None
    assert listed == {names[id] for id in room.policy.mutes} == {names[id] for id in room.now().mutes}
    assert listed >= {member.pseudonym for member in room.here() if member.muted}
    return listed


def told(evening: Evening, name: str) -> list[str]:
    """What the record says to somebody of mutes."""
    return [deed.what for deed in evening.groups[name].audit() if deed.what in ("mute", "unmute")]


async def everyone_folded(evening: Evening) -> None:
    """All know the same, and the fold needs all of it."""
    newest = max(room.place.policy_seq for room in evening.rooms.values())
    await until(lambda: all(room.place.policy_seq == newest for room in evening.rooms.values()))
    assert len({state_hash(room.place.state) for room in evening.rooms.values()}) == 1


async def test_who_sees_that_somebody_is_muted(evening: Evening) -> None:
    rooms = evening.rooms
    await rooms["Moss"].mute(evening.member("Wren"), minutes=30)
    await everyone_folded(evening)
    assert {name: read(room) for name, room in rooms.items()} == {
        "Fern": {"Wren"},
        "Moss": {"Wren"},
        "Wren": {"Wren"},
        "Hazel": set(),
    }
    assert {name: told(evening, name) for name in rooms} == {
        "Fern": ["mute"],
        "Moss": ["mute"],
        "Wren": ["mute"],
        "Hazel": [],
    }
    assert rooms["Hazel"].warnings() == []


async def test_quiet_for_all_is_for_all_and_a_mute_in_it_is_not(evening: Evening) -> None:
    rooms = evening.rooms
    await rooms["Moss"].mute(evening.member("Wren"), length="lifted")
    await rooms["Moss"].mute_all()
    await everyone_folded(evening)
    assert all(room.policy and room.policy.quiet for room in rooms.values())
    assert [read(rooms[name]) for name in ("Moss", "Wren", "Hazel")] == [{"Wren"}, {"Wren"}, set()]


async def test_one_for_the_session_and_a_guest_of_the_session(evening: Evening) -> None:
    rooms, fern = evening.rooms, evening.group
    session = await fern.open_session()
    await session.write_run_sheet([PART])
    await session.move_on(0)
    await rooms["Fern"].mute(evening.member("Wren"), length="session")
    await guest_comes(evening, fern, "Jay", PART)
    await everyone_folded(evening)
    assert [read(rooms[name]) for name in ("Moss", "Hazel", "Jay")] == [{"Wren"}, set(), set()]
    await rooms["Fern"].mute(evening.member("Jay"))
    await everyone_folded(evening)
    assert [read(rooms[name]) for name in ("Moss", "Wren", "Jay")] == [{"Wren", "Jay"}, {"Wren"}, {"Jay"}]
    await session.close()
    await until(lambda: all(room.now().sheet.segments == () for room in rooms.values() if not room.log.trouble()))


async def test_who_no_longer_moderates_no_longer_sees_it(evening: Evening) -> None:
    rooms = evening.rooms
    await rooms["Fern"].mute(evening.member("Wren"), minutes=30)
    await everyone_folded(evening)
    assert read(rooms["Moss"]) == {"Wren"}
    await evening.group.demote(evening.member("Moss"), "member")
    await everyone_folded(evening)
    assert read(rooms["Moss"]) == set()
    assert told(evening, "Moss") == []
    await evening.group.offer_role(evening.member("Moss"), "moderator")
    await until(lambda: evening.groups["Moss"].offered == "moderator")
    await evening.groups["Moss"].accept_role()
    await everyone_folded(evening)
    assert read(rooms["Moss"]) == {"Wren"}
    await rooms["Moss"].unmute(evening.member("Wren"))
    await everyone_folded(evening)
    assert [read(room) for room in rooms.values()] == [set()] * 4
