"""Acts with a right clear half and junk inside: the relay takes back what they changed, and nobody has to clear up."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from uuid6 import uuid7

from evening import Evening, refusal, until
from hostile import Frame, hostile_evening
from junk import Accomplice, act, codes
from safespace.fields import b64decode
from safespace.sdk import Room
from safespace.sdk.any_room import AnyRoom
from safespace.sdk.errors import Refused, RoomWarning
from serving import ServerProcess


async def standing(evening: Evening, name: str) -> tuple[str, str]:
    """What someone is by the relay: status and role."""
    answer = await evening.clients[name]._rest.call("GET", f"/groups/{evening.group.main.place.group}")
    return answer["status"], answer["role"]


async def settles(evening: Evening, name: str, *expected: str) -> None:
    """Wait until the relay holds someone for this."""
    async with asyncio.timeout(60):
        while await standing(evening, name) != expected:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.05)


async def together(evening: Evening) -> None:
    """Wait until all have read the same."""
    await until(lambda: len({room.place.cursor for room in evening.seated()}) == 1)


async def returns(*rooms: AnyRoom) -> None:
    """Wait until devices that the server had put out have come back by themselves."""
    await until(lambda: all(room.log.place.status == "member" and room.log.live for room in rooms))


async def talk(*rooms: AnyRoom) -> None:
    """All of these say something, and hear it."""
    last = 0
    for room in rooms:
        last = await room.send("I am here")
    await until(lambda: all(room.log.place.cursor >= last for room in rooms))


async def test_a_leave_with_junk_inside_stops_nobody(standing_server: ServerProcess, tmp_path: Path) -> None:
    """Wren, an owner like Fern, whom nobody could remove: she is a member again before anyone has noticed."""
    async with Evening.of(standing_server.url, tmp_path, "Moss") as evening:
        await evening.seat("Wren", "owner")
        fern, moss, wren = evening.rooms["Fern"], evening.rooms["Moss"], evening.rooms["Wren"]
        members = fern.members()
        seq = await act(wren, "leave", b"junk")
        await until(lambda: "policy_forged" in codes(fern) and "policy_forged" in codes(moss))
        await talk(fern, moss)
        await settles(evening, "Wren", "member", "owner")
        assert fern.members() == members
        assert fern.warnings() == [RoomWarning("policy_forged", seq, ("Wren",))]
        assert moss.warnings() == [RoomWarning("policy_forged", seq)]
        doubts = await evening.group.doubts()
        assert {(one.by.pseudonym, one.author.pseudonym, one.about) for one in doubts} == {
            ("Fern", "Wren", "act"),
            ("Moss", "Wren", "act"),
        }
        assert await refusal(evening.groups["Moss"].doubts()) == "forbidden"
        await evening.restart("Wren")
        assert not any(doubt.barred for doubt in doubts)


async def test_what_nobody_folded_is_not_enforced(measured_server: ServerProcess, tmp_path: Path) -> None:
    """A role that nobody gave, a mute and a silence that nobody ordered, a rank that nobody lowered, no session."""
    async with Evening.of(measured_server.url, tmp_path, "Wren") as evening:
        await evening.seat("Mo", "moderator")
        await evening.seat("Fay", "facilitator")
        wren, mo, fay = (evening.rooms[name] for name in ("Wren", "Mo", "Fay"))
        await evening.group.offer_role(evening.member("Wren"), "moderator")
        await until(lambda: evening.groups["Wren"].offered == "moderator")
        await together(evening)
        await act(wren, "accept", b"junk", role="moderator")
        await settles(evening, "Wren", "member", "member")
        # The offer stands, as if nothing had been said.
        await evening.groups["Wren"].accept_role()
        await settles(evening, "Wren", "member", "moderator")
        await evening.group.demote(evening.member("Wren"), "member")

        await together(evening)
        await act(mo, "mute", b"junk", target=wren.place.me, length="lifted")
        await _sends(wren, "am I muted?")
        await together(evening)
        await act(mo, "mute_all", b"junk", on=True)
        await _sends(wren, "is it quiet?")
        await together(evening)
        await act(fay, "demote", b"junk", target=mo.place.me, role="member")
        await settles(evening, "Mo", "member", "moderator")
        await together(evening)
        await act(fay, "offer", b"junk", target=wren.place.me, role="moderator")
        await together(evening)
        await act(fay, "open_session", b"junk", plan=None, minutes=60)
        # A session that is on at the relay alone would be in the way of one that Fern opens.
        await _does(evening.group.open_session)
        assert {code for room in evening.seated() for code in codes(room)} == {"policy_forged"}
        # That was enough of it: for a while nothing more is taken from her.
        assert await refusal(fay.mute_all()) == "throttled"


async def _sends(room: AnyRoom, text: str) -> None:
    """Say something, again as long as it is refused."""
    await _does(lambda: room.send(text))


async def _does(doing: Callable[[], Awaitable[Any]]) -> None:
    """Do something, again as long as it is refused."""
    async with asyncio.timeout(30):
        while True:
            try:
                await doing()
                return
            except Refused:
                await asyncio.sleep(0.1)


async def test_a_removal_with_junk_inside(standing_server: ServerProcess, tmp_path: Path) -> None:
    """Fay removes Moss where nobody can read it, without a change of keys and with one: he is there again each time."""
    async with Evening.of(standing_server.url, tmp_path, "Moss", "Wren") as evening:
        fay = await evening.seat("Fay", "facilitator")
        fern, moss, wren = (evening.rooms[name] for name in ("Fern", "Moss", "Wren"))
        members, target = fern.members(), moss.place.me
        await together(evening)
        await act(fay, "remove", b"junk", target=target, ban=True)
        await settles(evening, "Moss", "member", "member")
        await returns(moss)
        await talk(fern, wren, moss)
        leaf = next(leaf for leaf in fay.place.public.leaves() if leaf.identity == b64decode(target or ""))
        commit = fay.place.crypto.remove([(leaf.identity, leaf.signature_key)])
        await together(evening)
        await act(fay, "remove", b"junk", commit, target=target, ban=False)
        await until(lambda: "voided" in codes(fern))
        await settles(evening, "Moss", "member", "member")
        await returns(moss)
        await talk(fern, wren, moss)
        assert [one.id for one in fern.members()] == [one.id for one in wren.members()] == [one.id for one in members]
        assert set(codes(fern)) == set(codes(wren)) == {"policy_forged", "voided"}
        assert fern.place.public.epoch == wren.place.public.epoch == moss.place.public.epoch


async def test_who_was_away_when_it_was_taken_back_comes_back_too(
    standing_server: ServerProcess, tmp_path: Path
) -> None:
    """Moss hears that he is out while nobody else is there, and his line breaks: on the next one he looks again. Who
    was removed in earnest meanwhile looks in vain."""
    async with Evening.of(standing_server.url, tmp_path, "Moss", "Wren") as evening:
        fay = await evening.seat("Fay", "facilitator")
        moss, wren = evening.rooms["Moss"], evening.rooms["Wren"]
        await together(evening)
        for name in ("Fern", "Wren"):
            await evening.clients[name].close()
        await act(fay, "remove", b"junk", target=moss.place.me, ban=False)
        await until(lambda: moss.place.status == "refused")
        await evening.clients["Moss"].close()
        fern = (await evening.restart("Fern")).groups()[0].main
        await fern.log.until(lambda: fern.log.live)
        moss = (await evening.restart("Moss")).groups()[0].main
        await returns(moss)
        await talk(fern, moss)
        await fern.remove(next(one for one in fern.members() if one.pseudonym == "Wren"))
        wren = (await evening.restart("Wren")).groups()[0].main
        await until(lambda: wren.place.status in ("refused", "removed"))
        await talk(fern, moss)
        assert wren.place.status in ("refused", "removed")


async def test_rooms_beside_main_go_on_as_well(standing_server: ServerProcess, tmp_path: Path) -> None:
    """Mo leaves the staff room with junk; then Fay demotes him in main with junk, which would end his place there."""
    async with Evening.of(standing_server.url, tmp_path, "Wren") as evening:
        mo = await evening.seat("Mo", "moderator")
        fay = await evening.seat("Fay", "facilitator")
        await evening.within_reach("Mo", "Fay")
        await evening.group.open_staff()
        await until(lambda: all(evening.groups[name].staff is not None for name in ("Fern", "Mo", "Fay")))
        staff = {name: evening.groups[name].staff for name in ("Fern", "Mo", "Fay")}
        ferns, mos, fays = (room for room in staff.values() if room is not None)
        await until(lambda: len(ferns.members()) == len(fays.members()) == len(mos.members()) == 3)
        await act(mos, "leave", b"junk")
        await returns(mos)
        await talk(ferns, fays, mos)
        await together(evening)
        await act(fay, "demote", b"junk", target=mo.place.me, role="member")
        await settles(evening, "Mo", "member", "moderator")
        await returns(mos)
        await talk(ferns, fays, mos)
        assert len(ferns.members()) == 3
        assert set(codes(ferns)) == {"policy_forged"}


async def test_another_room_for_the_capsule_that_nobody_agreed_on(
    standing_server: ServerProcess, tmp_path: Path
) -> None:
    """Wren renews the capsule while nobody else holds its keys, with junk: the others come in where Fern said."""
    async with Evening.of(standing_server.url, tmp_path, "Wren", "Moss") as evening:
        fern, wren, moss = (evening.rooms[name] for name in ("Fern", "Wren", "Moss"))
        await evening.group.open_session(capsule=True)
        await until(lambda: moss.capsule is not None and len(moss.capsule.members()) == 3)
        old, into = _capsule(moss), uuid7()
        for name in ("Fern", "Moss"):
            await evening.clients[name].close()
        await asyncio.sleep(0.3)
        await act(wren, "renew_room", b"junk", old=str(old), into=str(into))
        for name in ("Fern", "Moss"):
            await evening.restart(name)
        fern, moss = evening.rooms["Fern"], evening.rooms["Moss"]
        await until(lambda: fern.capsule is not None and moss.capsule is not None)
        await until(lambda: fern.capsule is not None and len(fern.capsule.members()) > 1)
        await talk(fern, moss)
        # Into the same, or into one of which all know.
        assert _capsule(fern) == _capsule(moss) != into


def _capsule(room: Room) -> UUID:
    state = room.place.state
    assert state is not None
    assert state.live.session is not None
    assert state.live.session.capsule is not None
    return state.live.session.capsule


async def test_accomplices_take_back_nothing_for_long(standing_server: ServerProcess, tmp_path: Path) -> None:
    """Al and Bo say of whatever they do not like that they could not follow it: a third device's word is enough."""
    async with Evening.of(standing_server.url, tmp_path, "Al", "Bo", "Moss") as evening:
        fern, moss = evening.rooms["Fern"], evening.rooms["Moss"]
        al, bo = Accomplice(evening.rooms["Al"]), Accomplice(evening.rooms["Bo"])
        mo = await evening.seat("Mo", "moderator")

        async def doubt(seq: int) -> None:
            for one in (al, bo):
                await one.says(seq, ok=False)

        await mo.mute(evening.member("Bo"))
        await doubt(mo.place.policy_seq)
        await asyncio.sleep(2.5)
        assert await refusal(bo.room.send("I lifted it")) == "muted"
        # Nor where those who are here are all of a lower rank than who did it.
        for name in ("Fern", "Moss"):
            await evening.clients[name].close()
        await mo.mute_all()
        await doubt(mo.place.policy_seq)
        await asyncio.sleep(2.5)
        assert await refusal(al.room.send("quiet?")) == "quiet"
        await mo.mute_all(False)
        assert mo.warnings() == []

        # What anybody may do they can hold up while nobody honest is there, but for who did it.
        await evening.restart("Moss")
        moss = evening.rooms["Moss"]
        await moss.log.until(lambda: moss.log.live)
        await evening.clients["Mo"].close()
        await moss.leave()
        await doubt(moss.place.policy_seq)
        await settles(evening, "Moss", "member", "member")
        # As soon as one is, it holds: Fern's device takes Moss's keys away, and the evening goes on.
        await evening.restart("Fern")
        fern = evening.rooms["Fern"]
        await settles(evening, "Moss", "left", "member")
        await talk(fern)
        assert moss.place.me not in {member.id for member in fern.members()}
        assert len(fern.place.public.leaves()) == 4
        assert [warning.code for warning in fern.warnings()] == ["undone"]
        assert not fern.place.disputed.undone


