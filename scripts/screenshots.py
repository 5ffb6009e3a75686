"""Makes the pictures in docs/images and their place in README.md, from a real room with the demo's cast.

Needs the built pages (`make setup`), Chromium and, for the look of a phone, the font Inter (Debian: fonts-inter).
"""

import asyncio
import contextlib
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from playwright.async_api import Browser, Page, async_playwright

from safespace.demo.cast import TALK, Cast
from safespace.sdk import Segment

ROOT: Final = Path(__file__).resolve().parents[1]
IMAGES: Final = ROOT / "docs/images"
PHONE: Final = {"width": 360, "height": 740}
DESK: Final = {"width": 1280, "height": 800}
BEGIN: Final = "<!-- pictures: made by scripts/screenshots.py -->"
END: Final = "<!-- pictures end -->"
LAST: Final = 6
"""The line of the cast's talk that is the last in the pictures."""
EVENING: Final = (
    Segment(kind="welcome", title="Settle in", minutes=10),
    Segment(kind="check_in", title="How the week was", minutes=30),
    Segment(kind="break", title="Tea", minutes=10),
    Segment(kind="closing", title="One thing I take with me", minutes=10),
)
PATIENCE: Final = 120_000
"""Milliseconds to wait for a line; the cast speaks every few seconds."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@asynccontextmanager
async def serving(folder: Path) -> AsyncIterator[str]:
    """A server with its data in `folder`; gives its address."""
    port = free_port()
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "safespace.cli", "serve",
        env={"SAFESPACE_PORT": str(port), "SAFESPACE_DATA_DIR": str(folder / "data")},
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        while server.returncode is None:
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                break
            await asyncio.sleep(0.1)
        yield f"http://localhost:{port}"
    finally:
        server.terminate()
        await server.wait()


async def open_page(browser: Browser, size: dict[str, int], *, dark: bool) -> Page:
    context = await browser.new_context(
        viewport={"width": size["width"], "height": size["height"]},
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
        locale="en-GB",
        device_scale_factor=2 if size is PHONE else 1,
    )
    return await context.new_page()


async def shoot(page: Page, name: str) -> None:
    await page.screenshot(path=IMAGES / f"{name}.png")
    print(f"docs/images/{name}.png")


async def ask(page: Page, link: str, name: str, picture: str | None = None) -> None:
    """Open the invite and ask to join, as a person would; a picture of each step if it has a name."""
    await page.goto(link)
    asking = page.get_by_role("button", name="I agree, ask to join")
    await asking.wait_for()
    if picture:
        await shoot(page, f"invite-{picture}")
    await page.get_by_label("Your name in this group").fill(name)
    await asking.click()
    await page.get_by_role("heading", name="You are waiting to come in").wait_for()
    if picture:
        await shoot(page, f"waiting-{picture}")


async def lead(cast: Cast, page: Page, name: str) -> None:
    """Whose page it is facilitates from now on, and runs a session: a picture in a round, and one of the sheet."""
    [member] = [one for one in cast.group.main.members() if one.pseudonym == name]
    await cast.group.offer_role(member, "facilitator")
    await page.get_by_role("button", name="Read more").click(timeout=PATIENCE)
    await page.get_by_role("button", name="I agree and take it on").click()
    await page.get_by_role("dialog").wait_for(state="detached", timeout=PATIENCE)
    session = await cast.group.open_session(60)
    await session.write_run_sheet(EVENING)
    await session.move_on(1)
    await cast.group.main.start_round(120)
    await page.get_by_text("has the floor").first.wait_for(timeout=PATIENCE)
    await shoot(page, "round-phone")
    await page.get_by_role("button", name="Run the session").click()
    await page.get_by_role("dialog").wait_for()
    await shoot(page, "run-phone")


async def take_all(url: str, folder: Path) -> None:
    cast = Cast(url, folder)
    try:
        await cast.gather()
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=shutil.which("chromium"),
                args=["--no-sandbox", "--disable-gpu", "--hide-scrollbars"],
                env={**os.environ, "FONTCONFIG_FILE": str(ROOT / "scripts/fonts.conf")},
            )
            phone = await open_page(browser, PHONE, dark=False)
            await ask(phone, cast.link, "Juniper", "phone")
            desk = await open_page(browser, DESK, dark=True)
            await ask(desk, cast.link, "Ash")
            playing = asyncio.create_task(cast.play())
            await phone.get_by_role("log").get_by_text(TALK[2][1]).wait_for(timeout=PATIENCE)
            await phone.get_by_role("textbox").last.fill("Thank you. It helps to read along.")
            await phone.get_by_role("button", name="Send").click()
            for page, name in ((phone, "room-phone"), (desk, "room-desktop")):
                await page.get_by_role("log").get_by_text(TALK[LAST][1]).wait_for(timeout=PATIENCE)
                await shoot(page, name)
            playing.cancel()
            await lead(cast, phone, "Juniper")
            await browser.close()
    finally:
        await cast.leave()


def picture_rows() -> str:
    """What stands between BEGIN and END in README.md."""
    return (
        "| an invite | waiting to be let in | in the room |\n| --- | --- | --- |\n"
        "| ![The invite page on a phone](docs/images/invite-phone.png) "
        "| ![The waiting page on a phone](docs/images/waiting-phone.png) "
        "| ![The room on a phone](docs/images/room-phone.png) |\n\n"
        "| a round: everyone is asked | one sheet runs the session |\n| --- | --- |\n"
        "| ![A round on a phone: whose turn it is](docs/images/round-phone.png) "
        "| ![The sheet that runs a session, on a phone](docs/images/run-phone.png) |\n\n"
        "![The room on a wide screen, in the dark](docs/images/room-desktop.png)\n"
    )


async def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        async with serving(Path(name)) as url:
            await take_all(url, Path(name))
    readme = ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    readme.write_text(f"{before}{BEGIN}\n\n{picture_rows()}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main())
