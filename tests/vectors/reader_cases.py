"""Who may be handed a report that waits, and who can have read one, in groups in which people come, rise and go."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from safespace.rooms.reports import later_recipients, may_have_read
from safespace.rooms.roll import Known, Since
from safespace.rooms.state import Former, Member, State

_GROUP = {"ada": "owner", "bo": "owner", "cy": "facilitator", "di": "moderator", "eli": "member", "fay": "member"}
_SEVERAL: list[tuple[str, dict[str, Any]]] = [
    ("a moderator who is new", {"accused": "eli", "to": ["ada", "bo", "cy"]}),
    ("who it is about became a moderator", {"accused": "di", "to": ["ada", "bo", "cy"]}),
    ("who it is about was a moderator once", {"accused": "eli", "to": ["ada", "bo"], "ever": {"eli": ["moderator"]}}),
    (
        "of who it is about only the other device was",
        {
            "accused": "old",
            "to": ["ada"],
            "former": [("old", "member", "eli")],
            "ever": {"old": ["facilitator"]},
        },
    ),
    ("who it is about goes on as a moderator", {"accused": "old", "to": ["ada"], "former": [("old", "member", "di")]}),
    (
        "who it is about went with a role",
        {
            "accused": "gone",
            "to": ["ada"],
            "former": [("gone", "moderator", None)],
            "ever": {"gone": ["member", "moderator"]},
        },
    ),
    ("who it was sealed to goes on as another", {"accused": "eli", "to": ["old"], "former": [("old", "owner", "ada")]}),
    ("who it was sealed to is of staff no more", {"accused": "eli", "to": ["fay"], "ever": {"fay": ["moderator"]}}),
    ("a claim to check", {"kind": "check", "accused": "eli", "to": ["ada", "bo"]}),
    ("a situation", {"kind": "situation", "accused": None, "to": ["ada"]}),
    ("about the only other owner, by the owner", {"accused": "bo", "reporter": "ada", "to": ["cy"]}),
    ("about who is nobody's", {"accused": "who", "to": ["ada"]}),
    (
        "about one of two, of whom nobody else is left",
        {
            "roles": {"ada": "owner", "eli": "member"},
            "accused": "ada",
            "to": ["bo"],
            "ever": {"bo": ["owner"]},
        },
    ),
]


def make() -> list[dict[str, Any]]:
    return [_case(name, **given) for name, given in _SEVERAL]


def _case(
    name: str,
    *,
    to: list[str],
    accused: str | None,
    kind: Any = "person",
    reporter: str = "fay",
    roles: dict[str, Any] = _GROUP,
    former: Sequence[tuple[str, Any, str | None]] = (),
    ever: Mapping[str, list[Any]] = MappingProxyType({}),
) -> dict[str, Any]:
    """`ever` are the roles on the roll."""
    state = _only(
        State,
        members={id: _only(Member, role=role) for id, role in roles.items()},
        former=tuple(_only(Former, member=id, role=role, now=now) for id, role, now in former),
    )
    roll = {
        id: _only(Known, roles=tuple(Since(seq=at, role=role) for at, role in enumerate(held)))
        for id, held in ever.items()
    }
    everyone = sorted({*roles, *to, *ever, *(id for id, _, _ in former)})
    return {
        "name": name,
        "roles": roles,
        "former": [{"member": id, "role": role, "now": now} for id, role, now in former],
        "ever": dict(ever),
        "kind": kind,
        "accused": accused,
        "reporter": reporter,
        "to": to,
        "later": sorted(later_recipients(state, roll, kind, accused, reporter, to)),
        "readers": [id for id in everyone if may_have_read(state, roll, id, accused, to)],
    }


def _only(model: Any, **fields: Any) -> Any:
    """One of which nothing else is looked at."""
    return model.model_construct(**fields)
