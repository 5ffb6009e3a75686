"""Fern plans Tuesdays and runs one with Sol: doors, a round, hands, a pause, and the end, over the SDK."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from icalendar import Calendar

from evening import Evening, Listener, refusal, sit_down, until
from safespace.sdk import Group, Room, Segment, Session
from serving import ServerProcess

WORDS = ("Tuesday tea", "for the newly bereaved", "How was the week", "Breathe for a moment")


def next_tuesday() -> datetime:
    today = datetime.now(UTC).replace(hour=19, minute=0, second=0, microsecond=0, tzinfo=None)
    return today + timedelta(days=7 + (1 - today.weekday()) % 7)


async def same_everywhere(evening: Evening) -> None:
    """Every device has the same of what the group agreed, whose turn it is included."""
    newest = max(room.place.cursor for room in evening.rooms.values())
    await until(lambda: all(room.place.cursor >= newest for room in evening.rooms.values()))
    assert len({room.place.state.written() for room in evening.rooms.values() if room.place.state}) == 1


async def plan(group: Group) -> Session:
    """Every Tuesday at seven, in London; what cannot be is refused, and changes nothing."""
    start = next_tuesday()
    first = await group.schedule(
        WORDS[0], starts=start, minutes=90, repeat="weekly", zone="Europe/London", note=WORDS[1]
    )
    assert (first.title, first.minutes, first.rule) == (WORDS[0], 90, "FREQ=WEEKLY")
    assert [one.starts for one in group.sessions()][:1] == [first.starts]
    assert len(group.sessions()) == 64
    again = group.schedule("Another", starts=start + timedelta(minutes=60), zone="Europe/London")
    assert await refusal(again) == "overlapping"
    assert await refusal(group.schedule("Past", starts=datetime(2020, 1, 1, 19))) == "in_the_past"  # noqa: DTZ001
    assert await refusal(group.schedule("Never", starts=start, repeat="FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")) == (
        "impossible_recurrence"
    )
    assert await refusal(group.schedule("Nowhere", starts=start, zone="Europe/Atlantis")) == "invalid_field"
    skipped = group.sessions()[1]
    await skipped.skip()
    assert len(group.sessions()) == 63
    assert skipped not in group.sessions()
    return first


def events(text: str) -> list[Any]:
    return list(Calendar.from_ical(text).walk("VEVENT"))


async def in_calendars(group: Group) -> None:
    """An address tells when there is something; a file that the device made, what. No address outlives its revoking."""
    async with httpx.AsyncClient(trust_env=False) as web:
        address = await group.calendar_address()
        told = (await web.get(address)).text
        dates = [event["DTSTART"].dt for event in events(told)]
        assert dates == [session.starts for session in group.sessions()]
        assert "Appointment" in told
        assert not [word for word in WORDS if word in told]
        kept = events(group.calendar_file())
        assert {(str(event["SUMMARY"]), str(event["DESCRIPTION"])) for event in kept} == {WORDS[:2]}
        assert [event["DTSTART"].dt for event in kept] == dates
        await group.revoke_calendars()
        assert (await web.get(address)).status_code == 404


async def round_of_turns(evening: Evening) -> None:
    """Wren speaks and passes, Moss says "later", Jay never says a word; then it is Moss's turn."""
    fern, wren, moss, jay = (evening.rooms[name] for name in ("Fern", "Wren", "Moss", "Jay"))
    order = [evening.member(name) for name in ("Wren", "Moss", "Jay")]
    await fern.start_round(seconds=0, order=order)
    await turn_of(evening, "Wren")
    assert await refusal(moss.send("may I?")) == "not_your_turn"
    await wren.send("I slept a little")
    await wren.pass_turn()
    await turn_of(evening, "Moss")
    assert await refusal(wren.pass_turn()) == "not_your_turn"
    await moss.pass_turn(later=True)
    await turn_of(evening, "Jay")
    # Jay's phone sleeps. Fern and Sol pass it on in the same moment: it is passed once.
    await asyncio.gather(fern.pass_turn(), evening.rooms["Sol"].pass_turn())
    await turn_of(evening, "Moss")
    await moss.send("now I can")
    await moss.pass_turn()
    await until(lambda: jay.floor.holder is None)
    assert await refusal(jay.send("too late")) == "not_your_turn"
    await fern.send("thank you all")


