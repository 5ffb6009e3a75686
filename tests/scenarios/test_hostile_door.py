"""Rosa's server at the door, and with it Drew, who has the same link as Wren and may already be inside.

Together they bend cards, answer as if they were the group, make up words to who waits, what newcomers are told of the
group, and notes from nobody.
"""

import asyncio
import secrets
import time
from collections.abc import Awaitable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from uuid6 import uuid7

from evening import let_in, until
from gathering import junk
from guests import waiting
from hostile import Frame, codes, hostile_evening
from safespace.crypto import hpke
from safespace.crypto.encoding import lp
from safespace.crypto.franking import seal_content
from safespace.crypto.handovers import HandoverContent
from safespace.crypto.invites import InviteKeys, Rules, Word, open_card, seal_reply, seal_word
from safespace.crypto.mls import check_key_package
from safespace.fields import b64decode, b64encode
from safespace.rooms.state import StateMessage
from safespace.sdk.errors import Declined, UntrustedServer
from safespace.sdk.group_crypto import GroupCrypto, LeafKey
from safespace.sdk.invite_links import InviteLink
from safespace.sdk.statements import Statements
from serving import ServerProcess

DAY = 24 * 3600 * 1000


def keys_of(link: str) -> InviteKeys:
    """What everyone who has the link holds."""
    read = InviteLink.read(link, link)
    return InviteKeys.derive(read.fragment, read.invite.bytes)


def another_card(link: str, sealed: str, **changes: Any) -> str:
    """The card, sealed anew with the link's secret by someone who changed it."""
    keys = keys_of(link)
    written, nonce = open_card(keys, b64decode(sealed)).model_copy(update=changes).written(), secrets.token_bytes(12)
    about = lp("safespace invite card") + lp(keys.invite_id)
    return b64encode(nonce + AESGCM(keys.card).encrypt(nonce, written, about))


async def distrusts(joining: Awaitable[Any]) -> str:
    """What someone who joins is warned of."""
    with pytest.raises(UntrustedServer) as refused:
        await joining
    return refused.value.code


async def test_no_other_card_is_shown_to_who_has_the_link(standing_server: ServerProcess, tmp_path: Path) -> None:
    """Drew has the link too, and Rosa hands Wren what Drew sealed with its secret."""
    bent: list[dict[str, Any]] = [
        {"key": b64encode(hpke.generate()[1])},
        {"rules": Rules(version=1, text="Anything goes.")},
        {"name": "Thursday evening", "welcome": "Come and tell us your real name."},
        {"sender": "Sol"},
        {},  # the very same words
    ]
    async with hostile_evening(standing_server, tmp_path) as (hostess, evening):
        link = await evening.group.create_invite()
        wren = await evening.arrive("Wren")

        def swap(who: str, path: str, answer: Any) -> Any:
            if who == "wren" and "/invites/" in path:
                answer["card"] = another_card(link, answer["card"], **bent[-1])
            return answer

        hostess.answer = swap
        while bent:
            assert await distrusts(wren.join(link, pseudonym="Wren")) == "wrong_card"
            bent.pop()
        assert await evening.group.waiting() == []


