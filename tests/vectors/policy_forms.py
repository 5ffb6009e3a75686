"""Policy contents of every form, whole and damaged; what is shown of them; whose leaf may say them; which tree fits."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel

from safespace.crypto.encoding import canonical_json
from safespace.errors import SafeSpaceError
from safespace.fields import b64decode
from safespace.rooms.actions import (
    Accept,
    Agree,
    AnyAction,
    Demote,
    EndOffer,
    Leave,
    LetSpeak,
    MuteAll,
    Offer,
    Remove,
    Rename,
    RenameGroup,
    Restore,
    Retain,
    StepDown,
    TakeDown,
    Unban,
    Unmute,
    WriteCharter,
    WriteWelcome,
    shown,
)
from safespace.rooms.live_actions import (
    BetweenSessions,
    CallBack,
    CloseSession,
    ExtendSession,
    GiveFloor,
    Lock,
    LowerHand,
    LowerHands,
    MoveOn,
    Pause,
    RaiseHand,
    Resume,
    SetPace,
    SlowMode,
    TakeLead,
    Unplan,
    WriteRules,
)
from safespace.rooms.policy import check_clear, check_sender, propose, roster_fits
from safespace.rooms.state import State, StateMessage, read_policy, read_state
from safespace.wire import ClearPolicy
from vectors.curve_cases import x25519_keys
from vectors.edits import apply, edits_of
from vectors.fixed import b64, uuid
from vectors.policy_people import (
    ROLES,
    admitting,
    agenda,
    balloting,
    breaking_out,
    busy,
    creating,
    ending_ballot,
    hands,
    id_of,
    in_capsule,
    muting,
    opening,
    passing,
    planning,
    reason,
    renewing,
    round_of,
)

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


def of_every_kind() -> list[AnyAction]:
    """Each action, in each of its forms."""
    fern = id_of("member")
    return [
        Agree(version=1),
        creating(),
        admitting("new"),
        admitting("new", listening=True, replaces="member"),
        Leave(),
        Remove(target=fern),
        Remove(target=fern, ban=True, reason=reason("member", "owner")),
        Unban(target=fern),
        Offer(target=fern, role="moderator"),
        EndOffer(target=fern),
        Accept(role="moderator", version=1),
        Demote(target=fern, role="guest"),
        StepDown(role="member"),
        muting("member", 300, why=True),
        muting("member", "session"),
        muting("member", "lifted"),
        Unmute(target=fern),
        MuteAll(on=True),
        LetSpeak(target=fern),
        TakeDown(target=fern, line=7, reason=reason("owner")),
        Restore(target=fern, line=7),
        Retain(days=30),
        WriteCharter(charter="Another charter."),
        RenameGroup(name="Slow Sundays"),
        WriteWelcome(welcome=""),
        Rename(pseudonym="Rowan"),
        WriteRules(rules="Other rules."),
        planning("tuesdays", 1, 2),
        Unplan(plan=UUID(uuid("tuesdays"))),
        opening("tuesdays"),
        opening(),
        ExtendSession(minutes=10),
        TakeLead(),
        CloseSession(),
        BetweenSessions(on=True),
        Lock(on=True),
        Pause(note="A breath."),
        Resume(),
        SlowMode(seconds=30),
        SetPace(pace="gentle"),
        agenda(),
        MoveOn(at=1),
        hands(60, 20),
        round_of("member", "guest"),
        GiveFloor(target=fern),
        RaiseHand(too=True),
        LowerHand(target=None),
        LowerHand(target=fern),
        LowerHands(),
        passing(3, later=True, absent=True),
        balloting(),
        balloting("feedback", "feedback", 10),
        ending_ballot(),
        in_capsule(),
        breaking_out("member guest", ""),
        CallBack(),
        renewing("capsule"),
    ]


def as_json(value: BaseModel | None) -> Any:
    return None if value is None else value.model_dump(mode="json")


def _contents(full: State) -> dict[str, Any]:
    messages = [as_json(propose(full, id_of("owner"), 3, action)) for action in of_every_kind()]
    handed = as_json(StateMessage(state=busy()))
    bases: list[Any] = [*messages, handed]
    edits: list[dict[str, Any]] = []
    for index, base in enumerate(bases):
        # What every message has is damaged in the first alone.
        edits += [
            {"base": index, **edit}
            for edit in edits_of(base)
            if index in (0, len(messages)) or edit["path"][0] == "action"
        ]
    edits += [{"base": len(messages), "path": path, "value": value} for path, value in _within(handed)]
    edits += [{"base": base, "path": path, "value": value} for base, path, value in _around(messages)]
    edits += [{"base": base, "path": path, "value": key} for base, path, key, _ in of_keys(bases)]
    texts = _texts(canonical_json(messages[0]).decode())
    return {
        "bases": bases,
        "edits": [{**edit, "code": read_code(canonical_json(apply(bases[edit["base"]], edit)))} for edit in edits],
        "texts": [{"text": text, "code": read_code(text.encode())} for text in texts],
    }


def of_keys(bases: list[Any]) -> list[tuple[int, list[Any], str, bool]]:
    """Each place where somebody's key stands: which of the `bases`, where, a key, and whether it is usable."""
    kinds = [base["action"]["action"] if "action" in base else base["kind"] for base in bases]
    state = kinds.index("state")
    places: list[tuple[int, list[Any]]] = [
        (kinds.index("create"), ["action", "key"]),
        (kinds.index("admit"), ["action", "key"]),
        (kinds.index("open_ballot"), ["action", "answer_key"]),
        (state, ["state", "members", id_of("member"), "key"]),
        (state, ["state", "prompts", next(iter(bases[state]["state"]["prompts"])), "answer_key"]),
    ]
    keys = [(key["key"], kind == "good") for kind, found in x25519_keys().items() for key in found]
    return [(base, path, key, usable) for base, path in places for key, usable in keys]


