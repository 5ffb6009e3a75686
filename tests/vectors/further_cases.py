"""Policy messages of further rooms, each with the state before it and what the fold says; damaged ones; the roll."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from uuid import UUID

from nacl.signing import SigningKey

from safespace.crypto.encoding import canonical_json
from safespace.crypto.endorsements import endorsement_bytes
from safespace.errors import SafeSpaceError
from safespace.fields import Purpose, Role, b64decode, b64encode
from safespace.rooms import further, further_state
from safespace.rooms.further_state import (
    AnyFurtherAction,
    Bring,
    FurtherMessage,
    FurtherState,
    FurtherStateMessage,
    LeaveRoom,
    Open,
    RemoveFromRoom,
)
from safespace.rooms.roll import Known, Roll, Since, follow
from safespace.rooms.state import State
from safespace.wire import ClearPolicy
from vectors.edits import apply, edits_of
from vectors.fixed import b64, fixed, uuid
from vectors.policy_people import everyone, id_of

MAIN = 10
"""The policy_seq of main at which the cases happen."""


def roll() -> Roll:
    """One of each role; someone gone; a moderator who was a member, a member who was a moderator, each for a while."""

    def known(who: str, *roles: tuple[int, Role | None]) -> Known:
        since = tuple(Since(seq=seq, role=role) for seq, role in roles)
        return Known(pseudonym=who, key=b64(f"key of {who}", 32), roles=since)

    return {
        id_of("owner"): known("owner", (1, "owner")),
        id_of("facilitator"): known("facilitator", (2, "facilitator")),
        id_of("moderator"): known("moderator", (2, "member"), (3, "moderator")),
        id_of("member"): known("member", (4, "member")),
        id_of("other"): known("other", (4, "member")),
        id_of("guest"): known("guest", (4, "guest")),
        id_of("gone"): known("gone", (4, "moderator"), (9, None)),
        id_of("demoted"): known("demoted", (4, "moderator"), (8, "member")),
        id_of("back"): known("back", (4, "moderator"), (8, "member"), (12, "moderator")),
        id_of("later"): known("later", (14, "moderator")),
    }


def opening(purpose: Purpose = "staff", about: str | None = None, who: str = "owner") -> Open:
    return Open(
        target=None if about is None else id_of(about),
        group=UUID(uuid("group")),
        room=UUID(uuid(purpose)),
        purpose=purpose,
        leaf=leaf_of(who),
        endorsement=b64(f"endorsement of {who}", 64),
    )


def bringing(who: str, leaf: str | None = None) -> Bring:
    return Bring(
        target=id_of(who),
        leaf=leaf or leaf_of(who),
        endorsement=b64(f"endorsement of {who}", 64),
        package=b64(f"further package of {who}", 32),
    )


def leaf_of(who: str) -> str:
    """A person's leaf in a further room."""
    return b64(f"further leaf of {who}", 16)


def _made(purpose: Purpose, about: str | None, *people: str) -> FurtherState:
    """A room in which these are, brought while all of them were moderators."""
    first, *rest = people
    state = further.fold(None, further.propose(None, id_of(first), 0, 5, opening(purpose, about, first)), roll())
    for who in rest:
        state = further.fold(state, further.propose(state, id_of(first), 0, 5, bringing(who)), roll())
    return state


def _states() -> dict[str, FurtherState | None]:
    staff = _made("staff", None, "owner", "moderator", "demoted", "back", "gone")
    aside = _made("aside", "member", "owner", "moderator", "member", "demoted")
    own = _made("aside", "guest", "guest", "facilitator", "owner")
    capsule = _made("capsule", None, "guest", "member", "owner", "gone")
    crowded = staff.model_copy(update={"departed": tuple(id_of(f"departed {n}") for n in range(64))})
    return {"none": None, "staff": staff, "aside": aside, "own": own, "capsule": capsule, "crowded": crowded}


