"""Mutes, listening, quiet and roles: what the relay lets through, and when again."""

import asyncio
from typing import Any

from gathering import PATIENCE, Evening, Frame, Gathering, Line, Person
from serving import ServerProcess


async def say(line: Line, person: Person, room: str) -> Frame:
    """What became of a message: one's own envelope, or the refusal."""
    frame = person.message(room)
    await line.say(frame)
    while True:
        got = await line.get()
        if got.get("client_id") == frame["client_id"]:
            return got


def refusal(got: Frame) -> tuple[Any, ...]:
    return got.get("code"), got.get("policy_seq")


async def test_a_mute_holds_at_once_says_until_when_and_ends_by_itself(standing_server: ServerProcess) -> None:
    e = await Evening.begin(standing_server.url)
    await e.gather()
    async with e.ben.entered(e.room, e.ben.seen) as b, e.ada.entered(e.room, e.ada.seen) as a:
        assert (await say(b, e.ben, e.room))["t"] == "envelope"
        await e.do(e.mo, "mute", target=e.ben.member, length=2)
        got = await say(b, e.ben, e.room)
        assert refusal(got) == ("muted", e.policy_seq)
        assert 1 <= got["retry_after"] <= 2
        assert (await say(a, e.ada, e.room))["t"] == "envelope", "the others talk on"
        async with asyncio.timeout(PATIENCE):
            while (await say(b, e.ben, e.room))["t"] != "envelope":  # noqa: ASYNC110 - only asking again tells
                await asyncio.sleep(0.2)


async def test_a_mute_for_good_is_lifted_by_hand(standing_server: ServerProcess) -> None:
    e = await Evening.begin(standing_server.url)
    await e.gather()
    async with e.ben.entered(e.room, e.ben.seen) as b:
        await e.do(e.mo, "mute", target=e.ben.member, length="lifted")
        got = await say(b, e.ben, e.room)
        assert refusal(got) == ("muted", e.policy_seq)
        assert "retry_after" not in got
        await e.do(e.fae, "unmute", target=e.ben.member)
        assert (await say(b, e.ben, e.room))["t"] == "envelope"


async def test_who_listens_reads_until_someone_lets_them_speak(standing_server: ServerProcess) -> None:
    g = await Gathering.begin(standing_server.url)
    ben = await g.admit("ben", listening=True)
    async with ben.entered(g.room, ben.seen) as b:
        assert refusal(await say(b, ben, g.room)) == ("listening", g.policy_seq)
        await g.do(g.ada, "let_speak", target=ben.member)
        assert (await say(b, ben, g.room))["t"] == "envelope"


async def test_while_it_is_quiet_only_staff_write(standing_server: ServerProcess) -> None:
    e = await Evening.begin(standing_server.url)
    await e.gather()
    await e.do(e.mo, "mute_all", on=True)
    async with e.ben.entered(e.room, e.ben.seen) as b, e.mo.entered(e.room, e.mo.seen) as m:
        assert refusal(await say(b, e.ben, e.room)) == ("quiet", e.policy_seq)
        assert (await say(m, e.mo, e.room))["t"] == "envelope"
        await e.do(e.ada, "mute", target=e.mo.member, length=60)
        assert refusal(await say(m, e.mo, e.room)) == ("muted", e.policy_seq)
        await e.do(e.ada, "demote", target=e.mo.member, role="member")
        await e.do(e.ada, "unmute", target=e.mo.member)
        assert refusal(await say(m, e.mo, e.room)) == ("quiet", e.policy_seq)
        await e.do(e.fae, "mute_all", on=False)
        assert (await say(b, e.ben, e.room))["t"] == "envelope"


async def test_coming_back_ends_neither_a_mute_nor_listening(standing_server: ServerProcess) -> None:
    g = await Gathering.begin(standing_server.url)
    ben = await g.admit("ben", listening=True)
    await g.do(g.ada, "mute", target=ben.member, length="lifted")
    other, newcomer, request = await g.come_back(ben)
    frame, commit = g.admission(g.ada, newcomer, request, replaces=ben.member)
    async with g.ada.entered(g.room, g.ada.seen) as a:
        await a.say(frame)
        g.policy_seq = (await a.until("envelope", client_id=frame["client_id"]))["seq"]
        g.ada.took(commit)
        old = g.ada.mls.remove(g.leaves_of(ben))
        await a.say({"t": "act", "room": g.room, "client_id": request["id"], "commit": g.ada.commit(old)})
        await a.until("envelope", client_id=request["id"])
        g.ada.took(old)
    await g.welcome(other, newcomer, request)
    g.people = [g.ada, other]
    await g.follow_all()
    async with other.entered(g.room, other.seen) as line:
        assert refusal(await say(line, other, g.room)) == ("muted", g.policy_seq)
        await g.do(g.ada, "unmute", target=other.member)
        assert refusal(await say(line, other, g.room)) == ("listening", g.policy_seq)


async def test_ownership_is_handed_over_by_offer_and_word(standing_server: ServerProcess) -> None:
    e = await Evening.begin(standing_server.url)
    await e.gather()
    await e.do(e.ada, "offer", target=e.fae.member, role="owner")
    await e.do(e.fae, "accept", role="owner")
    await e.do(e.ada, "step_down", role="member")
    assert [(await who.ask("GET", f"/groups/{e.group}"))["role"] for who in (e.ada, e.fae)] == ["member", "owner"]
    await e.do(e.fae, "demote", target=e.ada.member, role="guest")
    await e.do(e.ada, "leave")


async def test_an_offer_by_someone_who_is_demoted_is_worth_nothing(standing_server: ServerProcess) -> None:
    e = await Evening.begin(standing_server.url)
    await e.gather()
    await e.do(e.fae, "offer", target=e.ben.member, role="moderator")
    await e.do(e.ada, "demote", target=e.fae.member, role="moderator")
    assert await e.refused(e.ben, "accept", role="moderator") == "no_offer"
    await e.do(e.ada, "offer", target=e.ben.member, role="moderator")
    await e.do(e.ben, "accept", role="moderator")


async def test_who_admits_no_more_holds_no_invites(standing_server: ServerProcess) -> None:
    e = await Evening.begin(standing_server.url)
    await e.gather()
    held, own = await e.make_invite(e.ada, e.fae), await e.make_invite(e.ada)
    await e.do(e.ada, "demote", target=e.fae.member, role="moderator")
    assert await e.ben.code("GET", f"/invites/{held}") == "invite_revoked"
    assert (await e.ben.ask("GET", f"/invites/{own}"))["id"] == own
    assert await e.fae.code("GET", f"/groups/{e.group}/invites") == "forbidden"
