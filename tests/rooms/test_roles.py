"""The whole table of who may do what to whom."""

import pytest

from safespace.rooms.roles import RANKS, Deed, may
from safespace.wire import Role

ALLOWED: dict[Deed, dict[Role, set[Role]]] = {
    "admit": {
        "owner": {"owner", "facilitator", "moderator", "member", "guest"},
        "facilitator": {"facilitator", "moderator", "member", "guest"},
    },
    "remove": {
        "owner": {"facilitator", "moderator", "member", "guest"},
        "facilitator": {"moderator", "member", "guest"},
        "moderator": {"member", "guest"},
    },
}


@pytest.mark.parametrize("action", ALLOWED)
def test_admit_and_remove_follow_rank(action: Deed) -> None:
    for role in RANKS:
        targets = ALLOWED[action].get(role, set())
        assert may(role, action) == bool(targets)
        assert {target for target in RANKS if may(role, action, target)} == targets


def test_everyone_may_agree_and_leave() -> None:
    assert all(may(role, "agree") and may(role, "leave") for role in RANKS)
