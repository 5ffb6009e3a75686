"""What the table of who may do what says, beyond its vectors (`tests/vectors/roles.json`)."""

import itertools

import pytest

from safespace.fields import Role
from safespace.rooms.roles import LOWEST, RANKS, STAFF, Deed, may, may_offer
from vectors.policy_people import ROLES
from vectors.role_cases import DEEDS


@pytest.mark.parametrize("deed", DEEDS)
def test_who_is_higher_may_do_what_who_is_lower_may(deed: Deed) -> None:
    for higher, lower in itertools.combinations(ROLES, 2):
        assert may(higher, deed) >= may(lower, deed)
        for target in ROLES:
            assert may(higher, deed, target) >= may(lower, deed, target)


@pytest.mark.parametrize("deed", [deed for deed in DEEDS if deed != "admit"])
def test_nothing_is_done_to_ones_own_rank_or_above(deed: Deed) -> None:
    for role, target in itertools.product(ROLES, ROLES):
        assert not may(role, deed, target) or RANKS[target] < RANKS[role]


def test_every_deed_has_a_lowest_role_but_creating() -> None:
    assert LOWEST.keys() == set(DEEDS) - {"create"}
    assert not any(may(role, "create") for role in ROLES)


def test_nobody_offers_more_than_they_have_and_only_staff_roles() -> None:
    for role, target, offered in itertools.product(ROLES, ROLES, ROLES):
        if may_offer(role, target, offered):
            assert offered in STAFF
            assert RANKS[target] < RANKS[offered] <= RANKS[role]
            assert role == "owner" or RANKS[offered] < RANKS[role]


MODERATORS: dict[Deed, set[Role]] = {
    "mute": {"member", "guest"},
    "remove": {"member", "guest"},
    "take_down": {"member", "guest"},
    "admit": set(),
    "offer": set(),
}


@pytest.mark.parametrize("deed", MODERATORS)
def test_a_moderators_rights_are_those_of_the_design(deed: Deed) -> None:
    assert {target for target in ROLES if may("moderator", deed, target)} == MODERATORS[deed]