def _former(owner: str, member: str) -> list[list[dict[str, Any]]]:
    """Former members as a state may name them, and as it may not."""
    gone = [{"member": id_of(f"former {n}"), "role": "guest", "now": member} for n in range(201)]
    return [
        gone[:200],
        gone,
        [gone[0], gone[0]],
        [gone[0] | {"member": owner}],
        [gone[0] | {"now": gone[1]["member"]}],
        [gone[0] | {"now": id_of("stranger")}],
        [gone[0] | {"now": None}],
        [gone[0] | {"now": None, "role": "moderator"}],
        [gone[0] | {"role": "guru"}],
        [gone[0] | {"since": 1}],
    ]


def _within(handed: Any) -> list[tuple[list[Any], Any]]:
    """Changes of a state: `path` and what stands there instead."""
    owner, moderator, member = id_of("owner"), id_of("moderator"), id_of("member")
    banned = [{"member": id_of(f"banned {n}"), "pseudonym": "banned"} for n in range(201)]
    within: list[tuple[list[Any], Any]] = [
        (["state", "members", owner, "role"], "facilitator"),
        (["state", "members", member, "role"], "moderator"),
        (["state", "members", moderator, "charter"], 0),
        (["state", "members", moderator, "charter"], 2),
        (["state", "members", member, "charter"], 1),
        (["state", "members", member, "leaves"], []),
        (["state", "members", member, "leaves"], [id_of("second")]),
        (["state", "members", member, "leaves"], [member, member]),
        (["state", "members", member, "leaves"], [id_of("gone")]),
        (["state", "members", member, "leaves"], [id_of("elsewhere")]),
        (["state", "members", member, "agreed"], 2),
        (["state", "members", "short"], handed["state"]["members"][moderator]),
        (["state", "departed"], [id_of(f"departed {n}") for n in range(64)]),
        (["state", "departed"], [id_of(f"departed {n}") for n in range(65)]),
        *((["state", "former"], former) for former in _former(owner, member)),
        (["state", "banned"], banned[:200]),
        (["state", "banned"], banned),
        (["state", "offers", id_of("stranger")], {"role": "moderator", "by": owner}),
        (["state", "offers", member, "by"], id_of("stranger")),
        (["state", "mutes", id_of("stranger")], {"until": None, "session": False}),
        (["state", "mutes", member, "until"], 2**53 - 1),
        (["state", "days"], 3650),
        (["state", "days"], 3651),
        (["state", "name"], "🌿" * 80),
        (["state", "name"], "🌿" * 81),
        (["state", "rules", "text"], "x" * 4000),
        (["state", "rules", "text"], "x" * 4001),
        (["state", "charter", "text"], "x" * 4000),
        (["state", "charter", "text"], "x" * 4001),
        (["state", "welcome"], "x" * 500),
        (["state", "welcome"], "x" * 501),
        (["state", "members", member, "pseudonym"], "é" * 40),
        (["state", "members", member, "pseudonym"], "é" * 41),
        (["state", "members", member, "pseudonym"], "Host"),
        (["state", "floor"], {"holder": None, "queue": [], "since": 0, "too": [], "turn": 0}),
        (["state", "floor", "holder"], None),
        (["state", "floor", "holder"], id_of("stranger")),
        (["state", "floor", "queue"], [id_of("stranger")]),
        (["state", "floor", "queue"], [member, member]),
        (["state", "floor", "queue"], [handed["state"]["floor"]["holder"]]),
        (["state", "floor", "queue"], []),
        (["state", "floor", "too"], [member]),
        (["state", "live", "terms", "mode"], "open"),
        (["state", "live", "session", "lead"], None),
        (["state", "live", "session", "lead"], id_of("stranger")),
        (["state", "live", "paused", "note"], "x" * 201),
        (["state", "live", "times"], {}),
        (["state", "plans"], {}),
        (["state", "prompts"], {}),
        (["state", "live", "ballots"], {}),
        (["state", "sheet", "segments"], []),
        (["state", "sheet", "at"], 2),
    ]
    within += [(["state", "members", member, "pseudonym"], name) for name in NAMES]
    within += [(["state", "name"], name) for name in NAMES[:4]]
    return within


