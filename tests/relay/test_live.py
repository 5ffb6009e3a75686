"""The live session at the relay: what it takes from whom, and what it lets others say meanwhile."""

import asyncio
import contextlib
import sqlite3
import time
from uuid import UUID

from uuid6 import uuid7

from gathering import PATIENCE, Evening, Frame, Line, Person, act
from safespace.fields import b64encode
from safespace.sdk.group_crypto import Newcomer
from safespace.storage.lives import read
from serving import ServerProcess


async def say(line: Line, person: Person, room: str, kind: str = "message") -> str | None:
    """The code with which a message is refused."""
    frame = person.message(room) | {"kind": kind}
    await line.say(frame)
    return await fate(line, frame)


async def fate(line: Line, frame: Frame) -> str | None:
    while True:
        got = await line.get()
        if got.get("client_id") == frame["client_id"]:
            return None if got["t"] == "envelope" else str(got["code"])


async def hand(e: Evening, line: Line, person: Person, action: str, **fields: object) -> str | None:
    """What becomes of a hand, which does not move the policy_seq."""
    frame = act(e.room, policy=person.policy(e.room, action, e.policy_seq, **fields))
    await line.say(frame)
    return await fate(line, frame)


async def test_an_evening_goes_round(standing_server: ServerProcess) -> None:
    e = await Evening.begin(standing_server.url)
    await e.gather()
    async with e.ben.entered(e.room, e.ben.seen) as b, e.mo.entered(e.room, e.mo.seen) as m:
        assert await e.refused(e.ben, "open_session", minutes=60) == "forbidden"
        assert await e.refused(e.fae, "close_session") == "no_session"
        await e.do(e.fae, "open_session", minutes=60)
        assert await e.refused(e.ada, "open_session", minutes=60) == "session_open"

        # A round of Ben and Mo; Fae may always write.
        order = [e.ben.member, e.mo.member]
        await e.do(e.fae, "start_round", order=order, seconds=60)
        assert await say(b, e.ben, e.room) is None
        assert await say(m, e.mo, e.room) == "not_your_turn"
        assert await say(m, e.mo, e.room, "reaction") is None
        async with e.fae.entered(e.room, e.fae.seen) as f:
            assert await say(f, e.fae, e.room) is None
        assert await hand(e, m, e.mo, "pass_turn", turn=1, later=False, absent=False) == "not_your_turn"
        assert await hand(e, b, e.ben, "pass_turn", turn=1, later=False, absent=False) is None
        assert await hand(e, b, e.ben, "pass_turn", turn=1, later=False, absent=False) == "turn_over"
        assert await say(m, e.mo, e.room) is None
        assert await say(b, e.ben, e.room) == "not_your_turn"

        # Hands do not make a facilitator's act come too late; a stranger's name does.
        assert await hand(e, b, e.ben, "raise_hand") is None
        assert await hand(e, b, e.ben, "raise_hand") == "hand_up"
        assert await e.refused(e.fae, "give_floor", target="A" * 22) == "unknown_member"
        assert await hand(e, m, e.mo, "pass_turn", turn=2, later=False, absent=False) is None
        assert await say(b, e.ben, e.room) is None
        await e.do(e.fae, "pause")
        assert await say(b, e.ben, e.room) == "paused"
        assert await e.refused(e.mo, "pause") == "unchanged"
        await e.do(e.mo, "resume")
        assert await say(b, e.ben, e.room) is None
        await e.do(e.fae, "set_floor", mode="open", seconds=0)
        await e.do(e.mo, "slow_mode", seconds=60)
        assert [await say(b, e.ben, e.room) for _ in range(2)] == [None, "slow_mode"]

        # The end of the session ends it all.
        await e.do(e.fae, "close_session")
        assert await say(b, e.ben, e.room) is None
        await e.do(e.ada, "between_sessions", on=False)
        assert await say(b, e.ben, e.room) == "closed"
        assert await say(m, e.mo, e.room) is None


async def test_who_cannot_speak_gets_no_floor_and_keeps_the_place(standing_server: ServerProcess) -> None:
    e = await Evening.begin(standing_server.url)
    await e.gather()
    async with e.ben.entered(e.room, e.ben.seen) as b, e.mo.entered(e.room, e.mo.seen) as m:
        await e.do(e.fae, "open_session", minutes=60)
        await e.do(e.fae, "mute", target=e.ben.member, length="lifted")
        assert await hand(e, b, e.ben, "raise_hand") == "muted"
        await e.do(e.fae, "start_round", order=[e.ben.member, e.mo.member], seconds=0)
        assert await say(b, e.ben, e.room) == "muted"
        assert await say(m, e.mo, e.room) is None
        assert await e.refused(e.fae, "give_floor", target=e.ben.member) == "cannot_speak"
        # The mute is lifted: Ben is first of those who wait, and Mo's turn goes on.
        await e.do(e.fae, "unmute", target=e.ben.member)
        assert await say(m, e.mo, e.room) is None
        assert await hand(e, m, e.mo, "pass_turn", turn=turn_of(standing_server, e), later=True, absent=False) is None
        assert await say(b, e.ben, e.room) is None
        # Muted in the middle of a turn, and with everyone else: the floor goes on, and comes back.
        await e.do(e.fae, "mute", target=e.ben.member, length=3600)
        assert await say(m, e.mo, e.room) is None
        await e.do(e.ada, "write_rules")
        assert await say(m, e.mo, e.room) == "agree_first"
        await e.do(e.mo, "agree")
        assert await say(m, e.mo, e.room) is None
        assert await hand(e, m, e.mo, "pass_turn", turn=turn_of(standing_server, e), later=False, absent=False) is None
        assert await say(m, e.mo, e.room) == "not_your_turn"
        await e.do(e.ben, "agree")
        await e.do(e.fae, "unmute", target=e.ben.member)
        assert await say(b, e.ben, e.room) is None
        # All hands come down at once.
        await e.do(e.fae, "set_floor", mode="open", seconds=0)
        assert [await hand(e, *who, "raise_hand") for who in ((b, e.ben), (m, e.mo))] == [None, None]
        assert await hand(e, m, e.mo, "lower_hands") == "forbidden"
        async with e.fae.entered(e.room, e.fae.seen) as f:
            assert await hand(e, f, e.fae, "lower_hands") is None
            assert await hand(e, f, e.fae, "lower_hands") == "no_hand"