async def hands(evening: Evening) -> None:
    sol, wren, moss, jay = (evening.rooms[name] for name in ("Sol", "Wren", "Moss", "Jay"))
    await sol.go_by_hands()
    await asyncio.gather(*(room.raise_hand() for room in (wren, moss, jay)))
    await until(lambda: len(sol.floor.queue) == 2)
    assert await refusal(wren.raise_hand()) == "hand_up"
    holder = sol.floor.holder
    assert holder is not None
    waiting = [member.pseudonym for member in sol.floor.queue]
    assert {holder.pseudonym, *waiting} == {"Wren", "Moss", "Jay"}
    await evening.rooms[waiting[0]].lower_hand()
    await until(lambda: [member.pseudonym for member in sol.floor.queue] == waiting[1:])
    await sol.give_floor(evening.member(waiting[1]))
    await turn_of(evening, waiting[1])
    await evening.rooms[waiting[1]].send("thank you")
    assert await refusal(wren.start_round()) == "forbidden"
    await sol.open_floor()


async def turn_of(evening: Evening, name: str) -> None:
    def is_turn_of(room: Room) -> bool:
        holder = room.floor.holder
        return holder is not None and holder.pseudonym == name

    await until(lambda: all(is_turn_of(room) for room in evening.rooms.values()))


async def test_an_evening_with_a_floor(standing_server: ServerProcess, tmp_path: Path) -> None:
    async with Evening.of(standing_server.url, tmp_path, "Wren", "Moss", "Jay") as evening:
        await evening.seat("Sol", "facilitator")
        group, sol = evening.group, evening.groups["Sol"]
        fern, wren, moss = (evening.rooms[name] for name in ("Fern", "Wren", "Moss"))
        first = await plan(group)
        await until(lambda: all(len(one.sessions()) == 63 for one in evening.groups.values()))
        await in_calendars(sol)
        assert await refusal(evening.groups["Wren"].sessions()[0].open()) == "forbidden"
        assert await refusal(group.sessions()[1].open()) == "unknown_plan"

        await group.between_sessions(False)
        await until(lambda: bool(wren.policy and not wren.policy.live.between))
        assert await refusal(wren.send("is it time?")) == "closed"
        await first.open()
        assert await refusal(sol.sessions()[0].open()) == "session_open"
        await wren.send("good evening")
        await first.lock()
        late = await evening.arrive("Robin")
        coming = asyncio.create_task(late.join(await group.create_invite(), pseudonym="Robin"))
        await until_someone_waits(group)
        assert await refusal(group.admit((await group.waiting())[0])) == "locked"
        await first.write_run_sheet([Segment(title=WORDS[2], minutes=20, kind="check_in")])
        await first.move_on()
        await until(lambda: bool(sol.sessions()[0].segment))
        assert sol.sessions()[0].run_sheet[0].title == WORDS[2]

        await round_of_turns(evening)
        await hands(evening)
        await fern.pause(WORDS[3])
        await until(lambda: bool(moss.policy and moss.policy.live.paused))
        assert moss.now().live.paused is not None
        assert await refusal(moss.send("what now?")) == "paused"
        await fern.resume()
        await fern.slow_mode(3600)
        await moss.send("once")
        assert await refusal(moss.send("and again")) == "slow_mode"
        await group.write_rules("It stays here, and we take turns.")
        await until(lambda: evening.groups["Moss"].rules.endswith("turns."))
        assert await refusal(moss.send("hm")) == "agree_first"
        await evening.groups["Moss"].agree()
        # Robin, at the door, had agreed to the rules as they were.
        assert await refusal(coming) == "rules_changed"

        # Sol takes over, unlocks the door, Robin comes in, and Sol ends it.
        await sol.sessions()[0].take_lead()
        session = sol.sessions()[0]
        assert session.lead == evening.rooms["Sol"].member(evening.member("Sol").id)
        await session.lock(False)
        await fern.slow_mode(0)
        evening.rooms["Robin"] = (await sit_down(group, late, "Robin")).main
        await evening.rooms["Robin"].send("sorry I am late")
        await Listener(moss).hears("good evening", "I slept a little", "now I can", "thank you", "sorry I am late")
        await session.close()
        assert await refusal(session.lock()) == "no_session"
        assert not session.is_on
        await same_everywhere(evening)
        assert all(room.warnings() == [] for room in evening.rooms.values())
        await until(lambda: len(sol.sessions()) == 62)
    held = b"".join(path.read_bytes() for path in Path(standing_server.database_file).parent.glob("*.db*"))
    assert b"clock" in held, "the relay knows when"
    assert not [words for words in (*WORDS, "Europe/London", "FREQ=WEEKLY") if words.encode() in held]


async def until_someone_waits(group: Group) -> None:
    async with asyncio.timeout(60):
        while not await group.waiting():  # noqa: ASYNC110 - only asking again tells
            await asyncio.sleep(0.1)
