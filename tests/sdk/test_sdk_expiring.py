"""What the group keeps no longer is gone from Wren's device: text, key and quotes, in use, at rest and after a rest."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import uvicorn

from asking import FakeClock, settings_in
from blank import put_blank_database
from evening import Evening, refusal, until
from in_process import running
from safespace.api.upgrade import Upgrade
from safespace.app import create_app
from safespace.sdk import Client, Message
from safespace.sdk.any_room import AnyRoom
from safespace.sdk.clocks import own_clock
from serving import free_port

DAY = 86_400_000


class Week(Evening):
    """An evening of which server and devices go by one clock, that is moved."""

    time: FakeClock

    def days_go_by(self, days: float) -> None:
        self.time.now += int(days * DAY)

    async def everyone_reads(self, by: str = "Fern") -> Message:
        """Something is said, and read by all: the time of it is what the devices know of the server's."""
        seq = await self.rooms[by].send("good morning")
        await until(lambda: all(room.place.cursor >= seq for room in self.rooms.values()))
        return kept(self.rooms[by])[-1]


@asynccontextmanager
async def standing(folder: Path, clock: FakeClock) -> AsyncIterator[str]:
    """The server, whole, in this process, so that its clock can be moved; it says no date but by its lines."""
    settings = settings_in(folder, port=free_port(), budgets=1000)
    settings.make_data_dir()
    put_blank_database(settings.data_dir / "safespace.db")
    app = create_app(settings, clock)
    config = uvicorn.Config(app, port=settings.port, ws=Upgrade, date_header=False, log_config=None)
    async with running(config):
        yield f"http://127.0.0.1:{settings.port}"


@pytest.fixture
async def week(tmp_path: Path) -> AsyncIterator[Week]:
    """Fern keeps messages for seven days; Wren is there."""
    clock = FakeClock()
    clock.now = own_clock()  # the keys that devices make say when they were made
    async with standing(tmp_path, clock) as url, Week.elsewhere(url, tmp_path, clock) as week:
        week.time = clock
        host = await week.arrive("Fern")
        week.group = await host.create_group("Tuesday evening", rules="It stays here.", pseudonym="Fern", days=7)
        week.groups["Fern"], week.rooms["Fern"] = week.group, week.group.main
        await week.seat("Wren")
        yield week


def kept(room: AnyRoom) -> list[Message]:
    """What a device would show now."""
    conversation = room.log.conversation
    return [conversation.message(number) for number in range(conversation.first, room.log.place.shown)]


def texts(room: AnyRoom) -> list[str]:
    return [message.text for message in kept(room)]


def at_rest(client: Client) -> str:
    """All that is in a store."""
    store = client._store
    rows = store._connection.execute("SELECT name, value FROM sealed").fetchall()
    return "\n".join(json.dumps(json.loads(store._box.decrypt(value, aad=name))) for name, value in rows)


def traces(message: Message) -> list[str]:
    """What of a message may be nowhere."""
    assert message.quote is not None
    return [message.quote["content"], message.quote["kf"], *filter(None, (message.text, message.note, message.title))]


def found(client: Client, messages: list[Message]) -> list[str]:
    store = at_rest(client)
    return [trace for message in messages for trace in traces(message) if trace in store]


async def all_sorts(week: Week) -> list[Message]:
    """A plain message, one under a content note, one that is noted later, a card, and one that is answered by it."""
    fern, wren = week.rooms["Fern"], week.rooms["Wren"]
    await wren.send("the chair in the shower")
    await wren.send("about a hospital", note="hospitals")
    await wren.send("the night I fell")
    await until(lambda: fern.place.shown == 3)
    await fern.annotate(kept(fern)[2], "a fall")
    await fern.send_card("Falling", "What helps after a fall", kept(fern)[2])
    await until(lambda: wren.place.shown == 4)
    said = kept(wren)
    assert [message.note for message in said] == [None, "hospitals", "a fall", None]
    assert found(week.clients["Wren"], said)
    return said


async def test_what_is_over_is_shown_no_more_and_nothing_of_it_stays(week: Week) -> None:
    said = await all_sorts(week)
    week.days_go_by(6.9)
    late = await week.everyone_reads()
    assert texts(week.rooms["Wren"]) == [*(message.text for message in said), late.text]
    week.days_go_by(0.2)
    for name in ("Fern", "Wren"):
        room = week.rooms[name]
        assert texts(room) == [late.text], "at once, before anything is read or deleted"
        assert room.log.conversation.newest_quotes(20) == room.log.conversation.quotes(late.seq, 19)
        assert await refusal(room.report(said[0])) == "unknown_line"
        assert room.log.conversation.quote(said[2].seq) is None
    await week.everyone_reads()
    for name in ("Fern", "Wren"):
        assert found(week.clients[name], said) == []
        assert week.rooms[name].warnings() == []


