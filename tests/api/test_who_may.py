"""Every route and every frame, for everyone: allowed is what `safespace.rooms.roles` says, and what is not one's own
answers, byte for byte, as what does not exist."""

import json
import os
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, NamedTuple, get_args

import pytest
from uuid6 import uuid7

from crypto.mls.forge import hpke_key
from gathering import Evening, Frame, Line, Person, act, junk
from safespace.app import create_app
from safespace.crypto.mls import MLSMessage
from safespace.crypto.mls.commit import HPKECiphertext
from safespace.crypto.mls.messages import WireFormat
from safespace.crypto.mls.welcome import EncryptedGroupSecrets, Welcome
from safespace.fields import HANDS, PolicyAction, Role, b64encode
from safespace.rooms.policy import newest
from safespace.rooms.roles import RANKS, STAFF, may, may_offer
from safespace.sdk.group_crypto import Newcomer
from safespace.settings import Settings
from serving import ServerProcess
from side import SideRoom
from statements import STAMPED, entry, handover, report

ROLES: tuple[Role, ...] = ("guest", "member", "moderator", "facilitator", "owner")
GONE = ("left", "removed", "banned")
UUID_TEXT = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")


class House(NamedTuple):
    """A group with one of each role, and those outside: gone, waiting to be let in, a stranger, and nobody, who is not
    logged in."""

    evening: Evening
    people: dict[str, Person]
    ids: dict[str, str]


@pytest.fixture(scope="module")
async def house(standing_server: ServerProcess) -> House:
    e = await Evening.begin(standing_server.url)
    gone = {name: await e.admit(name) for name in GONE}
    await e.leave(gone["left"])
    await e.remove(gone["removed"])
    await e.remove(gone["banned"], ban=True)
    e.invite = await e.make_invite(e.ada)
    await e.gather()
    people = {**gone, "owner": e.ada, "facilitator": e.fae, "moderator": e.mo, "member": e.ben}
    people["guest"] = await e.admit("gus", "guest")
    people["waiting"], _, request = await e.wait("wren")
    people["stranger"] = await Person.arrive(e.url, "stranger")
    people["nobody"] = Person(e.url, "nobody")
    devices = (await e.ada.ask("GET", "/me/devices"))["items"]
    ids = {"group": e.group, "room": e.room, "invite": e.invite, "request": request["id"], "device": devices[0]["id"]}
    return House(e, people, ids)


# REST

Body = Callable[[House], Any]


class Route(NamedTuple):
    """`may` says which members are allowed (None: whoever is logged in, or, with `open`, anybody)."""

    method: str
    path: str
    may: Callable[[Role], bool] | None
    body: Body = lambda house: None
    open: bool = False


def anyone(role: Role) -> bool:
    """Of the group's members."""
    return True


def who_invites(role: Role) -> bool:
    return may(role, "invite")


def who_admits(role: Role) -> bool:
    return may(role, "admit")


def who_is_of_staff(role: Role) -> bool:
    return role in STAFF


def who_reads_reports(role: Role) -> bool:
    return may(role, "read_reports")


def who_asks(role: Role) -> bool:
    return may(role, "open_ballot")


def who_reads_handovers(role: Role) -> bool:
    return may(role, "read_handovers")


def aside_about(house: House, who: str) -> Frame:
    """A further room with new keys; whose they are, only the server knows."""
    e = house.evening
    return SideRoom(e, "aside", house.people[who]).new_room(e.ada)


