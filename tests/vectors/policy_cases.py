"""Policy messages, each with the state before it and what the fold says. A message is its content, as it is sealed."""

from typing import Any

from safespace.errors import SafeSpaceError
from safespace.fields import b64encode
from safespace.rooms.actions import (
    Accept,
    Agree,
    AnyAction,
    Demote,
    EndOffer,
    Leave,
    LetSpeak,
    MuteAll,
    Offer,
    Remove,
    Restore,
    StepDown,
    TakeDown,
    Unban,
    Unmute,
)
from safespace.rooms.floor import Floor
from safespace.rooms.moderation import LONGEST_SESSION, due_refusal, silence
from safespace.rooms.policy import fold, propose, state_hash
from safespace.rooms.state import Muted, PolicyMessage, State
from vectors import live_cases, naming_cases, policy_forms
from vectors.policy_people import (
    HOUR,
    ROLES,
    T,
    about,
    about_oneself,
    admitting,
    busy,
    creating,
    crowded,
    everyone,
    folded,
    gone_staff,
    id_of,
    muting,
    newer_texts,
    two_owners,
)


def states() -> dict[str, State | None]:
    """Where the cases begin."""
    full = everyone()
    muted = folded(full, ("moderator", muting("member", 300)), ("facilitator", muting("moderator", "session")))
    fern, host = id_of("member"), id_of("facilitator")
    offered = folded(full, (("facilitator"), Offer(target=fern, role="moderator")))
    return {
        "none": None,
        "full": full,
        "busy": busy(),
        "crowded": crowded(),
        "crowded again": gone_staff()["a facilitator left"].model_copy(update={"departed": crowded().departed}),
        "newer texts": newer_texts(),
        "two owners": two_owners(),
        "muted": muted,
        "muted for good": folded(full, ("moderator", muting("member", "lifted"))),
        "listening": folded(full, ("owner", admitting("new", listening=True))),
        "offered": offered,
        "offered, its maker demoted": folded(offered, ("owner", Demote(target=host, role="member"))),
        "offered, its maker gone": folded(offered, ("owner", Remove(target=host))),
        "offered to be an owner": folded(full, ("owner", Offer(target=fern, role="owner"))),
        "a moderator without more": folded(full, ("owner", Demote(target=host, role="moderator"))),
        "banned": folded(full, ("moderator", Remove(target=id_of("guest"), ban=True))),
        **gone_staff(),
        **live_cases.states(),
        **naming_cases.states(),
    }


def _of_old_messages() -> list[tuple[str, str, str, AnyAction, int]]:
    """Taking down what somebody wrote who is a member under that id no more."""
    members = ("a member came back and rose", "a moderator left")
    deeds = [
        (state, who, deed) for state in gone_staff() for who in ("moderator", "owner") for deed in (TakeDown, Restore)
    ]
    told = [
        (f"{state}: {deed.__name__} by the {who}", state, who, deed(target=id_of(author), line=1), T)
        for state, who, deed in deeds
        for author in ("member" if state in members else "facilitator",)
    ]
    full = "as many remembered as there can be"
    return [
        *told,
        ("two ids ago", "came back twice", "moderator", TakeDown(target=id_of("back"), line=1), T),
        ("who is forgotten first", full, "owner", admitting("new", replaces="member"), T),
        ("who of staff is not forgotten", full, "owner", admitting("new", "moderator", replaces="moderator"), T),
        ("whom a removal lets be forgotten", full, "owner", Remove(target=id_of("back")), T),
        ("whom leaving lets be forgotten", full, "guest", Leave(), T),
        ("admit a former member's leaf", "crowded again", "owner", admitting("facilitator"), T),
    ]


