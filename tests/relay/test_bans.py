"""Bans: the account, the invite it came by, and what came of its invites; and nothing else that tells people apart."""

from uuid import UUID

import pytest

from gathering import Evening, Gathering, Person, stored
from safespace.relay.bans import lineage
from safespace.sdk.group_crypto import Newcomer
from safespace.storage.groups import Member
from serving import ServerProcess

GROUP = UUID(int=0)


def someone(name: str, came_by: int | None = None, account: str | None = None) -> Member:
    return Member(
        GROUP,
        name.encode(),
        UUID(bytes=(account or name).encode().ljust(16)),
        "member",
        "member",
        came_by=None if came_by is None else UUID(int=came_by),
    )


@pytest.mark.parametrize(
    ("banned", "taken"),
    [
        ("ada", {1, 2, 3, 4, 5, 6}),
        ("rob", {2, 4, 5, 6}),
        ("eve", {4, 5, 6}),
        ("sue", {6}),
        ("ben", {3}),
    ],
)
def test_the_lineage_is_what_the_banned_came_by_and_all_that_came_of_it(banned: str, taken: set[int]) -> None:
    people = [
        someone("ada"),
        someone("fae", 1),
        someone("rob", 2),
        someone("ben", 3),
        someone("eve", 4),
        someone("eve again", 5, "eve"),
        someone("sue", 6),
    ]
    made = [(1, "ada"), (2, "ada"), (3, "ada"), (4, "rob"), (5, "rob"), (6, "eve again"), (7, None)]
    # Ada came by no invite: she made 1 to 3; whoever came by those made the rest.
    account = UUID(bytes=banned.encode().ljust(16))
    invites = [(UUID(int=id), maker.encode() if maker else None) for id, maker in made]
    assert {id.int for id in lineage(account, people, invites)} == taken


async def test_a_banned_troll_does_not_get_back_in(standing_server: ServerProcess) -> None:
    """Rob facilitates, invites his friend and himself under other names, and is banned."""
    e = await Evening.begin(standing_server.url)
    await e.gather()
    e.invite = came_by = await e.make_invite(e.ada, e.fae)
    rob = await e.admit("rob", "facilitator")
    lineage_invite = await e.make_invite(rob, e.fae)
    elsewhere = await e.make_invite(e.ada)
    e.invite = lineage_invite
    sock = await e.admit("sock", "facilitator")
    second_generation = await e.make_invite(sock)
    friend, _, request = await e.wait("friend")
    async with e.mo.entered(e.room, e.mo.seen) as m, friend.line() as f, rob.entered(e.room, rob.seen) as r:
        assert await e.refused(e.mo, "remove", target=rob.member, ban=True) == "rank_too_low"
        commit = e.ada.mls.remove(e.leaves_of(rob))
        async with e.ada.entered(e.room, e.ada.seen) as a:
            await a.say(e.removal(e.ada, rob, commit=commit, ban=True))
            e.policy_seq = (await a.until("envelope", kind="policy"))["seq"]
        e.ada.took(commit)
        assert (await f.until("request"))["status"] == "ended"
        assert (await r.rest())[-1] == {"t": "gone", "room": e.room, "code": "removed"}
        assert r.close_code == 4403
        assert (await m.until("envelope", kind="policy"))["policy"]["ban"] is True
    knocks = {
        "old account, old invite": (rob, came_by),
        "old account, another invite": (rob, elsewhere),
        "new account, old invite": (await Person.arrive(e.url, "bob"), came_by),
        "new account, lineage invite": (await Person.arrive(e.url, "robbie"), lineage_invite),
        "new account, invite of a friend": (await Person.arrive(e.url, "roberta"), second_generation),
        "friend, lineage invite": (friend, lineage_invite),
    }
    before = stored(standing_server)
    codes = {
        how: await who.code("POST", f"/invites/{invite}/requests", e.new_request(Newcomer()))
        for how, (who, invite) in knocks.items()
    }
    assert codes == {
        "old account, old invite": "invite_revoked",
        "old account, another invite": "removed",
        "new account, old invite": "invite_revoked",
        "new account, lineage invite": "invite_revoked",
        "new account, invite of a friend": "invite_revoked",
        "friend, lineage invite": "invite_revoked",
    }
    assert stored(standing_server) == before, "nobody leaves a trace by knocking"
    # Others are let in as before: nothing about a person but account and invite is known.
    e.invite = elsewhere
    e.people = [one for one in e.people if one is not rob]
    await e.follow_all()
    await e.admit("wren")
    answer = await friend.ask("GET", f"/requests/{request['id']}")
    assert (answer["status"], answer["ended"]) == ("ended", "invite_banned")


async def test_who_is_unbanned_may_ask_again_and_who_was_removed_always(standing_server: ServerProcess) -> None:
    g = await Gathering.begin(standing_server.url)
    ben = await g.admit("ben")
    own = await g.make_invite(g.ada)
    assert await g.refused(g.ada, "unban", target=ben.member) == "not_banned"
    await g.remove(ben, ban=True)
    assert await ben.code("POST", f"/invites/{own}/requests", g.new_request(Newcomer())) == "removed"
    await g.do(g.ada, "unban", target=ben.member)
    assert await g.refused(g.ada, "unban", target=ben.member) == "not_banned"
    await ben.ask("POST", f"/invites/{own}/requests", g.new_request(Newcomer()))
    [listed] = (await g.ada.ask("GET", f"/groups/{g.group}/requests"))["items"]
    assert listed["removed"] is True
