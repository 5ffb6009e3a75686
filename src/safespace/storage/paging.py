"""Pages of lists: bounded in rows, and in the bytes that are read for them.

The sizes are read first, which neither database has to open the values for; so nothing is read that is not sent.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, Text, cast, func
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.types import JSON

MAX_PAGE = 128 * 1024
"""Bytes of a page to which nothing is added any more. So a page has as much, and one row, at most."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Rows of a list, and whether more follow them."""

    items: Sequence[T]
    more: bool

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)


def size(*columns: InstrumentedAttribute[Any]) -> ColumnElement[int]:
    """How many bytes these columns of a row have."""
    whole: ColumnElement[int] = func.coalesce(func.length(_value(columns[0])), 0)
    for column in columns[1:]:
        whole = whole + func.coalesce(func.length(_value(column)), 0)
    return whole


def _value(column: InstrumentedAttribute[Any]) -> Any:
    return cast(column, Text) if isinstance(column.type, JSON) else column


async def fitting(
    connection: AsyncConnection, sizes: Select[T, int], limit: int, values: dict[str, Any] | None = None
) -> Page[T]:
    """The keys of the first rows, at most `limit`, that make a page; `sizes` selects key and bytes in their order."""
    rows = (await connection.execute(sizes.limit(limit + 1), values or {})).all()
    keys: list[T] = []
    taken = 0
    for key, bytes_ in rows[:limit]:
        if taken >= MAX_PAGE:
            break
        keys.append(key)
        taken += bytes_
    return Page(keys, len(keys) < len(rows))
