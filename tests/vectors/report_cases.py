"""Reports, entries and answers as both sides must write, read, seal and judge them."""

from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from nacl.signing import SigningKey

from safespace.crypto import franking, reports
from safespace.crypto.encoding import canonical_json
from safespace.crypto.endorsements import endorsement_bytes
from safespace.crypto.errors import CryptoError
from safespace.fields import b64encode
from safespace.rooms.reports import recipients
from safespace.rooms.state import PolicyError
from vectors import reader_cases, rfc9180
from vectors.edits import apply, edits_of
from vectors.fixed import b64, fixed, uuid

GROUP, ROOM, REPORT, ENTRY = uuid("group"), uuid("room"), uuid("report"), uuid("entry")
ALDER, SPARROW, JUNIPER = b64("alder", 16), b64("sparrow", 16), b64("juniper", 16)
TO = sorted([b64("fern", 16), b64("moss", 16)])


def without(value: dict[str, Any], field: str) -> dict[str, Any]:
    return {name: kept for name, kept in value.items() if name != field}


def line(who: str, seq: int, text: str, endorsed: dict[str, Any] | None = None) -> dict[str, Any]:
    content = canonical_json({"kind": "text", "note": None, "text": text})
    kf, leaf, room = fixed(f"kf{seq}", 32), fixed(who, 16), UUID(ROOM).bytes
    commitment = franking.commitment(kf, content, room, leaf, 7)
    return {
        "content": b64encode(content),
        "kf": b64encode(kf),
        "leaf": b64encode(leaf),
        "epoch": 7,
        "seq": seq,
        "time": 1_800_000_000_000 + seq,
        "commitment": b64encode(commitment),
        "stamp": b64encode(franking.stamp(fixed("k", 32), 3, commitment, room, leaf, 7, seq, 1_800_000_000_000 + seq)),
        "endorsed": endorsed,
    }


def main_key(who: str) -> SigningKey:
    return SigningKey(fixed(f"{who} main", 32))


def endorsement(
    who: str, *, group: str = GROUP, leaf: str | None = None, key: str | None = None, by: str | None = None
) -> dict[str, Any]:
    """What `who` says of the leaf of that name, or of another; signed by `by`, of a key by that name."""
    public = SigningKey(fixed(f"{key or who} leaf", 32)).verify_key.encode()
    said = endorsement_bytes(UUID(group).bytes, fixed(leaf or who, 16), public)
    return {
        "member": b64(who, 16),
        "key": b64encode(public),
        "endorsement": b64encode(main_key(by or who).sign(said).signature),
    }


def aside(seq: int, endorsed: dict[str, Any] | None) -> dict[str, Any]:
    return line("sparrow", seq, "Only between us.", endorsed)


ENDORSED = aside(10, endorsement("sparrow"))


def _unendorsed() -> dict[str, dict[str, Any]]:
    """Lines with Sparrow's leaf that Sparrow did not endorse, all of which a member could make."""
    good = endorsement("sparrow")
    return {
        "nobody's word": aside(10, None),
        "another's word, for the same leaf": aside(10, {**endorsement("alder", leaf="sparrow"), "member": SPARROW}),
        "a word for another leaf of theirs": aside(10, endorsement("sparrow", leaf="sparrow before")),
        "a word for another key": aside(10, {**good, "key": endorsement("sparrow", key="alder")["key"]}),
        "a word in another group": aside(10, endorsement("sparrow", group=ROOM)),
        "a word by another key of main": aside(10, endorsement("sparrow", by="sparrow before")),
        "another member's leaf": {**ENDORSED, "leaf": JUNIPER},
        "no signature": aside(10, {**good, "endorsement": b64encode(bytes(64))}),
        "a key that is none": aside(10, {**good, "key": b64encode(bytes(32))}),
    }


MESSAGE: dict[str, Any] = {
    "v": 1,
    "kind": "message",
    "id": REPORT,
    "group": GROUP,
    "room": ROOM,
    "accused": SPARROW,
    "note": "This could make someone stop their medicine. שלום",
    "to": TO,
    "line": 11,
    "lines": [
        line("juniper", 10, "Has anyone else had dizzy mornings?"),
        line("sparrow", 11, "You should all try it. 🌿"),
        line("alder", 13, "Sparrow, could we check that one first?"),
    ],
}
ENTRY_CONTENT: dict[str, Any] = {
    "v": 1,
    "id": ENTRY,
    "report": REPORT,
    "kind": "assign",
    "member": TO[0],
    "text": "",
}
ANSWER: dict[str, Any] = {"v": 1, "report": REPORT, "text": "Thank you. We talked with them."}