def _told() -> list[tuple[str, str, str, AnyAction, int]]:
    """Name, state, actor, action, time: what the whole table below does not show."""
    fern = id_of("member")
    return [
        ("create again", "full", "owner", creating(), T),
        ("admit before create", "none", "owner", admitting("new"), T),
        ("a stranger acts", "full", "stranger", Leave(), T),
        ("a departed member acts", "full", "gone", Agree(version=1), T),
        ("a second leaf is no member id", "full", "second", Leave(), T),
        ("remove a stranger", "full", "owner", Remove(target=id_of("stranger")), T),
        ("remove by a second leaf", "full", "owner", Remove(target=id_of("second")), T),
        ("mute someone gone", "full", "owner", muting("gone"), T),
        ("offer to someone gone", "full", "owner", Offer(target=id_of("gone"), role="moderator"), T),
        ("end an offer to someone gone", "full", "owner", EndOffer(target=id_of("gone")), T),
        ("demote someone gone", "full", "owner", Demote(target=id_of("gone"), role="guest"), T),
        ("let someone gone speak", "full", "owner", LetSpeak(target=id_of("gone")), T),
        # Coming and going
        ("admit a member", "full", "owner", admitting("member"), T),
        ("admit a second leaf", "full", "owner", admitting("second"), T),
        ("admit a departed leaf", "full", "owner", admitting("gone"), T),
        ("admit under a taken name", "full", "owner", admitting("new", name="Host"), T),
        ("admit under the name of someone gone", "full", "owner", admitting("new", name="gone"), T),
        ("admit with other rules", "full", "owner", admitting("new", version=2), T),
        ("admit with newer rules", "newer texts", "owner", admitting("new", version=2), T),
        ("admit to listen", "full", "facilitator", admitting("new", listening=True), T),
        (
            "admit who left while muted",
            "full",
            "facilitator",
            admitting("new", muted=Muted(until=T + 10**5, session=False)),
            T,
        ),
        (
            "admit who left while muted for good",
            "full",
            "facilitator",
            admitting("new", muted=Muted(until=None, session=False)),
            T,
        ),
        (
            "admit who left while muted for the session",
            "full",
            "owner",
            admitting("new", muted=Muted(until=T + 10**7, session=True)),
            T,
        ),
        (
            "come back with another mute",
            "muted",
            "facilitator",
            admitting("b", replaces="member", muted=Muted(until=T + 9, session=False)),
            T,
        ),
        (
            "come back with a mute",
            "full",
            "facilitator",
            admitting("b", replaces="member", muted=Muted(until=None, session=True)),
            T,
        ),
        ("a stranger comes back", "full", "owner", admitting("new", replaces="stranger"), T),
        ("the departed come back", "full", "owner", admitting("new", replaces="gone"), T),
        ("a second leaf is not replaced", "full", "owner", admitting("new", replaces="second"), T),
        ("come back as oneself", "full", "owner", admitting("member", replaces="member"), T),
        ("come back with the leaf one has", "full", "owner", admitting("second", replaces="moderator"), T),
        ("two leaves are replaced", "full", "owner", admitting("new", replaces="moderator"), T),
        ("the replaced are kept", "crowded", "owner", admitting("new", replaces="member"), T),
        ("come back under one's own name", "full", "owner", admitting("new", name="member", replaces="member"), T),
        ("come back under another's name", "full", "owner", admitting("new", name="Host", replaces="member"), T),
        ("come back with other rules", "full", "owner", admitting("new", version=2, replaces="member"), T),
        ("come back while muted", "muted", "facilitator", admitting("back", replaces="member"), T + 1000),
        ("come back after a mute", "muted", "facilitator", admitting("back", replaces="member"), T + 10**6),
        ("come back while listening", "listening", "facilitator", admitting("back", replaces="new"), T),
        ("come back to listen", "full", "facilitator", admitting("back", replaces="member", listening=True), T),
        ("come back with an offer", "offered", "facilitator", admitting("back", replaces="member"), T),
        (
            "come back as staff, agreed before",
            "full",
            "owner",
            admitting("b", "facilitator", replaces="facilitator"),
            T,
        ),
        ("leave while muted", "muted", "member", Leave(), T),
        ("the oldest departed is forgotten", "crowded", "member", Leave(), T),
        ("two are forgotten", "crowded", "owner", Remove(target=id_of("moderator")), T),
        ("the oldest banned is forgotten", "crowded", "owner", Remove(target=fern, ban=True), T),
        ("unban", "banned", "facilitator", Unban(target=id_of("guest")), T),
        ("unban without the rank", "banned", "moderator", Unban(target=id_of("guest")), T),
        ("unban someone removed", "full", "owner", Unban(target=id_of("gone")), T),
        ("agree to newer rules", "newer texts", "guest", Agree(version=2), T),
        ("agree to older rules", "newer texts", "guest", Agree(version=1), T),
        # Owners
        ("the last owner leaves", "full", "owner", Leave(), T),
        ("one of two owners leaves", "two owners", "owner", Leave(), T),
        ("the last owner steps down", "full", "owner", StepDown(role="member"), T),
        ("one of two owners steps down", "two owners", "facilitator", StepDown(role="guest"), T),
        ("an owner demotes an owner", "two owners", "owner", Demote(target=id_of("facilitator"), role="member"), T),
        ("an owner removes an owner", "two owners", "owner", Remove(target=id_of("facilitator")), T),
        ("an owner's second device", "two owners", "owner", admitting("new", replaces="facilitator"), T),
        # Offers
        ("accept", "offered", "member", Accept(role="moderator", version=1), T),
        ("accept another role", "offered", "member", Accept(role="facilitator", version=1), T),
        ("accept what was offered to another", "offered", "guest", Accept(role="moderator", version=1), T),
        ("accept another charter", "offered", "member", Accept(role="moderator", version=2), T),
        ("its maker was demoted", "offered, its maker demoted", "member", Accept(role="moderator", version=1), T),
        ("its maker is gone", "offered, its maker gone", "member", Accept(role="moderator", version=1), T),
        ("accept to be an owner", "offered to be an owner", "member", Accept(role="owner", version=1), T),
        ("the same offer by another", "offered", "owner", Offer(target=fern, role="moderator"), T),
        ("a higher offer instead", "offered", "owner", Offer(target=fern, role="facilitator"), T),
        ("an owner's offer holds", "offered to be an owner", "facilitator", Offer(target=fern, role="moderator"), T),
        ("a worthless offer again", "offered, its maker gone", "owner", Offer(target=fern, role="moderator"), T),
        (
            "a worthless offer gives way",
            "offered, its maker demoted",
            "owner",
            Offer(target=fern, role="facilitator"),
            T,
        ),
        ("decline", "offered", "member", EndOffer(target=fern), T),
        ("decline for another", "offered", "guest", EndOffer(target=fern), T),
        ("take an offer back", "offered", "facilitator", EndOffer(target=fern), T),
        ("an owner takes it back", "offered", "owner", EndOffer(target=fern), T),
        ("a facilitator takes an owner's back", "offered to be an owner", "facilitator", EndOffer(target=fern), T),
        ("who was demoted takes it back", "offered, its maker demoted", "facilitator", EndOffer(target=fern), T),
        ("decline what is worthless", "offered, its maker demoted", "member", EndOffer(target=fern), T),
        ("demoting ends an offer", "offered", "owner", Demote(target=fern, role="guest"), T),
        ("leaving ends an offer", "offered", "member", Leave(), T),
        # Mutes
        ("mute again for as long", "muted", "moderator", muting("member", 300), T),
        ("mute again for longer", "muted", "moderator", muting("member", 301), T),
        ("mute again for less", "muted", "moderator", muting("member", 100), T + 199_999),
        ("mute again to the same end", "muted", "moderator", muting("member", 100), T + 200_000),
        ("mute again to a later end", "muted", "moderator", muting("member", 100), T + 200_001),
        ("mute when the mute has just ended", "muted", "moderator", muting("member", 1), T + 300_000),
        ("mute at the mute's last moment", "muted", "moderator", muting("member", 1), T + 298_999),
        ("a session after minutes", "muted", "moderator", muting("member", "session"), T),
        ("minutes after a session", "muted", "facilitator", muting("moderator", 60), T),
        ("a whole day after a session", "muted", "facilitator", muting("moderator", 86_400), T),
        ("for good after minutes", "muted", "moderator", muting("member", "lifted"), T),
        ("for good twice", "muted for good", "moderator", muting("member", "lifted"), T),
        ("a session after for good", "muted for good", "moderator", muting("member", "session"), T),
        ("unmute before it ends", "muted", "moderator", Unmute(target=fern), T + 299_999),
        ("unmute when it has ended", "muted", "moderator", Unmute(target=fern), T + 300_000),
        ("unmute after a long session", "muted", "owner", Unmute(target=id_of("moderator")), T + LONGEST_SESSION),
        ("unmute within a long session", "muted", "owner", Unmute(target=id_of("moderator")), T + LONGEST_SESSION - 1),
        ("lift what lasts for good", "muted for good", "moderator", Unmute(target=fern), T * 2),
        ("a clock that went back", "muted", "moderator", muting("member", 300), T - 1),
        ("quiet twice", "busy", "moderator", MuteAll(on=True), T),
        ("let someone speak", "listening", "moderator", LetSpeak(target=id_of("new")), T),
        ("let someone speak twice", "full", "moderator", LetSpeak(target=fern), T),
        # Messages
        ("take down what someone gone wrote", "full", "moderator", TakeDown(target=id_of("gone"), line=1), T),
        ("restore what someone gone wrote", "full", "moderator", Restore(target=id_of("gone"), line=1), T),
    ]


