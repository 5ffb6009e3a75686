"""Wren loses her phone, or her program its keys, and comes back; whoever holds the old device reads no more."""

import asyncio
import contextlib
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from evening import PASSPHRASE, QUICK, Evening, Listener, arrive, refusal, until
from hostile import Frame, rosa
from safespace.fields import b64decode
from safespace.sdk import Client, Group, Person, Room
from safespace.sdk.errors import Moved, Refused
from safespace.sdk.group_crypto import GroupCryptoError
from serving import ServerProcess


@asynccontextmanager
async def at(url: str, handle: str, store: Path) -> AsyncIterator[Client]:
    """The account at the device of this store."""
    client = await Client.login(
        url, handle=handle, passphrase=PASSPHRASE, store=store, backoff=QUICK, update_jitter=None
    )
    async with client:
        yield client


async def who_waits(group: Group) -> Person:
    """The one who waits, once there is one."""
    people: list[Person] = []
    async with asyncio.timeout(60):
        while not people:
            people = await group.waiting()
    (person,) = people
    return person


def roster(room: Room) -> list[tuple[str, str]]:
    return [(member.pseudonym, member.role) for member in room.members()]


def body_of(server: ServerProcess, room: Room, seq: int) -> bytes:
    """A line of the room as the database holds it."""
    with contextlib.closing(sqlite3.connect(f"file:{server.database_file}?mode=ro", uri=True)) as database:
        query = "SELECT body FROM envelopes WHERE room = ? AND seq = ?"
        return bytes(database.execute(query, (room.id.hex, seq)).fetchone()[0])


async def test_wren_loses_her_phone_and_comes_back(standing_server: ServerProcess, tmp_path: Path) -> None:
    async with Evening.of(standing_server.url, tmp_path, "Wren", "Moss") as evening:
        fern, phone, moss = evening.rooms.values()
        listeners = evening.listen()
        await phone.send("from my phone")
        for listener in listeners.values():
            await listener.hears("from my phone")
        old = evening.member("Wren")

        async with at(standing_server.url, evening.clients["Wren"].handle, tmp_path / "new phone.store") as wren:
            assert wren.groups() == []
            link = await evening.group.create_invite()
            joining = asyncio.create_task(wren.join(link, pseudonym="Wren", note="I lost my phone"))
            person = await who_waits(evening.group)
            assert (person.pseudonym, person.replaces) == ("Wren", old)
            assert await evening.group.admit_all() == [], "nobody is replaced by the way"
            assert await evening.group.admit_all(replacing=True) == [person]
            tablet = (await joining).main

            said = await fern.send("welcome back")
            await tablet.send("from my tablet")
            back = Listener(tablet)
            await back.hears("welcome back", "from my tablet")
            for name in ("Fern", "Moss"):
                await listeners[name].hears("welcome back", "from my tablet")
            await back.stop()

            everyone = [("Fern", "owner"), ("Moss", "member"), ("Wren", "member")]
            assert [roster(room) for room in (fern, moss, tablet)] == [everyone] * 3
            assert evening.member("Wren").id != old.id
            assert len(fern.place.public.leaves()) == 3
            assert [room.warnings() for room in (fern, moss, tablet, phone)] == [[]] * 4

            await until(lambda: listeners["Wren"].ended)
            assert isinstance(listeners["Wren"].error, Moved)
            assert listeners["Wren"].error.announced
            assert listeners["Wren"].texts == ["from my phone"]
            with pytest.raises(Moved):
                await phone.send("who has this phone now")
            leaf = next(leaf for leaf in fern.place.public.leaves() if leaf.identity == fern.place.leaf.identity)
            with pytest.raises(GroupCryptoError):
                phone.place.crypto.decrypt(body_of(standing_server, fern, said), leaf.identity, leaf.signature_key)


