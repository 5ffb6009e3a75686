"""The TLS presentation language with the variable-length vectors of RFC 9420 section 2.1.2.

Lengths are bounded by the bytes that are there, entries by `MAX_ENTRIES`: memory stays in proportion to the input.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from enum import IntEnum
from typing import Final, Self, TypeVar

from safespace.crypto.mls.errors import MLSError

MAX_MESSAGE: Final = 256 * 1024
"""Bytes of one message or structure."""
MAX_ENTRIES: Final = 4096
"""Entries of one vector; a tree of 2,048 leaves has 4,095 nodes."""

T = TypeVar("T")
E = TypeVar("E", bound=IntEnum)


def malformed(detail: str) -> MLSError:
    """The error for bytes that do not follow the grammar."""
    return MLSError("mls_malformed", detail)


class Reader:
    """Reads values off `data`, never past its end. Every method raises MLSError `mls_malformed`."""

    __slots__ = ("_at", "_data", "_end")

    def __init__(self, data: bytes, at: int = 0, end: int | None = None) -> None:
        self._data = data
        self._at = at
        self._end = len(data) if end is None else end

    def take(self, size: int) -> bytes:
        """The next `size` bytes."""
        at = self._at
        if size > self._end - at:
            raise malformed("It ends too early.")
        self._at = at + size
        return self._data[at : at + size]

    def u8(self) -> int:
        return self.take(1)[0]

    def u16(self) -> int:
        return int.from_bytes(self.take(2), "big")

    def u32(self) -> int:
        return int.from_bytes(self.take(4), "big")

    def u64(self) -> int:
        return int.from_bytes(self.take(8), "big")

    def enum(self, kind: type[E]) -> E:
        """One byte that is a member of `kind`."""
        value = self.u8()
        try:
            return kind(value)
        except ValueError:
            raise malformed(f"There is no {kind.__name__} {value}.") from None

    def length(self) -> int:
        """A vector's length header, in its shortest form only."""
        first = self.u8()
        prefix = first >> 6
        if prefix == 0:
            return first
        if prefix == 1:
            length = (first & 0x3F) << 8 | self.u8()
            shortest = 1 << 6
        elif prefix == 2:
            length = (first & 0x3F) << 24 | int.from_bytes(self.take(3), "big")
            shortest = 1 << 14
        else:
            raise malformed("A length header is invalid.")
        if length < shortest:
            raise malformed("A length is not in its shortest form.")
        return length

    def opaque(self) -> bytes:
        """`opaque<V>`."""
        return self.take(self.length())

    def vector(self, item: "Callable[[Reader], T]") -> tuple[T, ...]:
        """`T<V>` with at most MAX_ENTRIES entries that fill the vector exactly."""
        length = self.length()
        if length > self._end - self._at:
            raise malformed("It ends too early.")
        inner = Reader(self._data, self._at, self._at + length)
        self._at += length
        items: list[T] = []
        while inner._at < inner._end:
            if len(items) == MAX_ENTRIES:
                raise malformed("A vector has too many entries.")
            items.append(item(inner))
        return tuple(items)

    def optional(self, item: "Callable[[Reader], T]") -> T | None:
        """`optional<T>`."""
        present = self.u8()
        if present > 1:
            raise malformed("An optional value is neither there nor absent.")
        return item(self) if present else None

    def finish(self) -> None:
        """Refuse trailing bytes."""
        if self._at != self._end:
            raise malformed("Bytes are left over.")


def u8(value: int) -> bytes:
    return value.to_bytes(1, "big")


def u16(value: int) -> bytes:
    return value.to_bytes(2, "big")


def u32(value: int) -> bytes:
    return value.to_bytes(4, "big")


def u64(value: int) -> bytes:
    return value.to_bytes(8, "big")


def opaque(data: bytes) -> bytes:
    """`opaque<V>`: the shortest length header, then `data` (less than 2^30 bytes)."""
    length = len(data)
    if length < 1 << 6:
        return bytes((length,)) + data
    if length < 1 << 14:
        return u16(length | 1 << 14) + data
    return u32(length | 1 << 31) + data


def numbers(values: Iterable[int], size: int) -> bytes:
    """`uintN<V>` of `size` bytes each."""
    return opaque(b"".join(value.to_bytes(size, "big") for value in values))


class Structure(ABC):
    """A structure of RFC 9420: immutable, and `decode(x).encode() == x` for every x that `decode` takes."""

    @classmethod
    @abstractmethod
    def read(cls, reader: Reader) -> Self:
        """Read one off `reader`. Raises MLSError `mls_malformed`."""

    @abstractmethod
    def encode(self) -> bytes:
        """Its bytes."""

    @classmethod
    def decode(cls, data: bytes, limit: int = MAX_MESSAGE) -> Self:
        """Decode `data` whole. Raises MLSError `too_large` above `limit` bytes, else `mls_malformed`."""
        if len(data) > limit:
            raise MLSError("too_large")
        reader = Reader(data)
        value = cls.read(reader)
        reader.finish()
        return value


def vector(items: Iterable[Structure]) -> bytes:
    """`T<V>`."""
    return opaque(b"".join(item.encode() for item in items))


def optional(item: Structure | None) -> bytes:
    """`optional<T>`."""
    return b"\x00" if item is None else b"\x01" + item.encode()
