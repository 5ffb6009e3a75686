"""Servers that are away behind a proxy, stores that are damaged, messages as tall as a house."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.async_api import expect

from browser import steps
from browser.people import NewPerson
from serving import ServerProcess

GONE_KEY = """() => new Promise((done, failed) => {
    const open = indexedDB.open("safespace");
    open.onerror = failed;
    open.onsuccess = () => {
        const change = open.result.transaction("device", "readwrite");
        change.objectStore("device").delete("key");
        change.oncomplete = () => { open.result.close(); done(); };
    };
})"""


@contextmanager
def away(port: int, status: int) -> Iterator[None]:
    """A proxy whose server is away, in the server's place."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", "4")
            self.end_headers()
            self.wfile.write(b"away")

        do_POST = do_GET  # noqa: N815

        def log_message(self, format: str, *args: object) -> None: ...

    proxy = ThreadingHTTPServer(("127.0.0.1", port), Answer)
    thread = threading.Thread(target=proxy.serve_forever)
    thread.start()
    try:
        yield
    finally:
        proxy.shutdown()
        proxy.server_close()
        thread.join()


async def test_room_and_crisis_page_open_while_the_server_is_away(person: NewPerson, server: ServerProcess) -> None:
    fern = await person("Fern", f"http://localhost:{server.port}")
    page = fern.page
    await steps.make_account(fern)
    await steps.make_group(fern, "Slow Tuesdays", "Fern")
    # As tall as a house, and with marks upon marks.
    tall = "a" + "\n" * 500 + "b" + "\u0335\u034a" * 60
    await steps.composer(page).fill(tall)
    await page.get_by_role("button", name="Send").click()
    whole = page.get_by_role("button", name="Show all of it")
    await expect(whole).to_be_visible(timeout=steps.PATIENCE)
    said = page.locator(".said.cut")
    box = await said.bounding_box()
    assert box is not None
    assert box["height"] < 800
    await whole.click()
    await expect(page.get_by_role("button", name="Show less")).to_have_attribute("aria-expanded", "true")
    room = page.url
    await page.evaluate("navigator.serviceWorker.ready.then(() => undefined)")
    await page.reload()
    await expect(steps.composer(page)).to_be_visible(timeout=steps.PATIENCE)
    fern.expect_trouble(f"{steps.AWAY}|50[234]")
    server.stop()
    for status in (502, 503):
        with away(server.port, status):
            await page.goto(room)
            await expect(page.get_by_role("log")).to_contain_text("Show all of it", timeout=steps.PATIENCE)
            await page.goto(f"http://localhost:{server.port}/help")
            await expect(page.get_by_role("heading", level=1)).to_be_visible()
            assert await page.locator('a[href^="tel:"]').count() >= 1
    server.start()


async def test_a_damaged_store_says_so_and_begins_anew(person: NewPerson, standing_server: ServerProcess) -> None:
    wren = await person("Wren", f"http://localhost:{standing_server.port}")
    page = wren.page
    await steps.make_account(wren)
    await page.goto("/help")
    await page.evaluate(GONE_KEY)
    await page.goto("/")
    await expect(page.get_by_role("heading", name="cannot be opened any more")).to_be_visible(timeout=steps.PATIENCE)
    await page.get_by_role("button", name="Begin anew here").click()
    await expect(page.get_by_role("button", name="I have an invite")).to_be_visible(timeout=steps.PATIENCE)


@pytest.mark.parametrize("how", ["navigate", "no-cors"])
async def test_the_crisis_page_is_found_by_people_and_by_link_checkers(
    person: NewPerson, standing_server: ServerProcess, how: str
) -> None:
    wren = await person("Wren", standing_server.url)
    answer = await wren.context.request.get(f"{standing_server.url}/help", headers={"Sec-Fetch-Mode": how})
    assert answer.status == 200
    assert "text/html" in answer.headers["content-type"]