async def test_a_device_that_was_off_hears_it_from_the_server_alone_and_can_come_back_itself(
    standing_server: ServerProcess, tmp_path: Path
) -> None:
    url = standing_server.url
    async with Evening.of(url, tmp_path, "Wren") as evening:
        handle = evening.clients["Wren"].handle
        await evening.clients["Wren"].close()
        async with at(url, handle, tmp_path / "second.store") as second:
            joining = asyncio.create_task(second.join(await evening.group.create_invite(), pseudonym="Wren"))
            await evening.group.admit(await who_waits(evening.group))
            there = (await joining).main

            async with at(url, handle, tmp_path / "wren.store") as first:
                (known,) = first.groups()
                with pytest.raises(Moved) as moved:
                    await known.main.send("is this still mine?")
                assert not moved.value.announced
                joining = asyncio.create_task(first.join(await evening.group.create_invite(), pseudonym="Wren"))
                await evening.group.admit(await who_waits(evening.group))
                here = (await joining).main
                await here.send("back where I was")
                await Listener(evening.rooms["Fern"]).hears("back where I was")
                await until(lambda: there.log.trouble() is not None)
                assert isinstance(there.log.trouble(), Moved)
                assert [group.id for group in first.groups()] == [evening.group.id]
            # One place in the room, whatever was there before.
            async with at(url, handle, tmp_path / "wren.store") as first:
                await first.groups()[0].main.send("and after a restart")
                assert first.groups()[0].main.warnings() == []


JOINER = """
import asyncio, sys
from safespace.sdk import Client

async def main(url, handle, passphrase, store, link):
    client = await Client.login(url, handle=handle, passphrase=passphrase, store=store, update_jitter=None)
    await client.join(link, pseudonym="Wren", note="it is me")

asyncio.run(main(*sys.argv[1:]))
"""


async def test_a_program_that_was_let_in_while_it_was_down_asks_again(
    standing_server: ServerProcess, tmp_path: Path
) -> None:
    """The secrets of a KeyPackage are in the process alone: who was let in with them and killed has no keys."""
    url = standing_server.url
    async with Evening.of(url, tmp_path) as evening:
        async with await arrive(url, "Wren", tmp_path) as wren:
            handle = wren.handle
        link = await evening.group.create_invite(uses=3)
        joiner = await asyncio.create_subprocess_exec(
            sys.executable, "-c", JOINER, url, handle, PASSPHRASE, str(tmp_path / "wren.store"), link
        )
        first = await who_waits(evening.group)
        joiner.kill()
        await joiner.wait()
        await evening.group.admit(first)

        async with at(url, handle, tmp_path / "wren.store") as again:
            person = await who_waits(evening.group)
            assert (person.pseudonym, person.note) == ("Wren", "it is me")
            assert person.replaces is not None
            assert person.replaces.id == evening.member("Wren").id
            await evening.group.admit(person)
            group = await again.join(link, pseudonym="Wren")
            await group.main.send("here at last")
            await Listener(evening.group.main).hears("here at last")
            assert roster(evening.group.main) == [("Fern", "owner"), ("Wren", "member")]
            assert evening.group.main.warnings() == group.main.warnings() == []
            with pytest.raises(Refused) as refused:
                await again.join(link, pseudonym="Wren")
            assert refused.value.code == "already_member"
            # As if it had been killed after it entered and before it forgot that it had asked.
            again._joiner._remember(link, {"pseudonym": "Wren", "note": "it is me"})

        async with at(url, handle, tmp_path / "wren.store") as third:
            assert (await third.join(link, pseudonym="Wren")).id == evening.group.id
            await third.groups()[0].main.send("and once more")
            assert await evening.group.waiting() == []


async def test_an_owner_is_told_at_once_that_she_cannot(standing_server: ServerProcess, tmp_path: Path) -> None:
    async with Evening.of(standing_server.url, tmp_path) as evening:
        link = await evening.group.create_invite()
        async with at(standing_server.url, evening.clients["Fern"].handle, tmp_path / "new.store") as fern:
            with pytest.raises(Refused) as refused:
                await fern.join(link, pseudonym="Fern")
            assert refused.value.code == "owner_elsewhere"


