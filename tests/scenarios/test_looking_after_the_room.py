"""Fern's evening is kept a good place, from Python: acts, offices, the record, and a banned troll who knocks again."""

import asyncio
from pathlib import Path

import pytest

from evening import Evening, Listener, let_in, refusal, sit_down, until
from safespace.rooms.policy import state_hash
from safespace.sdk import Client, Group, open_audit
from safespace.sdk.errors import NotOpened, Removed
from serving import ServerProcess


async def agree(evening: Evening) -> None:
    """All who are in the room come to read as far as one another, agree on the state, and warn of nothing."""
    await until(lambda: len({room.place.cursor for room in evening.seated()}) == 1)
    assert len({state_hash(room.place.state) for room in evening.seated()}) == 1
    assert [room.warnings() for room in evening.rooms.values()] == [[] for _ in evening.rooms]


def told(group: Group) -> list[tuple[str, str, str, str | None]]:
    return [
        (deed.what, deed.by.pseudonym, deed.whom.pseudonym if deed.whom else "", deed.reason) for deed in group.audit()
    ]


async def test_what_was_done_is_done_and_told_to_those_it_concerns(
    standing_server: ServerProcess, tmp_path: Path
) -> None:
    """Wren moderates; Moss is muted, loses a message, and is removed; Ada, who listened, sees none of it."""
    async with Evening.of(standing_server.url, tmp_path, "Wren", "Moss") as evening:
        fern, wren, moss = (evening.groups[name] for name in ("Fern", "Wren", "Moss"))
        ada = await evening.seat("Ada", listening=True)
        listening = Listener(wren.main)
        await fern.offer_role(evening.member("Wren"), "moderator")
        await until(lambda: wren.offered == "moderator")
        assert "keep this room" in wren.charter
        await wren.accept_role()
        assert await refusal(ada.send("may I?")) == "listening"
        await wren.main.let_speak(evening.member("Ada"))
        await ada.send("I lost someone", note="Grief")
        assert await refusal(ada.send("too much", note="x" * 81)) == "invalid_field"
        seq = await moss.main.send("something unkind")
        await listening.hears("I lost someone", "something unkind")
        assert [message.note for message in listening.heard] == ["Grief", None]
        [unkind] = [message for message in listening.heard if message.seq == seq]
        await wren.main.take_down(unkind, reason="Unkind to Ada.")
        await wren.main.restore(unkind)
        await wren.main.take_down(unkind)
        await wren.main.mute(evening.member("Moss"), minutes=2, reason="Cool down a little.")
        assert await refusal(moss.main.send("why?")) == "muted"
        await wren.main.unmute(evening.member("Moss"))
        await wren.main.mute(evening.member("Moss"), length="session")
        await wren.main.mute_all()
        assert await refusal(ada.send("and I?")) == "quiet"
        await wren.main.mute_all(False)
        await agree(evening)
        of_moss = [
            ("create", "Fern", "", None),
            ("admit", "Fern", "Moss", None),
            ("take_down", "Wren", "Moss", "Unkind to Ada."),
            ("restore", "Wren", "Moss", None),
            ("take_down", "Wren", "Moss", None),
            ("mute", "Wren", "Moss", "Cool down a little."),
            ("unmute", "Wren", "Moss", None),
            ("mute", "Wren", "Moss", None),
            ("mute_all", "Wren", "", None),
            ("mute_all", "Wren", "", None),
        ]
        # A newcomer reads the record from their own arrival on; the state was handed to them.
        assert told(moss) == of_moss[2:]
        await wren.main.remove(evening.member("Moss"), ban=True, reason="Twice is enough.")
        await agree(evening)
        with pytest.raises(Removed) as removed:
            await moss.main.send("what?")
        assert removed.value.announced
        assert told(moss)[-1] == ("remove", "Wren", "Moss", "Twice is enough.")
        offices = [("offer", "Fern", "Wren", None), ("accept", "Wren", "", None), ("let_speak", "Wren", "Ada", None)]
        assert [one for one in told(fern) if one[2] == "Moss" or one[0] in ("create", "mute_all")][:-1] == of_moss
        assert [one for one in told(fern) if one[0] in ("offer", "accept", "let_speak")] == offices
        assert {what for what, *_ in told(evening.groups["Ada"])} == {"let_speak", "mute_all"}
        kept = await wren.export_audit("what Wren keeps")
        assert open_audit(kept, "what Wren keeps") == wren.audit()
        assert "Unkind" not in kept
        with pytest.raises(NotOpened):
            open_audit(kept, "what Fern keeps")
        assert [(deed.length, deed.ban) for deed in wren.audit() if deed.what in ("mute", "remove")] == [
            (120, None),
            ("session", None),
            (None, True),
        ]
        # It is all there after a restart.
        before = fern.audit()
        again = await evening.restart("Fern")
        assert again.groups()[0].audit() == before


