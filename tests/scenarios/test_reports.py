"""Reports over the SDK and a real server: proved for those who keep the room, unreadable for everyone else."""

import dataclasses
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from nacl.signing import SigningKey
from uuid6 import uuid7

from campaign import rounds
from evening import Evening, until
from liar import Liar
from safespace.crypto.reports import AnswerContent, write
from safespace.rooms.actions import Demote
from safespace.sdk import Message, Report, Room
from safespace.sdk.errors import Refused
from safespace.sdk.further_room import FurtherRoom
from safespace.sdk.said import CardMessage
from safespace.sdk.sealing import Pending
from serving import ServerProcess


async def said(room: Room, text: str) -> Message:
    """A message once it was read here."""
    found: list[Message] = []

    def happened() -> bool:
        messages = (room.log.conversation.message(number) for number in range(room.place.shown))
        found[:] = [message for message in messages if message.text == text]
        return bool(found)

    await until(happened)
    return found[0]


async def read_by(evening: Evening, name: str) -> list[Report]:
    return await evening.groups[name].reports()


async def test_a_message_is_reported_proved_answered_and_seen_to(
    standing_server: ServerProcess, tmp_path: Path
) -> None:
    async with Evening.of(standing_server.url, tmp_path, "Sparrow", "Alder") as evening:
        fern, sparrow, alder = evening.rooms.values()
        for room, text in [
            (fern, "Good evening."),
            (alder, "Has anyone else had dizzy mornings?"),
            (sparrow, "You should all stop your medicine."),
            (fern, "Could we check that one first?"),
            (alder, "Please."),
        ]:
            await room.send(text)
        harm = await said(alder, "You should all stop your medicine.")
        await alder.report(harm, note="This could make someone stop.", context=2)
        [report] = await read_by(evening, "Fern")
        assert report.proved
        assert (report.text, report.note) == (harm.text, "This could make someone stop.")
        assert report.accused is not None
        assert (report.accused.pseudonym, report.reporter.pseudonym) == ("Sparrow", "Alder")
        assert [line.text for line in report.context] == [
            "Has anyone else had dizzy mornings?",
            "Could we check that one first?",
        ]
        assert all(line.proved for line in report.context)
        assert [reader.pseudonym for reader in report.readers] == ["Fern"]
        [own] = await evening.groups["Alder"].my_reports()
        assert (own.open, own.kind, own.answers) == (True, "message", [])
        await report.add_note("I will talk with Sparrow.")
        await report.assign()
        await report.resolve("Done.", answer="Thank you. We talked.")
        [again] = await read_by(evening, "Fern")
        assert [(entry.kind, entry.text) for entry in again.entries] == [
            ("note", "I will talk with Sparrow."),
            ("assign", ""),
            ("resolve", "Done."),
        ]
        assert again.assigned is not None
        assert (again.open, again.assigned.pseudonym) == (False, "Fern")
        [own] = await evening.groups["Alder"].my_reports()
        assert (own.open, own.answers) == (False, ["Thank you. We talked."])
        # Sparrow learns nothing.
        assert await evening.groups["Sparrow"].my_reports() == []
        with pytest.raises(Refused, match="forbidden"):
            await evening.groups["Sparrow"].reports()
        assert not any(room.warnings() for room in evening.rooms.values())


async def test_a_person_a_situation_and_a_claim_to_check(standing_server: ServerProcess, tmp_path: Path) -> None:
    async with Evening.of(standing_server.url, tmp_path, "Sparrow", "Alder") as evening:
        fern, sparrow, alder = evening.rooms.values()
        await sparrow.send("Zinc heals it.")
        claim = await said(alder, "Zinc heals it.")
        member = next(one for one in alder.members() if one.pseudonym == "Sparrow")
        await alder.ask_to_check(claim)
        await alder.report_person(member, "Keeps writing to me elsewhere.")
        await alder.report_situation("It is getting loud.", context=1)
        situation, person, check = await read_by(evening, "Fern")
        assert [one.kind for one in (situation, person, check)] == ["situation", "person", "check"]
        assert (situation.proved, person.proved, check.proved) == (None, None, True)
        assert [line.text for line in situation.context] == ["Zinc heals it."]
        assert situation.accused is None
        for wrong in [alder.report_person(member, ""), alder.report_situation("x" * 1001)]:
            with pytest.raises(Refused, match="invalid_field"):
                await wrong
        with pytest.raises(Refused, match="invalid_field"):
            await alder.report(claim, context=20)
        # A claim is answered with a card, from those who may alone.
        seq = await fern.send_card("About zinc", "It heals no one. Ask your doctor.", answers=claim)
        card = await said(sparrow, "It heals no one. Ask your doctor.")
        assert (card.seq, card.title, card.answers) == (seq, "About zinc", claim.seq)
        with pytest.raises(Refused, match="forbidden"):
            await alder.send_card("About zinc", "It does heal.")
        with pytest.raises(Refused, match="invalid_field"):
            await fern.send_card("", "It heals no one.")
        await alder.log.deliver(
            Pending(uuid7(), content=CardMessage(line=None, title="About zinc", text="It does heal.").written())
        )
        await fern.send("Good evening.")
        await said(sparrow, "Good evening.")
        shown = [sparrow.log.conversation.message(number).text for number in range(sparrow.place.shown)]
        assert "It does heal." not in shown
        assert [warning.code for warning in sparrow.warnings()] == ["unreadable"]
        # There is nobody but Fern, and nobody is told of oneself.
        with pytest.raises(Refused, match="no_recipient"):
            await alder.report_person(next(one for one in alder.members() if one.pseudonym == "Fern"), "Shouts.")
        with pytest.raises(Refused, match="no_recipient"):
            await alder.report(await said(alder, "Good evening."))
        with pytest.raises(Refused, match="no_recipient"):
            await fern.report(claim)
        assert len(await read_by(evening, "Fern")) == 3


