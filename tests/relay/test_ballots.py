"""Ballots at the relay: one token for each member, one answer for each token, and all of it at its time."""

import httpx
from uuid6 import uuid7

from gathering import Evening, Person, junk
from safespace.crypto import blind_rsa
from safespace.crypto.ballots import SEALED
from safespace.fields import b64decode, b64encode
from serving import ServerProcess


class Voter:
    """Someone's token for a ballot."""

    def __init__(self, person: Person, path: str, ballot: str, key: bytes) -> None:
        self._person, self._path, self._key = person, path, key
        self.message = blind_rsa.prepare(bytes.fromhex(ballot.replace("-", "")))
        self.blinded, self._inverse = blind_rsa.blind(key, self.message)
        self.signature = b""

    async def take(self) -> None:
        given = await self._person.ask("POST", f"{self._path}/token", {"blinded": b64encode(self.blinded)})
        signed = b64decode(given["signature"])
        self.signature = blind_rsa.finalize(self._key, self.message, signed, self._inverse)

    def answer(self, sealed: str) -> dict[str, str]:
        return {"message": b64encode(self.message), "signature": b64encode(self.signature), "sealed": sealed}


async def test_tokens_and_answers(standing_server: ServerProcess) -> None:
    e = await Evening.begin(standing_server.url)
    await e.gather()
    ivy, jay = await e.admit("ivy"), await e.admit("jay")
    ballots = f"/groups/{e.group}/ballots"
    made = await e.fae.ask("POST", ballots)
    ballot, key, path = made["id"], b64decode(made["token_key"]), f"{ballots}/{made['id']}"
    opening = {"ballot": ballot, "asks": "questions", "minutes": 5, "token_key": made["token_key"]}
    await e.do(e.fae, "open_session", minutes=60)

    # Only the key that the server made for it, in its own group, opens a ballot.
    assert await e.refused(e.fae, "open_ballot", **opening | {"token_key": junk(294)}) == "ballot_unknown"
    assert await e.refused(e.fae, "open_ballot", **opening | {"ballot": str(uuid7())}) == "ballot_unknown"
    voter = Voter(e.ben, path, ballot, key)
    blinded = {"blinded": b64encode(voter.blinded)}
    assert await e.ben.code("POST", f"{path}/token", blinded) == "ballot_unknown"
    await e.do(e.fae, "open_ballot", **opening)
    assert await e.refused(e.ada, "open_ballot", **opening) == "ballot_open"

    # One token for each, the same again for the same; none for who came later.
    await voter.take()
    await voter.take()
    other = Voter(e.ben, path, ballot, key)
    assert await e.ben.code("POST", f"{path}/token", {"blinded": b64encode(other.blinded)}) == "token_given"
    assert await ivy.code("POST", f"{path}/token", {"blinded": b64encode(b"\xff" * 256)}) == "invalid_field"
    late = await e.admit("late")
    assert await late.code("POST", f"{path}/token", {"blinded": b64encode(other.blinded)}) == "ballot_unknown"
    jays = Voter(jay, path, ballot, key)
    await jays.take()

    async with httpx.AsyncClient(base_url=e.url, trust_env=False) as nobody:

        async def code(answer: dict[str, str], headers: dict[str, str] | None = None, to: str = ballot) -> str | None:
            got = await nobody.post(f"/v1/ballots/{to}/answers", json=answer, headers=headers)
            return None if got.status_code == 204 else str(got.json()["code"])

        sealed = junk(SEALED)
        answer = voter.answer(sealed)
        assert await code(answer) == "ballot_not_over"
        await e.do(e.ada, "close_ballot", ballot=ballot)
        assert await e.refused(e.ada, "close_ballot", ballot=ballot) == "ballot_over"
        assert await ivy.code("POST", f"{path}/token", {"blinded": b64encode(other.blinded)}) == "ballot_over"
        assert await code(answer, {"Authorization": "Bearer x"}) == "not_anonymous"
        assert await code(answer, {"Cookie": "__Host-safespace=x"}) == "not_anonymous"
        assert await code(answer | {"signature": junk(256)}) == "token_invalid"
        assert await code(answer | {"message": b64encode(jays.message)}) == "token_invalid"
        assert await code(answer, to=str(uuid7())) == "ballot_unknown"
        assert await code(answer | {"sealed": junk(SEALED - 1)}) == "invalid_field"
        assert await code(answer) is None
        assert await code(answer) is None
        assert await code(voter.answer(junk(SEALED))) == "token_used"
        assert await code(jays.answer(sealed)) is None
    assert (await e.ben.ask("GET", path))["status"] == "coming"
    assert await e.fae.code("GET", f"{path}/answers") == "ballot_not_over"
    assert await e.ben.code("GET", f"{path}/answers") == "forbidden"


async def test_four_members_are_not_asked(standing_server: ServerProcess) -> None:
    e = await Evening.begin(standing_server.url)
    await e.gather()
    await e.do(e.fae, "open_session", minutes=60)
    made = await e.fae.ask("POST", f"/groups/{e.group}/ballots")
    opening = {"ballot": made["id"], "asks": "questions", "minutes": 5, "token_key": made["token_key"]}
    assert await e.refused(e.fae, "open_ballot", **opening) == "too_few"
