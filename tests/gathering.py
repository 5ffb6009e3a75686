"""People for tests of the relay: each a login, a socket and a real MLS group, with no SDK between test and server."""

import asyncio
import contextlib
import json
import secrets
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self
from uuid import UUID

import httpx
from uuid6 import uuid7
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from safespace.crypto.franking import seal_content
from safespace.fields import b64decode, b64encode
from safespace.sdk.group_crypto import Commit, GroupCrypto, LeafKey, Newcomer
from serving import ServerProcess

PATIENCE = 60.0
"""Seconds to wait for a frame before a test fails."""
HOUR = 3_600_000

Frame = dict[str, Any]


def now() -> int:
    """Milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def junk(size: int = 32) -> str:
    """What the relay cannot look into."""
    return b64encode(secrets.token_bytes(size))


class Line:
    """One open socket."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.follows = True
        """Whether it says of every change of keys that it could be applied, as devices do."""
        self.heard: list[Frame] = []
        """Every frame received by `until` and `get`, in order."""

    async def say(self, frame: Frame) -> None:
        await self.socket.send(json.dumps(frame))

    async def get(self) -> Frame:
        """The next frame; raises ConnectionClosed at the end."""
        async with asyncio.timeout(PATIENCE):
            frame: Frame = json.loads(await self.socket.recv())
        self.heard.append(frame)
        if self.follows and frame["t"] == "envelope" and frame["kind"] == "handshake":
            with contextlib.suppress(ConnectionClosed):
                await self.say({"t": "epoch", "room": frame["room"], "seq": frame["seq"], "ok": True})
        return frame

    async def until(self, t: str, **fields: Any) -> Frame:
        """The next frame of this type with these fields."""
        while True:
            frame = await self.get()
            if frame["t"] == t and all(frame.get(name) == value for name, value in fields.items()):
                return frame

    async def refusal(self, frame: Frame) -> str:
        """Say something that must be refused, and return the code."""
        await self.say(frame)
        return str((await self.until("refused"))["code"])

    async def taken(self, frame: Frame) -> Frame:
        """Say something, again as long as a change of keys is provisional; its first envelope."""
        while True:
            await self.say(frame)
            while (answer := await self.get()).get("client_id") != frame["client_id"]:
                pass
            if answer["t"] == "envelope":
                return answer
            assert answer["code"] == "epoch_unconfirmed", answer
            await asyncio.sleep(0.1)

    async def rest(self) -> list[Frame]:
        """Everything until the socket is closed by the server."""
        frames = []
        with contextlib.suppress(ConnectionClosed):
            while True:
                frames.append(await self.get())
        return frames

    @property
    def close_code(self) -> int | None:
        return self.socket.close_code


