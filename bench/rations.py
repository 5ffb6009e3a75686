"""A fixed share of a core for each process, by Linux's control groups: what more cores would allow, seen on two."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

CONTROLLER = Path("/sys/fs/cgroup/cpu")
"""Version 1 of them (kernel.org: scheduler/sched-bwc)."""
PERIOD = 10_000
"""Microseconds in which a process may have its share."""


def lacks() -> str | None:
    """What is missing here, if anything."""
    if os.access(CONTROLLER, os.W_OK):
        return None
    return f"shares of a core are given by {CONTROLLER}, which is not here or not ours to write"


@contextmanager
def rationed(pids: Sequence[int], share: float) -> Iterator[None]:
    """While the block runs each of these processes has at most this share of a core."""
    groups = {pid: CONTROLLER / f"safespace-bench-{pid}" for pid in pids}
    try:
        for pid, group in groups.items():
            group.mkdir()
            (group / "cpu.cfs_period_us").write_text(str(PERIOD), encoding="ascii")
            (group / "cpu.cfs_quota_us").write_text(str(int(PERIOD * share)), encoding="ascii")
            (group / "cgroup.procs").write_text(str(pid), encoding="ascii")
        yield
    finally:
        for pid, group in groups.items():
            if group.is_dir():
                (CONTROLLER / "cgroup.procs").write_text(str(pid), encoding="ascii")
                group.rmdir()
