"""Policy messages, each with the state before it and what the fold says; and damaged ones for the reader."""

from typing import Any
from uuid import UUID

from safespace.crypto.encoding import canonical_json
from safespace.crypto.invites import Agreement
from safespace.errors import SafeSpaceError
from safespace.rooms.policy import check_clear, check_sender, fold, propose, roster_fits, state_hash
from safespace.rooms.state import (
    Admit,
    Agree,
    Create,
    Leave,
    PolicyMessage,
    Remove,
    State,
    StateMessage,
    read_policy,
    read_state,
    write,
)
from safespace.wire import ClearPolicy, Role, b64decode, b64encode
from vectors.edits import apply, edits_of
from vectors.fixed import b64, uuid

ROLES: tuple[Role, ...] = ("owner", "facilitator", "moderator", "member", "guest")


NAMES = (
    "nom du soir",
    " Wren",
    "Wren\n",
    "Wren\u202egnaw",
    "\u2066Wren\u2069",
    "Wren\u200b",
    "Wren\u00ad",
    "Wren\u3164",
    "Wren\u00a0",
    "\u3000",
    "\u200d",
    "\ufe0f",
    "Wren\x85",
    "Wren\U000e0041",
    "Wren\u2028",
    "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
    "\u0645\u06cc\u200c",
    "👩\u200d🚀 ❤\ufe0f",
    "W\u0301ren",
    "Wren\x7f",
    "Wren\ufeff",
    "-",
)
"""Names, good and bad."""


def id_of(name: str) -> str:
    """A person's first leaf identity."""
    return b64(f"leaf of {name}", 16)


def creating() -> Create:
    return Create(
        group=UUID(uuid("group")),
        room=UUID(uuid("room")),
        name="Tuesday evening 🌿",
        welcome="",
        presence=True,
        rules='What is said "here" stays here.\n\u2028\u007f',
        pseudonym="Host",
        key=b64("key of host", 32),
    )


def admitting(
    who: str, role: Role = "member", version: int = 1, name: str | None = None, replaces: str | None = None
) -> Admit:
    """`replaces` is the member who comes back."""
    return Admit(
        target=id_of(who),
        pseudonym=name or who,
        role=role,
        key=b64(f"key of {who}", 32),
        package=b64(f"package of {who}", 32),
        request=UUID(uuid(f"request of {who}")),
        agreement=Agreement(version=version, signature=b64(f"signature of {who}", 64)),
        replaces=None if replaces is None else id_of(replaces),
    )


def everyone() -> State:
    """A group with one of each role; each is named after it. A moderator's second leaf, and one departed."""
    state = fold(None, propose(None, id_of("owner"), 0, creating()))
    for role in ROLES[1:]:
        state = fold(state, propose(state, id_of("owner"), 0, admitting(role, role)))
    state = fold(state, propose(state, id_of("owner"), 0, admitting("gone")))
    state = fold(state, propose(state, id_of("gone"), 0, Leave()))
    moderator = state.members[id_of("moderator")]
    grown = moderator.model_copy(update={"leaves": (*moderator.leaves, id_of("second"))})
    return state.model_copy(update={"members": {**state.members, id_of("moderator"): grown}})