HANDOVER: dict[str, Any] = {
    "v": 1,
    "id": ENTRY,
    "seq": 7,
    "expires": 1_800_000_000_000,
    "text": "Wren may need a word on Tuesday. 🌿",
}

GOOD: dict[str, dict[str, Any]] = {
    "a message": MESSAGE,
    "a check": {**MESSAGE, "kind": "check", "note": ""},
    "a message of an aside": {**MESSAGE, "line": 10, "lines": [ENDORSED]},
    "a person": {**MESSAGE, "kind": "person", "line": None, "lines": []},
    "a situation with lines": {**MESSAGE, "kind": "situation", "accused": None, "line": None},
    "the longest note": {**MESSAGE, "note": "🌿" * 1000},
}


def _bad() -> dict[str, bytes]:
    written = canonical_json(MESSAGE)
    first, second, third = MESSAGE["lines"]
    twenty_one = [{**first, "seq": seq} for seq in range(1, 22)]
    changed = {
        "a kind there is not": {**MESSAGE, "kind": "praise"},
        "a field more": {**MESSAGE, "more": 1},
        "a field less": without(MESSAGE, "room"),
        "no version": without(MESSAGE, "v"),
        "another version": {**MESSAGE, "v": 2},
        "lines out of order": {**MESSAGE, "lines": [second, first, third]},
        "a line twice": {**MESSAGE, "lines": [first, first, second]},
        "21 lines": {**MESSAGE, "lines": twenty_one},
        "a line that is meant and not there": {**MESSAGE, "line": 12},
        "a message without a line": {**MESSAGE, "line": None},
        "a check without a line": {**MESSAGE, "kind": "check", "line": None},
        "a person with a line": {**MESSAGE, "kind": "person"},
        "a person without words": {**GOOD["a person"], "note": ""},
        "a person who is nobody": {**GOOD["a person"], "accused": None},
        "a situation about somebody": {**GOOD["a situation with lines"], "accused": SPARROW},
        "a note that is too long": {**MESSAGE, "note": "🌿" * 1001},
        "the accused among the recipients": {**MESSAGE, "accused": TO[0]},
        "no recipient": {**MESSAGE, "to": []},
        "recipients out of order": {**MESSAGE, "to": TO[::-1]},
        "65 recipients": {**MESSAGE, "to": sorted(b64(str(number), 16) for number in range(65))},
        "a stamp that is too short": {**MESSAGE, "line": 10, "lines": [{**first, "stamp": b64("s", 32)}]},
        "a line without its kf": {**MESSAGE, "line": 10, "lines": [without(first, "kf")]},
        "a line that says nothing of whose leaf it is": {**MESSAGE, "line": 10, "lines": [without(first, "endorsed")]},
        "a leaf without its key": {**MESSAGE, "line": 10, "lines": [aside(10, without(endorsement("sparrow"), "key"))]},
        "a leaf that is nobody's": {
            **MESSAGE,
            "line": 10,
            "lines": [aside(10, endorsement("sparrow") | {"member": ""})],
        },
        "a seq of 0": {**MESSAGE, "line": 0, "lines": [{**first, "seq": 0}]},
        "an upper case id": {**MESSAGE, "room": ROOM.upper()},
    }
    return {name: canonical_json(content) for name, content in changed.items()} | {
        "not JSON": b"nope",
        "not UTF-8": b"\xff",
        "white space": written.replace(b'"v":1', b'"v": 1'),
        "true for 1": written.replace(b'"v":1', b'"v":true'),
        "a field twice": written[:-1] + b',"v":1}',
    }


def _edits() -> list[dict[str, Any]]:
    """Damages of one report, and whether it is still one."""
    short = GOOD["a message of an aside"]
    return [{**edit, "good": _is_good(canonical_json(apply(short, edit)))} for edit in edits_of(short)]


def _is_good(written: bytes) -> bool:
    try:
        reports.read(reports.ReportContent, written)
    except CryptoError:
        return False
    return True


def _misfits() -> dict[str, dict[str, Any]]:
    fit = line("sparrow", 11, "You should all try it. 🌿")
    other = line("alder", 13, "Sparrow, could we check that one first?")
    return {
        "another content": {**fit, "content": other["content"]},
        "another kf": {**fit, "kf": other["kf"]},
        "another leaf": {**fit, "leaf": other["leaf"]},
        "another epoch": {**fit, "epoch": 8},
        "another commitment": {**fit, "commitment": other["commitment"]},
    }


def _about(use: reports.Use, id: str) -> reports.About:
    return reports.About(use, UUID(GROUP), UUID(id))


