"""WebSocket frames (RFC 6455 section 5), as a server without extensions reads and writes them. No sockets."""

import codecs
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
    """What was read: a whole message or control frame. A text is valid UTF-8, and stays bytes, as these are smaller."""

    opcode: int
    data: bytes | None
    """None where there was more than is taken: it was let go of as it came."""


FRAGMENT: Final = Message(Opcode.CONTINUATION, None)
"""What is read where a fragment was passed and the message is not whole: enough of them would hold others up, too."""


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
    """Bytes from a client in, messages out, however the bytes are cut.

    Of a message with more than `max_size` bytes nothing is kept; where it announces more than twice as many, reading
    ends. What is not asked for yet stays as it came.
    """

    __slots__ = ("_at", "_bytes", "_decoder", "_max_size", "_most", "_need", "_opcode", "_parts", "_size", "_skip")

    def __init__(self, max_size: int) -> None:
        self._max_size = max_size
        self._most = 2 * max_size
        self._bytes: bytes | bytearray = b""
        self._at = 0
        self._need = 2
        self._skip = 0
        """Bytes of a frame's payload that are still to come and not kept."""
        self._opcode: int | None = None
        self._parts = bytearray()
        self._size = 0
        """Bytes of the fragments so far, kept or not."""
        self._decoder: codecs.IncrementalDecoder | None = None

    @property
    def held(self) -> int:
        """Bytes that are kept."""
        return len(self._bytes) + len(self._parts)

    def keep_nothing(self) -> None:
        """From now on let go of all messages as they come."""
        self._max_size = 0
        self._need = 2
        self._parts.clear()

    def feed(self, data: bytes) -> None:
        """Take what came."""
        if self._bytes:
            if not isinstance(self._bytes, bytearray):
                self._bytes, self._at = bytearray(memoryview(self._bytes)[self._at :]), 0
            self._bytes += data
            return
        if self._skip:
            passed = min(self._skip, len(data))
            self._skip -= passed
            data = data[passed:]
        self._bytes, self._at = data, 0

    def next(self) -> Message | None:
        """What the next frame makes: a message or FRAGMENT; None where no frame is whole.

        Raises ProtocolError; then nothing more may be read.
        """
        end = self._end_of_frame()
        if end is not None:
            return self._take(end)
        if self._at:
            self._bytes, self._at = bytearray(memoryview(self._bytes)[self._at :]), 0
        return None

    def _end_of_frame(self) -> int | None:
        """Where the frame that comes next ends; None, with `_need` set, while it is not whole and is to be kept."""
        buffer, at = self._bytes, self._at
        held = len(buffer) - at
        if held < self._need:
            return None
        first, second = buffer[at], buffer[at + 1]
        if first & 0x70 or not second & 0x80:
            raise ProtocolError(1002)
        opcode, size, head = first & 0x0F, second & 0x7F, 6
        control = opcode & _CONTROL
        if control:
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
        if held < head + size and (control or self._size + size <= self._max_size):
            self._need = head + size
            return None
        return at + head + size

    def _take(self, end: int) -> Message:
        """Pass the frame that ends there."""
        buffer, at = self._bytes, self._at
        first, size = buffer[at], buffer[at + 1] & 0x7F
        start = at + (6 if size < 126 else 8 if size == 126 else 14)
        opcode, final = first & 0x0F, bool(first & _FIN)
        self._need = 2
        if end < len(buffer):
            self._at = end
        else:
            self._bytes, self._at, self._skip = b"", 0, end - len(buffer)
        if not opcode & _CONTROL and self._size + end - start > self._max_size:
            return self._let_go(opcode, end - start, final)
        payload = apply_mask(bytes(buffer[start:end]), bytes(buffer[start - 4 : start]))
        if opcode & _CONTROL:
            return Message(opcode, payload)
        if final and self._opcode is None:
            if opcode == Opcode.TEXT:
                _check_text(payload)
            return Message(opcode, payload)
        return self._part(opcode, payload, final)

    def _part(self, opcode: int, payload: bytes, final: bool) -> Message:
        """Keep a fragment; the whole message when it was the last."""
        if self._opcode is None:
            self._opcode = opcode
            self._decoder = codecs.getincrementaldecoder("utf-8")() if opcode == Opcode.TEXT else None
        self._size += len(payload)
        if self._decoder is not None:
            try:
                self._decoder.decode(payload, final)
            except UnicodeDecodeError:
                raise ProtocolError(1007) from None
        self._parts += payload
        return self._whole(bytes(self._parts)) if final else FRAGMENT

    def _let_go(self, opcode: int, size: int, final: bool) -> Message:
        """Keep nothing of a message that is too large, but that it is."""
        self._opcode = opcode if self._opcode is None else self._opcode
        self._size += size
        if self._size > self._most:
            raise ProtocolError(1009)
        self._parts.clear()
        return self._whole(None) if final else FRAGMENT

    def _whole(self, data: bytes | None) -> Message:
        message = Message(self._opcode or 0, data)
        self._opcode, self._parts, self._size, self._decoder = None, bytearray(), 0, None
        return message


def _check_text(payload: bytes) -> None:
    try:
        payload.decode()
    except UnicodeDecodeError:
        raise ProtocolError(1007) from None
