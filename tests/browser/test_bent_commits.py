"""A member's changes of keys that nobody can follow: the page waits them out, and everyone chats on."""

from pathlib import Path

from playwright.async_api import expect

from bending import KINDS, commit
from browser import steps
from browser.people import NewPerson
from evening import Listener, arrive, sit_down
from serving import ServerProcess

SHOWN = "A change of keys did not work and was taken back. Nothing was lost."


async def test_the_page_goes_on(person: NewPerson, standing_server: ServerProcess, tmp_path: Path) -> None:
    """Fern has gone home, so Wren's page alone can say that it cannot follow Moss."""
    url = f"http://localhost:{standing_server.port}"
    wren = await person("Wren", url)
    async with await arrive(url, "Moss", tmp_path) as moss:
        async with await arrive(url, "Fern", tmp_path) as fern:
            group = await fern.create_group("Slow Tuesdays", rules=steps.RULES, pseudonym="Fern")
            await steps.join(wren, group, "Wren")
            bent = (await sit_down(group, moss, "Moss")).main
            await steps.say(wren, "Hello.")
        listener = Listener(bent)
        for number, kind in enumerate(KINDS[:3]):
            await commit(bent, kind)
            await expect(wren.page.get_by_text(SHOWN)).to_have_count(number + 1, timeout=steps.PATIENCE)
            await bent.send(f"never mind {number}")
            await steps.sees(wren, f"never mind {number}")
        await steps.say(wren, "What are you doing?")
        await listener.hears("What are you doing?")
        await listener.stop()
        assert [one.code for one in bent.warnings()] == ["voided"] * 3
