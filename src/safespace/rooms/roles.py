"""Who may do what: five ranks and one table."""

from typing import Final, Literal

from safespace.fields import FurtherAction, PolicyAction, Role

Deed = PolicyAction | FurtherAction | Literal["read_reports", "read_handovers", "invite"]

RANKS: Final[dict[Role, int]] = {"guest": 0, "member": 1, "moderator": 2, "facilitator": 3, "owner": 4}
STAFF: Final[frozenset[Role]] = frozenset({"moderator", "facilitator", "owner"})
"""Who keeps the room: read the reports, write when it is quiet, agree to the charter."""

CARDS: Final[Role] = "facilitator"
"""The lowest role whose resource cards are shown."""

LOWEST: Final[dict[Deed, Role]] = {
    "admit": "facilitator",
    "invite": "facilitator",
    "agree": "guest",
    "leave": "guest",
    "remove": "moderator",
    "offer": "facilitator",
    "end_offer": "guest",
    "accept": "guest",
    "demote": "facilitator",
    "step_down": "moderator",
    "mute": "moderator",
    "unmute": "moderator",
    "mute_all": "moderator",
    "let_speak": "moderator",
    "take_down": "moderator",
    "restore": "moderator",
    "unban": "facilitator",
    "retain": "owner",
    "write_charter": "owner",
    "write_rules": "owner",
    "rename_group": "owner",
    "write_welcome": "owner",
    "rename": "member",
    "plan": "facilitator",
    "unplan": "facilitator",
    "open_session": "facilitator",
    "extend_session": "facilitator",
    "take_lead": "facilitator",
    "close_session": "facilitator",
    "between_sessions": "owner",
    "lock": "moderator",
    "pause": "moderator",
    "resume": "moderator",
    "slow_mode": "moderator",
    "set_pace": "facilitator",
    "write_run_sheet": "facilitator",
    "move_on": "facilitator",
    "set_floor": "facilitator",
    "start_round": "facilitator",
    "give_floor": "facilitator",
    "raise_hand": "guest",
    "lower_hand": "guest",
    "lower_hands": "facilitator",
    "pass_turn": "guest",
    "open_ballot": "facilitator",
    "close_ballot": "facilitator",
    "capsule": "facilitator",
    "break_out": "facilitator",
    "call_back": "facilitator",
    "renew_room": "guest",
    "open": "guest",
    "bring": "guest",
    "read_reports": "moderator",
    "read_handovers": "facilitator",
}
"""The lowest role that may do it at all; what else is asked is in `may`, `may_offer` and the fold.

`create` is the creator's.
"""


def may(role: Role, deed: Deed, target_role: Role | None = None) -> bool:
    """Whether `role` may do `deed` at all, or, given `target_role`, to someone of that role.

    Nobody admits above their own rank; all else is done to those of a lower rank alone.
    """
    if deed == "create" or RANKS[role] < RANKS[LOWEST[deed]]:
        return False
    if target_role is None:
        return True
    if deed == "admit":
        return RANKS[target_role] <= RANKS[role]
    return RANKS[target_role] < RANKS[role]


def may_offer(role: Role, target_role: Role, offered: Role) -> bool:
    """Whether `role` may offer `offered` to someone of `target_role`: staff roles below one's own, and an owner any."""
    return (
        may(role, "offer")
        and offered in STAFF
        and RANKS[target_role] < RANKS[offered]
        and (RANKS[offered] < RANKS[role] or role == "owner")
    )
