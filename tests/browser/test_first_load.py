"""Wren opens an invite link on an old phone with a poor connection."""

import gzip
from pathlib import Path

import pytest
from playwright.async_api import Response

from browser.people import NewPerson, Which
from safespace.sdk import Client
from serving import ServerProcess

LIGHT = 120_000
"""Bytes, compressed, that a first load may weigh in all."""


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
    assert "#" not in wren.page.url


async def test_the_first_load_is_light(person: NewPerson, standing_server: ServerProcess, link: str) -> None:
    wren = await person("Wren", standing_server.url)
    answers: list[Response] = []
    wren.page.on("response", lambda answer: answers.append(answer))
    await wren.page.goto(link)
    await wren.page.get_by_text("Tuesday evening").first.wait_for()
    await wren.page.wait_for_load_state("networkidle")
    # What the server sends compressed, and the rest as it is.
    sizes = {}
    for answer in answers:
        body = await answer.body() if answer.ok else b""
        packed = answer.headers.get("content-encoding") == "gzip"
        sizes[answer.url] = len(gzip.compress(body)) if packed else len(body)
    print({url.removeprefix(standing_server.url): size for url, size in sizes.items()})
    assert 1_000 < sum(sizes.values()) < LIGHT


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_axe_finds_nothing(person: NewPerson, standing_server: ServerProcess, link: str, dark: bool) -> None:
    wren = await person("Wren", standing_server.url, dark=dark)
    await wren.page.goto(link)
    await wren.page.get_by_text("Tuesday evening").first.wait_for()
    assert await wren.accessibility() == []