async def test_the_turn_of_who_is_not_here_goes_on(standing_server: ServerProcess) -> None:
    e = await Evening.begin(standing_server.url, presence=True)
    await e.gather()
    await e.do(e.fae, "start_round", order=[e.ben.member, e.mo.member], seconds=0)
    async with e.mo.entered(e.room, e.mo.seen) as m:
        async with e.ben.entered(e.room, e.ben.seen):
            assert await hand(e, m, e.mo, "pass_turn", turn=1, later=True, absent=True) == "still_here"
        while (code := await hand(e, m, e.mo, "pass_turn", turn=1, later=True, absent=True)) == "still_here":  # noqa: ASYNC110
            await asyncio.sleep(0.1)  # only asking again tells whether the server has noticed
        assert code is None
        assert await say(m, e.mo, e.room) is None
        assert read(live_of(standing_server, e.room))[1].queue == (e.ben.member,)


async def test_where_it_is_not_shown_who_is_here_no_act_tells(standing_server: ServerProcess) -> None:
    e = await Evening.begin(standing_server.url)
    await e.gather()
    await e.do(e.fae, "start_round", order=[e.ben.member, e.mo.member], seconds=0)
    async with e.mo.entered(e.room, e.mo.seen) as m:
        assert await hand(e, m, e.mo, "pass_turn", turn=1, later=False, absent=True) == "forbidden"


def turn_of(server: ServerProcess, e: Evening) -> int:
    return read(live_of(server, e.room))[1].turn


async def test_new_rules_are_agreed_to_before_anyone_goes_on(standing_server: ServerProcess) -> None:
    e = await Evening.begin(standing_server.url)
    await e.gather()
    wren, _, request = await e.wait("wren")
    async with e.ben.entered(e.room, e.ben.seen) as b, e.ada.entered(e.room, e.ada.seen) as a:
        await e.do(e.ada, "write_rules")
        # Who asked has agreed to what the invite said; the next invite says what the rules are.
        assert (await wren.ask("GET", f"/requests/{request['id']}"))["status"] == "ended"
        again = e.new_request(Newcomer())
        assert await wren.code("POST", f"/invites/{e.invite}/requests", again) == "invite_revoked"
        await wren.ask("POST", f"/invites/{await e.make_invite(e.ada)}/requests", again)
        assert await say(b, e.ben, e.room) == "agree_first"
        assert await say(a, e.ada, e.room) is None
        await e.do(e.ben, "agree")
        assert await say(b, e.ben, e.room) is None


async def test_the_clock_begins_a_session_and_somebody_writes_it_down(standing_server: ServerProcess) -> None:
    e = await Evening.begin(standing_server.url)
    await e.gather()
    await e.do(e.ada, "between_sessions", on=False)
    async with e.ben.entered(e.room, e.ben.seen) as b, e.fae.entered(e.room, e.fae.seen) as f:
        assert await say(b, e.ben, e.room) == "closed"
        for seconds in (5, 20, 60):  # on a busy machine the first may have passed before anyone looks
            soon = int(time.time() + seconds) * 1000
            plan = {"plan": str(uuid7()), "starts": [soon], "minutes": 720, "clock": True}
            frame = act(e.room, policy=e.fae.policy(e.room, "plan", e.policy_seq, **plan))
            await f.say(frame)
            if await fate(f, frame) is None:
                break
        async with asyncio.timeout(PATIENCE):
            while await say(b, e.ben, e.room) is not None:  # noqa: ASYNC110 - only asking again tells
                await asyncio.sleep(0.3)
            while (session := read(live_of(standing_server, e.room))[0].session) is None:  # noqa: ASYNC110
                await asyncio.sleep(0.3)
        assert (session.start, session.lead) == (soon, None)


async def test_who_was_to_be_replaced_has_the_floor_again(standing_server: ServerProcess) -> None:
    e = await Evening.begin(standing_server.url)
    await e.gather()
    await e.do(e.fae, "start_round", order=[e.ben.member, e.mo.member], seconds=0)
    before = live_of(standing_server, e.room)
    _, newcomer, request = await e.come_back(e.ben)
    frame, _ = e.admission(e.ada, newcomer, request, replaces=e.ben.member)
    async with e.ada.entered(e.room, e.ada.seen) as a, e.mo.entered(e.room, e.mo.seen) as m:
        m.follows = False
        await a.say(frame)
        commit = await m.until("envelope", kind="handshake")
        assert read(live_of(standing_server, e.room))[1].holder == b64encode(newcomer.leaf.identity)
        await m.say({"t": "epoch", "room": e.room, "seq": commit["seq"], "ok": False})
        await m.until("envelope", kind="void")
    assert live_of(standing_server, e.room) == before


def live_of(server: ServerProcess, room: str) -> str | None:
    """The room's live session, as it stands in the database file."""
    with contextlib.closing(sqlite3.connect(f"file:{server.database_file}?mode=ro", uri=True)) as database:
        row: tuple[str | None] = database.execute("SELECT live FROM rooms WHERE id = ?", (UUID(room).hex,)).fetchone()
    return row[0]