def _around(messages: list[Any]) -> list[tuple[int, list[Any], Any]]:
    """Values at the edge of what a field may hold."""
    kinds = [message["action"]["action"] for message in messages]
    mute, remove, retain = kinds.index("mute"), kinds.index("remove") + 1, kinds.index("retain")
    take_down, charter = kinds.index("take_down"), kinds.index("write_charter")
    boxes = messages[remove]["action"]["reason"]["boxes"]
    many = sorted(id_of(f"reader {n}") for n in range(65))
    around: list[tuple[int, list[Any], Any]] = [
        (mute, ["action", "length"], length)
        for length in (1, 86_400, 86_401, -300, 2**31, "session", "lifted", "forever", "300", "Session")
    ]
    around += [(retain, ["action", "days"], days) for days in (0, 1, 3650, 3651)]
    around += [(take_down, ["action", "line"], line) for line in (1, 2**53 - 1)]
    around += [(charter, ["action", "charter"], text) for text in ("x" * 4000, "x" * 4001, "🌿" * 4000)]
    around += _around_evening(messages, kinds)
    around += [
        (remove, ["action", "reason", "boxes"], wrong)
        for wrong in (
            boxes[::-1],
            [boxes[0], boxes[0]],
            boxes[:1],
            [{"member": id, "box": boxes[0]["box"]} for id in many[:64]],
            [{"member": id, "box": boxes[0]["box"]} for id in many],
        )
    ]
    around += [(remove, ["action", "reason", "boxes", 0, "box"], b64("long", size)) for size in (1536, 1537)]
    return around


