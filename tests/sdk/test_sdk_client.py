"""Logging in, being refused, and what is kept from one day to the next."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from evening import PASSPHRASE, QUICK, Evening, Listener, arrive, sit_down, until
from safespace.fields import b64encode
from safespace.rooms.healing import AGE
from safespace.sdk import Client, ClientError
from safespace.sdk.errors import BadLink, Refused, StoreError, Unreachable, WrongLogin
from serving import ServerProcess, free_port


async def refusal(work: Any, kind: type[ClientError] = Refused) -> str:
    """The code of what must be refused."""
    with pytest.raises(kind) as refused:
        await work
    return refused.value.code


async def come_back(url: str, handle: str, store: Path, **more: Any) -> Client:
    return await Client.login(
        url,
        **{"handle": handle, "passphrase": PASSPHRASE, "store": store, "backoff": QUICK, "update_jitter": None, **more},
    )


async def test_logins_are_refused_with_a_code(standing_server: ServerProcess, tmp_path: Path) -> None:
    url = standing_server.url
    ada = await arrive(url, "Ada", tmp_path)
    store = tmp_path / "ada.store"
    assert await refusal(come_back(url, ada.handle, store), StoreError) == "store_in_use"
    await ada.close()
    await ada.close()
    assert await refusal(come_back(url, ada.handle, store, passphrase="another"), StoreError) == "wrong_passphrase"
    other = tmp_path / "other.store"
    assert await refusal(come_back(url, ada.handle, other, passphrase="another"), WrongLogin) == "wrong_login"
    assert not other.exists()
    again: dict[str, Any] = {"handle": ada.handle, "passphrase": PASSPHRASE}
    assert await refusal(Client.register(url, store=other, **again)) == "handle_taken"
    assert await refusal(Client.register(url, store=store, **again), StoreError) == "store_exists"
    assert await refusal(Client.register(url, store=other, handle="No!", passphrase="x")) == "handle_invalid"
    assert await refusal(Client.register("ftp://x", store=other, handle="ada", passphrase="x")) == "invalid_field"
    nowhere = f"http://127.0.0.1:{free_port()}"
    assert (
        await refusal(Client.register(nowhere, store=other, handle="ada", passphrase="x"), Unreachable) == "unreachable"
    )
    assert not other.exists()


async def test_a_handle_is_the_same_however_it_is_typed_and_a_blank_is_no_hyphen(
    standing_server: ServerProcess, tmp_path: Path
) -> None:
    url = standing_server.url
    async with await arrive(url, " Anna", tmp_path) as anna:
        assert anna.handle.startswith("anna-")
    for number, typed in enumerate((f"{anna.handle} ", f"\u00a0{anna.handle.upper()}\n")):
        async with await come_back(url, typed, tmp_path / str(number)) as again:
            assert again.handle == anna.handle
    inside = anna.handle.replace("-", " ")
    assert await refusal(come_back(url, inside, tmp_path / "none")) == "handle_invalid"
    assert await refusal(Client.register(url, handle=inside, passphrase="x", store=tmp_path / "n")) == "handle_invalid"


async def test_a_login_that_is_ended_ends_the_client(standing_server: ServerProcess, tmp_path: Path) -> None:
    async with Evening.of(standing_server.url, tmp_path, "Wren") as evening:
        wren = evening.clients["Wren"]
        listener = Listener(evening.rooms["Wren"])
        await wren._rest.call("POST", "/logout")
        assert await refusal(evening.rooms["Wren"].send("am I here?")) == "unauthenticated"
        await until(lambda: listener.ended)


@pytest.mark.parametrize("link", ["", "hello", "http://[", "http://elsewhere.example/i/x#y", "{url}/x", "{url}/i/x#y"])
async def test_a_link_that_is_none(standing_server: ServerProcess, tmp_path: Path, link: str) -> None:
    async with await arrive(standing_server.url, "Ada", tmp_path) as ada:
        joining = ada.join(link.format(url=standing_server.url), pseudonym="Ada")
        assert await refusal(joining, BadLink) == "bad_link"


async def test_invites_are_refused_with_a_code(standing_server: ServerProcess, tmp_path: Path) -> None:
    async with Evening.of(standing_server.url, tmp_path, "Wren") as evening:
        ada = await evening.arrive("Ada")
        link = await evening.group.create_invite()
        address, _, _ = link.partition("#")
        assert await refusal(ada.join(f"{address}#{b64encode(bytes(16))}", pseudonym="Ada"), BadLink) == "bad_link"
        assert await refusal(ada.join(f"{address}#", pseudonym="Ada"), BadLink) == "bad_link"
        assert await refusal(ada.join(link, pseudonym="")) == "invalid_field"
        assert await refusal(ada.join(link, pseudonym="x" * 41)) == "invalid_field"
        assert await refusal(ada.join(link, pseudonym="Fern\u202e")) == "invalid_field"
        await (await sit_down(evening.group, ada, "Ada")).leave()
        ben = await evening.arrive("Ben")
        used = await evening.group.create_invite()
        joining = asyncio.create_task(ben.join(used, pseudonym="Ben"))
        while not joining.done():
            await evening.group.admit_all()
            await asyncio.wait({joining}, timeout=0.05)
        assert await refusal(ada.join(used, pseudonym="Ada")) == "invite_used_up"
        assert await refusal((await joining).create_invite()) == "forbidden"
        assert await refusal((await joining).waiting()) == "forbidden"
        assert await refusal(ben.join(link, pseudonym="Ben again")) == "already_member"


async def test_what_cannot_be_sent_is_refused_at_once(standing_server: ServerProcess, tmp_path: Path) -> None:
    async with Evening.of(standing_server.url, tmp_path, "Wren") as evening:
        fern = evening.rooms["Fern"]
        for text, code in (
            ("", "invalid_field"),
            ("\ud800", "invalid_field"),
            ("x" * 70_000, "too_large"),
            ("a" + "\0" * 9_000, "too_large"),
        ):
            assert await refusal(fern.send(text)) == code
        largest = "ü" * 24_000
        await fern.send(largest)
        await Listener(evening.rooms["Wren"]).hears(largest)
        gone = evening.member("Wren")
        await fern.remove(gone)
        assert await refusal(fern.remove(gone)) == "unknown_member"
        assert await refusal(evening.clients["Fern"].create_group("", rules="x")) == "invalid_field"
        assert fern.warnings() == []


async def test_what_was_sealed_before_the_client_was_closed_is_sent_once_it_is_back(
    server: ServerProcess, tmp_path: Path
) -> None:
    async with Evening.of(server.url, tmp_path, "Wren") as evening:
        wren = evening.rooms["Wren"]
        await asyncio.to_thread(server.stop)
        waiting = asyncio.create_task(wren.send("never sealed"))
        await until(lambda: not wren.log.live)
        await asyncio.sleep(0)
        ready = wren.log._outbox.ready()
        assert [one.frame for one in ready] == [None]
        handle = evening.clients["Wren"].handle
        await evening.clients["Wren"].close()
        assert await refusal(waiting, Unreachable) == "unreachable"
        await asyncio.to_thread(server.start)
        async with await come_back(server.url, handle, tmp_path / "wren.store") as again:
            room = again.groups()[0].main
            await room.send("hello")
            await Listener(evening.rooms["Fern"]).hears("hello")
            assert room.place.shown == 1


async def test_a_request_is_asked_again_after_a_restart(standing_server: ServerProcess, tmp_path: Path) -> None:
    url = standing_server.url
    async with Evening.of(url, tmp_path) as evening:
        link = await evening.group.create_invite()
        wren = await evening.arrive("Wren")
        joining = asyncio.create_task(wren.join(link, pseudonym="Wren", note="it is me"))
        while not (before := await evening.group.waiting()):
            pass
        await wren.close()
        assert await evening.group.waiting() == []
        with pytest.raises((ClientError, asyncio.CancelledError)):
            await joining

        async with await come_back(url, wren.handle, tmp_path / "wren.store") as again:
            while not (people := await evening.group.waiting()):
                pass
            assert [(one.pseudonym, one.note) for one in people] == [("Wren", "it is me")]
            assert people[0].package != before[0].package
            await evening.group.admit(people[0])
            await until(lambda: again.groups() != [])
            await again.groups()[0].main.send("here at last")
            assert again.groups()[0].main.warnings() == []


async def test_a_newcomer_takes_keys_of_their_own_soon(standing_server: ServerProcess, tmp_path: Path) -> None:
    async with Evening.of(standing_server.url, tmp_path) as evening:
        wren = await evening.arrive("Wren", update_jitter=(0.0, 0.1))
        room = (await sit_down(evening.group, wren, "Wren")).main
        await until(lambda: evening.group.main.place.public.epoch == 2)
        assert room.place.since_update == 0
        await room.send("with keys of my own")
        await Listener(evening.group.main).hears("with keys of my own")


async def test_who_is_here_is_told_where_the_group_shows_it(standing_server: ServerProcess, tmp_path: Path) -> None:
    async with Evening.of(standing_server.url, tmp_path, "Wren") as evening:
        fern = evening.rooms["Fern"]
        await until(lambda: [one.pseudonym for one in fern.here()] == ["Fern", "Wren"])
        await evening.clients["Wren"].close()
        await until(lambda: [one.pseudonym for one in fern.here()] == ["Fern"])


async def test_who_only_listens_takes_new_keys_after_a_week(standing_server: ServerProcess, tmp_path: Path) -> None:
    """Wren has said nothing since; not a moment before the week is over, and then once."""
    async with Evening.of(standing_server.url, tmp_path) as evening:
        wren = await evening.arrive("Wren", update_jitter=(0.0, 0.1))
        room = (await sit_down(evening.group, wren, "Wren")).main
        fern = evening.group.main.place
        await until(lambda: fern.public.epoch == 2)
        await until(lambda: room.place.public.epoch == 2)
        now = room.place.clock.now()
        assert abs(room.place.renewed - now) < AGE // 100
        room.place.renewed = now - AGE + 3_600_000
        room._consider_update()
        assert "update" not in {task.get_name() for task in room.log.chores._tasks}
        room.place.renewed = now - AGE - 1
        room._consider_update()
        await until(lambda: fern.public.epoch == 3)
        await until(lambda: room.place.public.epoch == 3)
        assert room.place.renewed >= now
        room._consider_update()
        await room.send("the same keys as before")
        await Listener(evening.group.main).hears("the same keys as before")
        assert fern.public.epoch == 3