async def test_a_group_is_handed_over_and_never_without_an_owner(
    standing_server: ServerProcess, tmp_path: Path
) -> None:
    async with Evening.of(standing_server.url, tmp_path, "Wren", "Moss") as evening:
        fern, wren, moss = (evening.groups[name] for name in ("Fern", "Wren", "Moss"))
        assert await refusal(fern.step_down()) == "last_owner"
        declined = asyncio.create_task(fern.hand_over(evening.member("Moss")))
        await until(lambda: moss.offered == "owner")
        [myself] = [member for member in moss.main.members() if member.me]
        await moss.end_offer(myself)
        assert await refusal(declined) == "no_offer"
        handing = asyncio.create_task(fern.hand_over(evening.member("Wren")))
        await until(lambda: wren.offered == "owner")
        await wren.accept_role()
        await handing
        await agree(evening)
        assert {member.pseudonym: member.role for member in moss.main.members()} == {
            "Fern": "facilitator",
            "Wren": "owner",
            "Moss": "member",
        }
        await wren.write_charter("Be kind.")
        await wren.retain(14)
        await wren.demote(evening.member("Fern"), "guest")
        await until(lambda: fern.main.policy is not None and fern.charter == "Be kind." and fern.main.policy.days == 14)
        await fern.leave()
        assert await refusal(wren.leave()) == "last_owner"


async def test_a_banned_troll_does_not_get_back_in(standing_server: ServerProcess, tmp_path: Path) -> None:
    """Rob facilitates, makes an invite, lets a sock puppet in by it, is banned, and tries every door there is."""
    async with Evening.of(standing_server.url, tmp_path, "Moss") as evening:
        fern = evening.group
        rob = await evening.arrive("Rob")
        came_by = await fern.create_invite(uses=5)
        robs = await let_in(fern, rob, came_by, "Rob")
        await fern.offer_role(evening.member("Rob"), "facilitator")
        await until(lambda: robs.offered == "facilitator")
        await robs.accept_role()
        lineage = await robs.create_invite(uses=5)
        await let_in(robs, await evening.arrive("Sock"), lineage, "Sock")
        held = await fern.create_invite(uses=5)
        await fern.main.remove(evening.member("Rob"), ban=True, reason="You know why.")
        elsewhere = await fern.create_invite(uses=5)
        bob = await evening.arrive("Bob")
        doors: list[tuple[Client, str]] = [
            (rob, came_by),
            (rob, elsewhere),
            (bob, came_by),
            (bob, lineage),
            (bob, held),
        ]
        codes = [await refusal(knocker.join(link, pseudonym="Not Rob")) for knocker, link in doors]
        assert codes == ["invite_revoked", "removed", *["invite_revoked"] * 3]
        assert await fern.waiting() == []
        # Nothing else of a person is known: somebody new from the same machine is let in as ever.
        await sit_down(fern, await evening.arrive("Ada"), "Ada")
        [banned] = fern.main.policy.banned if fern.main.policy else []
        await fern.unban(banned)
        again = await let_in(fern, rob, elsewhere, "Rob")
        await again.main.send("I have thought about it.")
        assert [warning.code for warning in fern.main.warnings()] == []
