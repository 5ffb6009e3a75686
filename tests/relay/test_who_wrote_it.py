"""What somebody wrote is theirs also when they are a member no more under the id they had then."""

import pytest

from gathering import Evening, Frame, Person
from relay.test_coming_back import let_back_in, take_out
from relay.test_takedowns import said
from serving import ServerProcess


async def evening(server: ServerProcess) -> tuple[Evening, Frame]:
    """Fae has said something."""
    e = await Evening.begin(server.url)
    await e.gather()
    async with e.fae.entered(e.room, e.fae.seen) as f:
        return e, await said(f, e.fae, e.room)


async def back(e: Evening, who: Person, role: str) -> Person:
    """They come back on another device, and everyone knows."""
    async with e.ada.entered(e.room, e.ada.seen) as a:
        other, _ = await let_back_in(e, a, who, role)
        await take_out(e, a, who)
    e.people = [one for one in e.people if one is not who]
    await e.follow_all()
    return other


async def tried(e: Evening, by: Person, author: Person, line: Frame) -> str | None:
    """Taking it down, and putting it back: with what both are refused."""
    refused = await e.refused(by, "take_down", target=author.member, line=line["seq"])
    assert await e.refused(by, "restore", target=author.member, line=line["seq"]) == refused
    return refused


async def down(e: Evening, by: Person, author: Person, line: Frame) -> None:
    """It is taken down, and put back."""
    await e.do(by, "take_down", target=author.member, line=line["seq"])
    await e.do(by, "restore", target=author.member, line=line["seq"])


async def test_of_who_came_back_the_rank_counts_that_they_have_now(standing_server: ServerProcess) -> None:
    e, line = await evening(standing_server)
    other = await back(e, e.fae, "facilitator")
    assert await tried(e, e.mo, e.fae, line) == "rank_too_low"
    await down(e, e.ada, e.fae, line)
    again = await back(e, other, "facilitator")
    assert await tried(e, e.mo, e.fae, line) == "rank_too_low", "also of who came back twice"
    await e.do(e.ada, "demote", target=again.member, role="member")
    await down(e, e.mo, e.fae, line)


async def test_of_who_came_back_lower_and_rose_again_too(standing_server: ServerProcess) -> None:
    e, line = await evening(standing_server)
    other = await back(e, e.fae, "member")
    await down(e, e.mo, e.fae, line)
    await e.do(e.ada, "offer", target=other.member, role="facilitator")
    e.people.append(other)
    async with other.entered(e.room, other.seen) as line_of_other:
        other.follow(line_of_other.heard)
    await e.do(other, "accept", role="facilitator")
    assert await tried(e, e.mo, e.fae, line) == "rank_too_low"


async def test_of_who_is_gone_the_rank_counts_with_which_they_went(standing_server: ServerProcess) -> None:
    e, line = await evening(standing_server)
    await e.leave(e.fae)
    assert await tried(e, e.mo, e.fae, line) == "rank_too_low"
    await down(e, e.ada, e.fae, line)


async def test_who_left_and_came_anew_is_nobody_else_to_the_group(standing_server: ServerProcess) -> None:
    """Only the server knows that the account is the same: what the devices cannot know must not count."""
    e, line = await evening(standing_server)
    old = e.fae.member
    await e.leave(e.fae)
    other, newcomer, request = await e.come_back(e.fae)
    async with e.ada.entered(e.room, e.ada.seen) as a:
        frame, commit = e.admission(e.ada, newcomer, request, "member", None)
        await a.say(frame)
        e.policy_seq = (await a.until("envelope", client_id=frame["client_id"]))["seq"]
        await a.until("envelope", kind="handshake", client_id=frame["client_id"])
        e.ada.took(commit)
    await e.welcome(other, newcomer, request)
    await e.follow_all()
    e.fae.member = old
    assert await tried(e, e.mo, e.fae, line) == "rank_too_low"


@pytest.mark.parametrize("ban", [False, True])
async def test_nobody_is_removed_or_banned_under_an_id_they_had(standing_server: ServerProcess, ban: bool) -> None:
    """Ben came back on another device. By his old id a moderator would bar his account."""
    e = await Evening.begin(standing_server.url)
    await e.gather()
    async with e.ada.entered(e.room, e.ada.seen) as a:
        other, _ = await let_back_in(e, a, e.ben)
    async with e.mo.entered(e.room, e.mo.seen) as m:
        e.mo.follow(m.heard)
        commit = e.mo.mls.remove(e.leaves_of(e.ben))
        assert await m.refusal(e.removal(e.mo, e.ben, commit=commit, ban=ban)) == "unknown_member"
    seen = await other.ask("GET", f"/groups/{e.group}")
    assert (seen["member"], seen["status"]) == (other.member, "member")
    async with e.ada.entered(e.room, e.ada.seen) as a:
        await take_out(e, a, e.ben)
    e.people.remove(e.ben)
    await e.follow_all()
    assert await e.refused(e.ada, "unban", target=e.ben.member) == "not_banned"
