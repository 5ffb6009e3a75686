"""Two hundred payloads, written wherever people write: none runs, none breaks the layout, all are read as they are."""

from pathlib import Path

from playwright.async_api import Page, expect

from browser import steps
from browser.hostile_text import as_name, payloads
from browser.looking import NARROW, too_wide
from browser.people import PHONE, Browsers, NewPerson, Person
from evening import arrive
from serving import ServerProcess

PAYLOADS = payloads()


async def unharmed(who: Person) -> None:
    """Nothing has run, nothing was asked of anyone else, nothing has to be scrolled sideways."""
    assert await who.page.evaluate("globalThis.ran") is None
    assert who.troubles == []
    for width, height in (NARROW, PHONE):
        await who.page.set_viewport_size({"width": width, "height": height})
        assert await too_wide(who.page) == []


async def texts(page: Page, selector: str) -> list[str]:
    """What stands in these elements, whole. Each may hold nothing but text."""
    found = page.locator(selector)
    assert await found.evaluate_all("all => all.every((one) => one.childElementCount === 0)")
    return list(await found.evaluate_all("all => all.map((one) => one.textContent)"))


async def test_the_payloads_run_where_nobody_minds(browsers: Browsers) -> None:
    """On a page that takes text for HTML they do their worst; else the other tests would show nothing."""
    careless = await browsers.person("Careless", "http://localhost")
    await careless.page.set_content("<!doctype html>")
    await careless.page.evaluate(
        """texts => document.body.append(...texts.map((text) =>
          Object.assign(document.createElement("iframe"), { srcdoc: `<!doctype html><div>${text}</div>` })))""",
        PAYLOADS,
    )
    harmed = "[...document.querySelectorAll('iframe')].filter((one) => one.contentWindow.ran).length > 50"
    await careless.page.wait_for_function(harmed)
    await careless.context.close()
    assert len(set(PAYLOADS)) == len(PAYLOADS) == 200


async def test_as_messages(person: NewPerson, standing_server: ServerProcess, tmp_path: Path) -> None:
    url = f"http://localhost:{standing_server.port}"
    wren = await person("Wren", url)
    async with await arrive(url, "Fern", tmp_path) as fern:
        group = await fern.create_group("Slow Tuesdays", rules=steps.RULES, pseudonym="Fern")
        await steps.join(wren, group, "Wren")
        for text in PAYLOADS:
            await group.main.send(text)
        await group.main.send("That was all.")
        await steps.sees(wren, "That was all.")
        assert await steps.all_said(wren) == [*PAYLOADS, "That was all."]
        await unharmed(wren)
        # Typed and sent from the browser they come out just as whole.
        for text in (PAYLOADS[0], "<script>1</script>", "\u202eevil\u202c.txt", "W" * 3000):
            await steps.say(wren, f"> {text}")
        await wren.page.get_by_role("link", name="To your groups").click()
        await expect(wren.page.get_by_role("heading", name="Your groups")).to_be_visible()
        await unharmed(wren)


async def test_as_names_rules_and_welcomes_on_an_invite(
    person: NewPerson, standing_server: ServerProcess, tmp_path: Path
) -> None:
    """Every payload is a line of somebody's ground rules; each is also a group's name, a welcome or a pseudonym."""
    url = f"http://localhost:{standing_server.port}"
    wren = await person("Wren", url)
    async with await arrive(url, "Fern", tmp_path) as fern:
        for at in range(0, len(PAYLOADS), 5):
            some = PAYLOADS[at : at + 5]
            name, pseudonym = as_name(some[0], 80), as_name(some[1], 40)
            rules = "\n".join(text.strip()[:750] for text in some)
            group = await fern.create_group(name, rules=rules, welcome=some[2][:500], pseudonym=pseudonym)
            await wren.page.goto(await group.create_invite())
            heading = wren.page.locator("h1 [dir=auto]")
            await expect(heading).to_be_visible()
            assert await heading.text_content() == name
            over = await wren.page.locator("h1 .hero-over").inner_text()
            assert over.translate({0x2068: None, 0x2069: None}) == f"{pseudonym} invites you to"
            if some[2].strip():
                assert await texts(wren.page, ".lead.said") == [some[2][:500]]
            shown = "".join(await texts(wren.page, ".rules .said, .rules-text"))
            assert squeezed(shown) == squeezed(rules)
            await unharmed(wren)


def squeezed(text: str) -> str:
    """Without white space, of which JavaScript knows one more than Python."""
    return "".join(text.replace("\ufeff", "").split())


async def test_as_pseudonyms_and_notes_of_those_who_wait(
    person: NewPerson, standing_server: ServerProcess, tmp_path: Path
) -> None:
    url = f"http://localhost:{standing_server.port}"
    fern = await person("Fern", url)
    async with await arrive(url, "Host", tmp_path) as host, await arrive(url, "Wren", tmp_path) as wren:
        name = as_name(PAYLOADS[60], 80)
        group = await host.create_group(name, rules=steps.RULES, pseudonym=as_name(PAYLOADS[61], 40))
        await steps.join(fern, group, "Fern")
        await steps.take_on(fern, group, "Fern", "facilitator")
        assert await fern.page.locator("h1 [dir=auto]").text_content() == name
        await fern.page.get_by_role("button", name="Menu").click()
        await fern.page.get_by_role("dialog").get_by_role("button", name="Waiting to come in").click()
        for text in PAYLOADS[::4]:
            pseudonym = as_name(text, 40)
            asking = steps.begin(wren.join(await group.create_invite(), pseudonym=pseudonym, note=text[:500]))
            await expect(fern.page.locator("dialog h3")).to_have_text(pseudonym, use_inner_text=False)
            if text.strip():
                assert await texts(fern.page, "dialog .said") == [text[:500]]
            await unharmed(fern)
            asking.cancel()
