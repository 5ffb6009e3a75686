"""Whoever has all of a server, and all that facilitators can open, and wants to know whose an anonymous answer is."""

import asyncio
import json
import random
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any, Literal, NamedTuple

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_private_key

from evening import Evening, until
from quickened import QuickServer
from safespace.crypto import blind_rsa
from safespace.crypto.ballots import open_answer, open_key
from safespace.fields import b64decode
from safespace.sdk.ballots import Ballot
from wiretap import Wiretap

Kind = Literal["Chromium", "Firefox", "program"]
"""What a device is, as its requests tell in what headers they have."""


class Token(NamedTuple):
    who: str
    kind: Kind
    private: bytes
    """The key that signed it: one for everybody, unless the server tags people."""
    blinded: bytes
    signed: bytes


class Given(NamedTuple):
    kind: Kind
    message: bytes
    signature: bytes
    text: str


class Seen(NamedTuple):
    """A ballot as server and facilitators together know it: tokens and answers in the order in which they came."""

    tokens: list[Token]
    answers: list[Given]


class Asked(NamedTuple):
    """One request as it was on the wire."""

    line: bytes
    headers: dict[bytes, bytes]
    body: bytes


def linked(seen: Seen) -> dict[str, str]:
    """Whose answer each is, as well as can be told: by the blinding factor that would make the two one, if it is none;
    by a key that signed for this person alone; else by the order in which they came, among devices of a kind."""
    found: dict[str, str] = {}
    for token in seen.tokens:
        one = [answer.text for answer in seen.answers if is_unblinded(token, answer)]
        signed = [answer.text for answer in seen.answers if is_signed(token, answer)]
        if len(one) == 1 or len(signed) == 1:
            found[token.who] = (one or signed)[0]
    for kind in {token.kind for token in seen.tokens}:
        left = [token.who for token in seen.tokens if token.kind == kind and token.who not in found]
        alike = [answer.text for answer in seen.answers if answer.kind == kind and answer.text not in found.values()]
        found |= dict(zip(left, alike, strict=False))
    return found


def is_unblinded(token: Token, answer: Given) -> bool:
    numbers = rsa(token.private).private_numbers().public_numbers
    signature = int.from_bytes(answer.signature, "big")
    unblinded = pow(signature, numbers.e, numbers.n) == int.from_bytes(token.blinded, "big")
    return unblinded or answer.signature == token.signed


def is_signed(token: Token, answer: Given) -> bool:
    return blind_rsa.verify(public_of(token.private), answer.message, answer.signature)


def modulus(private: bytes) -> int:
    return rsa(private).private_numbers().public_numbers.n


def rsa(private: bytes) -> RSAPrivateKey:
    key = load_der_private_key(private, None)
    assert isinstance(key, RSAPrivateKey)
    return key


def public_of(private: bytes) -> bytes:
    return rsa(private).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def kind_of(asked: Asked) -> Kind:
    if b"sec-ch-ua" in asked.headers:
        return "Chromium"
    return "Firefox" if b"sec-fetch-mode" in asked.headers else "program"


def chance(ballots: int, *kinds: int) -> int:
    """How many are right by guessing, among so many devices of each kind, all but once in 10,000 times."""
    draw = random.Random(1)

    def right(people: Sequence[int]) -> int:
        return sum(one == other for one, other in zip(people, draw.sample(people, len(people)), strict=True))

    totals = sorted(sum(right(range(kind)) for kind in kinds for _ in range(ballots)) for _ in range(20_000))
    return totals[-2]


