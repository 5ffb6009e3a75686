"""The live session: states a room can be in on its evening, and what is done there; part of the policy vectors."""

from uuid import UUID

from safespace.rooms.actions import AnyAction, Leave, Remove
from safespace.rooms.live_actions import (
    BetweenSessions,
    CloseSession,
    ExtendSession,
    GiveFloor,
    Lock,
    LowerHand,
    MoveOn,
    OpenSession,
    Pause,
    RaiseHand,
    Resume,
    SetFloor,
    SlowMode,
    TakeLead,
    Unplan,
    WriteRunSheet,
)
from safespace.rooms.state import State
from vectors.fixed import uuid
from vectors.policy_people import (
    HOUR,
    T,
    admitting,
    agenda,
    balloting,
    ending_ballot,
    everyone,
    folded,
    hands,
    id_of,
    muting,
    opening,
    passing,
    planning,
    round_of,
)

TURN = 150_000
"""Milliseconds of a turn in the round: two minutes and half a minute of grace."""
OPEN = SetFloor(mode="open", seconds=0, grace=None)


def states() -> dict[str, State]:
    full = everyone()
    planned = folded(full, ("owner", planning("tuesdays", 1, 25)), ("owner", planning("clock", 3, 27, clock=True)))
    on = folded(planned, ("facilitator", opening("tuesdays")), ("facilitator", agenda()))
    hands_up = folded(on, ("member", RaiseHand(too=False)), ("guest", RaiseHand(too=True)))
    in_round = folded(on, ("facilitator", round_of("member", "guest", "moderator")))
    return {
        "planned": planned,
        "for reading between": folded(planned, ("owner", BetweenSessions(on=False))),
        "on": on,
        "asked": folded(on, ("facilitator", balloting())),
        "asked how it was": folded(on, ("facilitator", balloting("feedback", "feedback", 120))),
        "over": folded(on, ("facilitator", CloseSession())),
        "asked four times": folded(
            on,
            *(
                step
                for name in ("a", "b", "c", "d")
                for step in (("facilitator", balloting(name)), ("owner", ending_ballot(name)))
            ),
        ),
        "locked": folded(on, ("moderator", Lock(on=True)), ("moderator", SlowMode(seconds=60))),
        "hands up": hands_up,
        "by hands": folded(hands_up, ("facilitator", hands(60, 20))),
        "by hands, no limit": folded(hands_up, ("facilitator", hands())),
        "by hands, none up": folded(on, ("facilitator", hands(60, 20))),
        "in a round": in_round,
        "paused in a round": folded(in_round, ("facilitator", Pause(note="Tea.")), time=T + 60_000),
        "on, muted for the session": folded(on, ("owner", muting("member", "session"))),
    }


