"""Frames and damaged frames, with what `safespace.wire` says of them."""

import json
from collections.abc import Callable
from typing import Any

from safespace.errors import SafeSpaceError
from safespace.wire import parse_client_frame, parse_server_frame
from vectors.edits import apply, edits_of
from vectors.fixed import b64, uuid

ROOM, CLIENT_ID = uuid("room"), uuid("client id")
LEAF, DIGEST, BODY, REPLY = b64("leaf", 16), b64("digest", 32), b64("body", 40), b64("reply", 64)
SEALED = {"epoch": 3, "body": BODY, "commitment": DIGEST}
SHOWN = {
    "target": LEAF,
    "role": "guest",
    "request": uuid("request"),
    "replaces": LEAF,
    "listening": False,
    "ban": True,
    "length": 300,
    "on": True,
    "line": 4,
    "days": 30,
    "plan": uuid("plan"),
    "starts": [1_800_000_000_000, 1_800_000_000_001],
    "minutes": 90,
    "clock": True,
    "seconds": 120,
    "grace": 30,
    "mode": "hands",
    "order": [LEAF],
    "turn": 3,
    "later": False,
    "absent": False,
    "ballot": uuid("ballot"),
    "asks": "questions",
    "token_key": b64("token key", 294),
    "into": uuid("capsule"),
    "old": uuid("room"),
    "rooms": {uuid("one"): [LEAF], uuid("two"): []},
    "session": True,
    "until": 1_800_000_300_000,
}

CLIENT: dict[str, dict[str, Any]] = {
    "enter": {"t": "enter", "room": ROOM, "after": 0},
    "send": {"t": "send", "room": ROOM, "client_id": CLIENT_ID, "kind": "message", **SEALED},
    "epoch": {"t": "epoch", "room": ROOM, "seq": 7, "ok": False},
    "folded": {"t": "folded", "room": ROOM, "seqs": [7, 9], "ok": False},
    "ping": {"t": "ping"},
    "act": {
        "t": "act",
        "room": ROOM,
        "client_id": CLIENT_ID,
        "policy": {
            "action": "admit",
            "policy_seq": 4,
            "main": 2,
            **SHOWN,
            **SEALED,
        },
        "commit": {"epoch": 3, "body": BODY, "welcome": BODY, "reply": REPLY},
        "state": SEALED,
    },
}

SERVER: dict[str, dict[str, Any]] = {
    "envelope": {
        "t": "envelope",
        "room": ROOM,
        "seq": 5,
        "time": 1_800_000_000_000,
        "kind": "policy",
        "leaf": LEAF,
        "epoch": 3,
        "client_id": CLIENT_ID,
        "body": BODY,
        "commitment": DIGEST,
        "stamp": b64("stamp", 33),
        "policy": {
            "action": "admit",
            "policy_seq": 4,
            "main": 2,
            **SHOWN,
            "role": "member",
        },
    },
    "caught_up": {"t": "caught_up", "room": ROOM, "head": 9, "epoch": 3, "policy_seq": 4},
    "gap": {"t": "gap", "room": ROOM, "after": 3, "until": 8},
    "sent": {"t": "sent", "room": ROOM, "client_id": CLIENT_ID, "seq": 5, "time": 1_700_000_000_000},
    "refused": {
        "t": "refused",
        "room": ROOM,
        "client_id": CLIENT_ID,
        "code": "throttled",
        "detail": "Too many tries.",
        "retry_after": 3,
        "policy_seq": 4,
    },
    "here": {"t": "here", "room": ROOM, "members": [LEAF]},
    "rekey": {"t": "rekey", "room": ROOM, "leaves": [LEAF]},
    "waiting": {"t": "waiting", "group": ROOM, "count": 2},
    "report": {"t": "report", "group": ROOM, "open": 2},
    "request": {"t": "request", "id": ROOM, "status": "admitted"},
    "gone": {"t": "gone", "room": ROOM, "code": "moved"},
    "confirmed": {"t": "confirmed", "room": ROOM, "seq": 7},
    "doubted": {"t": "doubted", "room": ROOM, "seq": 7, "undone": True},
    "welcome": {"t": "welcome", "group": uuid("group"), "room": ROOM},
    "bring": {"t": "bring", "room": ROOM, "members": [LEAF]},
    "pong": {"t": "pong"},
}

TEXTS = [
    "",
    "nope",
    "{",
    "null",
    "3",
    '"here"',
    "[]",
    "{}",
    '{"t":"nothing"}',
    '{"t":"constructor"}',
    '{"t":"__proto__"}',
    json.dumps(SERVER["waiting"]).replace(ROOM, ROOM.upper()),
    json.dumps(SERVER["waiting"]).replace(ROOM, ROOM.replace("-", "")),
    json.dumps(SERVER["waiting"]).replace(ROOM, f"urn:uuid:{ROOM}"),
    json.dumps(SERVER["here"]).replace(LEAF, LEAF[:-1] + "_"),
    json.dumps(SERVER["here"]).replace(LEAF, LEAF + "=="),
    json.dumps(SERVER["here"]).replace(LEAF, "+" + LEAF[1:]),
    json.dumps(SERVER["here"]).replace(LEAF, LEAF[:-2]),
    json.dumps(SERVER["here"]).replace(LEAF, LEAF + "AA"),
    '{"t":"refused","code":"internal","detail":"\\ud83c\\udf3f"}',
    '{"t":"waiting","t":"waiting","group":"' + ROOM + '","count":"2"}',
]

TIMES = ["0", "1", "-1", "-1e300", "1800000000000.9", "4102444800000", "4102444800001", "9e15", "1e17", "1e400", "-0.5"]
"""What a server may have written where a line says when it came."""


def make() -> dict[str, Any]:
    return {
        "client": _make(CLIENT, lambda text: parse_client_frame(text.encode())),
        "server": _make(SERVER, parse_server_frame, TEXTS),
        "times": [{"written": written, "read": _read_at(written)} for written in TIMES],
    }


def _read_at(written: str) -> int:
    text = json.dumps(SERVER["sent"]).replace(str(SERVER["sent"]["time"]), written)
    return int(parse_server_frame(text).time)


def _make(
    frames: dict[str, dict[str, Any]], parse: Callable[[str], object], texts: list[str] | None = None
) -> dict[str, Any]:
    return {
        "frames": frames,
        "edits": [
            {"frame": name, **edit, "code": verdict(parse, json.dumps(apply(frame, edit)))}
            for name, frame in frames.items()
            for edit in edits_of(frame)
        ],
        "texts": [{"text": text, "code": verdict(parse, text)} for text in texts or []],
    }


def verdict(parse: Callable[[str], object], text: str) -> str | None:
    """The code with which `parse` refuses, None if it does not."""
    try:
        parse(text)
    except SafeSpaceError as error:
        return error.code
    return None
