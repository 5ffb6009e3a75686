"""What is said in any room of the group can be reported with proof; what one makes up in a room of one's own never."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from uuid6 import uuid7

from evening import PASSPHRASE, QUICK, Evening, refusal, until
from hostile import rosa
from liar import franked
from safespace.fields import b64decode, b64encode
from safespace.rooms.live_actions import CallBack
from safespace.sdk import Client, Message, Report, Room
from safespace.sdk.errors import Refused
from safespace.sdk.further_room import FurtherRoom
from safespace.sdk.group_crypto import LeafKey, Newcomer
from safespace.sdk.pool import endorse
from serving import ServerProcess


async def heard(room: FurtherRoom | Room, text: str) -> Message:
    """A message once it was read in this room."""

    def found() -> list[Message]:
        messages = (room.log.conversation.message(number) for number in range(room.place.shown))
        return [message for message in messages if message.text == text]

    await until(lambda: bool(found()))
    return found()[0]


async def newest(evening: Evening, name: str = "Fern") -> Report:
    [report, *_] = await evening.groups[name].reports()
    return report


def proofs(report: Report) -> list[bool]:
    return [bool(report.proved), *(line.proved for line in report.context)]


async def test_every_room_is_reported_from_with_proof(standing_server: ServerProcess, tmp_path: Path) -> None:
    """Asides with and without the reader, the staff room, a small room and a capsule, while they last and after."""
    async with Evening.of(standing_server.url, tmp_path, "Sparrow") as evening:
        moss = await evening.seat("Moss", "moderator")
        fern, sparrow = evening.rooms["Fern"], evening.rooms["Sparrow"]
        await evening.within_reach("Fern", "Sparrow", "Moss")

        async def report(by: str, room: FurtherRoom | Room, text: str) -> Report:
            message = await heard(room, text)
            assert message.room == room.id
            await evening.rooms[by].report(message, "Please look.", context=2)
            found = await newest(evening)
            assert (found.text, found.room) == (text, room.id)
            assert found.accused is not None
            assert found.accused.id == message.member
            return found

        aside = await evening.groups["Moss"].aside(moss.member(evening.member("Sparrow").id), with_=[])  # type: ignore[arg-type]
        await until(lambda: len(evening.groups["Sparrow"].rooms()) == 1)
        there = evening.groups["Sparrow"].rooms()[0]
        await aside.send("How was it?")
        await there.send("None of your business.")
        await aside.send("As you like.")
        await heard(there, "As you like.")
        # Fern was never there: what proves it is Sparrow's word for the leaf, and the server's for the stamp.
        assert await evening.group.reports() == []
        assert all(proofs(await report("Moss", aside, "None of your business.")))
        assert all(proofs(await report("Sparrow", there, "As you like.")))

        staff = await evening.group.open_staff()
        await until(lambda: evening.groups["Moss"].staff is not None)
        await evening.groups["Moss"].staff.send("Sparrow is impossible.")  # type: ignore[union-attr]
        await staff.send("Moss, please.")
        # There is nobody to tell of a moderator but Fern, and somebody else has to read it.
        await heard(staff, "Sparrow is impossible.")
        wren = await evening.seat("Wren", "facilitator")
        await until(lambda: evening.groups["Wren"].staff is not None)
        inside = evening.groups["Wren"].staff
        assert inside is not None
        await evening.groups["Moss"].staff.send("And Wren, too.")  # type: ignore[union-attr]
        assert all(proofs(await report("Wren", inside, "And Wren, too.")))

        session = await evening.group.open_session(capsule=True)
        people = (fern, sparrow, moss, wren)
        await until(lambda: all(one.capsule is not None and len(one.capsule.members()) == 4 for one in people))
        await sparrow.send("Nobody will ever know.")
        await moss.send("Is that so?")
        capsule, own = moss.capsule, fern.capsule
        assert capsule is not None
        assert own is not None
        assert all(proofs(await report("Moss", capsule, "Nobody will ever know.")))
        pair = [evening.member("Sparrow"), evening.member("Moss")]
        await fern.break_out([pair], 5)
        await until(lambda: all(len(one.breakouts) == 1 for one in people))
        small = await moss.breakouts[0].enter()
        sparrows = await sparrow.breakouts[0].enter()
        await until(lambda: len(small.members()) == len(sparrows.members()) == 2)
        await sparrows.send("Between us: go away.")
        assert all(proofs(await report("Moss", small, "Between us: go away.")))

        await fern.do(CallBack())
        await session.close()
        await until(lambda: all(one.passing is not None and not one.passing.announced for one in people))
        # Nobody has what was said there any more. The reports are what they were.
        reports = await evening.group.reports()
        assert len(reports) == 5
        assert all(all(proofs(one)) for one in reports)
        assert not any(room.warnings() for room in evening.rooms.values())


async def test_nobody_gets_a_stamp_as_somebody_else(standing_server: ServerProcess, tmp_path: Path) -> None:
    """Alder makes rooms whose one leaf has the identity that Sparrow has: in the group, and in an aside."""
    async with Evening.of(standing_server.url, tmp_path, "Sparrow", "Alder") as evening:
        sparrow, alder = evening.rooms["Sparrow"], evening.rooms["Alder"]
        await evening.within_reach("Fern", "Sparrow")
        fern = next(one for one in sparrow.members() if one.pseudonym == "Fern")
        aside = await evening.groups["Sparrow"].aside(fern, with_=[])
        stolen = [sparrow.place.leaf.identity, aside.place.leaf.identity, evening.group.main.place.leaf.identity]
        for identity in stolen:
            fake = replace(LeafKey.fresh(), identity=identity)
            await _refused(evening, fake, lambda: evening.groups["Alder"]._further.open("aside", alder.place.me))
        assert evening.groups["Alder"].rooms() == []
        await alder.send("on we go")
        assert not any(room.warnings() for room in evening.rooms.values())


async def _refused(evening: Evening, leaf: LeafKey, making: Callable[[], Awaitable[object]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(LeafKey, "fresh", lambda: leaf)
        assert await refusal(making()) == "duplicate_identity"


async def test_rosas_server_lets_them_and_says_that_all_is_right(
    standing_server: ServerProcess, tmp_path: Path
) -> None:
    """Alder has stamps of a room in which the only leaf has Sparrow's identity, and Rosa vouches for all of it."""
    async with rosa(standing_server.url) as hostess, Evening.of(hostess.url, tmp_path, "Sparrow", "Alder") as evening:
        hostess.answer = lambda who, path, answer: {"valid": True} if path.endswith("/stamps/verify") else answer
        sparrow, alder = evening.rooms["Sparrow"], evening.rooms["Alder"]
        await evening.within_reach("Fern")
        fern = next(one for one in sparrow.members() if one.pseudonym == "Fern")
        aside = await evening.groups["Sparrow"].aside(fern, with_=[])
        await aside.send("said to Fern alone")
        own = await evening.groups["Alder"]._further.open("aside", alder.place.me)
        await own.send("never said")
        [true], [mine] = aside.log.conversation.newest_quotes(1), own.log.conversation.newest_quotes(1)
        main_leaf, side_leaf = sparrow.place.me or "", true.leaf
        assert true.endorsed is not None
        assert mine.endorsed is not None
        named = mine.endorsed.model_copy(update={"member": main_leaf})
        fake = replace(own.place.leaf, identity=b64decode(main_leaf))
        signed = named.model_copy(update={"endorsement": endorse(alder.place, fake)})
        lies = [
            franked(mine, b64decode(mine.content), own.id, leaf).model_copy(update={"endorsed": endorsed})
            for leaf in (main_leaf, side_leaf, mine.leaf)
            for endorsed in (None, named, signed, mine.endorsed, true.endorsed)
            # Sparrow's own word for that leaf: there Rosa's stamp alone is the lie, as it may be of any room.
            if not (leaf == side_leaf and endorsed == true.endorsed)
        ]
        for line in lies:
            for room in (own.id, aside.id, UUID(int=uuid7().int)):
                await alder.filing._file("message", main_leaf, "", line.seq, [line], room)
        reports = await evening.group.reports()
        assert [report.proved for report in reports] == [False] * 3 * len(lies)
        assert all(line.text == "never said" for report in reports for line in (report.said,) if line)
        # What Sparrow did say is proved, to Fern who was there.
        hostess.answer = lambda who, path, answer: answer
        await alder.filing._file("message", main_leaf, "", true.seq, [true], aside.id)
        assert (await newest(evening)).proved is True


