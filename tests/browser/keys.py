"""A person without a mouse."""

from playwright.async_api import Locator, expect

from browser import steps
from browser.people import Person


class Keys:
    """A person's keyboard. After every press the focus must be on something."""

    def __init__(self, who: Person) -> None:
        self.page = who.page

    async def reach(self, target: Locator, key: str = "Tab") -> None:
        """Press Tab until the target has the focus, as often as a patient person would."""
        await expect(target).to_be_visible(timeout=steps.PATIENCE)
        stops: list[str] = []
        for _ in range(60):
            if await target.evaluate("one => one === document.activeElement"):
                return
            await self.page.keyboard.press(key)
            stops.append(await self.where())
        raise AssertionError(f"{target} is not reached by {key}: {stops}")

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.page.keyboard.press(key)

    async def choose(self, target: Locator, key: str = "Enter") -> None:
        """Go there and press."""
        await self.reach(target)
        await self.press(key)

    async def pick(self, legend: str, option: str) -> None:
        """One of a few that are all in sight: they are one stop, and the arrows go from one to the next."""
        place = self.page.get_by_role("group", name=legend)
        radio = place.get_by_role("radio", name=option, exact=True)
        await self.reach(place.get_by_role("radio", checked=True))
        for _ in range(10):
            if await radio.is_checked():
                return
            await self.press("ArrowRight")
        raise AssertionError(f"{option} is not reached by arrows")

    async def select(self, field: Locator, option: str) -> None:
        """One of many, by the beginning of its name."""
        await self.reach(field)
        await self.page.keyboard.type(option)

    async def fill(self, label: str, text: str) -> None:
        """Go to the field of this name and write into it instead of what is there."""
        await self.write(self.page.get_by_label(label, exact=True), text)

    async def write(self, field: Locator, text: str) -> None:
        """Go to a field and write into it instead of what is there."""
        await self.reach(field)
        await self.press("Control+A", "Delete")
        await self.page.keyboard.type(text)

    async def shows(self, what: Locator) -> None:
        """This comes into sight, and the focus was not lost on the way."""
        await expect(what).to_be_visible(timeout=steps.PATIENCE)
        await self.holds_focus()

    async def holds_focus(self) -> None:
        assert await self.where() != "body", "the focus is lost"

    async def where(self) -> str:
        """The focused thing by its element and name."""
        told: str = await self.page.evaluate(
            """() => {
              const one = document.activeElement;
              const name = one.ariaLabel ?? one.labels?.[0]?.textContent ?? one.textContent;
              return one === document.body ? "body" : `${one.localName} ${name.trim().slice(0, 40)}`;
            }"""
        )
        return told

    def button(self, name: str, *, exact: bool = False) -> Locator:
        return self.page.get_by_role("button", name=name, exact=exact)

    def heading(self, name: str) -> Locator:
        return self.page.get_by_role("heading", name=name)

    @property
    def sheet(self) -> Locator:
        return self.page.get_by_role("dialog")
