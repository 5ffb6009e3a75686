"""One account that takes what it can: sockets and requests that send much and read nothing, and lists that are full."""

import asyncio
import contextlib
import secrets
import socket
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import UUID

from uuid6 import uuid7

from gathering import now
from safespace.framing import Opcode

SMALL = 16 * 1024
"""Bytes that the system keeps unread for one of its connections."""
HOUR = 3_600_000
EMOJI = "\N{GRINNING FACE}".encode()
"""Four bytes, and four for each character of any text that has one."""

Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def masked(opcode: int, payload: bytes, *, final: bool = True) -> bytes:
    """A client's frame, with a mask of zeros."""
    return header(opcode, len(payload), final=final) + payload


def header(opcode: int, size: int, *, final: bool = True) -> bytes:
    """What comes before so many bytes."""
    first = bytes([opcode | 0x80 * final])
    if size < 126:
        return first + bytes([0x80 | size]) + bytes(4)
    if size < 1 << 16:
        return first + b"\xfe" + size.to_bytes(2, "big") + bytes(4)
    return first + b"\xff" + size.to_bytes(8, "big") + bytes(4)


async def connected(port: int, request: bytes) -> Line:
    """A connection that reads nothing by itself, after this request."""
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
    line.setblocking(False)
    await asyncio.get_running_loop().sock_connect(line, ("127.0.0.1", port))
    reader, writer = await asyncio.open_connection(sock=line, limit=2 * SMALL)
    writer.write(request)
    return reader, writer


async def opened(port: int, token: str) -> Line:
    """A socket after its handshake."""
    reader, writer = await connected(
        port,
        b"GET /v1/socket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nSec-WebSocket-Version: 13\r\n"
        + f"Authorization: Bearer {token}\r\n\r\n".encode(),
    )
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 101")
    return reader, writer


def get(path: str, token: str) -> bytes:
    """A request for something."""
    return f"GET /v1{path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n".encode()


def post(path: str, token: str, body: bytes) -> bytes:
    """A request with a body."""
    head = f"POST /v1{path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
    return head.encode() + f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


async def pour(lines: Sequence[Line], data: bytes, times: int, seconds: float) -> None:
    """Write this to each, so many times, as far as it is taken within a while."""

    async def into(writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            for _ in range(times):
                writer.write(data)
                await writer.drain()

    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await asyncio.gather(*[into(writer) for _, writer in lines])


def let_go(lines: Sequence[Line]) -> None:
    """Cut all of them."""
    for _, writer in lines:
        writer.transport.abort()


@contextmanager
def database(file: Path) -> Iterator[sqlite3.Connection]:
    """A server's database, for what would take too long through the server."""
    with closing(sqlite3.connect(file, timeout=60)) as db:
        db.row_factory = sqlite3.Row
        yield db
        db.commit()


def put(db: sqlite3.Connection, table: str, row: sqlite3.Row, **changes: object) -> None:
    """Another row like this one, but for the changes."""
    values = dict(row) | changes
    names = ", ".join(f'"{name}"' for name in values)
    db.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(values))})", list(values.values()))  # noqa: S608


def fill_log(db: sqlite3.Connection, room: str, lines: int, size: int) -> None:
    """So many messages more in a room's log, of so many bytes."""
    head = db.execute("SELECT head FROM rooms WHERE id = ?", [UUID(room).hex]).fetchone()["head"]
    line = db.execute("SELECT * FROM envelopes WHERE room = ? ORDER BY seq LIMIT 1", [UUID(room).hex]).fetchone()
    for seq in range(head + 1, head + 1 + lines):
        body = secrets.token_bytes(size)
        put(db, "envelopes", line, seq=seq, client_id=uuid7().hex, kind="message", body=body, policy=None)
    db.execute("UPDATE rooms SET head = head + ? WHERE id = ?", [lines, UUID(room).hex])


def fill_requests(db: sqlite3.Connection, account: str, count: int, *, welcome: int, tree: int) -> None:
    """So many requests to join of this account: admitted, with a Welcome and a tree, where they have bytes."""
    one = db.execute("SELECT * FROM requests LIMIT 1").fetchone()
    status = "admitted" if tree else "waiting"
    for _ in range(count):
        put(
            db,
            "requests",
            one,
            id=uuid7().hex,
            account=UUID(account).hex,
            status=status,
            package=bytes(4096),
            package_ref=secrets.token_bytes(32),
            sealed=secrets.token_bytes(16 * 1024),
            welcome=bytes(welcome) or None,
            tree=bytes(tree) or None,
            expires=now() + HOUR,
        )


def fill_reports(db: sqlite3.Connection, group: str, count: int, entries: int, size: int) -> None:
    """Reports like the group's, so many for each, and so many entries with answers about each like those it has."""
    for report in db.execute('SELECT * FROM reports WHERE "group" = ?', [UUID(group).hex]).fetchall():
        boxes = db.execute("SELECT * FROM report_boxes WHERE report = ?", [report["id"]]).fetchall()
        for _ in range(count):
            put(db, "reports", report, id=(fresh := uuid7().hex))
            for box in boxes:
                put(db, "report_boxes", box, report=fresh)
            for _ in range(entries):
                author = boxes[0]["member"]
                db.execute(
                    "INSERT INTO report_entries (id, report, author, created, sealed, answer)"
                    " VALUES (?, ?, ?, 0, ?, ?)",
                    [uuid7().hex, fresh, author, bytes(size), bytes(size)],
                )


def fill_like(db: sqlite3.Connection, table: str, group: str, count: int, **changes: object) -> None:
    """Invites or handovers, so many more for each of the group's, with the boxes of these."""
    name = table[:-1]
    for one in db.execute(f'SELECT * FROM {table} WHERE "group" = ?', [UUID(group).hex]).fetchall():  # noqa: S608
        boxes = db.execute(f"SELECT * FROM {name}_boxes WHERE {name} = ?", [one["id"]]).fetchall()  # noqa: S608
        for _ in range(count):
            put(db, table, one, id=(fresh := uuid7().hex), **changes)
            for box in boxes:
                put(db, f"{name}_boxes", box, **{name: fresh})


PING = masked(Opcode.PING, bytes(125))
EMOJIS = masked(Opcode.TEXT, EMOJI * (1 << 18))
"""A text of a MiB."""
