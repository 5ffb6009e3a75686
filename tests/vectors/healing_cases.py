"""When new keys are due."""

from typing import Any

from safespace.rooms.healing import AGE, MESSAGES, is_due

NOW = 1_800_000_000_000


def make() -> list[dict[str, Any]]:
    return [
        {"messages": messages, "renewed": renewed, "now": NOW, "due": is_due(messages, renewed, NOW)}
        for messages in (0, 1, MESSAGES - 1, MESSAGES, MESSAGES + 1)
        for renewed in (0, NOW - AGE - 1, NOW - AGE, NOW - AGE + 1, NOW - 1, NOW, NOW + AGE)
    ]