ROUTES = (
    Route("GET", "/groups/{group}/invites", who_invites),
    Route("POST", "/groups/{group}/invites", who_invites, lambda house: house.evening.new_invite(house.evening.ada)),
    Route("DELETE", "/groups/{group}/invites/{other}", who_invites),
    Route("GET", "/groups/{group}/requests", who_admits),
    Route("POST", "/groups/{group}/requests/{other}/decline", who_admits),
    Route("POST", "/groups/{group}/requests/decline", who_admits, lambda house: {"requests": [str(uuid7())]}),
    Route("GET", "/groups/{group}/refusals", who_admits),
    Route("DELETE", "/groups/{group}/refusals", who_admits),
    Route("POST", "/groups/{group}/requests/{other}/word", who_admits, lambda house: {"word": junk(80)}),
    Route("POST", "/groups/{group}/key-packages", anyone, lambda house: {"packages": [], "last_resort": None}),
    Route("GET", "/groups/{group}/key-packages", anyone),
    Route("DELETE", "/groups/{group}/key-packages", anyone),
    Route(
        "POST",
        "/groups/{group}/key-packages/take",
        anyone,
        lambda house: {"member": house.evening.ada.member, "room": house.evening.room},
    ),
    Route("GET", "/groups/{group}/rooms", anyone),
    Route("POST", "/groups/{group}/rooms", who_is_of_staff, lambda house: aside_about(house, "owner")),
    Route(
        "POST",
        "/groups/{group}/rooms/{room}/ask",
        anyone,
        lambda house: {"package": b64encode(Newcomer().package), "endorsement": junk(64)},
    ),
    Route("POST", "/groups/{group}/reports", anyone, lambda house: report(house.evening.ada)),
    Route("GET", "/groups/{group}/reports/own", anyone),
    Route("GET", "/groups/{group}/reports", who_reads_reports),
    Route("POST", "/groups/{group}/reports/{other}/entries", who_reads_reports, lambda house: entry(house.evening.ada)),
    Route(
        "POST",
        "/groups/{group}/stamps/verify",
        who_reads_reports,
        lambda house: STAMPED | {"room": house.evening.room},
    ),
    Route("POST", "/groups/{group}/ballots", who_asks),
    Route("GET", "/groups/{group}/ballots/{other}", anyone),
    Route("GET", "/groups/{group}/ballots/{other}/answers", who_asks),
    Route("POST", "/groups/{group}/ballots/{other}/token", anyone, lambda house: {"blinded": junk(256)}),
    Route("GET", "/groups/{group}/doubts", who_is_of_staff),
    Route("GET", "/groups/{group}/handovers", who_reads_handovers),
    Route("POST", "/groups/{group}/handovers", who_reads_handovers, lambda house: handover(house.evening.ada)),
    Route("DELETE", "/groups/{group}/handovers/{other}", who_reads_handovers),
    Route("GET", "/groups/{group}/copies", who_is_of_staff),
    Route(
        "POST",
        "/groups/{group}/copies",
        who_reads_handovers,
        lambda house: {"of": "handover", "id": str(uuid7()), "boxes": report(house.evening.ada)["boxes"]},
    ),
    Route("GET", "/rooms/{room}", anyone),
    Route("GET", "/rooms/{room}/envelopes", anyone),
)
"""Those of a group: not to be told from another's, or one that there is not, by whoever is not in it."""
OWN = (
    Route("GET", "/me", None),
    Route("GET", "/me/devices", None),
    Route("DELETE", "/me/devices/{device}", None),
    Route("POST", "/logout", None),
    Route("POST", "/groups", None, lambda house: {}),
    Route("GET", "/groups", None),
    Route("GET", "/groups/{group}", None),
    Route("POST", "/invites/{invite}/requests", None, lambda house: house.evening.new_request(Newcomer())),
    Route("GET", "/requests", None),
    Route("GET", "/requests/{request}", None),
    Route("DELETE", "/requests/{request}", None),
    Route("GET", "/calendars", None),
    Route("POST", "/calendars", None, lambda house: {"group": None}),
    Route("DELETE", "/calendars/{other}", None),
    Route("GET", "/welcomes", None),
    Route("DELETE", "/welcomes/{room}", None),
)
"""Those of an account: whoever is logged in may, each about their own."""
OPEN = (
    Route("POST", "/accounts", None, lambda house: {}, open=True),
    Route("POST", "/login", None, lambda house: {}, open=True),
    Route("GET", "/invites/{invite}", None, open=True),
    Route("POST", "/ballots/{other}/answers", None, lambda house: {}, open=True),
)
"""Those for which nobody logs in."""


def test_every_route_is_in_the_table(tmp_path: Path) -> None:
    paths = create_app(Settings(data_dir=tmp_path)).openapi()["paths"]
    known = {(method.upper(), path) for path, methods in paths.items() for method in methods if path.startswith("/v1")}

    lists = "invites|requests|reports|doubts|handovers|calendars|ballots"

    def named(path: str) -> str:
        return "/v1" + re.sub(rf"/({lists})/\{{other\}}", lambda found: f"/{found[1]}/{{{found[1][:-1]}}}", path)

    assert {(route.method, named(route.path)) for route in (*ROUTES, *OWN, *OPEN)} == known