def _folds(states: Mapping[str, FurtherState | None]) -> list[dict[str, Any]]:
    people = ["owner", "facilitator", "moderator", "member", "other", "guest", "gone", "demoted", "back", "later"]
    people.append("stranger")
    cases: list[tuple[str, str, str, int, AnyFurtherAction]] = []
    for who in people:
        cases.append((f"{who} opens a staff room", "none", who, MAIN, opening(who=who)))
        cases.append((f"{who} opens an aside about the member", "none", who, MAIN, opening("aside", "member", who)))
        cases.append((f"an aside is opened about {who}", "none", "owner", MAIN, opening("aside", who)))
        for name in ("staff", "aside", "own", "capsule"):
            cases.append((f"{who} brings someone to {name}", name, who, MAIN, bringing("facilitator")))
            cases.append((f"{who} is brought to {name}", name, "owner", MAIN, bringing(who)))
            cases.append((f"{who} leaves {name}", name, who, MAIN, LeaveRoom()))
            inside = states[name]
            if inside is None or id_of(who) not in (*inside.members, id_of("stranger")):
                continue
            cases += [
                (f"{who} removes {other} from {name}", name, who, main, RemoveFromRoom(target=id_of(other)))
                for other in people
                for main in ((MAIN, 13) if "back" in (who, other) else (MAIN,))
            ]
    cases += [
        ("a staff room about someone", "none", "owner", MAIN, opening("staff", "member")),
        ("an aside about nobody", "none", "owner", MAIN, opening("aside")),
        ("a capsule about someone", "none", "member", MAIN, opening("capsule", "member", "member")),
        ("a capsule that is made", "none", "guest", MAIN, opening("capsule", who="guest")),
        ("a breakout that is made", "none", "guest", MAIN, opening("breakout", who="guest")),
        ("brought again", "capsule", "guest", MAIN, bringing("member", id_of("another leaf"))),
        ("brought again with the same leaf", "capsule", "guest", MAIN, bringing("member")),
        ("opened twice", "staff", "owner", MAIN, opening()),
        ("brought before it is opened", "none", "owner", MAIN, bringing("facilitator")),
        ("brought with a leaf that is there", "staff", "owner", MAIN, bringing("facilitator", leaf_of("moderator"))),
        ("brought with a departed leaf", "crowded", "owner", MAIN, bringing("facilitator", id_of("departed 3"))),
        ("the oldest departed is forgotten", "crowded", "owner", MAIN, LeaveRoom()),
        ("made before the room's last message", "staff", "owner", 4, bringing("facilitator")),
        ("a moderator to be", "staff", "owner", 13, bringing("later")),
        ("a moderator at last", "staff", "owner", 14, bringing("later")),
    ]
    made = []
    for name, before, actor, main, action in cases:
        state = states[before]
        made.append((name, before, further.propose(state, id_of(actor), 3, main, action)))
    made.append(
        ("made on another state", "aside", further.propose(states["staff"], id_of("owner"), 3, 10, LeaveRoom()))
    )
    return [
        {"name": name, "state": before, "message": _json(message), **outcome(states[before], message)}
        for name, before, message in made
    ]


def outcome(state: FurtherState | None, message: FurtherMessage) -> dict[str, Any]:
    """The new state's hash, or the code of the refusal."""
    code, after = None, None
    try:
        after = further.fold(state, message, roll())
    except SafeSpaceError as error:
        code = error.code
    return {"hash": None if after is None else b64encode(further.state_hash(after)), "code": code}


def _json(value: FurtherState | FurtherMessage | ClearPolicy | None) -> Any:
    return None if value is None else value.model_dump(mode="json")


def _code(check: Callable[[], object]) -> str | None:
    try:
        check()
    except SafeSpaceError as error:
        return error.code
    return None


def _contents(staff: FurtherState) -> dict[str, Any]:
    actions = (opening("aside", "member"), bringing("facilitator"), LeaveRoom(), RemoveFromRoom(target=id_of("gone")))
    handed = FurtherStateMessage(state=staff).model_dump(mode="json")
    bases: list[Any] = [_json(further.propose(staff, id_of("owner"), 3, MAIN, action)) for action in actions]
    bases.append(handed)
    owner = id_of("owner")
    within: list[tuple[list[str], Any]] = [
        (["state", "about"], id_of("member")),
        (["state", "purpose"], "aside"),
        (["state", "members", owner, "leaf"], leaf_of("moderator")),
        (["state", "departed"], [leaf_of("moderator")]),
        (["state", "departed"], [id_of(f"departed {n}") for n in range(64)]),
        (["state", "departed"], [id_of(f"departed {n}") for n in range(65)]),
        (["state", "members", "short"], handed["state"]["members"][owner]),
    ]
    edits: list[dict[str, Any]] = [{"base": at, **edit} for at, base in enumerate(bases) for edit in edits_of(base)]
    edits += [{"base": len(bases) - 1, "path": path, "value": value} for path, value in within]
    return {
        "bases": bases,
        "edits": [{**edit, "code": read_code(canonical_json(apply(bases[edit["base"]], edit)))} for edit in edits],
    }


def read_code(content: bytes) -> str | None:
    """How a policy or state message is refused, None if it is read; `kind` alone says which reader is asked."""
    reader = further_state.read_state if b'"kind":"state"' in content else further_state.read_policy
    return _code(lambda: reader(content))


def _clears(staff: FurtherState) -> list[dict[str, Any]]:
    cases = []
    for action in (bringing("facilitator"), LeaveRoom()):
        message = further.propose(staff, id_of("owner"), 3, MAIN, action)
        clear = ClearPolicy(action=action.action, target=action.target, policy_seq=3, main=MAIN)
        others: list[dict[str, Any]] = [
            {},
            {"action": "remove"},
            {"target": id_of("member")},
            {"target": None},
            {"policy_seq": 4},
            {"main": 11},
            {"main": None},
            {"role": "owner"},
        ]
        for other in others:
            shown = clear.model_copy(update=other)
            code = _code(partial(further.check_clear, shown, message))
            cases.append({"clear": _json(shown), "message": _json(message), "code": code})
    return cases


