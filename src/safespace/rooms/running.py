"""The fold, for actions that run the live session, and what time and departures do to it."""

from safespace.crypto.invites import Rules
from safespace.errors import PolicyError
from safespace.rooms import floor as floors
from safespace.rooms import live as lives
from safespace.rooms.actions import Admit, AnyAction, shown
from safespace.rooms.dealing import deal
from safespace.rooms.live_actions import (
    BreakOut,
    GiveFloor,
    LiveAction,
    MoveOn,
    OpenBallot,
    PassTurn,
    Pause,
    PlanSessions,
    RaiseHand,
    RenewRoom,
    SetPace,
    StartRound,
    Unplan,
    WriteRules,
    WriteRunSheet,
)
from safespace.rooms.naming import settled
from safespace.rooms.silence import cannot_ask, is_muted, silences
from safespace.rooms.state import Planned, Prompted, RunSheet, State
from safespace.wire import Shown


def settle(state: State, time: int) -> State:
    """What time alone made of a state: sessions began and ended, turns ran out."""
    while (ends := lives.first_end(state.live, time)) is not None and ends < time:
        state = _settle(state, ends)
    return _settle(state, time)


def _settle(state: State, time: int) -> State:
    """The same, where no session ends before `time`."""
    live, floor = lives.settled(state.live, state.floor, time)
    names = settled(state.names, time)
    if names is not state.names:
        state = state.model_copy(update={"names": names})
    if live is state.live and floor is state.floor:
        return state
    themes = state.themes if live.breakouts else {}
    return _after_session(state, state.model_copy(update={"live": live, "floor": floor, "themes": themes}), time)


def run(state: State, id: str, action: LiveAction, time: int) -> State:
    """Raises PolicyError unknown_member, unknown_segment, unchanged, forbidden, or what `cannot_ask` or `deal` say."""
    me = state.members[id]
    match action:
        case WriteRules():
            rules = Rules(version=state.rules.version + 1, text=action.rules)
            agreed = me.model_copy(update={"agreed": rules.version})
            return state.model_copy(update={"rules": rules, "members": {**state.members, id: agreed}})
        case WriteRunSheet():
            return state.model_copy(update={"sheet": RunSheet(segments=action.segments)})
        case MoveOn():
            return _move_on(state, action, time)
        case SetPace():
            if action.pace == state.pace:
                raise PolicyError("unchanged")
            return state.model_copy(update={"pace": action.pace})
        case GiveFloor():
            _check_members(state, action.target)
        case StartRound():
            _check_members(state, *action.order)
        case RaiseHand():
            muted, up_to_date = is_muted(state, id, time), me.agreed == state.rules.version
            why = cannot_ask(muted, me.listening, up_to_date, me.role, state.live.session is not None)
            if why is not None:
                raise PolicyError(why)
        case PassTurn() if action.absent and not state.presence:
            raise PolicyError("forbidden")
    note, too = action.note if isinstance(action, Pause) else None, isinstance(action, RaiseHand) and action.too
    given = Shown.model_validate(shown(action))
    live, floor = deal(
        state.live,
        state.floor,
        id,
        me.role,
        action.action,
        given,
        time,
        note=note,
        too=too,
        members=len(state.members),
        silences=silences(state, time),
    )
    plans, prompts, themes = state.plans, state.prompts, state.themes
    if isinstance(action, PlanSessions):
        segments = plans[action.plan].segments if action.plan in plans else ()
        words = Planned(title=action.title, note=action.note, zone=action.zone, rule=action.rule, segments=segments)
        plans = {**plans, action.plan: words}
    elif isinstance(action, Unplan):
        plans = {one: words for one, words in plans.items() if one != action.plan}
    elif isinstance(action, OpenBallot):
        asked = Prompted(prompt=action.prompt, answer_key=action.answer_key, readers=action.readers)
        prompts = {**{one: words for one, words in prompts.items() if one in live.ballots}, action.ballot: asked}
    elif isinstance(action, BreakOut):
        themes = action.titles
    elif isinstance(action, RenewRoom):
        themes = {action.into if room == action.old else room: title for room, title in themes.items()}
    changed = {
        "live": live,
        "floor": floor,
        "plans": plans,
        "prompts": prompts,
        "themes": themes if live.breakouts else {},
    }
    return _after_session(state, state.model_copy(update=changed), time)


def follow(before: State, after: State, action: AnyAction, time: int) -> State:
    """What it means for session and floor that someone came or went, may speak now or not. Raises PolicyError locked.

    An admission, which has no time when it is handed over, changes nothing about who may use the floor.
    """
    live, floor = after.live, after.floor
    replaces = action.replaces if isinstance(action, Admit) else None
    if isinstance(action, Admit):
        if replaces is None and lives.settled(live, floor, time)[0].locked:
            raise PolicyError("locked")
        if replaces is not None:
            live, floor = lives.renamed(live, floor, replaces, action.target)
    for gone in before.members.keys() - after.members.keys() - {replaces}:
        live, floor = lives.without(live, floor, gone, time)
    after = after.model_copy(update={"live": live, "floor": floor})
    if isinstance(action, Admit):
        return after
    heeding = floors.heeding(live.terms, floor, silences(after, time), time)
    return after.model_copy(update={"floor": heeding})


def _after_session(before: State, after: State, at: int) -> State:
    """When a session has ended, at `at`, mutes for the session have too, and what was said of its evening.

    Its plan keeps the run-sheet, for the next time.
    """
    if after.live.ended == before.live.ended:
        return after
    mutes = {
        id: muted.model_copy(update={"until": min(muted.until or at, at)}) if muted.session else muted
        for id, muted in after.mutes.items()
    }
    session, plans = lives.on_by(before.live, at), after.plans
    if before.sheet.segments and session is not None and session.plan is not None and session.plan in plans:
        kept = plans[session.plan].model_copy(update={"segments": before.sheet.segments})
        plans = {**plans, session.plan: kept}
    return after.model_copy(update={"mutes": mutes, "plans": plans, "sheet": RunSheet(), "pace": "usual"})


def _move_on(state: State, action: MoveOn, time: int) -> State:
    if action.at is not None and action.at >= len(state.sheet.segments):
        raise PolicyError("unknown_segment")
    if action.at == state.sheet.at:
        raise PolicyError("unchanged")
    return state.model_copy(update={"sheet": state.sheet.model_copy(update={"at": action.at, "since": time})})


def _check_members(state: State, *ids: str) -> None:
    if not state.members.keys() >= set(ids):
        raise PolicyError("unknown_member")
