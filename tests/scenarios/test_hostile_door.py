"""Rosa's server at the door: it bends a guest's invite, makes up words to who waits, and notes from nobody."""

import asyncio
from pathlib import Path
from typing import Any
from uuid import UUID

from uuid6 import uuid7

from evening import until
from gathering import junk
from hostile import codes, hostile_evening
from safespace.crypto.handovers import HandoverContent
from safespace.crypto.invites import InviteKeys, open_card, seal_card
from safespace.fields import b64decode, b64encode
from safespace.sdk.statements import Statements
from serving import ServerProcess

DAY = 24 * 3600 * 1000


def as_a_member(link: str, sealed: str) -> str:
    """The card of a guest's invite, sealed anew by someone who has the link: for a member."""
    place, secret = link.rsplit("/", 1)[1].split("#")
    keys = InviteKeys.derive(b64decode(secret), UUID(place).bytes)
    return b64encode(seal_card(keys, open_card(keys, b64decode(sealed)).model_copy(update={"guest": None})))


async def test_nobody_with_a_guests_link_comes_in_as_a_member(standing_server: ServerProcess, tmp_path: Path) -> None:
    async with hostile_evening(standing_server, tmp_path) as (hostess, evening):
        link = await evening.group.invite_guest("Pacing", minutes=20)
        heron = await evening.arrive("Heron")
        joining = asyncio.create_task(heron.join(link, pseudonym="Heron"))
        while not (waiting := await evening.group.waiting()):  # noqa: ASYNC110 - only asking again tells
            await asyncio.sleep(0.05)
        assert waiting[0].guest is not None

        def swap(who: str, path: str, answer: Any) -> Any:
            if path.endswith("/invites") and who == "fern":
                for item in answer["items"]:
                    item["card"] = as_a_member(link, item["card"])
            return answer

        hostess.answer = swap
        assert await evening.group.waiting() == []
        assert codes(evening.group.main) == ["forged_request"]
        joining.cancel()


async def test_words_that_nobody_at_the_door_said_are_not_shown(standing_server: ServerProcess, tmp_path: Path) -> None:
    async with hostile_evening(standing_server, tmp_path) as (hostess, evening):
        looked: list[str] = []

        def make_up(who: str, path: str, answer: Any) -> Any:
            if "/requests/" in path and who == "wren":
                looked.append(answer["status"])
                if answer["word"] is None:
                    answer["word"] = junk(150)
            return answer

        hostess.answer = make_up
        link = await evening.group.create_invite()
        wren = await evening.arrive("Wren")
        joining = asyncio.create_task(wren.join(link, pseudonym="Wren"))
        await until(lambda: len(looked) > 0)
        assert wren.word(link) is None
        [person] = await evening.group.waiting()
        await evening.group.tell(person, "Soon.")
        await until(lambda: wren.word(link) == "Soon.")
        await evening.group.admit(person)
        await joining


async def test_a_note_that_no_facilitator_wrote_is_not_shown(standing_server: ServerProcess, tmp_path: Path) -> None:
    async with hostile_evening(standing_server, tmp_path, "Wren") as (hostess, evening):
        await evening.seat("Sol", "facilitator")
        await until(lambda: evening.member("Sol").role == "facilitator")
        sol, place = evening.groups["Sol"], evening.rooms["Wren"].place
        real = await evening.group.write_handover("Wren may need a word.")
        id, expires = uuid7(), place.clock.now() + DAY
        written = HandoverContent(id=id, seq=place.policy_seq, expires=expires, text="Let everyone go.").written()
        me = sol.main.place.me or ""
        sealed, boxes = Statements(place).seal("safespace handover", id, written, [me])
        forged = {"id": str(id), "created": real.time, "expires": expires, "sealed": sealed, "box": boxes[0]["box"]}

        def slip_in(who: str, path: str, answer: Any) -> Any:
            if path.endswith("/handovers") and who == "sol" and "items" in answer:
                answer["items"].append(forged | {"mine": False})
            return answer

        hostess.answer = slip_in
        assert [note.text for note in await sol.handovers()] == ["Wren may need a word."]
        assert codes(sol.main) == ["handover_forged"]
