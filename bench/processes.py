"""Server processes on loopback, and what Linux's /proc says they cost."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

START = 60.0
"""Seconds a server may take until its port answers, and to end."""


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Process:
    """A server that runs until `end`; what it prints goes into `log`. Raises RuntimeError if its port never answers."""

    def __init__(
        self, words: Sequence[str], port: int, log: Path, environment: Mapping[str, str] | None = None
    ) -> None:
        self._log = log
        with log.open("ab") as output:
            self._told = output.tell()
            self._process = subprocess.Popen(
                words,
                env={**os.environ, **(environment or {})},
                cwd=log.parent,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        deadline = time.monotonic() + START
        while not _answers(port):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.end()
                raise RuntimeError(f"{words[0]} did not start:\n{log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.05)

    @property
    def pid(self) -> int:
        return self._process.pid

    def cpu(self) -> float:
        """CPU seconds of the process and its descendants so far (proc(5): utime, stime and those of ended children)."""
        return cpu_of(self.pid)

    def memory(self) -> int:
        """Proportional set size in bytes of the process and its descendants (proc(5): smaps_rollup)."""
        return sum(map(_memory, tree(self.pid)))

    def end(self) -> None:
        """Ask it to end, and wait; SIGKILL if it does not."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(START)

    def wait_for(self, words: str) -> None:
        """Wait until it has printed this. Raises RuntimeError if it does not."""
        deadline = time.monotonic() + START
        while words.encode() not in self._log.read_bytes()[self._told :]:
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"it did not say: {words}")
            time.sleep(0.05)


def cpu_of(pid: int) -> float:
    """CPU seconds of a process and its descendants so far."""
    return sum(map(_cpu, tree(pid)))


def tree(pid: int) -> list[int]:
    """The ids of a process, first, and its descendants."""
    found = [pid]
    for one in found:
        for children in Path(f"/proc/{one}/task").glob("*/children"):
            found += map(int, children.read_text(encoding="ascii").split())
    return found


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def _memory(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
