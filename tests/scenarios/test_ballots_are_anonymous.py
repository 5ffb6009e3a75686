"""Given all that the server has and sees, and all that facilitators can open, nobody's answer is found better than by
guessing. The same harness finds every one where the blinding is broken."""

import json
import random
import secrets
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_der_private_key

from evening import Evening, until
from quickened import QuickServer, quick_clock
from safespace.crypto.ballots import open_answer, open_key
from safespace.fields import b64decode
from safespace.sdk.ballots import Ballot
from wiretap import Wiretap, wiretap

NAMES = ("Wren", "Moss", "Jay", "Ivy", "Alder")
BALLOTS = 8


class Seen(NamedTuple):
    """A ballot as server and facilitators together know it: tokens and answers in the order in which they came."""

    key: RSAPrivateKey
    tokens: list[tuple[str, bytes, bytes]]
    """Whose, what was blinded, what was signed."""
    answers: list[tuple[bytes, bytes, str]]
    """Message, signature, and what it says."""


def linked(seen: Seen) -> dict[str, str]:
    """Whose answer each is, as well as can be told. By the blinding factor that would make the two one, if it is none;
    else by the order in which they came."""
    numbers = seen.key.private_numbers().public_numbers
    found: dict[str, str] = {}
    left = []
    for rank, (who, blinded, signed) in enumerate(seen.tokens):
        for _, signature, text in seen.answers:
            factor = int.from_bytes(signed, "big") * pow(int.from_bytes(signature, "big"), -1, numbers.n) % numbers.n
            represented = pow(int.from_bytes(signature, "big"), numbers.e, numbers.n)
            if factor == 1 or represented == int.from_bytes(blinded, "big"):
                found[who] = text
        if who not in found:
            left.append((rank, who))
    texts = [text for _, _, text in seen.answers if text not in found.values()]
    return found | {who: texts[min(place, len(texts) - 1)] for place, (_, who) in enumerate(left)}


class Watch:
    """The server's disk and its wire."""

    def __init__(self, server: QuickServer, tap: Wiretap) -> None:
        self._file = server.database_file
        self._tap = tap

    def tokens(self, ballot: str) -> tuple[bytes, list[tuple[str, bytes, bytes]]]:
        """The ballot's private key, and who took a token, in the order of the rows."""
        with sqlite3.connect(self._file) as db:
            (key,) = db.execute("SELECT private FROM ballots WHERE id = ?", (ballot,)).fetchone()
            rows = db.execute(
                "SELECT handle, blinded, signature FROM ballot_tokens JOIN accounts ON accounts.id = account "
                "WHERE ballot = ? ORDER BY ballot_tokens.rowid",
                (ballot,),
            )
            return key, [(handle.rpartition("-")[0], blinded, signature) for handle, blinded, signature in rows]

    def answers(self, path: str) -> list[dict[str, str]]:
        """Each came on a connection of its own, in this order; and with nothing that tells one from another."""
        found = []
        for stream in self._tap._sent:
            head, _, body = bytes(stream).partition(b"\r\n\r\n")
            if path.encode() in head:
                lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"host")]
                found.append((lines, json.loads(body)))
        assert len({tuple(lines) for lines, _ in found}) == 1, "one request's headers are another's"
        assert len({len(body["sealed"]) for _, body in found}) == 1
        return [body for _, body in found]


async def seen(evening: Evening, watch: Watch, ballot: Ballot) -> Seen:
    """One ballot from its opening to its end, in which everybody answers with their name."""
    for name, group in evening.groups.items():
        await until(lambda group=group: any(one.is_open for one in group.ballots()))  # type: ignore[misc]
        group.ballots()[-1].answer(name.lower())
    await until(lambda: all(group.ballots()[-1].fate == "ready" for group in evening.groups.values()))
    id = ballot.id.hex
    private, tokens = watch.tokens(id)
    await ballot.close()
    await until(lambda: all(group.ballots()[-1].fate == "sent" for group in evening.groups.values()))
    fern = evening.rooms["Fern"].place
    assert fern.state is not None
    asked = fern.state.prompts[ballot.id]
    [box] = [box.box for box in asked.readers if box.member == fern.me]
    about = fern.group.bytes
    key = open_key(b64decode(box), fern.policy_private, about, ballot.id.bytes)
    answers = []
    for body in watch.answers(f"/v1/ballots/{ballot.id}/answers"):
        message = b64decode(body["message"])
        text = open_answer(b64decode(body["sealed"]), key, about, ballot.id.bytes, message).text
        answers.append((message, b64decode(body["signature"]), text))
    loaded = load_der_private_key(private, None)
    assert isinstance(loaded, RSAPrivateKey)
    return Seen(loaded, tokens, answers)


@pytest.fixture
async def watched(tmp_path: Path) -> AsyncIterator[tuple[Evening, Watch]]:
    server = QuickServer(tmp_path / "data")
    server.start()
    async with wiretap(server.port) as tap:
        url = f"http://127.0.0.1:{tap.port}"
        async with Evening.of(url, tmp_path, *NAMES, clock=quick_clock) as evening:
            await evening.group.open_session(720)
            yield evening, Watch(server, tap)
    server.stop()


async def test_nobody_is_found_but_by_guessing(watched: tuple[Evening, Watch]) -> None:
    evening, watch = watched
    hits = 0
    for _ in range(BALLOTS):
        ballot = await evening.group.open_ballot("questions", "Who are you?", minutes=2)
        told = await seen(evening, watch, ballot)
        assert len(told.tokens) == len(told.answers) == len(NAMES) + 1
        hits += sum(who == text for who, text in linked(told).items())
    # Of a chance order one is right on average, with variance one: more than this many happens once in 10,000 times.
    assert hits <= chance(len(NAMES) + 1, BALLOTS), hits


def chance(people: int, ballots: int) -> int:
    """How many are right by guessing, all but once in 10,000 times."""
    draw, names = random.Random(1), list(range(people))

    def right() -> int:
        return sum(one == other for one, other in zip(names, draw.sample(names, people), strict=True))

    totals = sorted(sum(right() for _ in range(ballots)) for _ in range(20_000))
    return totals[-2]


async def test_without_blinding_everybody_is_found(
    watched: tuple[Evening, Watch], monkeypatch: pytest.MonkeyPatch
) -> None:
    evening, watch = watched
    monkeypatch.setattr(secrets, "randbelow", lambda _: 0)  # the blinding factor is 1
    ballot = await evening.group.open_ballot("questions", "Who are you?", minutes=2)
    told = await seen(evening, watch, ballot)
    assert linked(told) == {name.lower(): name.lower() for name in ("Fern", *NAMES)}
