"""A real server: its own process on a free port, with its own data directory, that can be killed and started again."""

import contextlib
import itertools
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import httpx

PATIENCE = 60.0
"""Seconds to wait for a start or a stop before a test fails."""

GENEROUS = {
    "SAFESPACE_REGISTRATIONS_PER_HOUR": "1000000",
    "SAFESPACE_LOGIN_FAILURES_PER_HOUR": "1000000",
    "SAFESPACE_BUDGETS": "1000",
}


_ports = itertools.cycle(random.sample(range(11_000, 32_768), 10_000))


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on now.

    None is given twice, as a server may be away from its own for a while, and none of those that Linux gives to
    whoever asks for any (32,768 and above).
    """
    while True:
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port := next(_ports)))
            return port


def resident(pid: int) -> int:
    """Bytes that a process has in memory (proc(5): statm, which holds nobody up)."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


class ServerProcess:
    """`safespace serve` in a process of its own. `settings` are further environment variables.

    Calls block; where clients run in the test's own event loop use `asyncio.to_thread`.
    """

    command: Sequence[str] = (sys.executable, "-m", "safespace.cli", "serve")

    def __init__(self, data_dir: Path, port: int | None = None, **settings: str) -> None:
        self.data_dir = data_dir
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log_file = data_dir.parent / f"{data_dir.name}.log"
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("SAFESPACE_")}
        self._environment = {
            **inherited,
            **GENEROUS,
            "SAFESPACE_PORT": str(self.port),
            "SAFESPACE_DATA_DIR": str(data_dir),
            **settings,
        }
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def database_file(self) -> Path:
        """The SQLite file."""
        return self.data_dir / "safespace.db"

    @property
    def pid(self) -> int:
        """The process's id while it runs."""
        assert self._process is not None
        return self._process.pid

    def memory(self) -> int:
        """Bytes that the process has in memory."""
        return resident(self.pid)

    def running(self) -> bool:
        """Whether the process is alive."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start and wait until it is ready."""
        self.launch()
        assert self._process is not None
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            assert self._process.poll() is None, f"the server ended:\n{self.log()}"
            with contextlib.suppress(httpx.TransportError):
                if httpx.get(f"{self.url}/readyz", timeout=5, trust_env=False).status_code == 200:
                    return
            time.sleep(0.05)
        self.kill()
        raise AssertionError(f"the server was not ready in {PATIENCE} s:\n{self.log()}")

    def launch(self) -> None:
        """Start and wait for nothing."""
        assert self._process is None
        with self._log_file.open("ab") as log:
            self._process = subprocess.Popen(self.command, env=self._environment, stdout=log, stderr=log)

    def kill(self) -> None:
        """SIGKILL: no last words."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """SIGTERM: the sockets are closed with 1012 first."""
        self._end(signal.SIGTERM)

    def restart(self) -> None:
        """Stop, and start on the same port and data."""
        self.stop()
        self.start()

    def log(self) -> str:
        """All that was written to standard output and standard error, over all starts."""
        return self._log_file.read_text(errors="replace")

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        self._process.send_signal(how)
        self._process.wait(PATIENCE)
        self._process = None