class Watch:
    """The server's disk and its wire."""

    def __init__(self, server: QuickServer, tap: Wiretap) -> None:
        self.file = server.database_file
        self._tap = tap

    def tokens(self, ballot: Ballot) -> list[Token]:
        """Who took a token by now, in the order of the rows."""
        kinds = {
            b64decode(json.loads(asked.body)["blinded"]): kind_of(asked)
            for stream in self._streams(f"/ballots/{ballot.id}/token ")
            for asked in stream
            if b"/token " in asked.line
        }
        with sqlite3.connect(self.file) as db:
            rows = db.execute(
                "SELECT handle, private, blinded, signature FROM ballot_tokens JOIN accounts ON accounts.id = account "
                "JOIN ballots ON ballots.id = ballot WHERE ballot = ? ORDER BY ballot_tokens.rowid",
                (ballot.id.hex,),
            )
            return [
                Token(handle.rpartition("-")[0], kinds[blinded], private, blinded, signed)
                for handle, private, blinded, signed in rows
            ]

    def answers(self, ballot: Ballot) -> list[Asked]:
        """In this order; each on a connection that nobody is logged in on, and with nothing that tells one from
        another but what kind of device it is."""
        path = f"/v1/ballots/{ballot.id}/answers "
        found = []
        for stream in self._streams(path):
            assert not any({b"cookie", b"authorization"} & asked.headers.keys() for asked in stream)
            found += [asked for asked in stream if path.encode() in asked.line]
        alike = {kind_of(asked): asked.headers for asked in found}
        for asked in found:
            assert asked.headers == alike[kind_of(asked)], "one request's headers are another's"
        assert len({len(json.loads(asked.body)["sealed"]) for asked in found}) <= 1
        return found

    def _streams(self, path: str) -> Iterator[list[Asked]]:
        for sent in self._tap._sent:
            if path.encode() in sent:
                yield list(requests(bytes(sent)))


def requests(stream: bytes) -> Iterator[Asked]:
    """What a client asked on one connection (RFC 9112), up to a switch to another protocol."""
    while stream:
        head, _, stream = stream.partition(b"\r\n\r\n")
        line, *lines = head.split(b"\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (one.partition(b":") for one in lines)}
        size = int(headers.get(b"content-length", 0))
        yield Asked(line, headers, stream[:size])
        stream = b"" if b"upgrade" in headers else stream[size:]


async def seen(evening: Evening, watch: Watch, ballot: Ballot, people: int) -> Seen:
    """All of a ballot in which everybody has said something by their device: from the tokens to the end."""
    await until(lambda: len(watch.tokens(ballot)) == people)
    await until(lambda: all(group.ballots()[-1].fate == "ready" for group in evening.groups.values()))
    tokens = watch.tokens(ballot)
    await ballot.close()
    await counted(ballot)
    return Seen(tokens, [given(evening, ballot, asked) for asked in watch.answers(ballot)])


async def counted(ballot: Ballot) -> None:
    """Wait until all answers are in, or were too few."""
    while await ballot.progress() in ("open", "coming"):  # noqa: ASYNC110 - the server tells only who asks it
        await asyncio.sleep(0.2)


def given(evening: Evening, ballot: Ballot, asked: Asked) -> Given:
    """An answer, opened with Fern's key."""
    place = evening.rooms["Fern"].place
    assert place.state is not None
    [box] = [box.box for box in place.state.prompts[ballot.id].readers if box.member == place.me]
    about = place.group.bytes, ballot.id.bytes
    body: dict[str, Any] = json.loads(asked.body)
    message, signature = b64decode(body["message"]), b64decode(body["signature"])
    key = open_key(b64decode(box), place.policy_private, *about)
    text = open_answer(b64decode(body["sealed"]), key, *about, message).text
    return Given(kind_of(asked), message, signature, text)


def tagged(seen: Seen, ballot: Ballot) -> Seen:
    """The same ballot, had the server been able to give each person a key of their own."""
    tokens, answers = [], []
    said = {answer.text: answer for answer in seen.answers}
    for token in seen.tokens:
        private, public = blind_rsa.generate()
        message = blind_rsa.prepare(ballot.id.bytes)
        blinded, inverse = blind_rsa.blind(public, message)
        signed = blind_rsa.sign_blinded(private, blinded)
        tokens.append(token._replace(private=private, blinded=blinded, signed=signed))
        signature = blind_rsa.finalize(public, message, signed, inverse)
        answers.append(said[token.who]._replace(message=message, signature=signature))
    return Seen(tokens, random.Random(1).sample(answers, len(answers)))
