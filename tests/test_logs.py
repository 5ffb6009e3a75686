"""What anyone can make the server write: little, without their words, and no error for what is theirs."""

import json
import logging
import socket
from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs

from safespace.logs import KINDS, MOST, Sparing
from serving import ServerProcess

MARK = "evil-mark"
"""Stands in all that is sent."""
TIMES = MOST + 20


def upgrade(*headers: str, path: str = "/v1/socket", version: str = "13") -> bytes:
    """A handshake of a WebSocket, with further headers."""
    fixed = (
        "Host: localhost",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    )
    lines = (f"GET {path} HTTP/1.1", *fixed, f"Sec-WebSocket-Version: {version}", *headers, "", "")
    return "\r\n".join(lines).encode("latin-1")


def post(*headers: str, body: bytes = b"") -> bytes:
    """A login that is none."""
    return "\r\n".join(("POST /v1/login HTTP/1.1", "Host: localhost", *headers, "", "")).encode("latin-1") + body


HOSTILE = {
    "a socket from a foreign page": upgrade(f"Origin: http://{MARK}.example"),
    "a cookie without an origin": upgrade(f"Cookie: __Host-safespace={MARK}"),
    "an origin that is no text": upgrade(f"Origin: http://{MARK}\xff.example"),
    "frames before the answer": upgrade(f"Origin: http://{MARK}.example") + b"\x81\x85\0\0\0\0hello",
    "a socket at no place": upgrade(path=f"/v1/{MARK}"),
    "another version of sockets": upgrade(version=f"9{MARK}"),
    "an upgrade to something else": upgrade(f"X: {MARK}").replace(b"Upgrade: websocket", b"Upgrade: h2c"),
    "no HTTP": f"hello {MARK}\r\n\r\n".encode(),
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + MARK.encode(),
    "two lengths": post("Content-Length: 3", "Content-Length: 4", f"X: {MARK}"),
    "a chunk of no size": post("Transfer-Encoding: chunked", "Content-Type: application/json", body=b"zz\r\n"),
    "half a surrogate": post(
        "Content-Type: application/json", "Content-Length: 28", body=b'{"handle":"\\ud800' + MARK.encode() + b'"}'
    ),
    "no page": f"GET /assets/{MARK}%ff%00 HTTP/1.1\r\nHost: localhost\r\n\r\n".encode(),
    "no route": f"BREW /v1/{MARK} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode(),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """One whose log nobody else writes into."""
    server = ServerProcess(tmp_path_factory.mktemp("server") / "data")
    server.start()
    yield server
    server.stop()


def send(server: ServerProcess, what: str, times: int) -> list[str]:
    """Send it so often; every other sender leaves without looking at the answer. Gives the levels logged."""
    before = len(server.log())
    for number in range(times):
        with socket.create_connection(("127.0.0.1", server.port), timeout=30) as raw:
            raw.sendall(HOSTILE[what])
            if number % 2:
                assert raw.recv(100).startswith((b"HTTP/1.1 4", b"HTTP/1.1 5"))
    assert MARK not in server.log()
    return [json.loads(line)["level"] for line in server.log()[before:].splitlines()]


@pytest.mark.parametrize("what", HOSTILE)
def test_what_a_stranger_does_wrong_is_no_error_of_the_server(server: ServerProcess, what: str) -> None:
    assert set(send(server, what, 2)) <= {"warning"}


def test_strangers_fill_no_log(server: ServerProcess) -> None:
    written = [level for what in HOSTILE for level in send(server, what, TIMES)]
    assert len(written) <= 4 * MOST  # three kinds of lines, where a minute may begin anew
    assert "error" not in written
    assert server.running()


def line(said: object, name: str = "uvicorn.error") -> logging.LogRecord:
    return logging.LogRecord(name, logging.WARNING, "", 0, said, None, None)


def unexpected(place: str) -> logging.LogRecord:
    return line({"event": "unexpected", "kind": "KeyError", "place": ["app", place]}, "safespace")


class Minutes:
    """A clock that stands still."""

    def __init__(self) -> None:
        self.now = 120.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("record", "other"),
    [
        (line("Invalid HTTP request received."), line("Unsupported upgrade request.")),
        (unexpected("relay.py:1"), unexpected("relay.py:2")),
        (line({"event": "redis"}, "safespace"), line({"event": "redis", "kind": "OSError"}, "safespace")),
        (line("the same"), line("the same", "asyncio")),
    ],
)
def test_one_kind_of_line_does_not_hide_another(record: logging.LogRecord, other: logging.LogRecord) -> None:
    sparing = Sparing(Minutes())
    assert [sparing.filter(record) for _ in range(TIMES)].count(True) == MOST
    assert sparing.filter(other)


def test_what_was_left_out_is_counted_and_said_later() -> None:
    minutes = Minutes()
    sparing = Sparing(minutes)
    for _ in range(MOST + 7):
        sparing.filter(line("Invalid HTTP request received."))
    minutes.now += 60
    with capture_logs() as said:
        assert sparing.filter(line("Invalid HTTP request received."))
    assert [(entry["event"], entry["lines"]) for entry in said] == [("left out", 7)]


def test_kinds_without_end_are_one() -> None:
    sparing = Sparing(Minutes())
    passed = sum(sparing.filter(line(f"kind {number}")) for number in range(10 * KINDS))
    assert passed == KINDS + MOST
