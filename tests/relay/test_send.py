"""Messages: what is accepted, what is refused, and that a refusal leaves no trace."""

import resource
import sqlite3
from typing import Any
from uuid import UUID

import pytest
from uuid6 import uuid7

from gathering import Evening, Frame, Gathering, Line, Person, act, junk, stored
from safespace.crypto.franking import verify_stamp
from safespace.fields import b64decode, b64encode
from safespace.sdk.group_crypto import GroupCrypto, LeafKey
from serving import ServerProcess

COPIED = ("room", "client_id", "kind", "epoch", "body", "commitment")


async def test_everyone_gets_the_same_envelope_and_the_sender_too(standing_server: ServerProcess) -> None:
    gathering = await Gathering.begin(standing_server.url)
    ben, cleo = await gathering.admit("ben"), await gathering.admit("cleo")
    room = gathering.room
    async with gathering.ada.entered(room) as a, ben.entered(room) as b, cleo.entered(room) as c:
        frame = ben.message(room)
        await b.say(frame)
        envelopes = [await line.until("envelope", client_id=frame["client_id"]) for line in (a, b, c)]
    assert envelopes[0] == envelopes[1] == envelopes[2]
    assert {name: envelopes[0][name] for name in COPIED} == {name: frame[name] for name in COPIED}
    assert envelopes[0]["leaf"] == ben.member
    assert envelopes[0]["seq"] == cleo.seen + 1


async def test_the_stamp_is_the_servers_for_exactly_this(standing_server: ServerProcess) -> None:
    gathering = await Gathering.begin(standing_server.url)
    async with gathering.ada.entered(gathering.room) as line:
        frame = gathering.ada.message(gathering.room)
        await line.say(frame)
        got = await line.until("envelope", client_id=frame["client_id"])
    with sqlite3.connect(standing_server.database_file) as database:
        keys = {name: [key] for name, key in database.execute("SELECT id, key FROM stamp_keys")}
    context = (UUID(gathering.room).bytes, b64decode(got["leaf"]), got["epoch"], got["seq"], got["time"])
    assert verify_stamp(keys, b64decode(got["stamp"]), b64decode(got["commitment"]), *context)
    assert not verify_stamp(keys, b64decode(got["stamp"]), b64decode(got["commitment"]), *context[:-1], got["time"] + 1)


async def test_a_repeated_client_id_gets_its_first_seq_even_sealed_again(standing_server: ServerProcess) -> None:
    gathering = await Gathering.begin(standing_server.url)
    ada, room = gathering.ada, gathering.room
    frame = ada.message(room)
    async with ada.entered(room) as line:
        await line.say(frame)
        first = await line.until("envelope", client_id=frame["client_id"])
    ben = await gathering.admit("ben")
    before = stored(standing_server)
    async with ada.entered(room) as line:
        for again in (frame, ada.message(room, client_id=frame["client_id"])):
            await line.say(again)
            sent = await line.until("sent")
            assert sent == {
                "t": "sent",
                "room": room,
                "client_id": frame["client_id"],
                "seq": first["seq"],
                "time": first["time"],
            }
        assert await line.refusal(frame | {"kind": "reaction"}) == "client_id_reused"
    async with ben.entered(room) as line:
        assert await line.refusal(ben.message(room, client_id=frame["client_id"])) == "client_id_reused"
    assert stored(standing_server) == before


def _of_another_group(person: Person, evening: Evening) -> Frame:
    other = GroupCrypto.create(LeafKey.fresh(), uuid7().bytes)
    body, commitment = person.sealed(evening.room, 0, other)
    return {"body": body, "commitment": commitment}


def _a_commit(person: Person, _: Evening) -> Frame:
    return {"body": b64encode(person.mls.update().body)}


def _of_next_epoch(person: Person, evening: Evening) -> Frame:
    after = person.mls.update().after
    body, commitment = person.sealed(evening.room, person.epoch + 1, after)
    return {"body": body, "commitment": commitment}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        (lambda ben, _: {"epoch": ben.epoch - 1}, "stale_epoch"),
        (lambda ben, _: {"epoch": ben.epoch + 1}, "wrong_epoch"),
        (lambda *_: {"body": junk(300)}, "mls_malformed"),
        (lambda *_: {"body": ""}, "mls_malformed"),
        (_a_commit, "kind_mismatch"),
        (_of_another_group, "wrong_group"),
        (_of_next_epoch, "wrong_epoch"),
        (lambda *_: {"room": str(uuid7())}, "not_entered"),
    ],
)
async def test_a_refused_message_leaves_no_trace(
    evening: Evening, standing_server: ServerProcess, changes: Any, code: str
) -> None:
    ben = evening.ben
    before = stored(standing_server)
    async with ben.entered(evening.room, ben.seen) as line:
        frame = ben.message(evening.room)
        assert await line.refusal(frame | changes(ben, evening)) == code
    assert stored(standing_server) == before


