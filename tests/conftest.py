"""Fixtures for every test: a real server."""

from collections.abc import Iterator

import pytest

from serving import ServerProcess


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
