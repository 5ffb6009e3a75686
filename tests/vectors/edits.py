"""Small damages to a JSON value, so that two parsers can be asked about the very same ones."""

import copy
from collections.abc import Iterator
from typing import Any

Edit = dict[str, Any]
"""`path` to a field; the field becomes `value`, or is dropped where there is none."""

ODD: tuple[Any, ...] = (None, "", "é", "AAAA", -1, 0, 2**53, True, [], {})


def edits_of(value: Any) -> Iterator[Edit]:
    """Every field dropped, and replaced by odd things; every object given one field more."""
    for path, found in _walk(value, []):
        if path:
            if isinstance(path[-1], str):
                yield {"path": path}
            yield from ({"path": path, "value": odd} for odd in ODD)
        if isinstance(found, dict):
            yield {"path": [*path, "more"], "value": 1}


def apply(value: Any, edit: Edit) -> Any:
    """A damaged copy."""
    damaged = copy.deepcopy(value)
    at = damaged
    for step in edit["path"][:-1]:
        at = at[step]
    if "value" in edit:
        at[edit["path"][-1]] = edit["value"]
    else:
        del at[edit["path"][-1]]
    return damaged


def _walk(value: Any, path: list[str | int]) -> Iterator[tuple[list[str | int], Any]]:
    yield path, value
    if isinstance(value, dict):
        for key, field in value.items():
            yield from _walk(field, [*path, key])
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _walk(item, [*path, index])
