"""Changes of keys that look right and cannot be followed: they are taken back, and the evening goes on."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from bending import KINDS, bend, commit
from campaign import rounds
from evening import Evening, Listener, sit_down, until
from hostile import Frame, hostile_evening
from safespace.sdk.any_room import AnyRoom
from safespace.sdk.errors import Refused, Undone, UntrustedServer
from safespace.sdk.group_crypto import Commit, GroupCrypto, GroupCryptoError
from serving import ServerProcess


def codes(room: AnyRoom) -> list[str]:
    return [warning.code for warning in room.warnings()]


async def talk(evening: Evening, *names: str) -> None:
    """Each of these says something, and all of them hear it."""
    last = 0
    for name in names:
        last = await evening.rooms[name].send(f"{name} is here")
    for name in names:
        place = evening.rooms[name].place
        await until(lambda: place.cursor >= last)  # noqa: B023 - called before the next turn


async def test_the_evening_goes_on(standing_server: ServerProcess, tmp_path: Path) -> None:
    """Wren's client is bent. As long as she is alone with Fern nobody but Fern can say so; then there is Moss, too."""
    async with Evening.of(standing_server.url, tmp_path, "Wren") as evening:
        fern, wren = evening.rooms.values()
        for number in range(rounds(len(KINDS), 100)):
            epoch, due = fern.place.public.epoch, wren.place.since_update
            seq = await commit(wren, KINDS[number % len(KINDS)])
            await until(lambda: fern.place.cursor == wren.place.cursor == seq + 1)  # noqa: B023
            assert fern.place.public == wren.place.public
            assert fern.place.public.epoch == epoch
            assert wren.place.since_update == due
            await talk(evening, "Fern", "Wren")
        moss = await evening.seat("Moss")
        await talk(evening, "Fern", "Wren", "Moss")
        heard = evening.listen()
        seq = await commit(wren, "path secrets")
        await until(lambda: fern.place.cursor == moss.place.cursor == wren.place.cursor == seq + 1)
        with pytest.raises(Refused) as refused:
            await commit(wren, "path secrets")
        assert refused.value.code == "barred_from_commits"
        await moss.refresh_keys()
        await talk(evening, "Fern", "Wren", "Moss")
        await heard["Moss"].hears("Wren is here", "Fern is here")
        assert set(codes(fern)) == set(codes(wren)) == set(codes(moss)) == {"voided"}


async def test_what_was_on_its_way_is_sealed_again(standing_server: ServerProcess, tmp_path: Path) -> None:
    """All talk while Wren's bent commits come: nothing is lost, nothing is shown twice, nobody is warned of more."""
    async with Evening.of(standing_server.url, tmp_path, "Wren", "Moss") as evening:
        listeners = evening.listen()
        said: list[tuple[int, str]] = []

        async def speak(name: str, room: AnyRoom) -> None:
            for text in (f"{name} {number}" for number in range(20)):
                seq = await room.send(text)
                said.append((seq, text))

        async with asyncio.TaskGroup() as tasks:
            for name, room in evening.rooms.items():
                tasks.create_task(speak(name, room))
            await commit(evening.rooms["Wren"], "path secrets")
            tasks.create_task(evening.rooms["Moss"].refresh_keys())
        for listener in listeners.values():
            await listener.hears(*[text for _, text in said])
            assert [(one.seq, one.text) for one in listener.heard] == sorted(said)
        assert {code for room in evening.rooms.values() for code in codes(room)} == {"voided"}


