"""Fern hosts, Wren and Moss join by link; they talk, Moss is removed, the others talk on, whatever the server does."""

import asyncio
import contextlib
import sqlite3
from pathlib import Path

import pytest

from evening import PASSPHRASE, QUICK, Evening, Listener, until
from safespace.sdk import Client, ClientError, Person, Room
from safespace.sdk.errors import Refused, Removed
from safespace.sdk.group_crypto import GroupCryptoError
from serving import ServerProcess

MISSED = 500
KEY_CHANGES = 10


async def test_three_people_meet_talk_and_each_hears_all(standing_server: ServerProcess, tmp_path: Path) -> None:
    async with Evening.of(standing_server.url, tmp_path, "Wren", "Moss") as evening:
        listeners = evening.listen()
        said = []
        for name, room in evening.rooms.items():
            said.append((await room.send(f"good evening from {name}"), name, f"good evening from {name}"))
        for name, listener in listeners.items():
            await listener.hears(*[text for _, _, text in said])
            assert [(one.seq, one.sender, one.text) for one in listener.heard] == said
            assert [one.sender for one in listener.heard if one.me] == [name]
        rosters = [[(one.pseudonym, one.role) for one in room.members()] for room in evening.rooms.values()]
        assert rosters == [[("Fern", "owner"), ("Moss", "member"), ("Wren", "member")]] * 3
        assert [one.pseudonym for one in evening.rooms["Wren"].members() if one.me] == ["Wren"]
        assert all(room.policy == evening.group.main.policy for room in evening.rooms.values())
        assert all(room.warnings() == [] and room.floor.mode == "open" for room in evening.rooms.values())


async def test_moss_is_removed_and_cannot_read_what_follows(standing_server: ServerProcess, tmp_path: Path) -> None:
    async with Evening.of(standing_server.url, tmp_path, "Wren", "Moss") as evening:
        fern, wren, moss = evening.rooms.values()
        listeners = evening.listen()
        await moss.send("before")
        crypto = moss.place.crypto

        await fern.remove(evening.member("Moss"))
        later = [await wren.send("after, from Wren"), await fern.send("after, from Fern")]

        await until(lambda: listeners["Moss"].ended)
        assert isinstance(listeners["Moss"].error, Removed)
        assert listeners["Moss"].error.announced
        assert listeners["Moss"].texts == ["before"]
        with pytest.raises(Removed):
            await moss.send("let me back in")
        await listeners["Wren"].hears("after, from Fern")
        assert [one.pseudonym for one in wren.members()] == ["Fern", "Wren"]
        assert wren.warnings() == fern.warnings() == moss.warnings() == []

        # Handed everything from the database, Moss's own keys open none of it.
        keys = {leaf.identity: leaf.signature_key for leaf in fern.place.public.leaves()}
        tried = 0
        for seq, kind, leaf, body in stored(standing_server, fern):
            if kind == "handshake" and seq > moss.place.cursor:
                with contextlib.suppress(GroupCryptoError):
                    crypto.apply(body)
            if seq in later:
                with pytest.raises(GroupCryptoError):
                    crypto.decrypt(body, leaf, keys[leaf])
                tried += 1
        assert tried == 2


def stored(server: ServerProcess, room: Room) -> list[tuple[int, str, bytes, bytes]]:
    """seq, kind, leaf and body of a room's log as the database holds it."""
    with contextlib.closing(sqlite3.connect(f"file:{server.database_file}?mode=ro", uri=True)) as database:
        return database.execute(
            "SELECT seq, kind, leaf, body FROM envelopes WHERE room = ? ORDER BY seq", (room.id.hex,)
        ).fetchall()