def _senders(staff: FurtherState) -> list[dict[str, Any]]:
    given: list[tuple[FurtherState | None, str, str, AnyFurtherAction]] = [
        (None, "owner", leaf_of("owner"), opening()),
        (None, "owner", id_of("owner"), opening()),
        (None, "owner", leaf_of("owner"), LeaveRoom()),
        (staff, "owner", leaf_of("owner"), LeaveRoom()),
        (staff, "owner", leaf_of("moderator"), LeaveRoom()),
        (staff, "member", leaf_of("member"), LeaveRoom()),
    ]
    cases = []
    for state, actor, leaf, action in given:
        message = further.propose(state, id_of(actor), 0, MAIN, action)
        code = _code(partial(further.check_sender, state, message, b64decode(leaf)))
        cases.append({"state": _json(state), "message": _json(message), "leaf": leaf, "code": code})
    return cases


def _rosters(staff: FurtherState) -> list[dict[str, Any]]:
    state = staff.model_copy(update={"departed": (id_of("departed"),)})
    own = [member.leaf for member in state.members.values()]
    cases = [own, [*own, id_of("departed")], [*own, id_of("stranger")], [*own, own[0]], own[1:], []]
    fits = [{"leaves": ids, "fits": further.roster_fits(state, [b64decode(id) for id in ids])} for ids in cases]
    return [{"state": _json(state), **case} for case in fits]


def _followed() -> dict[str, Any]:
    """Main's states one after another, each with the leaves in its tree, and the roll after each."""
    full = everyone()
    keys = {id_of(who): b64(f"key of {who}", 32) for who in ("owner", "facilitator", "moderator", "member", "guest")}
    moderator, member = id_of("moderator"), id_of("member")
    announced = _with_member(full, "new")
    steps: list[tuple[State, int, dict[str, str]]] = [
        (full, 7, keys),
        (full, 8, keys),
        (_with_role(full, moderator, "member"), 9, keys),
        (_with_role(full, moderator, "moderator"), 11, keys),
        (announced, 12, keys),
        (announced, 12, {**keys, id_of("new"): b64("key of new", 32)}),
        (_without(announced, member), 14, {**keys, id_of("new"): b64("key of new", 32)}),
    ]
    at: Roll = {}
    followed = []
    for state, seq, tree in steps:
        at = follow(at, state, seq, tree)
        rolled = {id: known.model_dump(mode="json") for id, known in at.items()}
        followed.append({"state": _json_main(state), "seq": seq, "keys": tree, "roll": rolled})
    return {"steps": followed}


def _json_main(state: State) -> Any:
    return state.model_dump(mode="json")


def _with_role(state: State, id: str, role: Role) -> State:
    return state.model_copy(
        update={"members": {**state.members, id: state.members[id].model_copy(update={"role": role})}}
    )


def _with_member(state: State, who: str) -> State:
    like = state.members[id_of("member")]
    new = like.model_copy(update={"pseudonym": who, "leaves": (id_of(who),)})
    return state.model_copy(update={"members": {**state.members, id_of(who): new}})


def _without(state: State, id: str) -> State:
    return state.model_copy(update={"members": {one: member for one, member in state.members.items() if one != id}})


def _endorsement() -> dict[str, str]:
    main, leaf = SigningKey(fixed("main leaf", 32)), fixed("further key", 32)
    group, identity = UUID(uuid("group")).bytes, fixed("further identity", 16)
    return {
        "group": b64encode(group),
        "identity": b64encode(identity),
        "signature_key": b64encode(leaf),
        "bytes": b64encode(endorsement_bytes(group, identity, leaf)),
        "main_key": b64encode(main.verify_key.encode()),
        "endorsement": b64encode(main.sign(endorsement_bytes(group, identity, leaf)).signature),
    }


def make() -> dict[str, Any]:
    states = _states()
    staff = states["staff"]
    assert staff is not None
    return {
        "null_hash": b64encode(further.state_hash(None)),
        "canonical": staff.written().decode(),
        "hash": b64encode(further.state_hash(staff)),
        "roll": {id: known.model_dump(mode="json") for id, known in roll().items()},
        "states": {name: _json(state) for name, state in states.items()},
        "outsiders": {name: sorted(further.outsiders(state, roll())) for name, state in states.items() if state},
        "folds": _folds(states),
        "contents": _contents(staff),
        "clears": _clears(staff),
        "senders": _senders(staff),
        "rosters": _rosters(staff),
        "followed": _followed(),
        "endorsement": _endorsement(),
    }