async def test_a_message_of_another_room_is_never_taken_for_one_of_main(
    standing_server: ServerProcess, tmp_path: Path
) -> None:
    """Its number is another message's in main: that one is neither reported, taken down, noted, nor answered."""
    async with Evening.of(standing_server.url, tmp_path, "Wren") as evening:
        fern, wren = evening.rooms["Fern"], evening.rooms["Wren"]
        for number in range(8):
            await wren.send(f"{number} in main")
        await heard(fern, "7 in main")
        await evening.within_reach("Wren")
        aside = await evening.group.aside(evening.member("Wren"))
        await until(lambda: len(evening.groups["Wren"].rooms()) == 1)
        there = evening.groups["Wren"].rooms()[0]
        await until(lambda: there.place.known)
        for number in range(6):
            await there.send(f"{number} aside")
        message = await heard(aside, "5 aside")
        shadowed = [fern.log.conversation.message(number) for number in range(fern.place.shown)]
        assert any((one.seq, one.member) == (message.seq, message.member) for one in shadowed)
        for wrong in (
            fern.take_down(message),
            fern.restore(message),
            fern.annotate(message, "a note"),
            fern.send_card("Sleep", "Eight hours.", answers=message),
            aside.annotate(shadowed[0], "a note"),
        ):
            assert await refusal(wrong) == "unknown_line"
        await fern.send("done")
        await heard(wren, "done")
        for room in (fern, wren):
            texts = [room.log.conversation.message(number).text for number in range(8)]
            assert texts == [f"{number} in main" for number in range(8)]
        # In its own room it can be noted.
        await aside.annotate(message, "a note")
        await until(lambda: there.log.conversation.message(there.place.shown - 1).note == "a note")