async def answer(house: House, who: str, route: Route, **ids: str) -> tuple[int, str, str]:
    """Status, code and the whole body; ids in it do not count."""
    path = route.path.format(**{"other": str(uuid7()), **house.ids, **ids})
    got = await house.people[who].http.request(route.method, path, json=route.body(house))
    body = UUID_TEXT.sub("", got.text)
    return got.status_code, (json.loads(body) if body else {}).get("code", ""), body


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
async def test_what_is_a_groups_is_for_whom_the_table_says(house: House, route: Route) -> None:
    assert route.may is not None
    for role in ROLES:
        _, code, _ = await answer(house, role, route)
        allowed = code not in ("forbidden", "does_not_belong", "not_found", "unauthenticated")
        assert allowed == route.may(role), (role, code)
        assert allowed or code in ("forbidden", "does_not_belong"), "a member is told the truth"
    nowhere = {"group": str(uuid7()), "room": str(uuid7())}
    for outsider in (*GONE, "waiting", "stranger", "nobody"):
        here, there = await answer(house, outsider, route), await answer(house, outsider, route, **nowhere)
        assert here == there, outsider
        assert here[:2] == ((401, "unauthenticated") if outsider == "nobody" else (404, "not_found"))


@pytest.mark.parametrize("route", OWN, ids=lambda route: f"{route.method} {route.path}")
async def test_what_is_an_accounts_is_not_for_those_who_are_not_logged_in(house: House, route: Route) -> None:
    nowhere = {name: str(uuid7()) for name in house.ids}
    here, there = await answer(house, "nobody", route), await answer(house, "nobody", route, **nowhere)
    assert here == there
    assert here[:2] == (401, "unauthenticated")


@pytest.mark.parametrize(
    ("route", "whose"),
    [
        (Route("GET", "/requests/{request}", None), "waiting"),
        (Route("DELETE", "/requests/{request}", None), "waiting"),
        (Route("DELETE", "/me/devices/{device}", None), "owner"),
        (Route("GET", "/groups/{group}", None), None),
    ],
    ids=lambda value: value.path if isinstance(value, Route) else "",
)
async def test_what_is_another_accounts_is_as_if_it_were_not(house: House, route: Route, whose: str | None) -> None:
    """Of a group one was in, one is told that it ended, and nothing of what it is now."""
    nowhere = {name: str(uuid7()) for name in house.ids}
    for who in (*ROLES, *GONE, "waiting", "stranger"):
        if who == whose or (whose is None and who not in ("waiting", "stranger")):
            continue
        here, there = await answer(house, who, route), await answer(house, who, route, **nowhere)
        assert here == there, who
        assert here[0] == 404
    for who in GONE if whose is None else ():
        got = await house.people[who].ask("GET", f"/groups/{house.ids['group']}")
        assert (got["status"], got["room"], got["leaf"]) == ("left" if who == "left" else "removed", None, None)


# Frames


@pytest.fixture
async def lines(house: House) -> AsyncIterator[dict[Role, Line]]:
    """A socket of each member, in the room."""
    async with AsyncExitStack() as stack:
        people = {role: house.people[role] for role in ROLES}
        yield {
            role: await stack.enter_async_context(person.entered(house.evening.room, person.seen))
            for role, person in people.items()
        }


async def test_a_room_is_for_its_members_and_not_there_for_others(house: House) -> None:
    frames: list[Frame] = [
        {"t": "enter", "after": 0},
        {key: value for key, value in house.evening.ben.message(house.evening.room).items() if key != "room"},
        {"t": "act", "client_id": str(uuid7()), "commit": {"epoch": 0, "body": junk()}},
    ]
    known = {"left": "not_a_member", "removed": "removed", "banned": "removed", "waiting": "not_a_member"}
    for outsider in (*known, "stranger"):
        for frame in frames:
            answers = []
            for room in (house.evening.room, str(uuid7())):
                async with house.people[outsider].line() as line:
                    await line.say(frame | {"room": room})
                    answers.append(await line.until("refused") | {"room": None})
            here, there = answers
            if frame["t"] == "enter" and outsider in known:
                # They know the group, and are told just that they are not, or no more, in it.
                assert (here["code"], there["code"]) == (known[outsider], "unknown_room")
            else:
                assert here == there
                assert here["code"] == ("unknown_room" if frame["t"] == "enter" else "not_entered")


