"""Wren opens an invite link on an old phone with a poor connection."""

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import Response, Route, expect

from browser.people import NewPerson, Which
from safespace.sdk import Client
from serving import ServerProcess

LIGHT = 120_000
"""Bytes on the line, with headers, that a first load may weigh in all."""


@pytest.fixture(scope="module")
async def link(standing_server: ServerProcess, tmp_path_factory: pytest.TempPathFactory) -> str:
    """An invite to a group of Fern's."""
    store: Path = tmp_path_factory.mktemp("fern") / "store"
    url = standing_server.url
    async with await Client.register(url, handle="fern-first-load", passphrase="a long one", store=store) as fern:
        group = await fern.create_group("Tuesday evening", rules="What is said here stays here.", pseudonym="Fern")
        return await group.create_invite()


async def test_the_invite_is_readable_and_nobody_else_is_asked(
    person: NewPerson, which: Which, standing_server: ServerProcess, link: str
) -> None:
    wren = await person("Wren", standing_server.url, which=which)
    await wren.page.goto(link)
    await wren.page.get_by_text("Tuesday evening").first.wait_for()
    await wren.page.get_by_text("What is said here stays here.").first.wait_for()
    assert wren.requests
    assert link.partition("#")[2] not in "".join(wren.requests)


async def test_the_first_load_is_light(person: NewPerson, standing_server: ServerProcess, link: str) -> None:
    wren = await person("Wren", standing_server.url)
    answers: list[Response] = []
    wren.page.on("response", lambda answer: answers.append(answer))
    await wren.page.goto(link)
    await wren.page.get_by_text("Tuesday evening").first.wait_for()
    await wren.page.wait_for_load_state("networkidle")
    sizes = {}
    for answer in answers:
        of = await answer.request.sizes()
        sizes[answer.url] = of["responseBodySize"] + of["responseHeadersSize"]
    print({url.removeprefix(standing_server.url): size for url, size in sizes.items()})
    assert 1_000 < sum(sizes.values()) < LIGHT


async def test_something_is_drawn_before_the_script_has_come(
    person: NewPerson, which: Which, standing_server: ServerProcess, link: str
) -> None:
    wren = await person("Wren", standing_server.url, which=which)
    come = asyncio.Event()

    async def late(route: Route) -> None:
        await come.wait()
        await route.continue_()

    await wren.page.route("**/assets/*.js", late)
    opening = asyncio.create_task(wren.page.goto(link))
    await expect(wren.page.locator(".bone").first).to_be_visible()
    assert (await wren.page.inner_text("body")).strip() == ""
    come.set()
    await opening
    await wren.page.get_by_text("Tuesday evening").first.wait_for()
    await expect(wren.page.locator(".bone")).to_have_count(0)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_axe_finds_nothing(person: NewPerson, standing_server: ServerProcess, link: str, dark: bool) -> None:
    wren = await person("Wren", standing_server.url, dark=dark)
    await wren.page.goto(link)
    await wren.page.get_by_text("Tuesday evening").first.wait_for()
    assert await wren.accessibility() == []
