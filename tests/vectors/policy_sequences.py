"""Prints random stories of a group as JSON, with what the fold said at each step.

`python -m vectors.policy_sequences COUNT SEED` in `tests/`.
"""

import json
import random
import sys
from collections.abc import Callable
from typing import Any
from uuid import UUID

from safespace.fields import Role
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
    Rename,
    RenameGroup,
    Restore,
    Retain,
    StepDown,
    TakeDown,
    Unban,
    Unmute,
    WriteCharter,
    WriteWelcome,
)
from safespace.rooms.live_actions import (
    BetweenSessions,
    CallBack,
    CloseSession,
    ExtendSession,
    GiveFloor,
    Lock,
    LowerHand,
    LowerHands,
    MoveOn,
    PassTurn,
    Pause,
    RaiseHand,
    Resume,
    SetFloor,
    SetPace,
    SlowMode,
    TakeLead,
    Unplan,
    WriteRules,
)
from safespace.rooms.policy import fold, propose
from safespace.rooms.state import State
from vectors.fixed import uuid
from vectors.policy_cases import outcome
from vectors.policy_people import (
    ROLES,
    T,
    admitting,
    agenda,
    balloting,
    breaking_out,
    creating,
    ending_ballot,
    id_of,
    in_capsule,
    muting,
    opening,
    planning,
    reason,
    renewing,
    round_of,
)

PEOPLE = [f"person {number}" for number in range(14)]


def story(chance: random.Random) -> list[dict[str, Any]]:
    """Up to 60 policy messages, allowed and not, each made on the state before it or on an older one."""
    states: list[State | None] = [None]
    steps = []
    time = T
    for number in range(chance.randint(1, 60)):
        state = states[-1]
        seen = state if chance.random() < 0.95 else chance.choice(states)
        actor = _actor(chance, state)
        time += chance.choice([0, 1000, 30_000, 300_000, 10**7])
        message = propose(seen, actor, number, _action(chance, state, actor))
        result = outcome(state, message, time)
        steps.append({"content": message.written().decode(), "time": time, **result})
        if result["code"] is None:
            states.append(fold(state, message, time))
    return steps


def _actor(chance: random.Random, state: State | None) -> str:
    """Mostly someone who is there, and often of those who may do much."""
    if state is None or chance.random() < 0.05:
        return id_of(chance.choice(PEOPLE))
    staff = [id for id, member in state.members.items() if member.role in ("owner", "facilitator", "moderator")]
    return chance.choice(staff if chance.random() < 0.6 else list(state.members))


def _action(chance: random.Random, state: State | None, actor: str) -> AnyAction:
    if state is None or chance.random() < 0.02:
        return creating() if chance.random() < 0.9 else Leave()
    # Someone who is asked to act on what stands in the state does something that can succeed.
    if actor in state.offers and chance.random() < 0.4:
        return Accept(role=state.offers[actor].role, version=state.charter.version)
    someone = chance.choice([name for name in PEOPLE if id_of(name) in state.members] * 3 + PEOPLE)
    if chance.random() < 0.35:
        return _admission(chance, state)
    if chance.random() < 0.3:
        return chance.choice(_DEEDS)(chance, someone)
    if chance.random() < 0.3:
        return PassTurn(
            absent=chance.random() < 0.2,
            turn=max(0, state.floor.turn - (chance.random() < 0.1)),
            later=chance.random() < 0.3,
        )
    return chance.choice(_EVENING)(chance, someone)


def _admission(chance: random.Random, state: State) -> AnyAction:
    version = 1 if chance.random() < 0.95 else 2
    inside = [one for one in PEOPLE if id_of(one) in state.members]
    replaces = chance.choice(inside or PEOPLE) if chance.random() < 0.3 else None
    name = chance.choice([None, replaces, chance.choice(PEOPLE)])
    role = chance.choice(ROLES) if chance.random() < 0.3 else chance.choice(ROLES[3:])
    listening = chance.random() < 0.3
    return admitting(chance.choice(PEOPLE), role, version, name, replaces, listening=listening)


def _role(chance: random.Random) -> Role:
    return chance.choice(ROLES)


