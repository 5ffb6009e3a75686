"""A group's people, what they do, and states they can be in: what the policy vectors and tests are made of."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from safespace.crypto.invites import Agreement
from safespace.fields import Asks, MuteLength, Role
from safespace.rooms.actions import (
    Accept,
    Admit,
    Agree,
    AnyAction,
    Create,
    Demote,
    EndOffer,
    Leave,
    LetSpeak,
    Mute,
    MuteAll,
    Offer,
    Remove,
    Rename,
    RenameGroup,
    Restore,
    Retain,
    SealedReason,
    StepDown,
    TakeDown,
    Unban,
    Unmute,
    WriteCharter,
    WriteWelcome,
)
from safespace.rooms.boxes import Box
from safespace.rooms.live_actions import (
    BetweenSessions,
    BreakOut,
    CallBack,
    Capsule,
    CloseBallot,
    CloseSession,
    ExtendSession,
    GiveFloor,
    Lock,
    LowerHand,
    LowerHands,
    MoveOn,
    OpenBallot,
    OpenSession,
    PassTurn,
    Pause,
    PlanSessions,
    RaiseHand,
    RenewRoom,
    Resume,
    Segment,
    SetFloor,
    SetPace,
    SlowMode,
    StartRound,
    TakeLead,
    Unplan,
    WriteRules,
    WriteRunSheet,
)
from safespace.rooms.policy import fold, propose
from safespace.rooms.state import Banned, Former, Muted, Offered, State
from vectors.fixed import b64, public_key, uuid

ROLES: tuple[Role, ...] = ("owner", "facilitator", "moderator", "member", "guest")
T = 1_800_000_000_000
"""The time at which most of it happens, milliseconds."""


def id_of(name: str) -> str:
    """A person's first leaf identity."""
    return b64(f"leaf of {name}", 16)


def creating() -> Create:
    return Create(
        group=UUID(uuid("group")),
        room=UUID(uuid("room")),
        name="Tuesday evening 🌿",
        welcome="",
        presence=True,
        days=30,
        rules='What is said "here" stays here.\n\u2028\u007f',
        charter="We act late, mildly, and say why.",
        pseudonym="Host",
        key=public_key("key of host"),
    )


def admitting(
    who: str,
    role: Role = "member",
    version: int = 1,
    name: str | None = None,
    replaces: str | None = None,
    *,
    listening: bool = False,
    muted: Muted | None = None,
) -> Admit:
    """`replaces` is the member who comes back, `muted` a mute that goes on."""
    return Admit(
        target=id_of(who),
        pseudonym=name or who,
        role=role,
        key=public_key(f"key of {who}"),
        package=b64(f"package of {who}", 32),
        request=UUID(uuid(f"request of {who}")),
        agreement=Agreement(version=version, signature=b64(f"signature of {who}", 64)),
        listening=listening,
        replaces=None if replaces is None else id_of(replaces),
        session=None if muted is None else muted.session,
        until=None if muted is None else muted.until,
    )


def reason(*readers: str) -> SealedReason:
    """A reason that nobody can open, for its form."""
    boxes = [Box(member=id_of(reader), box=b64(f"box of {reader}", 90)) for reader in set(readers)]
    return SealedReason(mac=b64("reason", 32), boxes=tuple(sorted(boxes, key=lambda box: box.member)))


def muting(who: str, length: MuteLength = 300, *, why: bool = False) -> Mute:
    return Mute(target=id_of(who), length=length, reason=reason(who, "owner", "moderator") if why else None)


HOUR = 3_600_000


def breaking_out(*parties: str, names: tuple[str, ...] = ("one", "two"), minutes: int = 20) -> BreakOut:
    """Into small rooms; each party is people by their roles, or nobody."""
    sent = {
        UUID(uuid(name)): tuple(id_of(who) for who in party.split())
        for name, party in zip(names, parties, strict=False)
    }
    return BreakOut(rooms=sent, minutes=minutes, titles={room: f"Room {n}" for n, room in enumerate(sent)})


def in_capsule(name: str = "capsule") -> Capsule:
    return Capsule(into=UUID(uuid(name)))


def renewing(old: str, into: str = "anew") -> RenewRoom:
    return RenewRoom(old=UUID(uuid(old)), into=UUID(uuid(into)))


def planning(name: str = "tuesdays", *starts: int, minutes: int = 60, clock: bool = False) -> PlanSessions:
    """`starts` are counted from T, in hours; one in an hour, if none is given."""
    return PlanSessions(
        plan=UUID(uuid(name)),
        starts=tuple(T + start * HOUR for start in starts or (1,)),
        minutes=minutes,
        clock=clock,
        title=name,
        note="",
        zone="Europe/London",
        rule="FREQ=WEEKLY",
    )


def opening(name: str | None = None, minutes: int = 90) -> OpenSession:
    return OpenSession(plan=None if name is None else UUID(uuid(name)), minutes=minutes)


