"""Four processes on one database and one Redis, for all tests that stop none of them."""

from collections.abc import AsyncIterator

import pytest

from backing import Postgres, Redis
from processes.talkers import TRIES, Processes


@pytest.fixture(scope="session")
async def four(tmp_path_factory: pytest.TempPathFactory, postgres: Postgres, redis: Redis) -> AsyncIterator[Processes]:
    processes = Processes(
        tmp_path_factory.mktemp("four"), postgres.new_database(), redis, SAFESPACE_LOGIN_FAILURES_PER_HOUR=str(TRIES)
    )
    await processes.start()
    yield processes
    await processes.stop()