def _folds(full: State) -> dict[str, Any]:
    crowded = full.model_copy(update={"departed": tuple(id_of(f"departed {n}") for n in range(64))})
    new_rules = full.model_copy(update={"rules": full.rules.model_copy(update={"version": 2})})
    first = propose(None, id_of("owner"), 0, creating())
    cases: list[tuple[str, State | None, PolicyMessage]] = [
        ("create", None, first),
        ("create again", full, propose(full, id_of("owner"), 0, creating())),
        ("create on a stale state", full, first),
        ("admit before create", None, propose(None, id_of("owner"), 0, admitting("new"))),
        ("a stranger acts", full, propose(full, id_of("stranger"), 3, Leave())),
        ("a departed member acts", full, propose(full, id_of("gone"), 3, Agree(version=1))),
        ("a second leaf is no member id", full, propose(full, id_of("second"), 3, Leave())),
        ("admit a member", full, propose(full, id_of("owner"), 3, admitting("member"))),
        ("admit a second leaf", full, propose(full, id_of("owner"), 3, admitting("second"))),
        ("admit a departed leaf", full, propose(full, id_of("owner"), 3, admitting("gone"))),
        ("admit under a taken name", full, propose(full, id_of("owner"), 3, admitting("new", name="Host"))),
        ("admit under the name of someone gone", full, propose(full, id_of("owner"), 3, admitting("new", name="gone"))),
        ("admit with other rules", full, propose(full, id_of("owner"), 3, admitting("new", version=2))),
        ("admit with newer rules", new_rules, propose(new_rules, id_of("owner"), 3, admitting("new", version=2))),
        ("a stranger comes back", full, propose(full, id_of("owner"), 3, admitting("new", replaces="stranger"))),
        ("the departed come back", full, propose(full, id_of("owner"), 3, admitting("new", replaces="gone"))),
        ("a second leaf is not replaced", full, propose(full, id_of("owner"), 3, admitting("new", replaces="second"))),
        ("come back as oneself", full, propose(full, id_of("owner"), 3, admitting("member", replaces="member"))),
        (
            "come back with the leaf one has",
            full,
            propose(full, id_of("owner"), 3, admitting("second", replaces="moderator")),
        ),
        ("two leaves are replaced", full, propose(full, id_of("owner"), 3, admitting("new", replaces="moderator"))),
        ("the replaced are kept", crowded, propose(crowded, id_of("owner"), 3, admitting("new", replaces="member"))),
        (
            "come back under one's own name",
            full,
            propose(full, id_of("owner"), 3, admitting("new", name="member", replaces="member")),
        ),
        (
            "come back under another's name",
            full,
            propose(full, id_of("owner"), 3, admitting("new", name="Host", replaces="member")),
        ),
        (
            "come back with other rules",
            full,
            propose(full, id_of("owner"), 3, admitting("new", version=2, replaces="member")),
        ),
        ("agree to newer rules", new_rules, propose(new_rules, id_of("guest"), 3, Agree(version=2))),
        ("agree to older rules", new_rules, propose(new_rules, id_of("guest"), 3, Agree(version=1))),
        ("remove a stranger", full, propose(full, id_of("owner"), 3, Remove(target=id_of("stranger")))),
        ("remove by a second leaf", full, propose(full, id_of("owner"), 3, Remove(target=id_of("second")))),
        ("remove with two leaves", full, propose(full, id_of("owner"), 3, Remove(target=id_of("moderator")))),
        ("the oldest departed is forgotten", crowded, propose(crowded, id_of("member"), 3, Leave())),
        ("two are forgotten", crowded, propose(crowded, id_of("owner"), 3, Remove(target=id_of("moderator")))),
    ]
    for actor in ROLES:
        who = id_of(actor)
        cases.append((f"{actor} agrees", full, propose(full, who, 3, Agree(version=1))))
        cases.append((f"{actor} leaves", full, propose(full, who, 3, Leave())))
        for other in ROLES:
            cases.append((f"{actor} admits a {other}", full, propose(full, who, 3, admitting("new", other))))
            cases.append((f"{actor} removes the {other}", full, propose(full, who, 3, Remove(target=id_of(other)))))
            for role in ROLES:
                back = propose(full, who, 3, admitting("new", role, replaces=other))
                cases.append((f"{actor} lets the {other} back in as a {role}", full, back))
    states = {"none": None, "full": full, "crowded": crowded, "new rules": new_rules}
    return {
        "states": {name: _json(state) for name, state in states.items()},
        "cases": [
            {
                "name": name,
                "state": next(key for key, known in states.items() if known is state),
                "message": _json(message),
                **outcome(state, message),
            }
            for name, state, message in cases
        ],
    }


def outcome(state: State | None, message: PolicyMessage) -> dict[str, Any]:
    """The new state's hash, or the code of the refusal."""
    try:
        return {"hash": b64encode(state_hash(fold(state, message))), "code": None}
    except SafeSpaceError as error:
        return {"hash": None, "code": error.code}


def _json(value: State | PolicyMessage | ClearPolicy | None) -> Any:
    return None if value is None else value.model_dump(mode="json")