def hands(seconds: int = 0, grace: int | None = None) -> SetFloor:
    return SetFloor(mode="hands", seconds=seconds, grace=grace)


def round_of(*people: str, seconds: int = 120, grace: int | None = 30) -> StartRound:
    return StartRound(seconds=seconds, grace=grace, order=tuple(id_of(who) for who in people))


def passing(turn: int, *, later: bool = False, absent: bool = False) -> PassTurn:
    return PassTurn(turn=turn, later=later, absent=absent)


def balloting(name: str = "questions", asks: Asks = "questions", minutes: int = 3) -> OpenBallot:
    return OpenBallot(
        ballot=UUID(uuid(name)),
        asks=asks,
        minutes=minutes,
        token_key=b64(f"token key of {name}", 294),
        prompt=f"What about {name}?",
        answer_key=public_key(f"answer key of {name}"),
        readers=tuple(
            sorted(
                (Box(member=id_of(who), box=b64(f"{name} for {who}", 80)) for who in ("owner", "facilitator")),
                key=lambda box: box.member,
            )
        ),
    )


def ending_ballot(name: str = "questions") -> CloseBallot:
    return CloseBallot(ballot=UUID(uuid(name)))


def agenda() -> WriteRunSheet:
    return WriteRunSheet(
        segments=(
            Segment(title="Welcome", minutes=5, kind="welcome"),
            Segment(title="How are you?", minutes=30, kind="check_in"),
        )
    )


def folded(state: State | None, *steps: tuple[str, AnyAction], time: int = T) -> State:
    """The state after people did things, one after another."""
    for who, action in steps:
        state = fold(state, propose(state, id_of(who), 0, action), time)
    assert state is not None
    return state


def everyone() -> State:
    """A group with one of each role; each is named after it. A moderator's second leaf, and one departed."""
    state = folded(None, ("owner", creating()))
    for role in ROLES[1:]:
        state = folded(state, ("owner", admitting(role, "guest" if role == "guest" else "member")))
    for role in ("facilitator", "moderator"):
        state = folded(state, ("owner", Offer(target=id_of(role), role=role)), (role, Accept(role=role, version=1)))
    state = folded(state, ("owner", admitting("gone")), ("gone", Leave()))
    moderator = state.members[id_of("moderator")]
    grown = moderator.model_copy(update={"leaves": (*moderator.leaves, id_of("second"))})
    return state.model_copy(update={"members": {**state.members, id_of("moderator"): grown}})


def two_owners() -> State:
    """The same, and the facilitator is an owner too."""
    return folded(
        everyone(),
        ("owner", Offer(target=id_of("facilitator"), role="owner")),
        ("facilitator", Accept(role="owner", version=1)),
    )


def busy() -> State:
    """Everyone is muted, listens and has an offer (one role up, by the owner); it is quiet, and one is banned.

    No group gets there by its own acts, but a state may say so, and each of them can be undone by someone.
    """
    full = everyone()
    offered: dict[str, Role] = {"owner": "owner", "facilitator": "owner", "moderator": "facilitator"}
    return State.model_validate(
        {
            **dict(full),
            "members": {id: one.model_copy(update={"listening": True}) for id, one in full.members.items()},
            "offers": {id_of(who): Offered(role=offered.get(who, "moderator"), by=id_of("owner")) for who in ROLES},
            "mutes": {
                id_of(who): Muted(until=None if who == "guest" else T + 60_000, session=who == "moderator")
                for who in ROLES
            },
            "quiet": True,
            **_evening(full),
            "banned": (Banned(member=id_of("banned"), pseudonym="banned"),),
        }
    )


def _evening(state: State) -> dict[str, object]:
    """A session in a locked, slow and paused room, in the middle of a round."""
    held = folded(
        state,
        ("owner", BetweenSessions(on=False)),
        ("facilitator", planning("tuesdays", 1, 25)),
        ("facilitator", planning("by the clock", 3, 27, clock=True)),
        ("facilitator", opening("tuesdays")),
        ("facilitator", agenda()),
        ("facilitator", MoveOn(at=1)),
        ("facilitator", SetPace(pace="gentle")),
        ("facilitator", balloting()),
        ("facilitator", round_of("guest", "moderator", "member")),
        ("owner", RaiseHand(too=True)),
        ("moderator", SlowMode(seconds=30)),
        ("moderator", Lock(on=True)),
        ("moderator", Pause(note="A breath.")),
    )
    return {name: getattr(held, name) for name in ("live", "plans", "prompts", "sheet", "pace", "floor")}


def crowded() -> State:
    """As many departed, and as many banned, as a state remembers."""
    return everyone().model_copy(
        update={
            "departed": tuple(id_of(f"departed {n}") for n in range(64)),
            "banned": tuple(Banned(member=id_of(f"banned {n}"), pseudonym=f"banned {n}") for n in range(200)),
        }
    )


