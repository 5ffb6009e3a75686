"""Prints random stories of a group as JSON, with what the fold said at each step.

`python -m vectors.policy_sequences COUNT SEED` in `tests/`.
"""

import json
import random
import sys
from typing import Any

from safespace.rooms.policy import fold, propose
from safespace.rooms.state import Action, Agree, Leave, Remove, State, write
from vectors.policy_cases import ROLES, admitting, creating, id_of, outcome

PEOPLE = [f"person {number}" for number in range(14)]


def story(chance: random.Random) -> list[dict[str, Any]]:
    """Up to 40 policy messages, allowed and not, each made on the state before it or on an older one."""
    states: list[State | None] = [None]
    steps = []
    for number in range(chance.randint(1, 40)):
        state = states[-1]
        seen = state if chance.random() < 0.95 else chance.choice(states)
        inside = list(state.members) if state else []
        actor = chance.choice(inside) if inside and chance.random() < 0.9 else id_of(chance.choice(PEOPLE))
        message = propose(seen, actor, number, _action(chance, state))
        result = outcome(state, message)
        steps.append({"content": write(message).decode(), **result})
        if result["code"] is None:
            states.append(fold(state, message))
    return steps


def _action(chance: random.Random, state: State | None) -> Action:
    someone = chance.choice(PEOPLE)
    if state is None or chance.random() < 0.02:
        return creating() if chance.random() < 0.9 else Leave()
    pick = chance.random()
    if pick < 0.55:
        version = 1 if chance.random() < 0.95 else 2
        inside = [one for one in PEOPLE if id_of(one) in state.members]
        replaces = chance.choice(inside or PEOPLE) if chance.random() < 0.3 else None
        name = chance.choice([None, replaces, chance.choice(PEOPLE)])
        return admitting(someone, chance.choice(ROLES), version, name, replaces)
    if pick < 0.65:
        return Agree(version=chance.choice([1, 1, 1, 2]))
    return Leave() if pick < 0.75 else Remove(target=id_of(someone))


if __name__ == "__main__":
    count, seed = (int(argument) for argument in sys.argv[1:])
    chance = random.Random(seed)
    json.dump([story(chance) for _ in range(count)], sys.stdout)