async def test_a_removal_stays_and_an_admission_does_not(
    standing_server: ServerProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fern's own client is bent for a while: who she removes is out, who she lets in has to ask again."""
    async with Evening.of(standing_server.url, tmp_path, "Wren", "Moss") as evening:
        fern, wren, moss = evening.rooms.values()

        def bent(made: Commit) -> Commit:
            return replace(made, body=bend(fern.place, made.body, "confirmation tag"))

        remove = GroupCrypto.remove
        with monkeypatch.context() as patch:
            once = iter([True])

            def first_bent(self: GroupCrypto, leaves: list[tuple[bytes, bytes]]) -> Commit:
                made = remove(self, leaves)
                return bent(made) if next(once, False) else made

            patch.setattr(GroupCrypto, "remove", first_bent)
            await fern.remove(evening.member("Moss"))
            await until(lambda: "voided" in codes(wren))
            await talk(evening, "Wren", "Fern")
        assert [one.pseudonym for one in wren.members()] == ["Fern", "Wren"]
        assert len(wren.place.public.leaves()) == 2
        await until(lambda: moss.place.status == "removed")
        assert wren.policy == fern.policy

        add = GroupCrypto.add
        before = wren.policy
        with monkeypatch.context() as patch:
            once = iter([True])

            def first_added(self: GroupCrypto, package: bytes) -> Commit:
                made = add(self, package)
                return bent(made) if next(once, False) else made

            patch.setattr(GroupCrypto, "add", first_added)
            client = await evening.arrive("Rosa")
            while "Rosa" not in evening.rooms:
                try:
                    group = await sit_down(evening.group, client, "Rosa")
                    await group.main.send("did that work?")
                except Undone:
                    await until(lambda: fern.policy == wren.policy == before)
                else:
                    evening.rooms["Rosa"] = group.main
        await talk(evening, "Fern", "Wren", "Rosa")
        await until(lambda: wren.policy == fern.policy == evening.rooms["Rosa"].policy)
        assert codes(wren).count("voided") == 2


async def test_further_rooms_heal_as_well(
    standing_server: ServerProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mo's client is bent in the staff room; then somebody's is who brings Wren, who comes all the same."""
    async with Evening.of(standing_server.url, tmp_path) as evening:
        await evening.seat("Mo", "moderator")
        await evening.seat("Wren")
        mo, wren = evening.groups["Mo"], evening.groups["Wren"]
        fern_staff = await evening.group.open_staff()
        await until(lambda: mo.staff is not None)
        mo_staff = mo.staff
        assert mo_staff is not None
        seq = await commit(mo_staff, "path secrets")
        await until(lambda: fern_staff.place.cursor == mo_staff.place.cursor == seq + 1)
        assert fern_staff.place.public == mo_staff.place.public
        heard = Listener(fern_staff)
        await mo_staff.send("does this work?")
        await heard.hears("does this work?")

        add = GroupCrypto.add
        brought: list[Commit] = []

        def first_added(self: GroupCrypto, package: bytes) -> Commit:
            made = add(self, package)
            brought.append(made)
            bent = replace(made, body=bend(fern_staff.place, made.body, "confirmation tag"))
            return bent if len(brought) == 1 else made

        monkeypatch.setattr(GroupCrypto, "add", first_added)
        await evening.group.offer_role(evening.member("Wren"), "moderator")
        await until(lambda: wren.offered == "moderator")
        await wren.accept_role()
        await until(lambda: len(brought) > 1 and wren.staff is not None)
        assert wren.staff is not None
        await wren.staff.send("it does now")
        await heard.hears("does this work?", "it does now")
        assert [member.pseudonym for member in fern_staff.members()] == ["Fern", "Mo", "Wren"]
        await until(lambda: fern_staff.place.state == mo_staff.place.state)
        assert set(codes(fern_staff)) == set(codes(mo_staff)) == {"voided"}
        assert codes(wren.staff) == codes(wren.main) == []
        await heard.stop()


async def test_one_device_that_cannot_follow_comes_back(
    standing_server: ServerProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is wrong is Moss's device alone; the others confirm, and go on."""
    async with Evening.of(standing_server.url, tmp_path, "Wren", "Moss") as evening:
        fern, wren, moss = evening.rooms.values()
        apply = GroupCrypto.apply

        def damaged(self: GroupCrypto, body: bytes) -> None:
            if self.leaf == moss.place.leaf:
                raise GroupCryptoError("no path secret for this leaf")
            apply(self, body)

        with monkeypatch.context() as patch:
            patch.setattr(GroupCrypto, "apply", damaged)
            await fern.refresh_keys()
            await talk(evening, "Fern", "Wren")
            await until(lambda: moss.log.trouble() is not None)
        assert codes(moss) == ["bad_commit"]
        with pytest.raises(UntrustedServer):
            await moss.send("hello?")
        link = await evening.group.create_invite()
        coming = asyncio.create_task(evening.clients["Moss"].join(link, pseudonym="Moss"))
        while not coming.done():
            await evening.group.admit_all(replacing=True)
            await asyncio.wait({coming}, timeout=0.05)
        evening.rooms["Moss"] = coming.result().main
        await talk(evening, "Fern", "Wren", "Moss")
        assert len(fern.members()) == 3
        assert codes(fern) == codes(wren) == []


async def test_a_hostile_server_voids_what_stands(standing_server: ServerProcess, tmp_path: Path) -> None:
    """Voiding a removal's commit does not bring anybody back; voiding what was followed is noticed."""
    async with hostile_evening(standing_server, tmp_path, "Wren", "Moss") as (rosa, evening):
        fern, wren, _ = evening.rooms.values()
        commits: list[Frame] = []

        def void_for_wren(who: str, frame: Frame) -> list[Frame]:
            if who != "wren" or frame["t"] != "envelope" or frame["kind"] != "handshake":
                return [frame]
            commits.append(frame)
            void = {"kind": "void", "seq": frame["seq"] + 1, "body": None, "commitment": None, "stamp": None}
            return [frame, frame | void]

        rosa.frame = void_for_wren
        await fern.remove(evening.member("Moss"))
        await until(lambda: "voided" in codes(wren))
        assert len(wren.place.departed) == 1
        speaking = asyncio.create_task(wren.send("who hears this?"))
        await asyncio.sleep(0.3)
        assert not speaking.done()
        speaking.cancel()
        rosa.frame = lambda who, frame: [frame]
        await fern.send("we go on")
        await until(lambda: "seq_repeat" in codes(wren))
        before = fern.place.cursor
        void = {"kind": "void", "seq": before + 1, "body": None, "commitment": None, "stamp": None}
        await rosa.say("fern", commits[0] | void)
        await until(lambda: fern.place.halted is not None)
        assert codes(fern) == ["void_unfounded"]


async def test_a_hostile_server_brings_a_voided_commit_again(standing_server: ServerProcess, tmp_path: Path) -> None:
    """Wren would begin the epoch's keys from the start once more: she does not."""
    async with hostile_evening(standing_server, tmp_path, "Wren") as (rosa, evening):
        fern, wren = evening.rooms.values()

        def again_for_wren(who: str, frame: Frame) -> list[Frame]:
            if who != "wren" or frame["t"] != "envelope" or frame["kind"] != "handshake":
                return [frame]
            void = {"kind": "void", "seq": frame["seq"] + 1, "body": None, "commitment": None, "stamp": None}
            return [frame, frame | void, frame | {"seq": frame["seq"] + 2}]

        rosa.frame = again_for_wren
        epoch = wren.place.public.epoch
        await fern.refresh_keys()
        await until(lambda: wren.place.stuck)
        assert wren.place.public.epoch == epoch
        assert codes(wren) == ["voided"]
