"""Prints one long evening as JSON: random acts of session and floor, with what the fold said at each step.

`python -m vectors.live_sequences COUNT SEED` in `tests/`. All act on a group of five (`policy_people.everyone`) that
stays together; they see the state, so much of what they try can be done.
"""

import json
import random
import sys
from collections.abc import Iterator
from typing import Any

from safespace.rooms.actions import Agree, AnyAction, LetSpeak, MuteAll, Unmute
from safespace.rooms.live_actions import (
    CallBack,
    CloseSession,
    GiveFloor,
    Lock,
    LowerHand,
    LowerHands,
    OpenSession,
    PassTurn,
    Pause,
    RaiseHand,
    Resume,
    SetFloor,
    SlowMode,
    StartRound,
    TakeLead,
    WriteRules,
)
from safespace.rooms.policy import fold, propose
from safespace.rooms.running import settle
from safespace.rooms.state import State
from vectors.policy_cases import outcome
from vectors.policy_forms import as_json
from vectors.policy_people import (
    ROLES,
    T,
    balloting,
    breaking_out,
    ending_ballot,
    everyone,
    id_of,
    in_capsule,
    muting,
    planning,
    renewing,
)


def evening(count: int, chance: random.Random) -> Iterator[dict[str, Any]]:
    """So many messages, each made on the state before it, now and then on a clock that jumps."""
    state, time = everyone(), T
    for number in range(count):
        time += chance.choice([0, 500, 5000, 20_000, 90_000])
        if chance.random() < 0.005:
            time += chance.choice([-86_400_000, 86_400_000])
        actor = chance.choice(ROLES)
        message = propose(state, id_of(actor), number, _action(chance, settle(state, time), actor, time))
        result = outcome(state, message, time)
        yield {"content": message.written().decode(), "time": time, **result}
        if result["code"] is None:
            state = fold(state, message, time)


def _action(chance: random.Random, state: State, actor: str, time: int) -> AnyAction:
    """Of those who run the room, what they do there; of everyone, what they do about their turns."""
    if chance.random() < (0.6 if actor in ("owner", "facilitator", "moderator") else 0.95):
        return _turn(chance, state)
    someone = id_of(chance.choice(ROLES))
    seconds, grace = chance.choice([0, 30, 120]), chance.choice([None, 0, 30])
    order = tuple(id_of(who) for who in chance.sample(ROLES, chance.randint(1, 5)))
    hour = (time - T) // 3_600_000
    return chance.choice(
        [
            SetFloor(mode=chance.choice(["open", "hands", "hands"]), seconds=seconds, grace=grace),
            StartRound(seconds=seconds, grace=grace, order=order),
            GiveFloor(target=someone),
            LowerHand(target=someone),
            LowerHands(),
            muting(chance.choice(ROLES[1:]), chance.choice([5, 60, "session", "lifted"])),
            Unmute(target=someone),
            MuteAll(on=chance.random() < 0.3),
            LetSpeak(target=someone),
            Pause(note=None),
            Resume(),
            Resume(),
            SlowMode(seconds=chance.choice([0, 10])),
            Lock(on=chance.random() < 0.5),
            OpenSession(plan=None, minutes=chance.choice([1, 30])),
            TakeLead(),
            balloting(chance.choice("abcdefgh"), chance.choice(["questions", "feedback"]), chance.choice([1, 5])),
            ending_ballot(chance.choice("abcdefgh")),
            in_capsule(chance.choice(["one", "two"])),
            breaking_out(chance.choice(ROLES), "", names=("three", "four"), minutes=chance.choice([1, 20])),
            CallBack(),
            renewing(chance.choice(["one", "three"]), chance.choice(["five", "four"])),
            CloseSession() if chance.random() < 0.2 else Resume(),
            planning(chance.choice(["a", "b"]), hour + 1, hour + 3, minutes=chance.choice([20, 90]), clock=True),
        ]
    )


def _turn(chance: random.Random, state: State) -> AnyAction:
    if chance.random() < 0.45:
        return RaiseHand(too=chance.random() < 0.3)
    if chance.random() < 0.2:
        return LowerHand(target=None)
    if chance.random() < 0.1:
        return WriteRules(rules="Other rules.") if chance.random() < 0.2 else Agree(version=state.rules.version)
    turn = max(0, state.floor.turn - (chance.random() < 0.1))
    return PassTurn(turn=turn, later=chance.random() < 0.2, absent=chance.random() < 0.1)


if __name__ == "__main__":
    count, seed = (int(argument) for argument in sys.argv[1:])
    told = {"state": as_json(everyone()), "steps": list(evening(count, random.Random(seed)))}
    json.dump(told, sys.stdout)