async def test_what_the_desk_never_received_is_proved_by_the_server(
    standing_server: ServerProcess, tmp_path: Path
) -> None:
    """Fern's device has lost the conversation; its lines are as if they had never been received, or had ended."""
    async with Evening.of(standing_server.url, tmp_path, "Sparrow", "Alder") as evening:
        fern, sparrow, alder = evening.rooms.values()
        await sparrow.send("one")
        await sparrow.send("two")
        await alder.report(await said(alder, "two"), context=1)
        await said(fern, "two")
        forget(fern)
        [report] = await read_by(evening, "Fern")
        assert report.proved
        assert [line.proved for line in report.context] == [True]
        # The reporter is gone; what they said can still be checked.
        await evening.groups["Alder"].leave()
        await until(lambda: len(fern.members()) == 2)
        await fern.send("after")
        forget(fern)
        [report] = await read_by(evening, "Fern")
        assert report.proved
        assert report.reporter.pseudonym is None
        await report.resolve(answer="Thank you.")
        assert not fern.warnings()


def forget(room: Room) -> None:
    """Let go of what it takes to report the messages that are kept here."""
    conversation: Any = room.log.conversation
    with conversation._store.writing():
        _forget(room, conversation)


def _forget(room: Room, conversation: Any) -> None:
    for number in range(room.place.shown):
        message = conversation.message(number)
        conversation._store.put(message.dump() | {"quote": None}, "message", conversation._name, str(number))


async def test_a_report_about_someone_who_keeps_the_room_does_not_reach_them(
    standing_server: ServerProcess, tmp_path: Path
) -> None:
    async with Evening.of(standing_server.url, tmp_path) as evening:
        moss, reed = await evening.seat("Moss", "moderator"), await evening.seat("Reed", "moderator")
        alder, fern = await evening.seat("Alder"), evening.group.main
        await moss.send("You are all too sensitive.")
        await alder.send("I do not feel well.")
        await alder.report(await said(alder, "You are all too sensitive."), context=0)
        assert [report.proved for report in await read_by(evening, "Fern")] == [True]
        for name in ("Moss", "Reed"):
            assert await read_by(evening, name) == [], "about one who keeps the room: the owners alone"
        # About anyone else, all who keep the room; and one of them answers what another noted.
        await moss.report(await said(moss, "I do not feel well."), note="Could someone talk with Alder?", context=1)
        [seen, _] = await read_by(evening, "Fern")
        [other] = await read_by(evening, "Reed")
        assert other.id == seen.id
        assert {reader.pseudonym for reader in other.readers} == {"Fern", "Moss", "Reed"}
        await seen.assign(next(reader.id for reader in seen.readers if reader.pseudonym == "Reed"))
        [other] = await read_by(evening, "Reed")
        assert other.assigned is not None
        assert other.assigned.pseudonym == "Reed"
        await other.resolve("We spoke.", answer="Alder is fine.")
        [seen, _] = await read_by(evening, "Fern")
        assert not seen.open
        assert [own.answers for own in await evening.groups["Moss"].my_reports()] == [["Alder is fine."]]
        # Who no longer keeps the room reads no reports, though the boxes are there.
        await fern.do(Demote(target=reed.place.me or "", role="member"))
        with pytest.raises(Refused, match="forbidden"):
            await read_by(evening, "Reed")
        await seen.add_note("For us two.")
        assert not any(room.warnings() for room in evening.rooms.values())