async def test_wren_comes_back_tomorrow_on_the_same_device(standing_server: ServerProcess, tmp_path: Path) -> None:
    url = standing_server.url
    async with Evening.of(url, tmp_path, "Wren") as evening:
        fern, wren = evening.rooms.values()
        await wren.send("good night")
        handle = evening.clients["Wren"].handle
        await evening.clients["Wren"].close()
        await fern.send("said while Wren slept")

        async with await Client.login(
            url, handle=handle, passphrase=PASSPHRASE, store=tmp_path / "wren.store", backoff=QUICK, update_jitter=None
        ) as again:
            (group,) = again.groups()
            listener = Listener(group.main)
            await listener.hears("good night", "said while Wren slept")
            assert [(one.sender, one.me) for one in listener.heard] == [("Wren", True), ("Fern", False)]
            await group.main.send("good morning")
            await listener.hears("good morning")
            assert group.name == "Tuesday evening"
            assert group.main.warnings() == []
            await listener.stop()
        await Listener(fern).hears("good morning")


async def test_wren_leaves_and_moss_is_declined(standing_server: ServerProcess, tmp_path: Path) -> None:
    async with Evening.of(standing_server.url, tmp_path, "Wren", "Ada") as evening:
        fern, wren, ada = evening.rooms.values()
        listeners = evening.listen()
        with pytest.raises(Refused) as refused:
            await evening.group.leave()
        assert refused.value.code == "last_owner"
        with pytest.raises(Refused) as refused:
            await wren.remove(evening.member("Ada"))
        assert refused.value.code == "forbidden"

        await wren.leave()
        await until(lambda: listeners["Wren"].ended)
        assert listeners["Wren"].error is None
        await ada.send("the keys have changed")
        assert len(fern.place.public.leaves()) == 2
        await listeners["Fern"].hears("the keys have changed")

        moss = await evening.arrive("Moss")
        link = await evening.group.create_invite()
        with pytest.raises(TimeoutError):
            await moss.join(link, pseudonym="Moss", timeout=0.3)
        joining = asyncio.create_task(moss.join(link, pseudonym="Moss"))
        await until_declined(evening)
        with pytest.raises(ClientError) as declined:
            await joining
        assert declined.value.code == "declined"


async def until_declined(evening: Evening) -> None:
    people: list[Person] = []
    while not people:
        people = await evening.group.waiting()
    assert [person.pseudonym for person in people] == ["Moss"]
    await evening.group.decline(people[0])


async def test_the_server_restarts_and_everyone_resumes_alone(server: ServerProcess, tmp_path: Path) -> None:
    async with Evening.of(server.url, tmp_path, "Wren", "Moss") as evening:
        listeners = evening.listen()
        await evening.rooms["Wren"].send("before")
        await asyncio.to_thread(server.stop)
        sending = asyncio.create_task(evening.rooms["Moss"].send("said to no server at all"))
        await asyncio.to_thread(server.start)
        await sending
        await evening.rooms["Wren"].send("after")
        for listener in listeners.values():
            await listener.hears("after")
            assert listener.texts == ["before", "said to no server at all", "after"]


async def test_moss_was_away_for_500_messages_and_ten_changes_of_keys(
    standing_server: ServerProcess, tmp_path: Path
) -> None:
    url = standing_server.url
    async with Evening.of(url, tmp_path, "Wren", "Moss") as evening:
        fern, wren, moss = evening.rooms.values()
        await moss.send("see you")
        handle = evening.clients["Moss"].handle
        await evening.clients["Moss"].close()
        epoch = fern.place.public.epoch
        texts = [f"message {number}" for number in range(MISSED)]
        for part in range(KEY_CHANGES):
            some = texts[part::KEY_CHANGES]
            await asyncio.gather(*[(fern, wren)[index % 2].send(text) for index, text in enumerate(some)])
            if part % 2:
                await evening.seat(f"Guest-{part}")
            else:
                await (fern, wren)[part // 2 % 2].refresh_keys()
        assert fern.place.public.epoch == epoch + KEY_CHANGES

        async with await Client.login(
            url, handle=handle, passphrase=PASSPHRASE, store=tmp_path / "moss.store", backoff=QUICK, update_jitter=None
        ) as again:
            (group,) = again.groups()
            listener = Listener(group.main)
            await listener.hears(*texts)
            assert sorted(listener.texts) == sorted(["see you", *texts])
            await group.main.send("I am back")
            await until(lambda: group.main.place.public == fern.place.public)
            assert group.main.policy == fern.policy
            assert group.main.warnings() == []
            await listener.stop()