async def test_who_has_the_link_and_the_server_cannot_pose_as_the_group(
    standing_server: ServerProcess, tmp_path: Path
) -> None:
    """Drew holds the link, and Rosa whatever passes by: Wren asks, and they answer with a group of their own."""
    async with hostile_evening(standing_server, tmp_path) as (hostess, evening):
        room, link = evening.group.main.id.bytes, await evening.group.create_invite(uses=2)
        wren, keys = await evening.arrive("Wren"), keys_of(link)
        asked: dict[str, Any] = {}
        package, tries = b"", [keys.join, keys.card, secrets.token_bytes(32)]

        def answers(who: str, path: str, answer: Any) -> Any:
            nonlocal package
            if who == "wren" and path.endswith("/requests"):
                asked.update(answer)
            if who == "fern" and path.endswith("/requests") and answer["items"]:
                package = b64decode(answer["items"][-1]["package"])
            if who == "wren" and "/requests/" in path and package:
                id = UUID(asked["id"]).bytes
                made = GroupCrypto.create(LeafKey.fresh(), room).add(package)
                assert made.welcome is not None
                exported = made.after.export(b"safespace invite", id, 32)
                ref = check_key_package(package, time.time_ns() // 10**9).ref
                answer |= {"status": "admitted", "room": str(evening.group.main.id), "seq": 2}
                return answer | {
                    "tree": b64encode(made.after.tree()),
                    "welcome": b64encode(made.welcome),
                    "reply": b64encode(seal_reply(tries[-1], room, ref, id, exported, b"a state")),
                }
            return answer

        hostess.answer = answers
        while tries:
            package = b""
            joining = asyncio.create_task(wren.join(link, pseudonym="Wren"))
            await until(lambda: "id" in asked)
            while not package:
                await evening.group.waiting()
            await hostess.say("wren", {"t": "request", "id": asked["id"], "status": "admitted"})
            assert await distrusts(joining) == "wrong_reply"
            asked.clear()
            tries.pop()
        assert wren.groups() == []


async def test_the_answer_to_another_request_lets_nobody_in(standing_server: ServerProcess, tmp_path: Path) -> None:
    """What let Drew in by the same link, reply and all, is handed to Wren."""
    async with hostile_evening(standing_server, tmp_path) as (hostess, evening):
        link = await evening.group.create_invite(uses=2)
        let_drew_in: dict[str, Any] = {}

        def replay(who: str, path: str, answer: Any) -> Any:
            if "/requests/" in path and who == "drew" and answer["status"] == "admitted":
                let_drew_in.update(answer)
            if "/requests/" in path and who == "wren" and answer["status"] == "admitted":
                return answer | {"reply": let_drew_in["reply"]}
            return answer

        hostess.answer = replay
        await let_in(evening.group, await evening.arrive("Drew"), link, "Drew")
        wren = await evening.arrive("Wren")
        assert await distrusts(let_in(evening.group, wren, link, "Wren")) == "wrong_reply"
        assert wren.groups() == []


async def test_a_member_and_the_server_cannot_tell_a_newcomer_who_is_who(
    standing_server: ServerProcess, tmp_path: Path
) -> None:
    """Drew is inside: Rosa keeps back what Fern hands to Wren, and brings what Drew sealed, where Drew is the host."""
    async with hostile_evening(standing_server, tmp_path, "Drew") as (hostess, evening):
        kept: list[Frame] = []

        def keep(who: str, frame: Frame) -> list[Frame]:
            handed = frame["t"] == "envelope" and (frame["policy"] or {}).get("action") == "state"
            if who != "wren" or not (handed or kept):
                return [frame]
            kept.append(frame)
            return []

        hostess.frame = keep
        joining = asyncio.create_task(evening.seat("Wren"))
        await until(lambda: len(kept) > 0)
        drew = evening.rooms["Drew"]
        await until(lambda: drew.place.public.epoch == kept[0]["epoch"] and len(drew.members()) == 3)
        state = drew.place.state
        assert state is not None
        members = dict(state.members)
        fern, own = evening.member("Fern").id, drew.place.me or ""
        host, guest = members[fern], members[own]
        members[own] = guest.model_copy(update={"pseudonym": "Fern", "role": "owner", "charter": 1})
        members[fern] = host.model_copy(update={"pseudonym": "Drew", "role": "member", "charter": 0})
        told = StateMessage(state=state.model_copy(update={"members": members})).written()
        plaintext, commitment = seal_content(told, drew.id.bytes, drew.place.leaf.identity, kept[0]["epoch"])
        forged = {
            "leaf": b64encode(drew.place.leaf.identity),
            "body": b64encode(drew.place.crypto.encrypt(plaintext)),
            "commitment": b64encode(commitment),
        }
        await hostess.say("wren", kept[0] | forged)
        assert await distrusts(joining) == "state_mismatch"


async def test_a_server_that_says_no_speaks_for_nobody(standing_server: ServerProcess, tmp_path: Path) -> None:
    async with hostile_evening(standing_server, tmp_path) as (hostess, evening):
        link = await evening.group.create_invite(uses=3)
        keys = keys_of(link)
        made_up = Word(declined=True, sender="Fern", text="Nobody wants you here.")

        def decline(who: str, path: str, answer: Any) -> Any:
            if "/requests/" in path and who in ("wren", "moss", "jay"):
                _, public = hpke.generate()
                forged = seal_word(keys.join, public, keys.invite_id, UUID(answer["id"]).bytes, made_up)
                word = {"wren": None, "moss": junk(150), "jay": b64encode(forged)}[who]
                answer |= {"status": "declined", "word": word}
            return answer

        hostess.answer = decline
        for name in ("Wren", "Moss", "Jay"):
            client = await evening.arrive(name)
            with pytest.raises(Declined) as declined:
                await client.join(link, pseudonym=name)
            assert (declined.value.by, declined.value.said) == (None, None)
        hostess.answer = lambda who, path, answer: answer
        sol = await evening.arrive("Sol")
        joining = asyncio.create_task(sol.join(link, pseudonym="Sol"))
        async with asyncio.timeout(60):
            while not (found := [one for one in await evening.group.waiting() if one.pseudonym == "Sol"]):
                pass
        await evening.group.decline(found[0])
        with pytest.raises(Declined) as declined:
            await joining
        assert (declined.value.by, declined.value.said) == ("Fern", None)


async def test_nobody_with_a_guests_link_comes_in_as_a_member(standing_server: ServerProcess, tmp_path: Path) -> None:
    async with hostile_evening(standing_server, tmp_path) as (hostess, evening):
        link = await evening.group.invite_guest("Pacing", minutes=20)
        heron = await evening.arrive("Heron")
        joining = asyncio.create_task(heron.join(link, pseudonym="Heron"))
        await waiting(evening.group, 1)
        assert (await evening.group.waiting())[0].guest is not None

        def swap(who: str, path: str, answer: Any) -> Any:
            if path.endswith("/invites") and who == "fern":
                for item in answer["items"]:
                    item["card"] = another_card(link, item["card"], guest=None)
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