_DEEDS: list[Callable[[random.Random, str], AnyAction]] = [
    lambda chance, _: Agree(version=chance.choice([1, 1, 1, 2])),
    lambda _, __: Leave(),
    lambda chance, who: Remove(
        target=id_of(who), ban=chance.random() < 0.5, reason=reason(who) if chance.random() < 0.3 else None
    ),
    lambda _, who: Unban(target=id_of(who)),
    lambda chance, who: Offer(target=id_of(who), role=_role(chance)),
    lambda chance, who: Offer(target=id_of(who), role=_role(chance)),
    lambda _, who: EndOffer(target=id_of(who)),
    lambda chance, _: Accept(role=_role(chance), version=1),
    lambda chance, who: Demote(target=id_of(who), role=_role(chance)),
    lambda chance, _: StepDown(role=_role(chance)),
    lambda chance, who: muting(who, chance.choice([1, 300, 86_400, "session", "lifted"]), why=chance.random() < 0.3),
    lambda chance, who: muting(who, chance.choice([60, 900])),
    lambda _, who: Unmute(target=id_of(who)),
    lambda chance, _: MuteAll(on=chance.random() < 0.5),
    lambda _, who: LetSpeak(target=id_of(who)),
    lambda _, who: TakeDown(target=id_of(who), line=1),
    lambda _, who: Restore(target=id_of(who), line=1),
    lambda chance, _: Retain(days=chance.choice([0, 30, 90])),
    lambda chance, _: WriteCharter(charter=f"Charter {chance.randint(0, 9)}."),
    lambda chance, _: RenameGroup(name=f"Group {chance.randint(0, 2)}"),
    lambda chance, _: WriteWelcome(welcome=f"Welcome {chance.randint(0, 2)}"),
    lambda chance, who: Rename(pseudonym=chance.choice([who, f"Name {chance.randint(0, 5)}"])),
    lambda chance, who: Rename(pseudonym=chance.choice([who, f"Name {chance.randint(0, 5)}"])),
]
_PLANS = ("a", "b")
_ROOMS = ("capsule", "one", "two", "anew")
_EVENING: list[Callable[[random.Random, str], AnyAction]] = [
    lambda chance, _: WriteRules(rules=f"Rules {chance.randint(0, 9)}."),
    lambda chance, _: _planning(chance),
    lambda chance, _: Unplan(plan=UUID(uuid(chance.choice(_PLANS)))),
    lambda chance, _: opening(chance.choice([*_PLANS, None]), chance.choice([1, 60])),
    lambda chance, _: opening(),
    lambda chance, _: ExtendSession(minutes=chance.choice([1, 30])),
    lambda _, __: TakeLead(),
    lambda chance, _: balloting(chance.choice(_PLANS), chance.choice(["questions", "feedback"])),
    lambda chance, _: ending_ballot(chance.choice(_PLANS)),
    lambda _, __: CloseSession(),
    lambda chance, _: BetweenSessions(on=chance.random() < 0.5),
    lambda chance, _: Lock(on=chance.random() < 0.3),
    lambda chance, _: Pause(note=chance.choice([None, "A breath."])),
    lambda _, __: Resume(),
    lambda _, __: Resume(),
    lambda chance, _: SlowMode(seconds=chance.choice([0, 60])),
    lambda chance, _: SetPace(pace=chance.choice(["usual", "gentle"])),
    lambda _, __: agenda(),
    lambda chance, _: MoveOn(at=chance.choice([None, 0, 1, 2])),
    lambda chance, _: SetFloor(
        mode=chance.choice(["open", "hands", "hands", "round"]),
        seconds=chance.choice([0, 60]),
        grace=chance.choice([None, 0, 30]),
    ),
    lambda chance, _: round_of(*chance.sample(PEOPLE, 3), grace=chance.choice([None, 30])),
    lambda chance, who: round_of(who, grace=chance.choice([None, 30])),
    *[lambda chance, _: RaiseHand(too=chance.random() < 0.5)] * 4,
    lambda chance, who: LowerHand(target=chance.choice([None, id_of(who)])),
    lambda _, __: LowerHands(),
    lambda _, who: GiveFloor(target=id_of(who)),
    lambda chance, _: in_capsule(chance.choice(_ROOMS)),
    lambda chance, who: breaking_out(who, chance.choice(["", "owner"]), names=_ROOMS[1:3]),
    lambda _, __: CallBack(),
    lambda chance, _: renewing(chance.choice(_ROOMS), chance.choice(_ROOMS)),
]


def _planning(chance: random.Random) -> AnyAction:
    # Stories take from hours to days; some plans lie behind where they are made.
    starts = sorted({chance.randint(0, 48) for _ in range(5)})
    return planning(chance.choice(_PLANS), *starts, minutes=chance.choice([30, 60, 90]), clock=chance.random() < 0.7)


if __name__ == "__main__":
    count, seed = (int(argument) for argument in sys.argv[1:])
    chance = random.Random(seed)
    json.dump([story(chance) for _ in range(count)], sys.stdout)
