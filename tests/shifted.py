"""A server whose clock is not that of the people's devices: to it, theirs are wrong."""

import os
import sys
import time
from pathlib import Path
from typing import Final

from serving import ServerProcess

_AHEAD: Final = "SAFESPACE_TEST_AHEAD"


class ShiftedServer(ServerProcess):
    """`safespace serve`, by a clock that is `ahead` seconds ahead of this machine's."""

    command = (sys.executable, str(Path(__file__)), "serve")

    def __init__(self, data_dir: Path, ahead: float, **settings: str) -> None:
        path = os.pathsep.join(sys.path)
        super().__init__(data_dir, None, **settings, SAFESPACE_TEST_AHEAD=str(ahead), PYTHONPATH=path)


if __name__ == "__main__":
    right, ahead = time.time, float(os.environ.pop(_AHEAD))
    time.time = lambda: right() + ahead
    time.time_ns = lambda: int((right() + ahead) * 1e9)

    from safespace.cli import main

    main()
