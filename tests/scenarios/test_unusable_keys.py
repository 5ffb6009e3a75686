"""Drew's client gives keys that nothing can be sealed to: nobody is stopped by it, whoever lets him in."""

import asyncio
import contextlib
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from evening import Evening, until
from guests import waiting
from hostile import codes
from safespace.fields import b64encode
from safespace.rooms.actions import Admit
from safespace.sdk import ClientError
from safespace.sdk.joining import Request
from safespace.sdk.sealing import seal_act
from serving import ServerProcess

NO_KEYS = [bytes(32), b"\1" + bytes(31), b"\xff" * 32, (2**255 - 20).to_bytes(32, "little")]


async def test_who_asks_with_an_unusable_key_is_not_shown_and_keeps_nobody_out(
    standing_server: ServerProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Evening.of(standing_server.url, tmp_path) as evening:
        link = await evening.group.create_invite(uses=5)
        honest = Request.send
        keys = [*NO_KEYS]

        async def send(request: Request, rest: Any, *, lost_keys: bool) -> None:
            if request._said.pseudonym.startswith("Drew"):
                request._said = request._said.model_copy(update={"key": b64encode(keys.pop())})
            await honest(request, rest, lost_keys=lost_keys)

        monkeypatch.setattr(Request, "send", send)
        asking = []
        for number in range(len(NO_KEYS)):
            drew = await evening.arrive(f"Drew{number}")
            asking.append(asyncio.create_task(drew.join(link, pseudonym=f"Drew {number}")))
        await until(lambda: not keys)
        wren = await evening.arrive("Wren")
        coming = asyncio.create_task(wren.join(link, pseudonym="Wren"))
        await waiting(evening.group, 1)
        assert [person.pseudonym for person in await evening.group.admit_all()] == ["Wren"]
        await coming
        assert codes(evening.group.main) == ["forged_request"]
        for task in asking:
            task.cancel()


async def test_who_lets_somebody_in_with_an_unusable_key_has_let_in_nobody(
    standing_server: ServerProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sol lets Drew in with a client that does not look: for everyone else it is void, and they go on."""
    async with Evening.of(standing_server.url, tmp_path, "Wren") as evening:
        await evening.seat("Sol", "facilitator")
        await until(lambda: evening.member("Sol").role == "facilitator")
        sol, fern, wren = evening.groups["Sol"], evening.rooms["Fern"], evening.rooms["Wren"]
        drew = await evening.arrive("Drew")
        asking = asyncio.create_task(drew.join(await evening.group.create_invite(), pseudonym="Drew"))
        await waiting(sol, 1)

        def seal(place: Any, id: UUID, action: Any, *more: Any) -> Any:
            if isinstance(action, Admit):
                monkeypatch.setattr("safespace.sdk.sealing.fold", lambda state, message, time: state)
                action = action.model_copy(update={"key": b64encode(bytes(32))})
            return seal_act(place, id, action, *more)

        monkeypatch.setattr("safespace.sdk.doors.seal_act", seal)
        [person] = await sol.waiting()
        with contextlib.suppress(ClientError, TimeoutError):
            async with asyncio.timeout(5):
                await sol.admit(person)
        monkeypatch.undo()
        await until(lambda: "policy_forged" in codes(fern) and "policy_forged" in codes(wren))
        assert {one.pseudonym for one in fern.members()} == {"Fern", "Wren", "Sol"}
        asking.cancel()


async def test_whatever_is_sealed_to_many_leaves_out_who_cannot_be_and_names_them(
    standing_server: ServerProcess, tmp_path: Path
) -> None:
    """Were such a key in the state all the same, everybody else could act."""
    async with Evening.of(standing_server.url, tmp_path, "Wren", "Moss") as evening:
        await evening.seat("Sol", "facilitator")
        await evening.seat("Mo", "facilitator")
        await until(lambda: all(evening.member(one).role == "facilitator" for one in ("Sol", "Mo")))
        group, fern, wren = evening.group, evening.rooms["Fern"], evening.rooms["Wren"]
        mo = evening.member("Mo").id
        for room in evening.rooms.values():
            state = room.place.state
            assert state is not None
            spoiled = state.members[mo].model_copy(update={"key": b64encode(bytes(32))})
            room.place.state = state.model_copy(update={"members": {**state.members, mo: spoiled}})

        def named(room: Any) -> bool:
            return [(one.code, one.who) for one in room.warnings()] == [("unreached", ("Mo",))]

        await fern.mute(evening.member("Moss"), 60, reason="One at a time, please.")
        muted = fern.place.state
        assert muted is not None
        assert list(muted.mutes) == [evening.member("Moss").id]
        assert named(fern)
        link = await group.create_invite()
        assert link.count("#") == 1
        await group.write_handover("Moss may need a word.")
        assert [note.text for note in await evening.groups["Sol"].handovers()] == ["Moss may need a word."]
        await wren.report_person(evening.member("Moss"), "Shouts.")
        assert named(wren)
        [report] = await evening.groups["Sol"].reports()
        assert report.note == "Shouts."
        await group.open_session(minutes=30)
        await group.open_ballot("questions", "What now?")
        assert [one.words for one in fern.warnings()] == [
            "Something could not be sealed to someone, whose device gave a key that is of no use. (Mo)"
        ]