async def test_an_accomplice_says_that_junk_holds(standing_server: ServerProcess, tmp_path: Path) -> None:
    """Wren leaves with junk, Al says that he could fold it: she is out by the relay, and the others talk on."""
    async with Evening.of(standing_server.url, tmp_path, "Al", "Wren", "Moss") as evening:
        fern, moss, wren = (evening.rooms[name] for name in ("Fern", "Moss", "Wren"))
        al = Accomplice(evening.rooms["Al"])
        seq = await act(wren, "leave", b"junk")
        await al.says(seq, ok=True)
        await talk(fern, moss)
        await al.says(seq, ok=True)
        await settles(evening, "Wren", "left", "member")
        await talk(moss, fern)
        # And a commit of his that takes her out is one that they cannot apply.
        leaf = next(leaf for leaf in al.room.log.place.public.leaves() if leaf.identity == wren.place.leaf.identity)
        keys = [(leaf.identity, leaf.signature_key)]
        pending = al.room._seal_commit(uuid7(), lambda crypto: crypto.remove(keys))
        await al.room.log.deliver(pending)
        await until(lambda: "voided" in codes(fern) and "voided" in codes(moss))
        await talk(moss, fern)
        assert len(fern.place.public.leaves()) == 4
        assert set(codes(moss)) == {"policy_forged", "voided"}


