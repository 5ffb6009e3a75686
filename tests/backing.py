"""A PostgreSQL and a Redis of the tests' own, on free ports of 127.0.0.1, that can be stopped and started again."""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from serving import free_port

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
PATIENCE = 60.0
"""Seconds to wait for a start before a test fails."""


class Postgres:
    """A PostgreSQL; it refuses to run as root, so then it is somebody else's. Skips where it is not installed.

    Its folder is not below pytest's, which only their owner may enter.
    """

    def __init__(self, *options: str) -> None:
        if not BINARIES:
            pytest.skip("PostgreSQL is not installed")
        if os.getuid() == 0 and "postgres" not in {entry.pw_name for entry in pwd.getpwall()}:
            pytest.skip("PostgreSQL does not run as root, and there is no user postgres")
        self._folder = Path(tempfile.mkdtemp(prefix="safespace-postgres-"))
        self._user = "postgres" if os.getuid() == 0 else None
        if self._user:
            shutil.chown(self._folder, self._user)
        self.port = free_port()
        settings = ("listen_addresses=127.0.0.1", *options)
        self._options = " ".join([f"-p {self.port} -k {self._folder}", *(f"-c {setting}" for setting in settings)])
        self._run("initdb", "-D", self._data, "-U", "safespace", "-A", "trust")

    @property
    def _data(self) -> str:
        return str(self._folder / "data")

    @property
    def pid(self) -> int:
        """The postmaster's id while it runs."""
        return int((self._folder / "data" / "postmaster.pid").read_text().split()[0])

    def url(self, database: str = "postgres") -> str:
        """The address of one of its databases, as `SAFESPACE_DATABASE_URL` has it."""
        return f"postgresql+asyncpg://safespace@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """The address of a new, empty database."""
        name = f"rooms_{secrets.token_hex(4)}"
        self.sql(f"CREATE DATABASE {name}")
        return self.url(name)

    def sql(self, statement: str, database: str = "postgres") -> str:
        """What psql answers, unaligned and without headings."""
        where = ("-h", "127.0.0.1", "-p", str(self.port), "-U", "safespace", "-d", database)
        return self._run("psql", *where, "-XAtc", statement)

    def start(self) -> None:
        self._run("pg_ctl", "-D", self._data, "-w", "-l", str(self._folder / "log"), "-o", self._options, "start")

    def stop(self) -> None:
        """Stop at once, without last words to anyone; the next start recovers."""
        self._run("pg_ctl", "-D", self._data, "-w", "-m", "immediate", "stop")

    def remove(self) -> None:
        """Stop it, if it runs, and delete all it has."""
        if (self._folder / "data" / "postmaster.pid").exists():
            self.stop()
        shutil.rmtree(self._folder)

    def _run(self, name: str, *arguments: str) -> str:
        command = [str(BINARIES[-1] / name), *arguments]
        # pg_ctl's server keeps its output: a pipe would never end.
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(command, user=self._user, cwd=self._folder, stdout=output, stderr=output, check=False)
            output.seek(0)
            text = output.read().decode(errors="replace")
        assert done.returncode == 0, f"{name}: {text}"
        return text.strip()


class Redis:
    """A Redis that keeps nothing on disk. Skips where it is not installed."""

    def __init__(self, folder: Path) -> None:
        if shutil.which("redis-server") is None:
            pytest.skip("redis-server is not installed")
        self._folder = folder
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        assert self._process is None
        options = ("--bind", "127.0.0.1", "--port", str(self.port), "--save", "", "--appendonly", "no")
        with (self._folder / "redis.log").open("ab") as log:
            self._process = subprocess.Popen(
                ["redis-server", *options, "--dir", str(self._folder)], stdout=log, stderr=log
            )
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        raise AssertionError("Redis did not start")

    def stop(self) -> None:
        """SIGKILL: whatever it held is gone."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(PATIENCE)
            self._process = None

    @property
    def pid(self) -> int:
        """The process's id while it runs."""
        assert self._process is not None
        return self._process.pid

    @contextmanager
    def monitor(self, heard: IO[bytes]) -> Iterator[None]:
        """Write down every command meanwhile, as redis-cli shows it."""
        listening = subprocess.Popen(["redis-cli", "-p", str(self.port), "monitor"], stdout=heard)
        try:
            time.sleep(0.5)
            yield
        finally:
            listening.kill()
            listening.wait(PATIENCE)

    def command(self, *words: str) -> bytes:
        """What redis-cli answers."""
        return subprocess.run(["redis-cli", "-p", str(self.port), *words], capture_output=True, check=True).stdout
