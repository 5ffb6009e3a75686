"""How long attacks and faults are repeated: short in `make test`, whole in `make soak`."""

import os


def rounds(short: int, whole: int) -> int:
    """`whole` where SAFESPACE_CAMPAIGN=full, else `short`."""
    return whole if os.environ.get("SAFESPACE_CAMPAIGN") == "full" else short