def _contents(full: State) -> dict[str, Any]:
    back = admitting("new", replaces="member")
    actions = (creating(), admitting("new"), Agree(version=1), Leave(), Remove(target=id_of("guest")), back)
    messages = [_json(propose(full, id_of("owner"), 3, action)) for action in actions]
    handed = StateMessage(state=everyone()).model_dump(mode="json")
    owner, moderator, member = id_of("owner"), id_of("moderator"), id_of("member")
    within: list[tuple[list[str], Any]] = [
        (["state", "members", owner, "role"], "facilitator"),
        (["state", "members", member, "leaves"], []),
        (["state", "members", member, "leaves"], [id_of("second")]),
        (["state", "members", member, "leaves"], [member, member]),
        (["state", "members", member, "leaves"], [id_of("gone")]),
        (["state", "members", member, "leaves"], [id_of("elsewhere")]),
        (["state", "members", member, "agreed"], 2),
        (["state", "members", "short"], handed["state"]["members"][moderator]),
        (["state", "departed"], [id_of(f"departed {n}") for n in range(64)]),
        (["state", "departed"], [id_of(f"departed {n}") for n in range(65)]),
        (["state", "name"], "🌿" * 80),
        (["state", "name"], "🌿" * 81),
        (["state", "rules", "text"], "x" * 4000),
        (["state", "rules", "text"], "x" * 4001),
        (["state", "welcome"], "x" * 500),
        (["state", "welcome"], "x" * 501),
        (["state", "members", member, "pseudonym"], "é" * 40),
        (["state", "members", member, "pseudonym"], "é" * 41),
        (["state", "members", member, "pseudonym"], "Host"),
    ]
    within += [(["state", "members", member, "pseudonym"], name) for name in NAMES]
    within += [(["state", "name"], name) for name in NAMES[:4]]
    bases: list[Any] = [*messages, handed]
    edits: list[dict[str, Any]] = [
        {"base": index, **edit} for index, base in enumerate(bases) for edit in edits_of(base)
    ]
    edits += [{"base": len(messages), "path": path, "value": value} for path, value in within]
    plain = canonical_json(messages[2]).decode()
    texts = [
        "",
        "null",
        "[]",
        plain,
        plain + " ",
        "\ufeff" + plain,
        plain.replace('"version":1', '"version":1.0'),
        plain.replace('"version":1', '"version":1e0'),
        plain.replace('"version":1', '"version":01'),
        plain.replace('"version":1', '"version":1,"version":1'),
        plain.replace('"seq":3', '"seq":-0'),
        plain.replace('"seq":3', '"seq":9007199254740991'),
        plain.replace('"seq":3', '"seq":9007199254740993'),
        plain.replace('"seq":3', '"seq":NaN'),
        plain.replace('"agree"', '"\\u0061gree"'),
        plain.replace('"agree"', '"\\ud800"'),
        plain.replace(',"seq":3', ""),
    ]
    return {
        "bases": bases,
        "edits": [{**edit, "code": read_code(canonical_json(apply(bases[edit["base"]], edit)))} for edit in edits],
        "texts": [{"text": text, "code": read_code(text.encode())} for text in texts],
    }


def read_code(content: bytes) -> str | None:
    """How a policy or state message is refused, None if it is read; `kind` alone says which reader is asked."""
    try:
        (read_state if b'"kind":"state"' in content else read_policy)(content)
    except SafeSpaceError as error:
        return error.code
    return None


def _clears(full: State) -> list[dict[str, Any]]:
    cases = []
    for action in (admitting("new"), admitting("new", replaces="member"), Remove(target=id_of("guest")), Leave()):
        message = propose(full, id_of("owner"), 3, action)
        admit = action if isinstance(action, Admit) else None
        clear = ClearPolicy(
            action=action.action,
            target=action.target,
            policy_seq=3,
            role=admit and admit.role,
            request=admit and admit.request,
            replaces=admit and admit.replaces,
        )
        others: list[dict[str, Any]] = [
            {},
            {"action": "state"},
            {"action": "agree"},
            {"target": id_of("member")},
            {"target": None},
            {"policy_seq": 4},
            {"policy_seq": None},
            {"role": "owner"},
            {"request": UUID(uuid("another request"))},
            {"replaces": id_of("guest")},
            {"replaces": None},
        ]
        for other in others:
            shown = clear.model_copy(update=other)
            try:
                check_clear(shown, message)
                code = None
            except SafeSpaceError as error:
                code = error.code
            cases.append({"clear": _json(shown), "message": _json(message), "code": code})
    return cases


def _senders(full: State) -> list[dict[str, Any]]:
    cases = []
    for state, actor, leaf in [
        (None, "owner", "owner"),
        (None, "owner", "member"),
        (full, "owner", "owner"),
        (full, "moderator", "second"),
        (full, "moderator", "member"),
        (full, "stranger", "stranger"),
        (full, "gone", "gone"),
    ]:
        message = propose(state, id_of(actor), 0, creating() if state is None else Leave())
        try:
            check_sender(state, message, b64decode(id_of(leaf)))
            code = None
        except SafeSpaceError as error:
            code = error.code
        cases.append({"state": _json(state), "message": _json(message), "leaf": id_of(leaf), "code": code})
    return cases


def _rosters(full: State) -> list[dict[str, Any]]:
    whole: list[str] = [*ROLES]
    cases: list[list[str]] = [
        whole,
        [*whole, "second"],
        [*whole, "gone"],
        [*whole, "stranger"],
        [*whole, "owner"],
        whole[1:],
        [*(name for name in whole if name != "moderator"), "second"],
        [],
    ]
    leaves = [[id_of(name) for name in names] for names in cases]
    return [{"leaves": ids, "fits": roster_fits(full, [b64decode(id) for id in ids])} for ids in leaves]


def make() -> dict[str, Any]:
    full = everyone()
    return {
        "null_hash": b64encode(state_hash(None)),
        "state": _json(full),
        "canonical": write(full).decode(),
        "hash": b64encode(state_hash(full)),
        "folds": _folds(full),
        "contents": _contents(full),
        "clears": _clears(full),
        "senders": _senders(full),
        "rosters": _rosters(full),
    }