def told() -> list[tuple[str, str, str, AnyAction, int]]:
    """Name, state, actor, action, time."""
    fern = id_of("member")
    return [
        # The schedule
        ("plan in the past", "full", "owner", planning("a", 1), T + HOUR + 1),
        ("plan for this moment", "full", "owner", planning("a", 1), T + HOUR),
        ("plan over another's end", "planned", "owner", planning("a", 26, minutes=120), T),
        ("plan up to another's start", "planned", "owner", planning("a", 2, minutes=60), T),
        ("plan over another's start", "planned", "owner", planning("a", 2, minutes=61), T),
        ("plan where another was", "planned", "owner", planning("a", 2), T + 2 * HOUR),
        ("plan two at once", "full", "owner", planning("a", 1, 2, minutes=90), T),
        ("plan anew", "planned", "owner", planning("tuesdays", 1, 50), T),
        ("unplan", "planned", "facilitator", Unplan(plan=UUID(uuid("clock"))), T),
        ("unplan what is not planned", "planned", "facilitator", Unplan(plan=UUID(uuid("a"))), T),
        ("unplan what is on", "on", "facilitator", Unplan(plan=UUID(uuid("tuesdays"))), T),
        # Its life
        ("open the next of a plan", "planned", "owner", opening("tuesdays"), T + 2 * HOUR - 1),
        ("open the one after", "planned", "owner", opening("tuesdays"), T + 2 * HOUR),
        ("open when all are over", "planned", "owner", opening("tuesdays"), T + 26 * HOUR),
        ("open one out of turn", "planned", "owner", opening(), T),
        ("open a plan that is not", "planned", "owner", opening("a"), T),
        ("open twice", "on", "owner", opening(), T),
        ("open when the last has ended", "on", "owner", opening(), T + 90 * 60_000),
        ("open when the clock has", "planned", "owner", opening("clock"), T + 3 * HOUR),
        ("open before the clock does", "planned", "owner", opening("clock"), T + 3 * HOUR - 1),
        ("open after the clock's has ended", "planned", "owner", opening(), T + 4 * HOUR),
        ("extend", "on", "facilitator", ExtendSession(minutes=10), T + 89 * 60_000),
        ("extend too late", "on", "facilitator", ExtendSession(minutes=10), T + 90 * 60_000),
        ("cut short", "on", "facilitator", ExtendSession(minutes=1), T),
        ("take the clock's on", "planned", "facilitator", TakeLead(), T + 3 * HOUR),
        ("take over", "on", "owner", TakeLead(), T),
        ("take over from oneself", "on", "facilitator", TakeLead(), T),
        ("take over nothing", "planned", "owner", TakeLead(), T),
        ("close", "in a round", "facilitator", CloseSession(), T),
        ("close the clock's", "planned", "owner", CloseSession(), T + 3 * HOUR),
        ("close what has ended", "on", "facilitator", CloseSession(), T + 90 * 60_000),
        ("close while muted for it", "on, muted for the session", "facilitator", CloseSession(), T + 1000),
        ("it ends while muted for it", "on, muted for the session", "facilitator", Lock(on=True), T + 2 * HOUR),
        ("whoever leads leaves", "on", "facilitator", Leave(), T),
        ("admit at a locked door", "locked", "facilitator", admitting("new"), T),
        ("come back at a locked door", "locked", "facilitator", admitting("back", replaces="member"), T),
        ("admit once it has ended", "locked", "facilitator", admitting("new"), T + 90 * 60_000),
        ("lock without a session", "full", "moderator", Lock(on=True), T),
        ("a run-sheet once it has ended", "on", "facilitator", MoveOn(at=0), T + 90 * 60_000),
        ("move to the last segment", "on", "facilitator", MoveOn(at=1), T + 1000),
        ("move beyond the last segment", "on", "facilitator", MoveOn(at=2), T),
        ("no run-sheet", "on", "facilitator", WriteRunSheet(segments=()), T),
        # The floor
        ("by hands, and two are up", "hands up", "facilitator", hands(), T),
        ("by hands, and none is up", "on", "facilitator", hands(), T),
        ("open what is by hands", "by hands", "facilitator", OPEN, T),
        ("other terms for the turn", "by hands", "facilitator", hands(90, 20), T + 5000),
        ("the same terms", "by hands", "facilitator", hands(60, 20), T),
        ("hands after a round", "in a round", "facilitator", hands(), T),
        ("an open floor after a round", "in a round", "facilitator", OPEN, T),
        ("a round anew", "in a round", "owner", round_of("guest", "owner"), T + 1000),
        ("a round of those gone", "on", "owner", round_of("guest", "gone"), T),
        ("raise the only hand", "by hands, none up", "member", RaiseHand(too=False), T + 1000),
        ("raise a hand twice", "hands up", "member", RaiseHand(too=True), T),
        ("raise a hand in one's own turn", "by hands", "member", RaiseHand(too=False), T),
        ("raise a hand when one's turn is over", "by hands", "member", RaiseHand(too=False), T + 80_000),
        ("ask to be in the round", "in a round", "owner", RaiseHand(too=False), T),
        ("raise a hand while listening", "busy", "guest", RaiseHand(too=False), T),
        ("lower one's hand", "hands up", "guest", LowerHand(target=None), T),
        ("lower a hand by one's name", "hands up", "guest", LowerHand(target=id_of("guest")), T),
        ("lower another's hand", "hands up", "facilitator", LowerHand(target=id_of("guest")), T),
        ("lower another's hand without the right", "hands up", "moderator", LowerHand(target=id_of("guest")), T),
        ("lower no hand", "hands up", "moderator", LowerHand(target=None), T),
        ("leave the round before one's turn", "in a round", "guest", LowerHand(target=None), T),
        ("pass", "in a round", "member", passing(1), T + 1000),
        ("pass until later", "in a round", "member", passing(1, later=True), T + 1000),
        ("pass until later when nobody waits", "by hands", "guest", passing(2, later=True), T + 80_000),
        ("pass for the holder", "in a round", "facilitator", passing(1), T),
        ("pass for another", "in a round", "moderator", passing(1), T),
        ("pass a turn that is over", "in a round", "member", passing(1), T + TURN),
        ("pass the next one's turn", "in a round", "member", passing(2), T + TURN),
        ("pass in time", "in a round", "member", passing(1), T + TURN - 1),
        ("pass the last turn", "in a round", "moderator", passing(3), T + 2 * TURN),
        ("pass after the last turn", "in a round", "moderator", passing(3), T + 3 * TURN),
        ("pass in an open floor", "hands up", "member", passing(0), T),
        ("turns without a limit", "by hands, no limit", "member", passing(1), T + 80 * 60_000),
        ("give the floor", "in a round", "facilitator", GiveFloor(target=id_of("moderator")), T + 1000),
        ("give the floor to who has it", "in a round", "facilitator", GiveFloor(target=fern), T),
        ("give the floor back", "in a round", "facilitator", GiveFloor(target=fern), T + TURN),
        ("give an open floor", "hands up", "facilitator", GiveFloor(target=fern), T),
        ("give the floor to someone gone", "in a round", "facilitator", GiveFloor(target=id_of("gone")), T),
        ("whoever has the floor leaves", "in a round", "member", Leave(), T + 1000),
        ("whoever waits is removed", "in a round", "moderator", Remove(target=id_of("guest")), T),
        ("whoever has the floor comes back", "in a round", "owner", admitting("back", replaces="member"), T),
        ("whoever waits comes back", "in a round", "owner", admitting("back", "guest", replaces="guest"), T),
        ("the last hand leaves", "by hands", "guest", Leave(), T + 80_000),
        # Ballots
        ("ask for questions", "on", "facilitator", balloting(), T),
        ("ask for questions without the right", "on", "moderator", balloting(), T),
        ("ask for questions when there is no session", "planned", "facilitator", balloting(), T),
        ("ask for questions after the session", "over", "facilitator", balloting(), T),
        ("ask how it was before any session", "planned", "facilitator", balloting("f", "feedback"), T),
        ("ask how it was after the session", "over", "facilitator", balloting("f", "feedback"), T + 24 * HOUR),
        ("ask how it was a day later", "over", "facilitator", balloting("f", "feedback"), T + 24 * HOUR + 1),
        ("ask while something is asked", "asked", "owner", balloting("f", "feedback"), T + 3 * 60_000 - 1),
        ("ask when something was asked", "asked", "owner", balloting("f", "feedback"), T + 3 * 60_000),
        ("ask the same again", "asked", "owner", balloting(), T + 3 * 60_000),
        ("ask a fifth time", "asked four times", "facilitator", balloting("e"), T),
        ("end what is asked", "asked", "owner", ending_ballot(), T + 1000),
        ("end it without the right", "asked", "moderator", ending_ballot(), T),
        ("end it when it is over", "asked", "owner", ending_ballot(), T + 3 * 60_000),
        ("end what is not asked", "asked", "owner", ending_ballot("feedback"), T),
        ("questions end with the session", "asked", "facilitator", CloseSession(), T + 1000),
        ("feedback does not", "asked how it was", "facilitator", CloseSession(), T + 1000),
        ("feedback does not by the clock", "asked how it was", "owner", ending_ballot("feedback"), T + 100 * 60_000),
        # Pausing
        ("pause", "in a round", "moderator", Pause(note=None), T + TURN - 1),
        ("pause twice", "paused in a round", "owner", Pause(note=None), T + HOUR),
        ("go on", "paused in a round", "moderator", Resume(), T + HOUR),
        ("go on, by a clock that went back", "paused in a round", "moderator", Resume(), T),
        ("pass while it is paused", "paused in a round", "member", passing(1), T + HOUR),
        ("the session ends in a pause", "paused in a round", "owner", Resume(), T + 90 * 60_000),
        ("a clock a day ahead", "in a round", "member", passing(1), T + 24 * HOUR),
        ("a clock a day behind", "in a round", "member", passing(1), T - 24 * HOUR),
        ("the clock's session, a day later", "planned", "owner", OpenSession(plan=None, minutes=5), T + 27 * HOUR + 1),
        ("slow mode ends with the session", "locked", "moderator", SlowMode(seconds=0), T + 90 * 60_000),
    ]