class Person:
    """An account with one device; in a room as `crypto` once admitted."""

    def __init__(self, url: str, handle: str) -> None:
        self.url = url
        self.handle = f"{handle}-{secrets.token_hex(4)}"
        # No connection is kept between requests, so there is nothing to close at the end.
        once = httpx.Limits(max_keepalive_connections=0)
        self.http = httpx.AsyncClient(base_url=f"{url}/v1", trust_env=False, timeout=PATIENCE, limits=once)
        self.login_key = junk()
        self.account = ""
        self.token = ""
        self.crypto: GroupCrypto | None = None
        self.member = ""
        self.epoch = 0
        self.seen = 0

    @classmethod
    async def arrive(cls, url: str, handle: str) -> Self:
        """Register."""
        person = cls(url, handle)
        await person._log_in("/accounts")
        return person

    async def on_another_device(self) -> "Person":
        """The same account at a device without keys."""
        other = Person(self.url, "")
        other.handle, other.login_key = self.handle, self.login_key
        await other._log_in("/login")
        return other

    async def _log_in(self, path: str) -> None:
        body = {"handle": self.handle, "login_key": self.login_key, "as": "token"}
        answer = await self.ask("POST", path, body)
        self.account, self.token = answer["account"], answer["token"]
        self.http.headers["Authorization"] = f"Bearer {self.token}"

    async def ask(self, method: str, path: str, body: Any = None) -> Any:
        """A REST call that must succeed."""
        answer = await self.http.request(method, path, json=body)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    async def code(self, method: str, path: str, body: Any = None) -> str:
        """The code of a REST call that must be refused."""
        answer = await self.http.request(method, path, json=body)
        assert answer.is_error, f"{method} {path}: {answer.status_code} {answer.text}"
        return str(answer.json()["code"])

    @asynccontextmanager
    async def line(self) -> AsyncIterator[Line]:
        """A socket of one's own."""
        headers = {"Authorization": f"Bearer {self.token}"}
        address = self.url.replace("http", "ws", 1) + "/v1/socket"
        # A queue that is full would not let a close frame through, and closing would take its whole patience.
        options: dict[str, Any] = {"compression": None, "proxy": None, "max_size": None, "max_queue": None}
        options["close_timeout"] = 2
        async with connect(address, additional_headers=headers, **options) as socket:
            yield Line(socket)

    @asynccontextmanager
    async def entered(self, room: str, after: int = 0) -> AsyncIterator[Line]:
        """A socket that is caught up in the room."""
        async with self.line() as line:
            await line.say({"t": "enter", "room": room, "after": after})
            await line.until("caught_up", room=room)
            yield line

    @property
    def mls(self) -> GroupCrypto:
        assert self.crypto is not None
        return self.crypto

    def sealed(
        self, room: str, epoch: int, crypto: GroupCrypto | None = None, *, text: str = "hello"
    ) -> tuple[str, str]:
        """A body and its commitment, as b64."""
        content = json.dumps({"kind": "text", "text": text}).encode()
        plaintext, commitment = seal_content(content, UUID(room).bytes, b"l" * 16, epoch)
        return b64encode((crypto or self.mls).encrypt(plaintext)), b64encode(commitment)

    def message(self, room: str, text: str = "hello", **changes: Any) -> Frame:
        """A `send` that is right, but for the changes."""
        body, commitment = self.sealed(room, self.epoch, text=text)
        frame = {
            "t": "send",
            "room": room,
            "client_id": str(uuid7()),
            "kind": "message",
            "epoch": self.epoch,
            "body": body,
            "commitment": commitment,
        }
        return frame | changes

    def policy(self, room: str, action: str, policy_seq: int, **fields: Any) -> Frame:
        """The policy part of an act."""
        body, commitment = self.sealed(room, self.epoch)
        return {
            "action": action,
            "policy_seq": policy_seq,
            "epoch": self.epoch,
            "body": body,
            "commitment": commitment,
        } | fields

    def commit(self, commit: Commit) -> Frame:
        """The commit part of an act."""
        return {"epoch": self.epoch, "body": b64encode(commit.body)}

    def took(self, commit: Commit) -> None:
        """One's own commit was accepted."""
        self.crypto = commit.after
        self.epoch += 1

    def follow(self, frames: list[Frame]) -> None:
        """Process other people's commits among these frames."""
        for frame in frames:
            if frame["t"] == "envelope" and frame["seq"] > self.seen:
                self.seen = frame["seq"]
                if frame["kind"] == "handshake" and frame["epoch"] == self.epoch:
                    self.mls.apply(b64decode(frame["body"]))
                    self.epoch += 1


def act(room: str, **parts: Frame) -> Frame:
    """An `act` of these parts."""
    return {"t": "act", "room": room, "client_id": str(uuid7()), **parts}


async def talk(person: Person, room: str, count: int, text: str = "hello") -> list[str]:
    """Say `count` things without waiting in between; the client_ids that were acknowledged."""
    frames = [person.message(room, text) for _ in range(count)]
    waiting = {frame["client_id"] for frame in frames}

    async def listen(line: Line) -> None:
        while waiting:
            heard = await line.get()
            assert heard["t"] != "refused", heard
            waiting.discard(heard.get("client_id"))

    async with person.entered(room, person.seen) as line, asyncio.TaskGroup() as both:
        both.create_task(listen(line))
        for frame in frames:
            await line.say(frame)
    return [frame["client_id"] for frame in frames]


