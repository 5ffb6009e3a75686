"""Wren's browser keeps nothing, speaks no language that there is, and throws where it is asked: the page begins all the
same or says in plain words why not, and whom to call in a crisis is there in any case."""

from pathlib import Path

from playwright.async_api import Page, expect

from browser.people import NewPerson
from evening import Evening
from serving import ServerProcess

NO_STORAGE = """for (const name of ["localStorage", "sessionStorage"]) Object.defineProperty(window, name, {
    get() { throw new DOMException("The operation is insecure.", "SecurityError"); } });"""
NO_COOKIES = """Object.defineProperty(Document.prototype, "cookie", { get: () => "", set: () => undefined });"""
NO_DATABASE = """Object.defineProperty(window, "indexedDB", {
    get() { throw new DOMException("The operation is insecure.", "SecurityError"); } });"""
NO_KEYS = """const put = IDBObjectStore.prototype.put;
IDBObjectStore.prototype.put = function (value, ...more) {
    if (value instanceof CryptoKey) throw new DOMException("could not be cloned", "DataCloneError");
    return put.call(this, value, ...more);
};"""
NO_INTL = "for (const name of ['Locale', 'DisplayNames', 'ListFormat', 'supportedValuesOf']) delete Intl[name];"
NO_PARTS = """for (const name of ["storage", "serviceWorker", "setAppBadge", "clearAppBadge", "clipboard"])
    Object.defineProperty(Navigator.prototype, name, { get: () => undefined });
delete window.Notification; delete window.matchMedia; delete window.visualViewport;"""
NO_LOCKS = "Object.defineProperty(Navigator.prototype, 'locks', { get: () => undefined });"

BEGINS = "I have an invite"


def speaking(languages: str) -> str:
    return f"Object.defineProperty(navigator, 'languages', {{ get: () => {languages} }});"


ODD: dict[str, tuple[str, str]] = {
    # Before any key was kept.
    "keys refused": (NO_KEYS, "This browser keeps nothing"),
    "storage refused": (NO_STORAGE, BEGINS),
    "cookies refused": (NO_STORAGE + NO_COOKIES, "This browser keeps no login here"),
    "a database refused": (NO_DATABASE, "This browser keeps nothing"),
    "a locale of POSIX": (speaking('["en-US@posix"]'), BEGINS),
    "no locale": (speaking('["C"]'), BEGINS),
    "an empty language": (speaking('[""]'), BEGINS),
    "a language with an underscore": (speaking('["en_US"]'), BEGINS),
    "no language at all": (speaking("undefined"), BEGINS),
    "an old Intl": (NO_INTL, BEGINS),
    "little of anything": (NO_PARTS, BEGINS),
    "an old browser": (NO_LOCKS, "This browser is too old"),
}
"""Name: what is done before the page begins, and what it says then."""


async def shows_whom_to_call(page: Page) -> None:
    await page.goto("/help")
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert await page.locator('a[href^="tel:"]').count() >= 1


async def test_the_page_begins_or_says_why_not(
    person: NewPerson, standing_server: ServerProcess, tmp_path: Path
) -> None:
    url = f"http://localhost:{standing_server.port}"
    wren = await person("Wren", url)
    wren.expect_trouble("status of 401")
    async with Evening.of(url, tmp_path) as evening:
        link = await evening.group.create_invite(uses=20)
        for name, (odd, says) in ODD.items():
            page = await wren.context.new_page()
            await page.add_init_script(odd)
            await page.goto("/")
            await expect(page.locator("body"), name).to_contain_text(says)
            await shows_whom_to_call(page)
            await page.goto("about:blank")
            await page.goto(link)
            await expect(page.locator("body"), name).to_contain_text("Tuesday evening" if says == BEGINS else says)
            await page.close()
