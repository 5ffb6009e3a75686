"""One evening for all tests of a module that only knock and are refused."""

import pytest

from gathering import Evening
from serving import ServerProcess


@pytest.fixture(scope="module")
async def evening(standing_server: ServerProcess) -> Evening:
    evening = await Evening.begin(standing_server.url)
    await evening.gather()
    return evening