async def test_a_report_stays_provable_when_the_message_is_taken_down(
    standing_server: ServerProcess, tmp_path: Path
) -> None:
    async with Evening.of(standing_server.url, tmp_path, "Sparrow", "Alder") as evening:
        fern, sparrow, alder = evening.rooms.values()
        await sparrow.send("You should all stop your medicine.")
        harm = await said(alder, "You should all stop your medicine.")
        await alder.report(harm, context=0)
        await fern.take_down(harm)
        await until(lambda: alder.log.conversation.quote(harm.seq) is None)
        assert fern.log.conversation.quote(harm.seq) is None
        [report] = await read_by(evening, "Fern")
        assert (report.proved, report.text) == (True, harm.text)
        with pytest.raises(Refused, match="unknown_line"):
            await alder.report(harm)


@pytest.mark.campaign
@pytest.mark.parametrize("held", [True, False], ids=["received", "not received"])
async def test_lies_are_never_proved_and_honest_reports_always(
    standing_server: ServerProcess, tmp_path_factory: pytest.TempPathFactory, held: bool
) -> None:
    here, there = tmp_path_factory.mktemp("here"), tmp_path_factory.mktemp("there")
    async with (
        Evening.of(standing_server.url, here, "Juniper", "Alder") as evening,
        Evening.of(standing_server.url, there, "Wren") as other,
    ):
        await evening.seat("Sparrow", "moderator")
        for place in (evening, other):
            for turn in range(4):
                for name, room in place.rooms.items():
                    await room.send(f"{name} says {turn}")
        fern, alder, wren = evening.rooms["Fern"], evening.rooms["Alder"], other.rooms["Wren"]
        own, aside = await apart(evening)
        await until(lambda: alder.place.cursor == fern.place.cursor and wren.place.shown == 8)
        liar = Liar(7, alder, own, aside, evening.rooms["Juniper"])
        liar.theirs = [line for line in wren.log.conversation.newest_quotes(20) if line.leaf == wren.place.me]
        if not held:
            forget(fern)
        lies: dict[UUID, str] = {}
        honest = [await liar.tell(*told) for told in liar.truths()]
        await resolve_all(evening)
        for _ in range(rounds(36, 800)):
            kind, line, accused, where = liar.lie()
            lies[await liar.tell(line, accused, where)] = kind
            if len(lies) % 20 == 0:
                await resolve_all(evening)
        judged = {report.id: report.proved for report in await read_by(evening, "Fern")}
        assert all(judged[id] for id in honest)
        # The stamp is not looked at where the message itself was received.
        assert {kind for id, kind in lies.items() if judged[id]} == ({"stamp"} if held else set())
        assert not fern.warnings()


async def apart(evening: Evening) -> tuple[FurtherRoom, FurtherRoom]:
    """A room in which Alder talks to himself, and one of Alder's with Sparrow."""
    alder = evening.groups["Alder"]
    sparrow = next(one for one in alder.main.members() if one.pseudonym == "Sparrow")
    await evening.within_reach("Sparrow")
    own = await alder._further.open("aside", alder.main.place.me)
    aside = await alder.aside(sparrow, with_=[])
    await until(lambda: len(evening.groups["Sparrow"].rooms()) == 1)
    there = evening.groups["Sparrow"].rooms()[0]
    await until(lambda: there.place.known)
    for turn in range(3):
        await own.send(f"Alder alone says {turn}")
        await aside.send(f"Alder aside says {turn}")
        await there.send(f"Sparrow aside says {turn}")
    await until(lambda: (own.place.shown, aside.place.shown) == (3, 6))
    return own, aside


async def resolve_all(evening: Evening) -> None:
    for report in await read_by(evening, "Fern"):
        if report.open:
            await report.resolve()


async def test_what_nobody_signed_is_not_shown(standing_server: ServerProcess, tmp_path: Path) -> None:
    """The server, or Alder in someone's name, makes a report of its own; and an answer."""
    async with Evening.of(standing_server.url, tmp_path, "Sparrow", "Alder") as evening:
        fern, sparrow, alder = evening.rooms.values()
        await alder.report_situation("It is getting loud.")
        [report] = await read_by(evening, "Fern")
        leaf = alder.place.crypto.leaf
        alder.place.crypto.leaf = dataclasses.replace(leaf, secret=bytes(SigningKey.generate()) + leaf.public)
        await alder.report_situation("Sparrow says that Sparrow is bad.")
        assert [one.id for one in await read_by(evening, "Fern")] == [report.id]
        assert [warning.code for warning in fern.warnings()] == ["report_forged"]
        # An answer of a member who is not a recipient.
        said = write(AnswerContent(report=report.id, text="Be quiet."))
        kept = {"accused": None, "to": [fern.place.me or ""]}
        for writer, seen in [(fern, "Be quiet."), (sparrow, None)]:
            box = writer.filing._statements.seal_answer(report.id, said, alder.place.me or "")
            assert alder.filing._answer(report.id, box or "", kept) == seen
        assert [warning.code for warning in alder.warnings()] == ["report_forged"]
