"""Rosa reads her server, its traffic and, later, the disks of those who wrote: she finds no word of the group."""

import asyncio
import secrets
from pathlib import Path

from playwright.async_api import Page, expect

from browser import steps
from browser.people import NewPerson
from canaries import canaries, found
from serving import ServerProcess, free_port
from wiretap import wiretap

MESSAGES = 40
LEFT_UNSENT = 500
"""Milliseconds after which a draft is kept, and some."""


async def plant(page: Page, text: str) -> None:
    """What a page keeps in IndexedDB without sealing it."""
    await page.evaluate(
        """(text) => new Promise((resolve, reject) => {
          const asked = indexedDB.open("control", 1);
          asked.onupgradeneeded = () => asked.result.createObjectStore("values");
          asked.onerror = reject;
          asked.onsuccess = () => {
            const writing = asked.result.transaction("values", "readwrite", { durability: "strict" });
            writing.objectStore("values").put({ text }, "control");
            writing.oncomplete = resolve;
          };
        })""",
        text,
    )


def read_all(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]


async def test_rosa_finds_no_canary_but_the_planted_ones(person: NewPerson, tmp_path: Path) -> None:
    name, rules, welcome, host, guest, note, passphrase, draft, *texts = used = canaries(8 + MESSAGES)
    planted = f"control-{secrets.token_hex(10)}"
    port = free_port()
    async with wiretap(port) as tap:
        origin = f"http://localhost:{tap.port}"
        server = ServerProcess(tmp_path / "server", port, SAFESPACE_ORIGINS=origin)
        await asyncio.to_thread(server.start)
        fern = await person("Fern", origin, profile=tmp_path / "fern")
        wren = await person("Wren", origin, profile=tmp_path / "wren")
        handle = await steps.make_account(fern, passphrase)
        await steps.make_group(fern, name, host, rules=rules, welcome=welcome)
        await steps.ask_to_join(wren, await steps.make_invite(fern), guest, note)
        await steps.let_in(fern, guest)
        await steps.sits(wren)
        for number, text in enumerate(texts):
            await steps.say((fern, wren)[number % 2], text)
        for who in (fern, wren):
            await steps.sees(who, texts[-2])
            await steps.sees(who, texts[-1])
            await steps.composer(who.page).fill(draft)
            await plant(who.page, planted)
        await fern.page.goto("/")
        await expect(fern.page.get_by_role("link", name=name)).to_be_visible()
        await wren.page.wait_for_timeout(LEFT_UNSENT)
        for who in (fern, wren):
            await who.context.close()
        heard = tap.heard()
        await asyncio.to_thread(server.stop)
    rosas = [heard, server.log().encode(), *read_all(server.data_dir)]
    assert b'"t":"send"' in heard
    assert found(handle, [heard])
    assert found(handle, read_all(server.data_dir))
    assert [canary for canary in used if found(canary, rosas)] == []
    for profile in (tmp_path / "fern", tmp_path / "wren"):
        kept = read_all(profile)
        assert sum(len(part) for part in read_all(profile / "Default/IndexedDB")) > 10_000
        assert found(planted, kept)
        assert [canary for canary in used if found(canary, kept)] == []