async def test_who_reads_along_is_not_given_what_is_over(week: Week) -> None:
    said = await all_sorts(week)
    reading = week.rooms["Wren"].messages()
    assert await anext(reading) == said[0]
    week.days_go_by(8)
    late = await week.everyone_reads()
    assert await anext(reading) == week.rooms["Wren"].log.conversation.message(4)
    assert late.seq > said[-1].seq


async def test_a_device_on_which_nothing_happens_looks_by_itself(week: Week, monkeypatch: pytest.MonkeyPatch) -> None:
    said = await all_sorts(week)
    monkeypatch.setattr("safespace.sdk.log._TIDY", 0.02)
    await week.restart("Wren")
    assert found(week.clients["Wren"], said)
    week.days_go_by(8)
    await until(lambda: not found(week.clients["Wren"], said))
    assert texts(week.rooms["Wren"]) == []


async def test_a_device_that_was_off_lets_go_as_it_is_opened(week: Week) -> None:
    said = await all_sorts(week)
    await week.clients["Wren"].close()
    week.days_go_by(8)
    await week.restart("Wren")
    # Nothing has come from the server yet: no other task had its turn.
    assert found(week.clients["Wren"], said) == []
    assert texts(week.rooms["Wren"]) == []
    late = await week.everyone_reads()
    assert texts(week.rooms["Wren"]) == [late.text]
    assert week.rooms["Wren"].warnings() == []


async def test_the_owner_keeps_them_shorter(week: Week) -> None:
    said = await all_sorts(week)
    week.days_go_by(3)
    late = await week.everyone_reads()
    await week.group.retain(2)
    await until(lambda: week.rooms["Wren"].place.days == 2)
    assert texts(week.rooms["Wren"]) == [late.text]
    assert found(week.clients["Wren"], said) == []


@pytest.mark.parametrize("days", [30, 0], ids=["longer", "for ever"])
async def test_the_owner_keeps_them(week: Week, days: int) -> None:
    """What is over stays over; what is not stays."""
    said = await all_sorts(week)
    week.days_go_by(6)
    late = await week.everyone_reads()
    week.days_go_by(2)
    last = await week.everyone_reads("Wren")
    await week.group.retain(days)
    await until(lambda: week.rooms["Wren"].place.days == days)
    week.days_go_by(22)
    wren = week.rooms["Wren"]
    assert [message.seq for message in kept(wren)] == [late.seq, last.seq]
    await week.restart("Wren")
    assert [message.seq for message in kept(week.rooms["Wren"])] == [late.seq, last.seq]
    assert found(week.clients["Wren"], said) == []


async def test_further_rooms_keep_no_longer_than_the_group(week: Week) -> None:
    fern, wren = week.group, week.groups["Wren"]
    await week.within_reach("Wren")
    aside = await fern.aside(week.member("Wren"))
    await until(lambda: bool(wren.rooms()))
    [there] = wren.rooms()
    await aside.send("how are you, really?")
    await there.send("not well", note="a bad night")
    await until(lambda: there.place.shown == aside.place.shown == 2)
    said = kept(there)
    week.days_go_by(8)
    assert (texts(there), texts(aside)) == ([], [])
    assert await refusal(wren.main.report(said[0])) == "unknown_line"
    await aside.send("good morning")
    await until(lambda: texts(there) == texts(aside) == ["good morning"])
    for name in ("Fern", "Wren"):
        assert found(week.clients[name], said) == []


async def test_a_message_that_was_taken_down_does_not_come_back(week: Week) -> None:
    """Its words are kept unseen for a while: that is no longer than it would have been kept."""
    said = await all_sorts(week)
    fern = week.rooms["Fern"]
    await fern.take_down(said[0])
    await until(lambda: kept(week.rooms["Wren"])[0].taken_down)
    assert found(week.clients["Wren"], [said[0]]), "to be put back"
    week.days_go_by(8)
    await week.everyone_reads()
    assert found(week.clients["Wren"], said) == []


async def test_a_clock_that_the_server_turns_back_brings_nothing_back(week: Week) -> None:
    said = await all_sorts(week)
    week.days_go_by(8)
    wren = week.rooms["Wren"]
    assert texts(wren) == []
    wren.place.clock.heard(week.time() - 8 * DAY)
    assert texts(wren) == []
    await week.everyone_reads()
    assert found(week.clients["Wren"], said) == []
