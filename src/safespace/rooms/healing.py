"""When a device takes new keys for its leaf: the one rule, which `web/src/room/healing.ts` has as well."""

from typing import Final

MESSAGES: Final = 500
"""Own messages after which new keys are due."""
AGE: Final = 7 * 24 * 3600 * 1000
"""Milliseconds after which they are, also for who only listens."""


def is_due(messages: int, renewed: int, now: int) -> bool:
    """Whether new keys are due, after so many own messages with those of `renewed`."""
    return messages >= MESSAGES or now >= renewed + AGE