def _said(about: reports.About, content: dict[str, Any], key: SigningKey) -> bytes:
    return reports.say(about, canonical_json(content), fixed("alder", 16), lambda data: bytes(key.sign(data).signature))


def _recipients() -> list[dict[str, Any]]:
    full = {"ada": "owner", "bo": "owner", "cy": "facilitator", "di": "moderator", "eli": "member", "fay": "guest"}
    alone = {"ada": "owner", "eli": "member", "fay": "guest"}
    few = {"ada": "owner", "cy": "facilitator", "di": "moderator", "eli": "member"}
    cases = []
    for roles in (full, few, alone):
        for kind in ("message", "check", "situation"):
            for accused in [*roles, "gone"] if kind != "situation" else [None]:
                for reporter in ("ada", "di", "eli"):
                    if reporter not in roles or reporter == accused:
                        continue
                    given: dict[str, Any] = {"roles": roles, "kind": kind, "accused": accused, "reporter": reporter}
                    try:
                        to = recipients(roles, kind, accused, reporter)  # type: ignore[arg-type]
                    except PolicyError as error:
                        cases.append({**given, "refused": error.code})
                    else:
                        cases.append({**given, "to": to})
    return cases


def _handover(leaf: SigningKey, public: bytes) -> dict[str, Any]:
    about = _about("safespace handover", ENTRY)
    key, nonce = fixed("handover key", 32), fixed("handover nonce", 12)
    bad = {
        "no words": {**HANDOVER, "text": ""},
        "too long": {**HANDOVER, "text": "🌿" * 2001},
        "a field less": without(HANDOVER, "seq"),
        "another version": {**HANDOVER, "v": 2},
    }
    return {
        "content": HANDOVER,
        "sealed": b64encode(nonce + AESGCM(key).encrypt(nonce, _said(about, HANDOVER, leaf), about.bind())),
        "box": b64encode(rfc9180.seal(fixed("e5", 32), public, about.bind(), key)),
        "bad": [{"name": name, "written": b64encode(canonical_json(content))} for name, content in bad.items()],
    }


def make() -> dict[str, Any]:
    leaf, private = SigningKey(fixed("leaf", 32)), fixed("policy private", 32)
    public = X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()
    about, answer = _about("safespace report", REPORT), _about("safespace report answer", REPORT)
    said, key, nonce = _said(about, MESSAGE, leaf), fixed("report key", 32), fixed("report nonce", 12)
    told = _said(answer, ANSWER, leaf)
    return {
        "group": GROUP,
        "room": ROOM,
        "id": REPORT,
        "leaf": ALDER,
        "leaf_key": b64encode(leaf.verify_key.encode()),
        "seed": b64encode(fixed("leaf", 32)),
        "private": b64encode(private),
        "public": b64encode(public),
        "good": [
            {"name": name, "report": content, "written": b64encode(canonical_json(content))}
            for name, content in GOOD.items()
        ],
        "bad": [{"name": name, "written": b64encode(written)} for name, written in _bad().items()],
        "edits": _edits(),
        "fits": MESSAGE["lines"],
        "main_key": b64encode(main_key("sparrow").verify_key.encode()),
        "endorsed": ENDORSED,
        "unendorsed": [{"name": name, "line": changed} for name, changed in _unendorsed().items()],
        "misfits": [{"name": name, "line": changed} for name, changed in _misfits().items()],
        "said": b64encode(said),
        "sealed": b64encode(nonce + AESGCM(key).encrypt(nonce, said, about.bind())),
        "box": b64encode(rfc9180.seal(fixed("e3", 32), public, about.bind(), key)),
        "entry": {
            "content": ENTRY_CONTENT,
            "said": b64encode(_said(_about("safespace report entry", ENTRY), ENTRY_CONTENT, leaf)),
        },
        "bad_entries": [
            {"name": name, "written": b64encode(canonical_json(content))}
            for name, content in {
                "a note without words": {**ENTRY_CONTENT, "kind": "note", "member": None},
                "a note for somebody": {**ENTRY_CONTENT, "kind": "note", "text": "x"},
                "a kind there is not": {**ENTRY_CONTENT, "kind": "delete"},
                "a field less": without(ENTRY_CONTENT, "member"),
            }.items()
        ],
        "answer": {
            "content": ANSWER,
            "box": b64encode(rfc9180.seal(fixed("e4", 32), public, answer.bind(), told)),
        },
        "handover": _handover(leaf, public),
        "recipients": _recipients(),
        "later": reader_cases.make(),
    }