class Deeds:
    """What members try, each time with what would be refused for another reason, or does no harm."""

    def __init__(self, house: House, lines: dict[Role, Line]) -> None:
        self._evening = house.evening
        self._people = house.people
        self._lines = lines
        self._hand_seq = 0

    async def code(self, actor: Role, action: PolicyAction, *, commit: bool = False, **fields: Any) -> str | None:
        """How it is refused; None where it is taken."""
        e, person = self._evening, self._people[actor]
        seen = newest(action, e.policy_seq, self._hand_seq)
        parts: dict[str, Any] = {"policy": person.policy(e.room, action, seen, **fields)}
        if commit:
            parts["commit"] = person.commit(person.mls.update())
        if action == "admit":
            body, commitment = person.sealed(e.room, person.epoch)
            parts["commit"] |= {"welcome": b64encode(some_welcome()), "reply": junk(64)}
            parts["state"] = {"epoch": person.epoch + 1, "body": body, "commitment": commitment}
        frame = act(e.room, **parts)
        await self._lines[actor].say(frame)
        while True:
            got = await self._lines[actor].get()
            if got.get("client_id") == frame["client_id"]:
                break
        if got["t"] == "envelope":
            if action in HANDS:
                self._hand_seq = got["seq"]
            else:
                e.policy_seq = got["seq"]
            return None
        return str(got["code"])

    async def admit(self, actor: Role, role: Role) -> str | None:
        fields = {"target": junk(16), "role": role, "request": str(uuid7()), "listening": False}
        return await self.code(actor, "admit", commit=True, **fields)


def some_welcome() -> bytes:
    """A Welcome that nobody can open, of the form that the profile asks for."""
    secrets = EncryptedGroupSecrets(os.urandom(32), HPKECiphertext(hpke_key(), bytes(51)))
    return MLSMessage(WireFormat.WELCOME, Welcome(1, (secrets,), bytes(216))).encode()


NOBODY = junk(16)
PLAN = {"plan": str(uuid7()), "minutes": 60}
ABOUT_ONESELF: dict[PolicyAction, tuple[dict[str, Any], set[str | None]]] = {
    # fields, and what those get who may
    "write_rules": ({}, {None}),
    "agree": ({}, {None}),
    "accept": ({"role": "moderator"}, {"no_offer"}),
    "step_down": ({"role": "owner"}, {"unchanged", "last_owner"}),
    "mute_all": ({"on": False}, {"unchanged"}),
    "retain": ({"days": 0}, {"unchanged"}),
    "write_charter": ({}, {None}),
    "rename_group": ({}, {None}),
    "write_welcome": ({}, {None}),
    "rename": ({}, {None}),
    "leave": ({}, {None, "last_owner"}),
}
"""And those about the whole group."""
RUNNING: dict[PolicyAction, tuple[dict[str, Any], set[str | None]]] = {
    "plan": (PLAN | {"starts": [1], "clock": True}, {"in_the_past"}),
    "unplan": ({"plan": PLAN["plan"]}, {"unknown_plan"}),
    "open_session": (PLAN, {"unknown_plan"}),
    "extend_session": ({"minutes": 5}, {"no_session"}),
    "take_lead": ({}, {"no_session"}),
    "close_session": ({}, {"no_session"}),
    "capsule": ({"into": str(uuid7())}, {"no_session"}),
    "break_out": ({"rooms": {str(uuid7()): []}, "minutes": 5}, {"no_session"}),
    "call_back": ({}, {"unchanged"}),
    "renew_room": ({"old": str(uuid7()), "into": str(uuid7())}, {"unknown_room"}),
    "between_sessions": ({"on": True}, {"unchanged"}),
    "lock": ({"on": False}, {"unchanged"}),
    "pause": ({}, {None}),
    "resume": ({}, {None}),
    "slow_mode": ({"seconds": 0}, {"unchanged"}),
    "set_pace": ({}, {None}),
    "write_run_sheet": ({}, {None}),
    "move_on": ({}, {None}),
    "set_floor": ({"mode": "open", "seconds": 0}, {"unchanged"}),
    "start_round": ({"order": [NOBODY], "seconds": 0}, {"unknown_member"}),
    "give_floor": ({"target": NOBODY}, {"unknown_member"}),
    "raise_hand": ({}, {None}),
    "lower_hand": ({}, {None}),
    "lower_hands": ({}, {"no_hand"}),
    "pass_turn": ({"turn": 1, "later": False, "absent": False}, {"turn_over"}),
    "open_ballot": (
        {"ballot": PLAN["plan"], "asks": "questions", "minutes": 3, "token_key": junk(294)},
        {"no_session"},
    ),
    "close_ballot": ({"ballot": PLAN["plan"]}, {"ballot_unknown"}),
}
ON_SOMEONE: dict[PolicyAction, tuple[dict[str, Any], set[str | None]]] = {
    "remove": ({"ban": True, "commit": True}, {"announcement_mismatch"}),
    "demote": ({}, {"unchanged"}),
    "unmute": ({}, {"not_muted", None}),
    "mute": ({"length": "lifted"}, {None, "already_muted"}),
    "let_speak": ({}, {"not_listening"}),
    "take_down": ({"line": 10**9}, {"unknown_line"}),
    "restore": ({"line": 10**9}, {"unknown_line"}),
}
ELSE: set[PolicyAction] = {"create", "admit", "offer", "end_offer", "unban"}