async def test_rosas_server_names_someone_else(standing_server: ServerProcess, tmp_path: Path) -> None:
    """Moss is named as the one who comes back: whoever lets people in sees it, and nobody else loses a device."""
    async with rosa(standing_server.url) as hostess, Evening.of(hostess.url, tmp_path, "Wren", "Moss") as evening:
        named = evening.member("Moss").id

        def change(who: str, path: str, answer: Frame) -> Frame:
            if who == "fern" and path.endswith("/requests"):
                for item in answer["items"]:
                    item["replaces"] = named
            return answer

        hostess.answer = change
        ada = await evening.arrive("Ada")
        joining = asyncio.create_task(ada.join(await evening.group.create_invite(), pseudonym="Ada"))
        person = await who_waits(evening.group)
        assert person.pseudonym == "Ada"
        assert person.replaces is not None
        assert person.replaces.pseudonym == "Moss"
        assert await evening.group.admit_all() == []
        named = "A" * 22
        assert await evening.group.waiting() == [], "nor is anyone shown who would replace nobody"
        hostess.answer = lambda who, path, answer: answer
        assert [one.pseudonym for one in await evening.group.admit_all()] == ["Ada"]
        await joining
        assert roster(evening.group.main) == [
            ("Ada", "member"),
            ("Fern", "owner"),
            ("Moss", "member"),
            ("Wren", "member"),
        ]


async def test_a_replacement_that_was_changed_on_the_way(standing_server: ServerProcess, tmp_path: Path) -> None:
    """Wren comes back; the clear half that Moss is shown names Moss. His device follows none of it, and as nobody else
    is there to say that they could, it is taken back."""
    async with rosa(standing_server.url) as hostess, Evening.of(hostess.url, tmp_path, "Wren", "Moss") as evening:
        moss = evening.member("Moss").id
        keys = evening.rooms["Moss"].place.public

        def change(who: str, frame: Frame) -> list[Frame]:
            policy = frame.get("policy")
            if who != "moss" or not policy or policy["action"] != "admit":
                return [frame]
            return [frame | {"policy": policy | {"replaces": moss}}]

        hostess.frame = change
        async with at(hostess.url, evening.clients["Wren"].handle, tmp_path / "new.store") as wren:
            joining = asyncio.create_task(wren.join(await evening.group.create_invite(), pseudonym="Wren"))
            await evening.group.admit(await who_waits(evening.group))
            await joining
            room = evening.rooms["Moss"]
            await until(lambda: len(room.warnings()) > 1)
            assert [warning.code for warning in room.warnings()] == ["policy_forged", "voided"]
            assert room.place.status == "member"
            assert room.place.public == keys
            assert b64decode(moss) in {leaf.identity for leaf in room.place.public.leaves()}


async def test_what_a_facilitator_said_stays_theirs_on_another_device(
    standing_server: ServerProcess, tmp_path: Path
) -> None:
    """Reed facilitates and comes back on a tablet. Moss, who moderates, can take down nothing of before, and a report
    about it does not go to Reed."""
    url = standing_server.url
    async with Evening.of(url, tmp_path) as evening:
        phone = await evening.seat("Reed", "facilitator")
        moss, alder = await evening.seat("Moss", "moderator"), await evening.seat("Alder")
        listeners = evening.listen()
        await phone.send("Said as a facilitator.")
        for name in ("Fern", "Moss", "Alder"):
            await listeners[name].hears("Said as a facilitator.")
        async with at(url, evening.clients["Reed"].handle, tmp_path / "tablet.store") as reed:
            joining = asyncio.create_task(reed.join(await evening.group.create_invite(), pseudonym="Reed"))
            await evening.group.admit(await who_waits(evening.group), role="facilitator")
            tablet = await joining
            now = tablet.main.place.me
            for room in (moss, alder):
                await until(lambda room=room: now in room.place.state.members)  # type: ignore[misc]
            [message] = [one for one in listeners["Moss"].heard if one.text == "Said as a facilitator."]
            for deed in (moss.take_down, moss.restore):
                assert await refusal(deed(message)) == "rank_too_low"
            await alder.report(next(one for one in listeners["Alder"].heard if one.seq == message.seq))
            assert await tablet.reports() == []
            assert [one.accused for one in await evening.group.reports()] != []
            # Whoever is above them can, and they are told why.
            await evening.rooms["Fern"].take_down(message, "Not like this.")
            await until(lambda: any(one.what == "take_down" for one in tablet.audit()))
            [done] = [one for one in tablet.audit() if one.what == "take_down"]
            assert (done.whom and done.whom.pseudonym, done.reason) == ("Reed", "Not like this.")
            assert [room.warnings() for room in (*evening.rooms.values(), tablet.main)] == [[]] * 5
