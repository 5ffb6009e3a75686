"""Fixtures for every test: a real server, and no settings but the tests' own."""

from collections.abc import Iterator

import pytest

from safespace.settings import Settings
from serving import ServerProcess


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
