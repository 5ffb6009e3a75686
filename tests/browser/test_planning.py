"""Fern plans the group's weeks with her keyboard; Wren, on the other side of the earth, sees them by her own clock."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
from icalendar import Calendar
from playwright.async_api import Locator, expect

from browser import steps
from browser.keys import Keys
from browser.people import NewPerson, Person
from serving import ServerProcess

LONDON, AUCKLAND = ZoneInfo("Europe/London"), ZoneInfo("Pacific/Auckland")
EVENING = timedelta(hours=19)
COUNTING = """
const told = []; window.told = told;
window.Notification = class { constructor(title, { body }) { told.push([title, body]); }
  static requestPermission() { return Promise.resolve("granted"); } };
"""
"""The browser's own notifications cannot be seen from here; what the page gives them can."""


def first_day() -> date:
    """Some weeks ahead, a day that is written alike wherever the day or the month comes first, such as 3 March."""
    ahead = datetime.now(UTC).date() + timedelta(days=14)
    days = (date(ahead.year + month // 12, month % 12 + 1, month % 12 + 1) for month in range(24))
    return next(day for day in days if day > ahead)


def instants(day: date, weeks: int) -> list[datetime]:
    """Seven in the evening in London, week by week, through the changes of its clocks."""
    noon = datetime(day.year, day.month, day.day, tzinfo=LONDON) + EVENING
    return [(noon + timedelta(weeks=week)).astimezone(UTC) for week in range(weeks)]


def sheet(who: Person) -> Locator:
    return who.page.get_by_role("dialog")


async def press(who: Person, name: str, exact: bool = False) -> None:
    await sheet(who).get_by_role("button", name=name, exact=exact).first.click()


async def schedule(who: Person) -> Locator:
    """The list of what is planned, as a list of rows."""
    await steps.open_menu(who, "When we meet")
    return sheet(who).locator(".session")


async def whole(who: Person) -> list[str]:
    """The list to its end."""
    rows = await schedule(who)
    more = sheet(who).get_by_role("button", name="Show later dates")
    await expect(rows.first).to_be_visible(timeout=steps.PATIENCE)
    while await more.is_visible():
        await more.click()
    shown = [re.sub(r"\s", " ", text) for text in await rows.all_inner_texts()]
    await steps.close_sheet(who)
    return shown


def clock(at: datetime) -> str:
    month = "Sept" if at.month == 9 else f"{at:%b}"
    return f"{at:%a} {at.day} {month}, {at.hour}:{at:%M}"


async def gather(fern: Person, wren: Person) -> None:
    await steps.make_account(fern)
    await steps.make_group(fern, "Slow Tuesdays", "Fern")
    await steps.ask_to_join(wren, await steps.make_invite(fern), "Wren")
    await steps.let_in(fern, "Wren")
    await steps.sits(wren)


async def plan_weeks(fern: Person, day: date) -> None:
    """By keyboard alone; what is missing is said next to its field."""
    keys = Keys(fern)
    await keys.choose(keys.button("Menu"))
    await keys.choose(keys.sheet.get_by_role("button", name="When we meet"))
    await keys.choose(keys.sheet.get_by_role("button", name="Plan a session"))
    await keys.choose(fern.page.get_by_label("What is it called?", exact=True))
    await keys.shows(keys.sheet.get_by_text("Please write something here."))
    await keys.fill("What is it called?", "Tea; talk, rest 🌿")
    await keys.reach(fern.page.get_by_label("Date", exact=True))
    await keys.page.keyboard.type(f"{day:%m%d%Y}")
    await keys.reach(fern.page.get_by_label("Begins at", exact=True))
    await keys.page.keyboard.type("0700PM")
    await keys.choose(keys.sheet.get_by_role("button", name="Plan it"))
    await keys.shows(fern.page.locator(".session").first)
    await keys.press("Escape")


async def test_weeks_are_planned_skipped_moved_and_answered_across_the_earth(
    person: NewPerson, standing_server: ServerProcess, tmp_path: Path
) -> None:
    url = f"http://localhost:{standing_server.port}"
    fern = await person("Fern", url, timezone_id="Europe/London")
    wren = await person("Wren", url, timezone_id="Pacific/Auckland", accept_downloads=True)
    await wren.page.add_init_script(COUNTING)
    await gather(fern, wren)
    day = first_day()
    planned = instants(day, 64)
    await plan_weeks(fern, day)

    await expect(wren.page.get_by_text("We meet")).to_be_visible(timeout=steps.PATIENCE)
    rows = await whole(wren)
    assert [clock(at.astimezone(AUCKLAND)) in row for at, row in zip(planned, rows, strict=True)] == [True] * 64
    assert {row.partition(" in London")[0][-5:] for row in rows} == {"19:00"}
    assert len({at.astimezone(AUCKLAND).hour for at in planned}) > 1

    # One date is left out, another is half an hour later.
    await (await schedule(fern)).nth(1).click()
    await press(fern, "Skip this date")
    await press(fern, "Skip it", exact=True)
    await expect(sheet(fern).locator(".session").nth(1)).to_contain_text(clock(planned[2].astimezone(LONDON))[4:10])
    await sheet(fern).locator(".session").nth(1).click()
    await press(fern, "Move this date")
    await sheet(fern).get_by_label("Begins at").fill("19:30")
    await press(fern, "Move it", exact=True)
    await expect(sheet(fern).locator(".session").nth(1)).to_contain_text("19:30")
    await steps.close_sheet(fern)
    moved = planned[2] + timedelta(minutes=30)

    due = [clock(at.astimezone(AUCKLAND)) for at in (planned[0], moved, planned[3])]
    listed = await schedule(wren)
    for row, want in enumerate(due):
        await expect(listed.nth(row)).to_contain_text(re.compile(want.replace(" ", r"\s")), timeout=steps.PATIENCE)
    await steps.close_sheet(wren)

    # Who comes is said between sessions too, though nobody may write then.
    await (await schedule(wren)).first.click()
    await sheet(wren).get_by_label("Listening only").click()
    await expect(sheet(wren)).to_contain_text(re.compile(r"Coming to listen \(1\): .?Wren"))
    await steps.close_sheet(wren)
    await schedule(fern)
    await sheet(fern).get_by_role("switch", name="Everyone can write between sessions").click()
    await sheet(fern).locator(".session").first.click()
    await expect(sheet(fern)).to_contain_text(re.compile(r"Coming to listen \(1\): .?Wren"))
    await expect(steps.composer(wren.page)).to_be_hidden(timeout=steps.PATIENCE)
    await (await schedule(wren)).first.click()
    await sheet(wren).get_by_label("Not today").click()
    await expect(sheet(fern)).to_contain_text(re.compile(r"Not this time \(1\): .?Wren"), timeout=steps.PATIENCE)
    await steps.close_sheet(fern)

    # A file with the names is hers alone; an address says when, and nothing else.
    await press(wren, "Back")
    await press(wren, "Reminders and calendar")
    async with wren.page.expect_download() as saving:
        await press(wren, "Save the file")
    await (await saving.value).save_as(tmp_path / "appointments.ics")
    events = Calendar.from_ical((tmp_path / "appointments.ics").read_bytes()).walk("VEVENT")
    assert [event.decoded("dtstart") for event in events] == [planned[0], moved, *planned[3:]]
    assert {str(event["summary"]) for event in events} == {"Tea; talk, rest 🌿"}
    await press(wren, "For this group")
    address = await sheet(wren).locator(".link-box").inner_text()
    async with httpx.AsyncClient(trust_env=False) as client:
        followed = Calendar.from_ical((await client.get(address)).text).walk("VEVENT")
        assert [event.decoded("dtstart") for event in followed] == [planned[0], moved, *planned[3:]]
        assert {str(event["summary"]) for event in followed} == {"Appointment"}
        await press(wren, "Take back")
        await expect(sheet(wren).get_by_role("button", name="For this group")).to_be_visible()
        assert (await client.get(address)).status_code == 404

    # Wren asks to be reminded, also outside the page, and it says no more there than it has to.
    await sheet(wren).get_by_label("10 minutes before").click()
    await sheet(wren).get_by_role("switch", name="Also when you look at something else").click()
    await steps.close_sheet(wren)
    soon = datetime.now(LONDON) + timedelta(minutes=9)
    await schedule(fern)
    await press(fern, "Plan a session")
    await sheet(fern).get_by_label("What is it called?").fill("A word before")
    await sheet(fern).get_by_label("Date").fill(f"{soon:%Y-%m-%d}")
    await sheet(fern).get_by_label("Begins at").fill(f"{soon:%H:%M}")
    await sheet(fern).get_by_label("Once", exact=True).click()
    await press(fern, "Plan it")
    await expect(sheet(fern).locator(".session").first).to_contain_text("A word before", timeout=steps.PATIENCE)
    reminder = wren.page.get_by_role("status").get_by_text("Slow Tuesdays meets at")
    await expect(reminder).to_be_visible(timeout=steps.PATIENCE)
    # The first showed her, when she asked for them, what such a reminder looks like.
    assert await wren.page.evaluate("told") == [["Appointment soon", None], ["Appointment soon", ""]]
    await wren.page.get_by_role("button", name="Close").click()
    await expect(reminder).to_be_hidden()
    # The time is taken.
    await press(fern, "Plan a session")
    await sheet(fern).get_by_label("What is it called?").fill("Another")
    await sheet(fern).get_by_label("Date").fill(f"{soon:%Y-%m-%d}")
    await sheet(fern).get_by_label("Begins at").fill(f"{soon:%H:%M}")
    await press(fern, "Plan it")
    await expect(sheet(fern)).to_contain_text("You already meet at that time.")
    await steps.close_sheet(fern)
    await wren.page.goto("/")
    await expect(wren.page.get_by_role("link", name="Slow Tuesdays")).to_contain_text(
        f"{soon.astimezone(AUCKLAND):%M}", timeout=steps.PATIENCE
    )


async def test_dates_and_choices_outlast_the_sheet(person: NewPerson, standing_server: ServerProcess) -> None:
    """A thumb beside it, and a page that is opened anew: they are kept like words."""
    fern = await person("Fern", f"http://localhost:{standing_server.port}")
    await steps.make_account(fern)
    await steps.make_group(fern, "Slow Tuesdays", "Fern")
    soon = datetime.now(UTC) + timedelta(days=40)
    await steps.open_menu(fern, "When we meet")
    await press(fern, "Plan a session")
    await sheet(fern).get_by_label("What is it called?").fill("Another")
    await sheet(fern).get_by_label("Date").fill(f"{soon:%Y-%m-%d}")
    await sheet(fern).get_by_label("Begins at").fill(f"{soon:%H:%M}")
    await steps.choose(sheet(fern), "Every month")
    await sheet(fern).get_by_label("How many minutes").fill("45")
    await fern.page.mouse.click(5, 5)
    await expect(sheet(fern)).to_be_hidden()
    await fern.page.reload()
    await steps.sits(fern)
    await steps.open_menu(fern, "When we meet")
    await press(fern, "Plan a session")
    date, time, minutes = (sheet(fern).get_by_label(label) for label in ("Date", "Begins at", "How many minutes"))
    await expect(sheet(fern).get_by_label("What is it called?")).to_have_value("Another")
    await expect(date).to_have_value(f"{soon:%Y-%m-%d}")
    await expect(time).to_have_value(f"{soon:%H:%M}")
    await expect(minutes).to_have_value("45")
    await expect(sheet(fern).get_by_role("radio", name="Every month")).to_be_checked()
    await sheet(fern).get_by_role("button", name="Begin anew").first.click()
    await expect(sheet(fern).get_by_label("What is it called?")).to_have_value("")
    await expect(time).to_have_value("19:00")
    await expect(sheet(fern).get_by_role("radio", name="Every week")).to_be_checked()
    await steps.close_sheet(fern)

    # The same of another form, and of one in which nothing is written.
    panel = await steps.open_menu(fern, "Invite someone")
    await steps.choose(panel, "Up to 5")
    await panel.get_by_role("switch", name="As a guest speaker").click()
    await steps.choose(panel, "40 minutes")
    await fern.page.keyboard.press("Escape")
    await steps.open_menu(fern, "Invite someone")
    await expect(panel.get_by_role("radio", name="40 minutes")).to_be_checked()
    await panel.get_by_role("switch", name="As a guest speaker").click()
    await expect(panel.get_by_role("radio", name="Up to 5")).to_be_checked()
    await steps.close_sheet(fern)


async def test_an_evening_is_planned_from_a_template_by_keyboard(
    person: NewPerson, standing_server: ServerProcess
) -> None:
    fern = await person("Fern", f"http://localhost:{standing_server.port}")
    await steps.make_account(fern)
    await steps.make_group(fern, "Slow Tuesdays", "Fern")
    keys = Keys(fern)
    await keys.choose(keys.button("Menu"))
    for name in ("When we meet", "Plan the evening", "A structured evening", "Change it first"):
        await keys.choose(keys.sheet.get_by_role("button", name=name))
    parts = keys.sheet.get_by_label("Part", exact=True)
    await expect(parts).to_have_count(5)
    await keys.choose(keys.sheet.get_by_role("button", name="Earlier").nth(2))
    await keys.shows(keys.sheet.get_by_text("Now part 2 of 5"))
    # The focus went with the part.
    await keys.press("Enter")
    await expect(keys.sheet.get_by_text("Now part 1 of 5")).to_be_attached()
    await keys.choose(keys.sheet.get_by_role("button", name="Remove").last)
    await keys.holds_focus()
    await keys.choose(keys.sheet.get_by_role("button", name="Keep it"))
    await expect(keys.sheet).to_be_hidden(timeout=steps.PATIENCE)
    await fern.page.reload()
    await steps.sits(fern)
    await keys.choose(keys.button("Menu"))
    for name in ("When we meet", "Plan the evening"):
        await keys.choose(keys.sheet.get_by_role("button", name=name))
    await expect(parts).to_have_count(4, timeout=steps.PATIENCE)
    titles = [await parts.nth(at).input_value() for at in range(4)]
    assert titles == ["How is everyone today?", "Arriving", "What we agreed", "Our topic today"]
