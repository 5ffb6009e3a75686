"""The whole table of who may do what to whom, as `safespace.rooms.roles` says it."""

from typing import Any, get_args

from safespace.fields import PolicyAction
from safespace.rooms.roles import Deed, may, may_offer
from vectors.policy_people import ROLES

DEEDS: tuple[Deed, ...] = (*get_args(PolicyAction), "open", "bring", "invite", "read_reports", "read_handovers")


def make() -> dict[str, Any]:
    return {
        "may": {deed: {role: may(role, deed) for role in ROLES} for deed in DEEDS},
        "may_to": {
            deed: {role: [target for target in ROLES if may(role, deed, target)] for role in ROLES} for deed in DEEDS
        },
        "may_offer": {
            role: {target: [offered for offered in ROLES if may_offer(role, target, offered)] for target in ROLES}
            for role in ROLES
        },
    }
