"""Other names, for the group and for oneself, and another welcome; what is kept of old names, for whom, how long."""

from safespace.rooms.actions import AnyAction, Leave, MuteAll, Remove, Rename, RenameGroup, WriteWelcome
from safespace.rooms.naming import KEPT
from safespace.rooms.state import State
from vectors.policy_people import T, admitting, everyone, folded, id_of

Told = tuple[str, str, str, AnyAction, int]


def _named(who: str, *names: str) -> State:
    return folded(everyone(), *((who, Rename(pseudonym=name)) for name in names))


def states() -> dict[str, State | None]:
    renamed = _named("member", "Rowan")
    return {
        "renamed": renamed,
        "renamed three times": _named("member", "Rowan", "Ash", "Elm"),
        "renamed and gone": folded(renamed, ("member", Leave())),
        "renamed and removed": folded(renamed, ("owner", Remove(target=id_of("member"), ban=True))),
        "renamed and back": folded(renamed, ("owner", admitting("back", name="Rowan", replaces="member"))),
        "renamed and quiet": folded(renamed, ("owner", MuteAll(on=True))),
    }


def told() -> list[Told]:
    """Name, state, actor, action, time."""
    over = T + KEPT
    return [
        ("another name", "full", "member", Rename(pseudonym="Rowan"), T),
        ("the same name", "full", "member", Rename(pseudonym="member"), T),
        ("a name that somebody has", "full", "member", Rename(pseudonym="owner"), T),
        ("by a guest", "full", "guest", Rename(pseudonym="Rowan"), T),
        ("by who is muted", "muted", "member", Rename(pseudonym="Rowan"), T),
        ("by whose mute has ended", "muted", "member", Rename(pseudonym="Rowan"), T + 300_000),
        ("by who listens", "listening", "new", Rename(pseudonym="Rowan"), T),
        ("by who has to agree first", "newer texts", "member", Rename(pseudonym="Rowan"), T),
        ("while it is quiet", "renamed and quiet", "member", Rename(pseudonym="Ash"), T),
        ("staff while it is quiet", "renamed and quiet", "moderator", Rename(pseudonym="Ash"), T),
        ("one's old name again", "renamed", "member", Rename(pseudonym="member"), T),
        ("another's old name", "renamed", "moderator", Rename(pseudonym="member"), T),
        ("another's old name at the last moment", "renamed", "moderator", Rename(pseudonym="member"), over - 1),
        ("another's old name once it is free", "renamed", "moderator", Rename(pseudonym="member"), over),
        ("a fourth name", "renamed three times", "member", Rename(pseudonym="Oak"), T),
        ("back to the first", "renamed three times", "member", Rename(pseudonym="member"), T),
        ("a fourth name later", "renamed three times", "member", Rename(pseudonym="Oak"), over),
        ("a newcomer with an old name", "renamed", "owner", admitting("new", name="member"), T),
        ("a newcomer with one that time has freed", "renamed", "owner", admitting("new", name="member"), over),
        ("a newcomer with the new name", "renamed", "owner", admitting("new", name="Rowan"), T),
        ("back under the old name", "renamed", "owner", admitting("back", name="member", replaces="member"), T),
        ("another back under it", "renamed", "owner", admitting("back", name="member", replaces="guest"), T),
        ("the old name of who is gone", "renamed and gone", "owner", admitting("new", name="member"), T),
        ("the last name of who is gone", "renamed and gone", "owner", admitting("new", name="Rowan"), T),
        ("the old name of who was removed", "renamed and removed", "owner", admitting("new", name="member"), T),
        ("one's old name after coming back", "renamed and back", "back", Rename(pseudonym="member"), T),
        ("another's after they came back", "renamed and back", "moderator", Rename(pseudonym="member"), T),
        ("another name for the group", "full", "owner", RenameGroup(name="Slow Sundays"), T),
        ("by a facilitator", "full", "facilitator", RenameGroup(name="Slow Sundays"), T),
        ("no welcome", "full", "owner", WriteWelcome(welcome=""), T),
        ("a welcome by a member", "full", "member", WriteWelcome(welcome="Hello."), T),
        ("old names end with any other act", "renamed", "owner", WriteWelcome(welcome="Hello."), over),
    ]