class Gathering:
    """A group with its main room and an owner, Ada; others are admitted by `admit`."""

    def __init__(self, url: str, ada: Person) -> None:
        self.url = url
        self.ada = ada
        self.group = str(uuid7())
        self.room = str(uuid7())
        self.invite = ""
        self.policy_seq = 0
        self.people = [ada]

    @classmethod
    async def begin(cls, url: str, presence: bool = False, ada: Person | None = None) -> Self:
        """Ada makes a group, says `create` and makes an invite."""
        gathering = cls(url, ada or await Person.arrive(url, "ada"))
        await gathering._create(presence)
        return gathering

    async def _create(self, presence: bool) -> None:
        ada = self.ada
        leaf = LeafKey.fresh()
        ada.crypto = GroupCrypto.create(leaf, UUID(self.room).bytes)
        ada.member = b64encode(leaf.identity)
        await ada.ask("POST", "/groups", self.new_group(ada) | {"presence": presence})
        async with ada.entered(self.room) as line:
            await line.say(act(self.room, policy=ada.policy(self.room, "create", 0, days=0)))
            self.policy_seq = (await line.until("envelope"))["seq"]
        self.invite = await self.make_invite(ada)

    def new_group(self, person: Person) -> Frame:
        """What a new group is made of."""
        return {
            "id": self.group,
            "room": self.room,
            "tree": b64encode(person.mls.tree()),
            "confirmation_tag": b64encode(person.mls.public().confirmation_tag),
            "presence": False,
        }

    def new_invite(self, *holders: Person, **changes: Any) -> Frame:
        """The body of an invite."""
        sealed = [{"member": holder.member, "box": junk(80)} for holder in holders]
        return {
            "id": str(uuid7()),
            "card": junk(200),
            "uses": 100,
            "expires": now() + HOUR,
            "sealed": sealed,
        } | changes

    async def make_invite(self, *holders: Person, **changes: Any) -> str:
        body = self.new_invite(*holders, **changes)
        await holders[0].ask("POST", f"/groups/{self.group}/invites", body)
        return str(body["id"])

    def new_request(self, newcomer: Newcomer, **changes: Any) -> Frame:
        """The body of a request to join."""
        return {
            "id": str(uuid7()),
            "package": b64encode(newcomer.package),
            "sealed": junk(300),
            "expires": now() + HOUR,
            "mac": junk(),
        } | changes

    async def wait(self, handle: str) -> tuple[Person, Newcomer, Frame]:
        """Someone arrives and asks to join."""
        person = await Person.arrive(self.url, handle)
        newcomer = Newcomer()
        request = self.new_request(newcomer)
        await person.ask("POST", f"/invites/{self.invite}/requests", request)
        return person, newcomer, request

    async def come_back(self, person: Person, **changes: Any) -> tuple[Person, Newcomer, Frame]:
        """A member asks to be let in on another device."""
        other = await person.on_another_device()
        newcomer = Newcomer()
        request = self.new_request(newcomer, **changes)
        await other.ask("POST", f"/invites/{self.invite}/requests", request)
        return other, newcomer, request

    def admission(
        self,
        by: Person,
        newcomer: Newcomer,
        request: Frame,
        role: str = "member",
        replaces: str | None = None,
        *,
        listening: bool = False,
        session: bool | None = None,
        until: int | None = None,
    ) -> tuple[Frame, Commit]:
        """The act that admits someone, and the commit in it. `replaces` is a member id."""
        policy = by.policy(
            self.room,
            "admit",
            self.policy_seq,
            target=b64encode(newcomer.leaf.identity),
            role=role,
            request=request["id"],
            listening=listening,
            replaces=replaces,
            session=session,
            until=until,
        )
        commit = by.mls.add(newcomer.package)
        body, commitment = by.sealed(self.room, by.epoch + 1, commit.after)
        assert commit.welcome is not None
        return (
            act(
                self.room,
                policy=policy,
                commit=by.commit(commit) | {"welcome": b64encode(commit.welcome), "reply": junk(64)},
                state={"epoch": by.epoch + 1, "body": body, "commitment": commitment},
            ),
            commit,
        )

    def removal(self, by: Person, target: Person, *, commit: Commit | None, ban: bool = False) -> Frame:
        """The act that removes someone."""
        policy = by.policy(self.room, "remove", self.policy_seq, target=target.member, ban=ban)
        return (
            act(self.room, policy=policy) if commit is None else act(self.room, policy=policy, commit=by.commit(commit))
        )

    async def admit(self, handle: str, role: str = "member", *, listening: bool = False) -> Person:
        """Someone arrives, asks and is admitted by Ada, offered their role and takes it; everybody follows."""
        person, newcomer, request = await self.wait(handle)
        frame, commit = self.admission(
            self.ada, newcomer, request, "guest" if role == "guest" else "member", listening=listening
        )
        async with self.ada.entered(self.room, self.ada.seen) as line:
            first = await line.taken(frame)
        self.policy_seq = first["seq"]
        self.ada.took(commit)
        await self.welcome(person, newcomer, request)
        self.people.append(person)
        await self.follow_all()
        if role not in ("guest", "member"):
            await self.do(self.ada, "offer", target=person.member, role=role)
            await self.do(person, "accept", role=role)
            await self.follow_all()
        return person

    async def do(self, by: Person, action: str, **fields: Any) -> Frame:
        """A policy message alone, which must be taken."""
        frame = act(self.room, policy=by.policy(self.room, action, self.policy_seq, **fields))
        async with by.entered(self.room, by.seen) as line:
            taken = await line.taken(frame)
        self.policy_seq = taken["seq"]
        return taken

    async def remove(self, target: Person, *, ban: bool = False) -> None:
        """Ada removes someone, with the change of keys; everybody follows."""
        commit = self.ada.mls.remove(self.leaves_of(target))
        frame = self.removal(self.ada, target, commit=commit, ban=ban)
        self.policy_seq = (await self._commit(frame, commit))["seq"]
        self.people.remove(target)
        await self.follow_all()

    async def leave(self, target: Person) -> None:
        """Someone leaves, and Ada changes the keys; everybody follows."""
        await self.do(target, "leave")
        commit = self.ada.mls.remove(self.leaves_of(target))
        await self._commit(act(self.room, commit=self.ada.commit(commit)), commit)
        self.people.remove(target)
        await self.follow_all()

    async def _commit(self, frame: Frame, commit: Commit) -> Frame:
        """Ada says an act with this commit; its first envelope."""
        async with self.ada.entered(self.room, self.ada.seen) as line:
            first = await line.taken(frame)
            if first["kind"] != "handshake":
                await line.until("envelope", kind="handshake", client_id=frame["client_id"])
        self.ada.took(commit)
        return first

    async def refused(self, by: Person, action: str, **fields: Any) -> str:
        """A policy message alone, which must not be taken; its code."""
        async with by.entered(self.room, by.seen) as line:
            return await line.refusal(act(self.room, policy=by.policy(self.room, action, self.policy_seq, **fields)))

    async def welcome(self, person: Person, newcomer: Newcomer, request: Frame) -> None:
        """An admitted newcomer takes what was handed over."""
        answer = await person.ask("GET", f"/requests/{request['id']}")
        assert answer["status"] == "admitted"
        person.crypto = newcomer.join(UUID(self.room).bytes, b64decode(answer["tree"]), b64decode(answer["welcome"]))
        person.epoch = person.crypto.public().epoch
        person.member = b64encode(newcomer.leaf.identity)
        person.seen = answer["seq"]

    async def follow_all(self) -> None:
        """Everybody but Ada reads the log to its end."""
        for person in self.people:
            page = await person.ask("GET", f"/rooms/{self.room}/envelopes?after={person.seen}&limit=200")
            if person is self.ada:
                person.seen = page["items"][-1]["seq"] if page["items"] else person.seen
            else:
                person.follow(page["items"])

    def leaves_of(self, *people: Person) -> list[tuple[bytes, bytes]]:
        """(identity, signature key) of these people's leaves."""
        members = {b64decode(person.member) for person in people}
        leaves = self.ada.mls.public().leaves()
        return [(leaf.identity, leaf.signature_key) for leaf in leaves if leaf.identity in members]


class Evening(Gathering):
    """Ada owns the group; Fae facilitates, Mo moderates, Ben is a member."""

    fae: Person
    mo: Person
    ben: Person

    async def gather(self) -> None:
        self.fae = await self.admit("fae", "facilitator")
        self.mo = await self.admit("mo", "moderator")
        self.ben = await self.admit("ben")


ROOM_TABLES = (
    "groups",
    "members",
    "rooms",
    "leaves",
    "leaf_identities",
    "envelopes",
    "invites",
    "invite_boxes",
    "requests",
    "key_packages",
)


def stored(server: ServerProcess) -> dict[str, list[Any]]:
    """Every row that has to do with rooms, read from the database file."""
    with contextlib.closing(sqlite3.connect(f"file:{server.database_file}?mode=ro", uri=True)) as database:
        return {table: database.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in ROOM_TABLES}  # noqa: S608 - our own names