OF_GUESTS: dict[str, set[str | None]] = {"raise_hand": {"closed"}, "lower_hand": {"no_hand"}}
"""While no session is on."""


def test_every_action_is_in_the_tables() -> None:
    assert {*ABOUT_ONESELF, *RUNNING, *ON_SOMEONE, *ELSE} == set(get_args(PolicyAction))


async def test_everyone_does_what_their_role_allows_and_nothing_else(house: House, lines: dict[Role, Line]) -> None:
    deeds = Deeds(house, lines)
    for actor in ROLES:
        assert await deeds.code(actor, "create", days=0) == "forbidden"
        for action, (fields, allowed) in (ABOUT_ONESELF | RUNNING).items():
            if action != "leave" or actor == "owner":
                code = await deeds.code(actor, action, **fields)
                expected = OF_GUESTS.get(action, allowed) if actor == "guest" else allowed
                assert code in (expected if may(actor, action) else {"forbidden"}), (actor, action, code)
        for other in ROLES:
            await _acts_on(deeds, actor, other, house.people[other].member)


async def _acts_on(deeds: Deeds, actor: Role, other: Role, target: str) -> None:
    for action, (fields, allowed) in ON_SOMEONE.items():
        given: dict[str, Any] = fields | ({"role": other} if action == "demote" else {})
        code = await deeds.code(actor, action, target=target, **given)
        assert code in _expected(actor, action, other, allowed), (actor, action, other, code)
    assert await deeds.code(actor, "unban", target=target) == ("not_banned" if may(actor, "unban") else "forbidden")
    assert await deeds.code(actor, "end_offer", target=target) in _who_ends_offers(actor, other)
    for role in ROLES:
        code = await deeds.code(actor, "offer", target=target, role=role)
        refusal = "rank_too_low" if may(actor, "offer") else "forbidden"
        assert code in ({None, "already_offered"} if may_offer(actor, other, role) else {refusal}), (actor, other, role)
    code = await deeds.admit(actor, other)
    if not may(actor, "admit", other):
        assert code == ("rank_too_low" if may(actor, "admit") else "forbidden")
    else:
        assert code == ("no_offer" if other in STAFF else "request_unknown")


def _expected(actor: Role, action: PolicyAction, other: Role, allowed: set[str | None]) -> set[str | None]:
    if not may(actor, action):
        return {"forbidden"}
    return allowed if may(actor, action, other) else {"rank_too_low"}


def _who_ends_offers(actor: Role, other: Role) -> set[str | None]:
    """Whoever is asked, and who may make such an offer; facilitators come before owners here, and none is there yet."""
    return {"no_offer", None} if actor == other or RANKS[actor] >= RANKS["facilitator"] else {"no_offer"}


async def test_everyone_may_leave_but_the_last_owner(house: House) -> None:
    for role in ROLES[:-1]:
        await house.evening.leave(house.people[role])
    assert await house.evening.refused(house.evening.ada, "leave") == "last_owner"
