"""Fixtures for every test: a real server, and no settings but the tests' own."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis

from backing import Postgres, Redis
from safespace.settings import Settings
from serving import ServerProcess

# How long an example takes says something of the machine alone.
hypothesis.register_profile("safespace", deadline=None)
hypothesis.load_profile("safespace")


@pytest.fixture(scope="session", autouse=True)
def _no_settings_of_the_shell() -> Iterator[None]:
    """Tests choose their settings; those of whoever runs them do not count."""
    with pytest.MonkeyPatch.context() as patch:
        for field in Settings.model_fields:
            patch.delenv(f"SAFESPACE_{field.upper()}", raising=False)
        yield


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server of the test's own, on a new data directory."""
    server = ServerProcess(tmp_path_factory.mktemp("server") / "data")
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def standing_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """One server for all tests that neither stop it nor look at all of its data."""
    server = ServerProcess(tmp_path_factory.mktemp("standing") / "data")
    server.start()
    yield server
    server.stop()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests found out by `record_property`; SAFESPACE_FIGURES names a file to write it to as JSON."""
    reports = [
        report
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, ())
        if report.user_properties
    ]
    figures = [
        {"test": report.nodeid.rpartition("/")[2], "outcome": report.outcome, **dict(report.user_properties)}
        for report in reports
    ]
    if figures:
        terminalreporter.section("figures")
    for line in figures:
        terminalreporter.write_line(", ".join(f"{name} {value}" for name, value in line.items()))
    if file := os.environ.get("SAFESPACE_FIGURES"):
        Path(file).write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One PostgreSQL for all tests that do not stop it; each takes a `new_database`."""
    postgres = Postgres("fsync=off")
    postgres.start()
    yield postgres
    postgres.remove()


@pytest.fixture(scope="session")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    """One Redis for all tests that do not stop it; what belongs to other databases has other names."""
    redis = Redis(tmp_path_factory.mktemp("redis"))
    redis.start()
    yield redis
    redis.stop()