def gone_staff() -> dict[str, State]:
    """The facilitator, who is none under the old id any more, in every way that there is."""
    full, host = everyone(), id_of("facilitator")
    back = folded(full, ("owner", admitting("back", "facilitator", replaces="facilitator")))
    lower = folded(full, ("owner", admitting("back", "member", replaces="facilitator")))
    raised = folded(
        full,
        ("facilitator", admitting("grown", replaces="member")),
        ("owner", Offer(target=id_of("grown"), role="facilitator")),
        ("grown", Accept(role="facilitator", version=1)),
    )
    moderator_left = folded(full, ("owner", Offer(target=id_of("member"), role="moderator")))
    moderator_left = folded(moderator_left, ("member", Accept(role="moderator", version=1)), ("member", Leave()))
    forgetting = {id_of(f"old {n}"): id_of("back" if n % 2 else "guest") for n in range(199)}
    former = [Former(member=old, role="guest", now=now) for old, now in forgetting.items()]
    return {
        "came back": back,
        "came back twice": folded(back, ("owner", admitting("again", "facilitator", replaces="back"))),
        "came back as a member": lower,
        "came back and left": folded(back, ("back", Leave())),
        "came back as a member and left": folded(lower, ("back", Leave())),
        "came back and was removed": folded(back, ("owner", Remove(target=id_of("back"), ban=True))),
        "a member came back and rose": raised,
        "a facilitator left": folded(full, ("facilitator", Leave())),
        "a facilitator was removed": folded(full, ("owner", Remove(target=host))),
        "a facilitator stepped down and left": folded(
            full, ("facilitator", StepDown(role="member")), ("facilitator", Leave())
        ),
        "a moderator left": moderator_left,
        "as many remembered as there can be": back.model_copy(update={"former": (*back.former, *former)}),
    }


def newer_texts() -> State:
    """Rules and charter have a second version, which nobody has agreed to."""
    full = everyone()
    return full.model_copy(
        update={
            "rules": full.rules.model_copy(update={"version": 2}),
            "charter": full.charter.model_copy(update={"version": 2}),
        }
    )


def about_oneself() -> Iterator[AnyAction]:
    """Every kind of action without a target."""
    yield Agree(version=1)
    yield Leave()
    yield from (StepDown(role=role) for role in ROLES)
    yield from (Accept(role=role, version=1) for role in ROLES)
    yield from (MuteAll(on=True), MuteAll(on=False))
    yield from (Retain(days=0), Retain(days=30), WriteCharter(charter="Another charter."))
    yield from (RenameGroup(name="Slow Sundays"), RenameGroup(name=everyone().name))
    yield from (WriteWelcome(welcome=""), WriteWelcome(welcome=everyone().welcome))
    yield from (Rename(pseudonym=name) for name in ("Rowan", "Ashling", everyone().members[id_of("member")].pseudonym))
    yield from _to_the_evening()


def _to_the_evening() -> Iterator[AnyAction]:
    yield WriteRules(rules="Other rules.")
    yield from (planning(), planning("mondays", 26), planning("fridays", -1), Unplan(plan=UUID(uuid("tuesdays"))))
    yield from (opening(), opening("tuesdays"), ExtendSession(minutes=10), TakeLead(), CloseSession())
    yield from (BetweenSessions(on=True), BetweenSessions(on=False), Lock(on=True), Lock(on=False))
    yield from (Pause(note=None), Resume(), SlowMode(seconds=0), SlowMode(seconds=30), SetPace(pace="gentle"))
    yield from (agenda(), WriteRunSheet(segments=()), MoveOn(at=None), MoveOn(at=0), MoveOn(at=2))
    yield from (hands(), SetFloor(mode="open", seconds=0, grace=None), SetFloor(mode="round", seconds=0, grace=None))
    yield from (round_of("member", "guest"), round_of("stranger"))
    yield from (balloting(), balloting("feedback", "feedback", 10), ending_ballot(), ending_ballot("feedback"))
    yield from (in_capsule(), breaking_out("member guest", ""), CallBack(), renewing("capsule"), renewing("one"))
    yield from (RaiseHand(too=False), LowerHand(target=None), passing(0), passing(1), passing(1, later=True))
    yield from (LowerHands(), passing(1, absent=True))


def about(other: str, roles: Sequence[Role] = ROLES) -> Iterator[AnyAction]:
    """Every kind of action on someone who is there."""
    target = id_of(other)
    yield Remove(target=target)
    yield Remove(target=target, ban=True, reason=reason(other, "owner"))
    yield Unban(target=target)
    yield from (Offer(target=target, role=role) for role in roles)
    yield EndOffer(target=target)
    yield from (Demote(target=target, role=role) for role in roles)
    yield from (muting(other, 5), muting(other, 300, why=True), muting(other, "session"), muting(other, "lifted"))
    yield Unmute(target=target)
    yield LetSpeak(target=target)
    yield TakeDown(target=target, line=7, reason=reason("owner"))
    yield Restore(target=target, line=7)
    yield from (GiveFloor(target=target), LowerHand(target=target))
    yield from (admitting("new", role, replaces=other) for role in roles)