def _around_evening(messages: list[Any], kinds: list[str]) -> list[tuple[int, list[Any], Any]]:
    plan, opening, slow, pause = (kinds.index(kind) for kind in ("plan", "open_session", "slow_mode", "pause"))
    order, sheet, floor = kinds.index("start_round"), kinds.index("write_run_sheet"), kinds.index("set_floor")
    segment = messages[sheet]["action"]["segments"][0]
    around: list[tuple[int, list[Any], Any]] = [
        (plan, ["action", "starts"], starts)
        for starts in ([2, 1], [1, 1], list(range(64)), list(range(65)), [2**53 - 1])
    ]
    around += [(plan, ["action", "title"], title) for title in ("x" * 80, "x" * 81, " x", "x\u202e")]
    around += [(plan, ["action", "note"], note) for note in ("x" * 500, "x" * 501)]
    around += [(plan, ["action", "zone"], zone) for zone in ("America/Argentina/Ushuaia", "Etc/GMT+1", "x\n", "é")]
    around += [
        (plan, ["action", "rule"], rule) for rule in ("FREQ=MONTHLY;BYDAY=-1FR", "freq=weekly", "A\n", "A" * 201)
    ]
    around += [(opening, ["action", "minutes"], minutes) for minutes in (1, 720, 721)]
    around += [(slow, ["action", "seconds"], seconds) for seconds in (3600, 3601)]
    around += [(pause, ["action", "note"], note) for note in ("x" * 200, "x" * 201)]
    around += [(floor, ["action", "grace"], grace) for grace in (0, 3600, 3601)]
    around += [(floor, ["action", "mode"], mode) for mode in ("open", "round", "circle")]
    around += [
        (order, ["action", "order"], [id_of(f"guest {n}") for n in range(size)] + [id_of("guest 1")] * twice)
        for size, twice in ((200, 0), (201, 0), (3, 1))
    ]
    ballot = kinds.index("open_ballot")
    readers = messages[ballot]["action"]["readers"]
    around += [(ballot, ["action", "prompt"], prompt) for prompt in ("x" * 200, "x" * 201, "", " x", "x\u202e")]
    around += [(ballot, ["action", "token_key"], b64("key", size)) for size in (293, 294, 295)]
    around += [(ballot, ["action", "asks"], asks) for asks in ("feedback", "names")]
    boxes: tuple[Any, ...] = ([], readers[::-1], readers[:1], readers[:1] * 2)
    around += [(ballot, ["action", "readers"], box) for box in boxes]
    around += [(sheet, ["action", "segments"], [segment] * size) for size in (30, 31)]
    return around


def _texts(plain: str) -> list[str]:
    return [
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
        plain.replace('"agree"', '"constructor"'),
        plain.replace(',"seq":3', ""),
    ]


def read_code(content: bytes) -> str | None:
    """How a policy or state message is refused, None if it is read; `kind` alone says which reader is asked."""
    try:
        (read_state if b'"kind":"state"' in content else read_policy)(content)
    except SafeSpaceError as error:
        return error.code
    return None


def _clears(full: State) -> list[dict[str, Any]]:
    """What stands in clear beside an action, right and wrong."""
    cases = []
    for action in of_every_kind():
        message = propose(full, id_of("owner"), 3, action)
        clear = ClearPolicy.model_validate({"action": action.action, "policy_seq": 3, **shown(action)})
        others: list[dict[str, Any]] = [
            {},
            {"action": "state"},
            {"action": "agree"},
            {"policy_seq": 4},
            {"policy_seq": None},
            {"main": 0},
            {"target": id_of("owner")},
            {"role": "owner"},
            {"request": UUID(uuid("another request"))},
            {"replaces": id_of("guest")},
            {"listening": False},
            {"ban": True},
            {"length": 5},
            {"on": False},
            {"line": 8},
            {"days": 31},
            {"plan": UUID(uuid("another plan"))},
            {"starts": (1, 2)},
            {"starts": ()},
            {"minutes": 11},
            {"clock": True},
            {"seconds": 7},
            {"grace": 7},
            {"mode": "open"},
            {"order": (id_of("guest"), id_of("member"))},
            {"turn": 4},
            {"later": False},
            {"ballot": UUID(uuid("another ballot"))},
            {"asks": "feedback"},
            {"token_key": b64("another key", 294)},
            {"into": UUID(uuid("another room"))},
            {"old": UUID(uuid("another room"))},
            {"rooms": {UUID(uuid("one")): (id_of("guest"),)}},
            *({name: None} for name in shown(action)),
        ]
        for other in others:
            seen = clear.model_copy(update=other)
            code = _code_of(lambda seen=seen, message=message: check_clear(seen, message))
            cases.append({"clear": as_json(seen), "content": message.written().decode(), "code": code})
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
        identity = b64decode(id_of(leaf))
        code = _code_of(lambda at=state, message=message, identity=identity: check_sender(at, message, identity))
        cases.append({"state": as_json(state), "message": as_json(message), "leaf": id_of(leaf), "code": code})
    return cases


def _code_of(check: Any) -> str | None:
    try:
        check()
    except SafeSpaceError as error:
        return error.code
    return None


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


def make(full: State) -> dict[str, Any]:
    return {
        "contents": _contents(full),
        "clears": _clears(full),
        "senders": _senders(full),
        "rosters": _rosters(full),
    }