def _folds() -> dict[str, Any]:
    known = states()
    full = known["full"]
    first = propose(None, id_of("owner"), 0, creating())
    cases = [_case("create", "none", None, first, T), _case("create on a stale state", "full", full, first, T)]
    for name, at, actor, action, time in _told() + _of_old_messages() + live_cases.told() + naming_cases.told():
        cases.append(_case(name, at, known[at], propose(known[at], id_of(actor), 3, action), time))
    for at in ("full", "busy"):
        for actor in ROLES:
            actions: list[tuple[str, AnyAction]] = [(other, action) for other in ROLES for action in about(other)]
            actions += [("", action) for action in about_oneself()]
            actions += [(role, admitting("new", role)) for role in ROLES]
            actions += [("", Unban(target=id_of("banned")))]
            for other, action in actions:
                name = f"{at}: {actor}, {action.action} {other}".strip()
                cases.append(_case(name, at, known[at], propose(known[at], id_of(actor), 3, action), T))
    return {"states": {name: policy_forms.as_json(state) for name, state in known.items()}, "cases": cases}


def _case(name: str, at: str, state: State | None, message: PolicyMessage, time: int) -> dict[str, Any]:
    content = message.written().decode()
    return {"name": name, "state": at, "time": time, "content": content, **outcome(state, message, time)}