async def test_strangers_cannot_enter_and_cannot_tell_whether_the_room_exists(evening: Evening) -> None:
    stranger = await Person.arrive(evening.url, "stranger")
    waiting, _, _ = await evening.wait("wren")
    async with stranger.line() as line, waiting.line() as other:
        answers = []
        for room in (evening.room, str(uuid7())):
            await line.say({"t": "enter", "room": room, "after": 0})
            refused = await line.until("refused")
            answers.append({name: value for name, value in refused.items() if name != "room"})
        assert answers[0] == answers[1]
        assert answers[0]["code"] == "unknown_room"
        assert await other.refusal({"t": "enter", "room": evening.room, "after": 0}) == "not_a_member"


async def answers(line: Line, count: int) -> list[Frame]:
    """The next envelopes, `sent` and `refused` frames."""
    heard: list[Frame] = []
    while len(heard) < count:
        frame = await line.get()
        heard += [frame] if frame["t"] in ("envelope", "sent", "refused") else []
    return heard


async def test_a_message_sent_twice_in_one_breath_is_stored_once(standing_server: ServerProcess) -> None:
    gathering = await Gathering.begin(standing_server.url)
    room, frame = gathering.room, gathering.ada.message(gathering.room)
    others = [gathering.ada.message(room) for _ in range(50)]
    async with gathering.ada.entered(room) as line:
        for said in (frame, frame, *others, frame):
            await line.say(said)
        first, *rest = await answers(line, 53)
        repeats = [(sent["client_id"], sent["seq"]) for sent in rest if sent["t"] == "sent"]
        assert repeats == [(first["client_id"], first["seq"])] * 2 == [(frame["client_id"], first["seq"])] * 2
    async with gathering.ada.entered(room) as line:
        assert [heard["seq"] for heard in line.heard if heard["t"] == "envelope"] == list(range(1, 53))


async def test_what_is_said_in_one_breath_is_handled_in_its_order(standing_server: ServerProcess) -> None:
    gathering = await Gathering.begin(standing_server.url)
    ada, room = gathering.ada, gathering.room
    frames = [ada.message(room) for _ in range(200)]
    async with ada.line() as line:
        await line.say(frames[0])
        await line.say({"t": "enter", "room": room, "after": 1})
        for frame in frames[1:100]:
            await line.say(frame)
        await line.say(act(room, commit=ada.commit(ada.mls.update())))
        for frame in frames[100:]:
            await line.say(frame)
        heard = await answers(line, 1 + 99 + 1 + 100)
    assert [frame.get("code") for frame in heard if frame["t"] == "refused"] == ["not_entered"] + ["stale_epoch"] * 100
    stored = [frame for frame in heard if frame["t"] == "envelope"]
    assert [frame["client_id"] for frame in stored[:99]] == [frame["client_id"] for frame in frames[1:100]]
    assert [frame["kind"] for frame in stored[99:]] == ["handshake"]


async def test_a_disk_that_takes_no_more_loses_nothing_that_was_acknowledged(server: ServerProcess) -> None:
    gathering = await Gathering.begin(server.url)
    ada, room = gathering.ada, gathering.room
    frames = [ada.message(room, "x" * 5000) for _ in range(60)]
    limit = resource.prlimit(server.pid, resource.RLIMIT_FSIZE)
    async with ada.entered(room) as line:
        full = server.database_file.with_name("safespace.db-wal").stat().st_size + 100_000
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (full, limit[1]))
        acknowledged, refused = [], []
        for frame in frames:
            await line.say(frame)
            [heard] = await answers(line, 1)
            if heard["t"] == "envelope":
                acknowledged.append(heard["client_id"])
            else:
                refused.append(heard["code"])
        assert acknowledged
        assert refused
        assert set(refused) <= {"unavailable", "storage_full"}
        assert [row[6] for row in stored(server)["envelopes"] if row[3] == "message"] == [
            UUID(client_id).hex for client_id in acknowledged
        ]
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, limit)
        for frame in frames:
            await line.say(frame)
            [heard] = await answers(line, 1)
            assert heard["t"] == ("sent" if frame["client_id"] in acknowledged else "envelope")
    async with ada.entered(room) as line:
        assert [heard["seq"] for heard in line.heard if heard["t"] == "envelope"] == list(range(1, 62))