@pytest.mark.parametrize("lie", ["undone", "void"])
async def test_a_hostile_server_takes_back_what_holds(standing_server: ServerProcess, tmp_path: Path, lie: str) -> None:
    """It says that nobody could follow a mute, and lets Wren write; or shows Fern's mute to Moss as junk."""
    async with hostile_evening(standing_server, tmp_path, "Wren", "Moss") as (rosa, evening):
        fern, moss, wren = (evening.rooms[name] for name in ("Fern", "Moss", "Wren"))
        if lie == "void":

            def garbled(who: str, frame: Frame) -> list[Frame]:
                is_mute = frame["t"] == "envelope" and frame["kind"] == "policy" and who == "moss"
                return [frame | {"body": frame["body"][:-6] + "AAAAAA"} if is_mute else frame]

            rosa.frame = garbled
        await fern.mute(evening.member("Wren"))
        seq = fern.place.policy_seq
        if lie == "undone":
            await together(evening)
            await rosa.say("moss", {"t": "doubted", "room": str(fern.id), "seq": seq, "undone": True})
            await until(lambda: codes(moss) == ["undone"])
        else:
            await until(lambda: codes(moss) == ["policy_forged"])
            # One device's doubt changes nothing, as Wren's and Fern's say another thing.
        await asyncio.sleep(0.5)
        assert await refusal(wren.send("am I muted?")) == "muted"
        assert codes(fern) == codes(wren) == []