def outcome(state: State | None, message: PolicyMessage, time: int) -> dict[str, Any]:
    """The new state's hash, with its floor where it is not empty; or the code of the refusal."""
    try:
        after = fold(state, message, time)
    except SafeSpaceError as error:
        return {"hash": None, "code": error.code}
    floor = {} if after.floor == Floor() else {"floor": policy_forms.as_json(after.floor)}
    return {"hash": b64encode(state_hash(after)), "code": None, **floor}


def _silences() -> dict[str, Any]:
    """Who may write when, and why not."""
    full, loud = everyone(), busy()
    places = {
        "full": full,
        "busy": loud,
        "ended": full.model_copy(update={"mutes": {id_of("member"): Muted(until=T, session=False)}}),
        "quiet": full.model_copy(update={"quiet": True}),
        "listening": loud.model_copy(update={"mutes": {}}),
        "rules written": newer_texts(),
        **live_cases.states(),
    }
    return {
        "states": {name: policy_forms.as_json(state) for name, state in places.items()},
        "cases": [
            {
                "state": name,
                "member": id_of(who),
                "time": time,
                "why": silence(state, id_of(who), time),
                "message": due_refusal(state, id_of(who), "message", time),
                "reaction": due_refusal(state, id_of(who), "reaction", time),
            }
            for name, state in places.items()
            for who in ROLES
            for time in (T - 1, T, T + 59_999, T + 60_000, T + 149_999, T + 150_000, T + HOUR, T + 90 * 60_000)
        ],
    }


def make() -> dict[str, Any]:
    full = everyone()
    return {
        "null_hash": b64encode(state_hash(None)),
        "state": policy_forms.as_json(full),
        "canonical": full.written().decode(),
        "hash": b64encode(state_hash(full)),
        "folds": _folds(),
        "silences": _silences(),
        **policy_forms.make(full),
    }
