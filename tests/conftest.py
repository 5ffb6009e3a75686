"""Fixtures for every test: a real server, and no settings but the tests' own; and who runs beside whom."""

import fcntl
import json
import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis

from backing import Postgres, Redis
from safespace.settings import Settings
from serving import ServerProcess

# How long examples take says something of the machine alone.
hypothesis.register_profile("safespace", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis.load_profile("safespace")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What runs alone comes last, so that it holds nobody up."""
    items.sort(key=is_alone)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """While a test runs that is marked `alone` no other does, whichever worker of pytest-xdist it is with."""
    with Path(__file__).open(encoding="utf-8") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX if is_alone(item) else fcntl.LOCK_SH)
        try:
            return (yield)
        finally:
            fcntl.flock(turn, fcntl.LOCK_UN)


def is_alone(item: pytest.Item) -> bool:
    return item.get_closest_marker("alone") is not None


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


@pytest.fixture(scope="session")
def measured_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """One server with the budgets that people have, for all tests that neither stop it nor look at all of its data."""
    server = ServerProcess(tmp_path_factory.mktemp("measured") / "data", SAFESPACE_BUDGETS="1")
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
