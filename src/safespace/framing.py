"""WebSocket frames (RFC 6455 section 5), as a server without extensions reads and writes them. No sockets."""

import codecs
from collections.abc import Iterator
from enum import IntEnum
from typing import Final, NamedTuple

try:
    from websockets.speedups import apply_mask
except ImportError:  # where no wheel with the C part is to be had
    from websockets.utils import apply_mask


class Opcode(IntEnum):
    CONTINUATION = 0
    TEXT = 1
    BINARY = 2
    CLOSE = 8
    PING = 9
    PONG = 10


_FIN: Final = 0x80
_CONTROL: Final = 0x08
MAX_CONTROL: Final = 125
"""Bytes of a control frame's payload."""


class ProtocolError(Exception):
    """The peer broke the protocol; `code` is the close code for it: 1002, 1007 or 1009."""

    def __init__(self, code: int) -> None:
        self.code = code
        super().__init__(str(code))


class Message(NamedTuple):
    """What was read: a whole text (`data` is str), or a whole binary message or control frame (bytes)."""

    opcode: int
    data: str | bytes


def frame(opcode: Opcode, payload: bytes) -> bytes:
    """One whole frame from server to client."""
    size = len(payload)
    if size < 126:
        return bytes((_FIN | opcode, size)) + payload
    if size < 1 << 16:
        return bytes((_FIN | opcode, 126)) + size.to_bytes(2, "big") + payload
    return bytes((_FIN | opcode, 127)) + size.to_bytes(8, "big") + payload


def text_frame(text: str) -> bytes:
    """A text as one frame."""
    return frame(Opcode.TEXT, text.encode())


def close_frame(code: int | None) -> bytes:
    """A close frame; None sends no code."""
    return frame(Opcode.CLOSE, b"" if code is None else code.to_bytes(2, "big"))


def close_code(payload: bytes) -> int | None:
    """The code in a peer's close frame, None where there is none. Raises ProtocolError."""
    if not payload:
        return None
    code = int.from_bytes(payload[:2], "big")
    # RFC 6455 section 7.4 and the codes registered since; 1004 to 1006 and 1015 are never sent.
    if len(payload) == 1 or not (code in _CLOSE_CODES or 3000 <= code < 5000):
        raise ProtocolError(1002)
    try:
        payload[2:].decode()
    except UnicodeDecodeError:
        raise ProtocolError(1007) from None
    return code


_CLOSE_CODES: Final = frozenset({1000, 1001, 1002, 1003, *range(1007, 1015)})


class FrameReader:
    """Bytes from a client in, messages out, however the bytes are cut. Messages have at most `max_size` bytes."""

    __slots__ = ("_buffer", "_decoder", "_max_size", "_need", "_opcode", "_parts", "_size")

    def __init__(self, max_size: int) -> None:
        self._max_size = max_size
        self._buffer = bytearray()
        self._need = 2
        self._opcode: int | None = None
        self._parts: list[str | bytes] = []
        self._size = 0
        self._decoder: codecs.IncrementalDecoder | None = None

    def feed(self, data: bytes) -> Iterator[Message]:
        """What is whole now. Raises ProtocolError; then nothing more may be fed."""
        buffer: bytes | bytearray = data
        if self._buffer:
            self._buffer += data
            if len(self._buffer) < self._need:
                return
            buffer = self._buffer
        at = 0
        while (end := self._end_of_frame(buffer, at)) is not None:
            message = self._take(buffer, at, end)
            at = end
            if message is not None:
                yield message
        if buffer is self._buffer:
            del self._buffer[:at]
        elif at < len(buffer):
            self._buffer += memoryview(buffer)[at:]

    def _end_of_frame(self, buffer: bytes | bytearray, at: int) -> int | None:
        """Where the frame that begins at `at` ends; None, with `_need` set, while it is not whole."""
        held = len(buffer) - at
        if held < 2:
            self._need = 2
            return None
        first, second = buffer[at], buffer[at + 1]
        if first & 0x70 or not second & 0x80:
            raise ProtocolError(1002)
        opcode, size, head = first & 0x0F, second & 0x7F, 6
        if opcode & _CONTROL:
            if opcode > Opcode.PONG or not first & _FIN or size > MAX_CONTROL:
                raise ProtocolError(1002)
        elif opcode > Opcode.BINARY or (opcode == Opcode.CONTINUATION) != (self._opcode is not None):
            raise ProtocolError(1002)
        if size > MAX_CONTROL:
            extended = 2 if size == 126 else 8
            head += extended
            if held < head - 4:
                self._need = head - 4
                return None
            size = int.from_bytes(buffer[at + 2 : at + 2 + extended], "big")
            if size >> 63:
                raise ProtocolError(1002)
            if self._size + size > self._max_size:
                raise ProtocolError(1009)
        if held < head + size:
            self._need = head + size
            return None
        return at + head + size

    def _take(self, buffer: bytes | bytearray, at: int, end: int) -> Message | None:
        """The message that the frame from `at` to `end` completes, if it does."""
        first, size = buffer[at], buffer[at + 1] & 0x7F
        start = at + (6 if size < 126 else 8 if size == 126 else 14)
        payload = apply_mask(bytes(buffer[start:end]), bytes(buffer[start - 4 : start]))
        opcode = first & 0x0F
        if opcode & _CONTROL:
            return Message(opcode, payload)
        if first & _FIN and self._opcode is None:
            return Message(opcode, self._decoded(payload) if opcode == Opcode.TEXT else payload)
        return self._part(opcode, payload, final=bool(first & _FIN))

    def _part(self, opcode: int, payload: bytes, final: bool) -> Message | None:
        """Keep a fragment; the whole message when it was the last."""
        if self._opcode is None:
            self._opcode = opcode
            self._decoder = codecs.getincrementaldecoder("utf-8")() if opcode == Opcode.TEXT else None
        self._size += len(payload)
        if self._size > self._max_size:
            raise ProtocolError(1009)
        try:
            part = payload if self._decoder is None else self._decoder.decode(payload, final)
        except UnicodeDecodeError:
            raise ProtocolError(1007) from None
        if part:
            self._parts.append(part)
        if not final:
            return None
        empty: str | bytes = b"" if self._decoder is None else ""
        message = Message(self._opcode, empty.join(self._parts))  # type: ignore[arg-type]
        self._opcode, self._parts, self._size, self._decoder = None, [], 0, None
        return message

    @staticmethod
    def _decoded(payload: bytes) -> str:
        try:
            return payload.decode()
        except UnicodeDecodeError:
            raise ProtocolError(1007) from None
