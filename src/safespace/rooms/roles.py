"""Who may do what: five ranks and one table."""

from typing import Final, Literal

from safespace.wire import Role

Deed = Literal["admit", "agree", "leave", "remove"]

RANKS: Final[dict[Role, int]] = {"guest": 0, "member": 1, "moderator": 2, "facilitator": 3, "owner": 4}

_LOWEST: Final[dict[Deed, Role]] = {"admit": "facilitator", "agree": "guest", "leave": "guest", "remove": "moderator"}


def may(role: Role, action: Deed, target_role: Role | None = None) -> bool:
    """Whether `role` may do `action` at all, or, given `target_role`, to someone of that role.

    Nobody admits above their own rank, and nobody removes someone who is not below it.
    """
    if RANKS[role] < RANKS[_LOWEST[action]]:
        return False
    if target_role is None:
        return True
    match action:
        case "admit":
            return RANKS[target_role] <= RANKS[role]
        case "remove":
            return RANKS[target_role] < RANKS[role]
        case _:
            return True
