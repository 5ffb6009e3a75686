"""Real browsers: Debian's Chromium and Firefox ESR, driven by Playwright, one of each for all tests of a worker."""

import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import async_playwright, expect

from browser import steps
from browser.people import Browsers, NewPerson, Person, Which
from serving import ServerProcess

# What a page shows may take its time on a busy machine; no test measures it.
expect.set_options(timeout=steps.PATIENCE)


@pytest.fixture(scope="session")
async def browsers() -> AsyncIterator[Browsers]:
    async with async_playwright() as playwright:
        running = Browsers(playwright)
        yield running
        await running.close()


@pytest.fixture(scope="session")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server of the pages with made-up people (web/tests/gallery): `?state=` says how things stand."""
    folder = tmp_path_factory.mktemp("gallery")
    vite = ["npx", "vite", "build", "--config", "tests/gallery/vite.config.ts", "--outDir", str(folder / "pages")]
    subprocess.run(vite, cwd=Path(__file__).parents[2] / "web", check=True, capture_output=True, timeout=300)
    server = ServerProcess(folder / "data", SAFESPACE_WEB_DIR=str(folder / "pages"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(params=["chromium", "firefox"])
def which(request: pytest.FixtureRequest) -> Which:
    """Runs the test in each browser."""
    name: Which = request.param
    return name


@pytest.fixture
async def person(browsers: Browsers) -> AsyncIterator[NewPerson]:
    """Makes people; fails the test if any of them met a console error, a policy violation or a third party."""
    people: list[Person] = []

    async def make(name: str, origin: str, *, which: Which = "chromium", **options: Any) -> Person:
        people.append(await browsers.person(name, origin, which=which, **options))
        return people[-1]

    yield make
    for each in people:
        await each.context.close()
    assert [f"{each.name}: {trouble}" for each in people for trouble in each.unexpected()] == []