async def test_an_endorsement_of_ones_own_proves_nothing_about_another(
    standing_server: ServerProcess, tmp_path: Path
) -> None:
    """Juniper, in league with Alder, says that Alder's leaf is hers: then the server knows better."""
    async with Evening.of(standing_server.url, tmp_path, "Juniper", "Alder") as evening:
        alder, juniper = evening.rooms["Alder"], evening.rooms["Juniper"]
        mine = await evening.groups["Alder"]._further.open("aside", alder.place.me)
        await mine.send("Words of Alder's.")
        message = await heard(mine, "Words of Alder's.")
        line = mine.log.conversation.quote(message.seq)
        assert line is not None
        assert line.endorsed is not None
        word = endorse(juniper.place, mine.place.leaf)
        theirs = line.endorsed.model_copy(update={"member": juniper.place.me, "endorsement": word})
        bent = line.model_copy(update={"endorsed": theirs})
        juniper_key = evening.group.main.place.roll[juniper.place.me or ""].key
        assert bent.is_endorsed(evening.group.id.bytes, b64decode(juniper_key)), "she really said so"
        await alder.filing._file("message", juniper.place.me, "", bent.seq, [bent], mine.id)
        assert (await newest(evening)).proved is False
        await alder.filing._file("message", alder.place.me, "", line.seq, [line], mine.id)
        assert (await newest(evening)).proved is True


async def test_who_came_back_on_another_device_said_what_they_said(
    standing_server: ServerProcess, tmp_path: Path
) -> None:
    """Wren's words in an aside stay hers once she has come back as another member; they are not the new one's."""
    async with Evening.of(standing_server.url, tmp_path, "Wren") as evening:
        await evening.seat("Moss", "moderator")
        wren = evening.rooms["Wren"]
        before = wren.place.me or ""
        await evening.within_reach("Wren")
        aside = await evening.groups["Moss"].aside(evening.member("Wren"), with_=[])
        await until(lambda: len(evening.groups["Wren"].rooms()) == 1)
        await evening.groups["Wren"].rooms()[0].send("I never liked it here.")
        message = await heard(aside, "I never liked it here.")
        tablet = await Client.login(
            standing_server.url,
            handle=evening.clients["Wren"].handle,
            passphrase=PASSPHRASE,
            store=tmp_path / "tablet.store",
            update_jitter=None,
            backoff=QUICK,
        )
        async with tablet:
            joining = asyncio.create_task(tablet.join(await evening.group.create_invite(), pseudonym="Wren"))
            while not joining.done():
                await evening.group.admit_all(replacing=True)
                await asyncio.sleep(0.05)
            wren = (await joining).main
            await _still_hers(evening, aside, message, before, wren)


async def _still_hers(evening: Evening, aside: FurtherRoom, message: Message, before: str, wren: Room) -> None:
    moss = evening.rooms["Moss"]
    await until(lambda: moss.member(wren.place.me or "") is not None)
    assert wren.place.me != before
    await moss.report(message, context=0)
    report = await newest(evening)
    assert report.proved
    assert report.accused is not None
    assert report.accused.id == before
    line = aside.log.conversation.quote(message.seq)
    assert line is not None
    assert line.endorsed is not None
    forged = line.model_copy(update={"endorsed": line.endorsed.model_copy(update={"member": wren.place.me})})
    await moss.filing._file("message", wren.place.me, "", line.seq, [forged], aside.id)
    assert (await newest(evening)).proved is False

    # The tablet is brought by keys of its own.
    again = await evening.groups["Moss"].aside(moss.member(wren.place.me or ""), with_=[])  # type: ignore[arg-type]
    await again.send("Welcome back.")
    assert not moss.warnings()


async def test_a_key_package_cannot_be_published_under_anothers_identity(
    standing_server: ServerProcess, tmp_path: Path
) -> None:
    async with Evening.of(standing_server.url, tmp_path, "Sparrow", "Alder") as evening:
        sparrow, alder = evening.rooms["Sparrow"], evening.rooms["Alder"]
        fake = Newcomer(replace(LeafKey.fresh(), identity=sparrow.place.leaf.identity))
        body = {"packages": [{"package": b64encode(fake.package), "endorsement": endorse(alder.place, fake.leaf)}]}
        with pytest.raises(Refused, match="duplicate_identity"):
            await evening.clients["Alder"]._rest.call("POST", f"/groups/{evening.group.id}/key-packages", body)
