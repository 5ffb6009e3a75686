"""Every screen in every state, with made-up people (web/tests/gallery), under the server's own policy headers."""

import re

import pytest
from playwright.async_api import Page, expect

from browser.looking import same_names
from browser.people import DESK, PHONE, NewPerson
from serving import ServerProcess

GROUP = "/g/0199-slow-tuesdays"
INVITE = "/i/0199-invite"

SCREENS: dict[str, tuple[str, str]] = {
    "first visit": ("/", "visitor"),
    "being opened": ("/", "opening"),
    "new account": ("/account", "visitor"),
    "login": ("/login", "visitor"),
    "groups": ("/", "usual"),
    "no groups": ("/", "nothing"),
    "groups on another device": ("/", "unread_here"),
    "waiting for several": ("/", "join_waiting"),
    "new group": ("/new", "usual"),
    "invitation": (f"{INVITE}#secret", "visitor"),
    "invitation to come back": (f"{INVITE}#secret", "unread_here"),
    "invite expired": (f"{INVITE}#secret", "invite_expired"),
    "invite used up": (f"{INVITE}#secret", "invite_used_up"),
    "invite taken back": (f"{INVITE}#secret", "invite_revoked"),
    "invite unknown": (f"{INVITE}#secret", "invite_unknown"),
    "invite without secret": (INVITE, "link_broken"),
    "invite changed by the server": (f"{INVITE}#secret", "wrong_card"),
    "invite while offline": (f"{INVITE}#secret", "offline"),
    "waiting": (INVITE, "join_waiting"),
    "let in": (INVITE, "join_admitted"),
    "waiting, and nobody is there": (INVITE, "join_unseen"),
    "waiting, as the rules changed": (INVITE, "join_ended"),
    "declined": (INVITE, "join_declined"),
    "waiting at a locked door": (INVITE, "join_locked"),
    "declined with a word": (INVITE, "join_declined_kindly"),
    "invitation for a guest": (f"{INVITE}#secret", "guest"),
    "request expired": (INVITE, "join_expired"),
    "wrong answer": (INVITE, "join_trouble"),
    "room": (GROUP, "usual"),
    "new messages": (GROUP, "unread"),
    "not sent": (GROUP, "failed"),
    "offline": (GROUP, "offline"),
    "halted": (GROUP, "halted"),
    "loading": (GROUP, "loading"),
    "catching up": (GROUP, "catching_up"),
    "changing keys": (GROUP, "rekeying"),
    "empty room": (GROUP, "empty"),
    "alone": (GROUP, "alone"),
    "someone waits": (GROUP, "admitting"),
    "many wait by one link": (GROUP, "crowd"),
    "a wrong clock": (GROUP, "clock_wrong"),
    "removed": (GROUP, "removed"),
    "removed, with a reason": (GROUP, "removed_why"),
    "kept from coming back": (GROUP, "banned"),
    "paused": (GROUP, "muted"),
    "paused until lifted": (GROUP, "muted_for_good"),
    "listening": (GROUP, "listening"),
    "quiet": (GROUP, "quiet"),
    "quiet, for the staff": (GROUP, "quiet_staff"),
    "a role is offered": (GROUP, "offered"),
    "taken down and folded away": (GROUP, "taken_down"),
    "looking after the room": (GROUP, "moderating"),
    "on one's list": (GROUP, "shielded"),
    "someone asks for help": (GROUP, "asked"),
    "groups, someone asks for help": ("/", "asked"),
    "an aside, someone asks for help": (f"{GROUP}/0199-aside", "asked"),
    "an aside of one's own": (f"{GROUP}/0199-aside", "asking"),
    "staff room": (f"{GROUP}/0199-staff", "asked"),
    "nothing is kept": (GROUP, "capsule"),
    "small rooms": (GROUP, "parted"),
    "small rooms, who runs the session": (GROUP, "parting"),
    "in a small room": (f"{GROUP}/0199-small", "parted"),
    "an aside that is over": (f"{GROUP}/0199-other", "usual"),
    "a session is planned": (GROUP, "planned"),
    "groups, a reminder": ("/", "reminded"),
    "a report waits": (GROUP, "desk"),
    "a card": (GROUP, "card"),
    "a round": (GROUP, "in_round"),
    "one's own turn": (GROUP, "my_turn"),
    "hands are up": (GROUP, "hands_up"),
    "the room is paused": (GROUP, "room_paused"),
    "slow mode": (GROUP, "slowed"),
    "the session ends soon": (GROUP, "ending"),
    "between sessions": (GROUP, "resting"),
    "leading a round": (GROUP, "leading"),
    "leading by hands": (GROUP, "leading_hands"),
    "leading after a round": (GROUP, "leading_over"),
    "leading a check-in": (GROUP, "leading_check_in"),
    "after a round": (GROUP, "round_over"),
    "who has the floor is not here": (GROUP, "not_here"),
    "a session is over": (GROUP, "goodbye"),
    "the lead was gone": (GROUP, "stood_in"),
    "asked without names": (GROUP, "ballot"),
    "an answer is kept": (GROUP, "ballot_kept"),
    "answers are on their way": (GROUP, "ballot_going"),
    "too few answers": (GROUP, "ballot_few"),
    "left": (GROUP, "left"),
    "moved": (GROUP, "moved"),
    "moved, the server says": (GROUP, "elsewhere"),
    "new ground rules": (GROUP, "new_rules"),
    "a guest's time is over": (GROUP, "thanked"),
    "unknown group": ("/g/another", "usual"),
    "settings": ("/settings", "usual"),
    "how it works": ("/about", "usual"),
    "nothing here": ("/g", "usual"),
    "another tab": ("/", "blocked"),
    "storage refused": ("/", "storage_refused"),
    "old browser": ("/", "old_browser"),
    "neutral page": ("/quiet", "usual"),
}
"""Name: path and state."""

BROKEN = "Something here could not be shown"
DOTS = "What can be done about this message"

SHEETS: dict[str, tuple[str, list[str]]] = {
    "menu": ("admitting", ["Menu"]),
    "people": ("usual", ["Menu", "People"]),
    "person": ("admitting", ["Menu", "People", "Wren"]),
    "remove": ("admitting", ["Menu", "People", "Wren", "Remove from the group"]),
    "waiting list": ("admitting", ["Menu", "Waiting to come in"]),
    "no, kindly": ("admitting", ["Menu", "Waiting to come in", "Not now"]),
    "a word to who waits": ("admitting", ["Menu", "Waiting to come in", "Write to everyone waiting"]),
    "invite a guest": ("admitting", ["Menu", "Invite someone", "As a guest speaker"]),
    "a guest": ("moderating", ["Menu", "People", "Moss"]),
    "ground rules": ("owner", ["Menu", "About this group", "Ground rules"]),
    "change the ground rules": ("owner", ["Menu", "About this group", "Ground rules", "Change the ground rules"]),
    "ground rules that changed": ("new_rules", ["Read them"]),
    "notes between facilitators": ("admitting", ["Menu", "Notes for the next facilitator"]),
    "make an invite": ("admitting", ["Menu", "Invite someone"]),
    "an invite": ("admitting", ["Menu", "Invite someone", "Make the link", "Show it as a picture"]),
    "about the group": ("usual", ["Menu", "About this group"]),
    "leave": ("usual", ["Menu", "Leave this group"]),
    "last owner": ("owner", ["Menu", "Leave this group"]),
    "warnings": ("halted", ["Look"]),
    "pause someone": ("moderating", ["Menu", "People", "Alder", "Add a private reason"]),
    "someone is paused": ("moderating", ["Menu", "People", "Sparrow"]),
    "someone listens": ("moderating", ["Menu", "People", "Wren"]),
    "remove for good": ("moderating", ["Menu", "People", "Wren", "Remove from the group", "Add a private reason"]),
    "role of someone": ("admitting", ["Menu", "People", "Moss", "Role in the group"]),
    "kept from coming back": ("moderating", ["Menu", "People", "Kept from coming back"]),
    "step down": ("moderating", ["Menu", "People", "Hazel", "Step down"]),
    "step down, last owner": ("owner", ["Menu", "People", "Hazel", "Step down"]),
    "hand over": ("owner", ["Menu", "Leave this group", "Hand the group over"]),
    "an offer": ("offered", ["Read more"]),
    "how long messages are kept": ("owner", ["Menu", "About this group", "How long messages are kept"]),
    "charter": ("owner", ["Menu", "About this group", "What those who look after", "Change it"]),
    "what was done": ("moderating", ["Menu", "What was done"]),
    "save what was done": ("moderating", ["Menu", "What was done", "Save as a file"]),
    "open what was saved": ("moderating", ["Menu", "What was done", "Open a saved file"]),
    "keep nothing": ("keeping", ["Run the session", "More", "Keep nothing of this session"]),
    "go into small rooms": ("keeping", ["Run the session", "More", "Small rooms"]),
    "run the session, with people at the door": ("keeping", ["Run the session"]),
    "who waits while a session is on": ("keeping", ["Run the session", "More", "Waiting to come in"]),
    "a guest for a part of the session": ("keeping", ["Run the session", "More", "Invite a guest"]),
    "what the evening is to be": ("keeping", ["Run the session", "More", "Plan the evening"]),
    "run no session": ("owner", ["Run the session"]),
    "call everyone back": ("parting", ["Look in"]),
    "help": ("asking", ["I need help"]),
    "help, nobody can be reached": ("usual", ["I need help"]),
    "help, without a connection": ("offline", ["I need help"]),
    "whom to turn to": ("usual", ["Menu", "Talk to someone who runs this group"]),
    "a few words aside": ("usual", ["Menu", "Talk to someone who runs this group", "Fern"]),
    "nothing is planned": ("usual", ["Menu", "When we meet"]),
    "what is planned": ("planning", ["Menu", "When we meet"]),
    "a session": ("planned", ["Menu", "When we meet", "Tuesday tea"]),
    "a session, for who plans": ("planning", ["Menu", "When we meet", "Tuesday tea"]),
    "move a date": ("planning", ["Menu", "When we meet", "Tuesday tea", "Move this date", "Move it"]),
    "skip a date": ("planning", ["Menu", "When we meet", "Tuesday tea", "Skip this date"]),
    "cancel all dates": ("planning", ["Menu", "When we meet", "Tuesday tea", "Cancel all dates"]),
    "plan a session": ("planning", ["Menu", "When we meet", "Plan a session", "Plan it"]),
    "reminders and calendar": ("planned", ["Menu", "When we meet", "Reminders and calendar", "For this group"]),
    "how to begin an evening": ("planning", ["Menu", "When we meet", "Plan the evening"]),
    "the parts of an evening": (
        "planning",
        ["Menu", "When we meet", "Plan the evening", "A structured", "Change it first", "Later"],
    ),
    "an evening as it is": ("planning", ["Menu", "When we meet", "Plan the evening", "A structured"]),
    "answer without a name": ("ballot", ["Answer"]),
    "change an answer": ("ballot_kept", ["Change"]),
    "say how it was": ("ballot_feedback", ["Answer"]),
    "another name for oneself": ("usual", ["Menu", "Your name here"]),
    "another name for the group": ("owner", ["Menu", "About this group", "Name and welcome"]),
    "answers without names": ("leading", ["Run the session", "More", "Ask without names"]),
    "ask without names": ("leading_hands", ["Run the session", "More", "Ask without names", "Ask without names"]),
    "ask how it was": ("admitting", ["Run the session", "More", "Ask without names", "Ask without names"]),
    "message": ("moderating", [DOTS]),
    "why one may not write": ("muted", ["Why?"]),
    "take down": ("admitting", [DOTS, "Take it down"]),
    "fold away": ("admitting", [DOTS, "Fold it away"]),
    "the session": ("in_round", ["Slow Tuesdays Only the 7 people here can read this. Check-in round part 2 of 5"]),
    "whose turn it is": ("in_round", ["Wren has the floor · You are next · about 2 min"]),
    "run the session": ("leading", ["Run the session"]),
    "all for running the session": ("leading", ["Run the session", "More"]),
    "before a pause": ("leading", ["Run the session", "Pause the room", "Say why"]),
    "start a session": ("admitting", ["Run the session", "Start a session"]),
    "a round to start": ("leading_check_in", ["Run the session", "Start a round"]),
    "turns and hands": ("leading_hands", ["Run the session", "More", "Whose turn it is"]),
    "slow mode to set": ("leading", ["Run the session", "More", "Slow mode"]),
    "who has been heard": ("leading", ["Run the session", "More", "Who has been heard"]),
    "end the session": ("leading", ["Run the session", "More", "End the session"]),
    "report a message": ("usual", [DOTS, "Report this message"]),
    "report sent": ("usual", [DOTS, "Report this message", "Send the report"]),
    "please check": ("usual", [DOTS, "Please check this"]),
    "report someone": ("usual", ["Menu", "People", "Wren", "Report Wren", "Send the report"]),
    "something is not right": ("usual", ["Menu", "Something is not right here"]),
    "nobody to tell": ("nobody_to_tell", ["Menu", "Something is not right here"]),
    "one's own reports": ("reported", ["Menu", "Your reports"]),
    "report desk": ("desk", ["Menu", "Reports"]),
    "a report": ("desk", ["Menu", "Reports", "Alder about Sparrow"]),
    "a report that is not proved": ("desk", ["Menu", "Reports", "Juniper: please check"]),
    "a report that was seen to": ("desk", ["Menu", "Reports", "Someone who is gone about"]),
    "note on a report": ("desk", ["Menu", "Reports", "Alder about Sparrow", "Write a note", "Keep the note"]),
    "close a report": ("desk", ["Menu", "Reports", "Alder about Sparrow", "Close, it is seen to"]),
    "answer with a card": ("desk", ["Menu", "Reports", "Juniper: please check", "Answer with a card", "Show the card"]),
}
"""Name: the room's state, and the buttons that lead there."""

LOOKS = [pytest.param(PHONE, False, id="phone"), pytest.param(DESK, True, id="desk dark")]


async def open_screen(page: Page, path: str, state: str) -> None:
    """Open a screen in a state and wait until it is drawn."""
    place, _, fragment = path.partition("#")
    await page.goto(f"{place}?state={state}" + (f"#{fragment}" if fragment else ""))
    await page.locator("h1").first.wait_for(state="attached")
    if place.startswith("/g/"):
        # The room's own part of the pages is here.
        await page.locator('link[rel="part"][href*="RoomPage"]').wait_for(state="detached")


async def too_wide(page: Page) -> int:
    """CSS pixels by which the page can be scrolled sideways."""
    return int(await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.parametrize(("size", "dark"), LOOKS)
async def test_axe_finds_nothing_on_any_screen(
    person: NewPerson, gallery: ServerProcess, size: tuple[int, int], dark: bool
) -> None:
    found: dict[str, list[str]] = {}
    wren = await person("Wren", gallery.url, size=size, dark=dark)
    for name, (path, state) in SCREENS.items():
        await open_screen(wren.page, path, state)
        found[name] = await wren.accessibility() + await same_names(wren.page)
        if await too_wide(wren.page):
            found[name].append("scrolls sideways")
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize(("size", "dark"), LOOKS)
async def test_axe_finds_nothing_on_any_sheet_and_escape_gives_the_focus_back(
    person: NewPerson, gallery: ServerProcess, size: tuple[int, int], dark: bool
) -> None:
    found: dict[str, list[str]] = {}
    fern = await person("Fern", gallery.url, size=size, dark=dark)
    page = fern.page
    for name, (state, buttons) in SHEETS.items():
        await open_screen(page, GROUP, state)
        first, *rest = buttons
        opener = page.get_by_role("button", name=first, exact=first != DOTS).last
        await opener.focus()
        await page.keyboard.press("Enter")
        for button in rest:
            sheet = page.get_by_role("dialog")
            control = sheet.get_by_role("button", name=button).or_(sheet.get_by_role("switch", name=button))
            await control.first.focus()
            await page.keyboard.press("Enter")
        found[name] = await fern.accessibility() + await same_names(page)
        await page.keyboard.press("Escape")
        await page.get_by_role("dialog").wait_for(state="detached")
        if not await opener.evaluate("button => button === document.activeElement"):
            found[name].append("the focus is lost")
    assert {name: lines for name, lines in found.items() if lines} == {}


async def test_an_offer_that_was_put_off_waits_in_the_menu(person: NewPerson, gallery: ServerProcess) -> None:
    wren = await person("Wren", gallery.url)
    await open_screen(wren.page, GROUP, "offered")
    sheet = wren.page.get_by_role("dialog")
    await wren.page.get_by_role("button", name="Read more").click()
    await sheet.get_by_role("button", name="Not now").click()
    await sheet.wait_for(state="detached")
    assert await wren.page.locator(".strip-line").count() == 0
    await wren.page.get_by_role("button", name="Menu").click()
    await sheet.get_by_role("button", name="asks you to be a moderator").click()
    await sheet.get_by_role("button", name="I agree and take it on").wait_for()
    assert await wren.accessibility() == []


@pytest.mark.parametrize("size", [(320, 256), (320, 640)], ids=["400 % of 1280 by 1024", "narrow"])
async def test_nothing_is_out_of_reach_when_zoomed_far_in(
    person: NewPerson, gallery: ServerProcess, size: tuple[int, int]
) -> None:
    wren = await person("Wren", gallery.url, size=size)
    for name, (path, state) in SCREENS.items():
        await open_screen(wren.page, path, state)
        assert await too_wide(wren.page) == 0, name


async def test_the_mirrored_language_turns_the_whole_page_round(person: NewPerson, gallery: ServerProcess) -> None:
    wren = await person("Wren", gallery.url)
    await wren.page.goto(f"{GROUP}?state=usual&lang=qps-plocm")
    await wren.page.locator("h1").wait_for()
    assert await wren.page.evaluate("document.documentElement.dir") == "rtl"
    back = await wren.page.locator(".room-back").bounding_box()
    menu = await wren.page.locator(".room-menu").bounding_box()
    assert back is not None
    assert menu is not None
    assert back["x"] > menu["x"]
    assert await too_wide(wren.page) == 0
    assert await wren.accessibility() == []


async def test_shift_three_times_leaves_and_the_back_button_does_not_return(
    person: NewPerson, gallery: ServerProcess
) -> None:
    wren = await person("Wren", gallery.url)
    await open_screen(wren.page, "/", "usual")
    await wren.page.get_by_role("link", name="Slow Tuesdays").click()
    await wren.page.get_by_role("log").wait_for()
    for _ in range(3):
        await wren.page.keyboard.press("Shift")
    await wren.page.wait_for_url("**/quiet")
    await wren.page.get_by_role("table").wait_for()
    await wren.page.go_back()
    await wren.page.get_by_role("table").wait_for()
    assert wren.page.url.endswith("/quiet")
    assert "Tuesdays" not in await wren.page.inner_text("body") + await wren.page.title()


async def test_what_cannot_be_drawn_takes_nothing_else_down(person: NewPerson, gallery: ServerProcess) -> None:
    """One of each list is spoilt: a message, somebody of the group, who waits, what was done, a date, who is banned."""
    fern = await person("Fern", gallery.url, size=DESK)
    fern.expect_trouble("spoilt")
    page, sheet = fern.page, fern.page.get_by_role("dialog")
    await open_screen(page, GROUP, "spoilt")
    for place, others in ((page.get_by_role("log"), "That is not small."), (page.get_by_role("complementary"), "Wren")):
        await expect(place.get_by_text(BROKEN)).to_have_count(1)
        await expect(place.get_by_text(others).first).to_be_visible()
    for row, others in (
        ("Waiting to come in", "Lark"),
        ("What was done", "made the room quiet"),
        ("When we meet", "Tuesday tea"),
    ):
        await page.get_by_role("button", name="Menu").click()
        await sheet.get_by_role("button", name=row).click()
        await expect(sheet.get_by_text(BROKEN)).to_have_count(1)
        await expect(sheet.get_by_text(others).first).to_be_visible()
        await page.keyboard.press("Escape")
    # A whole sheet that cannot be drawn leaves the room as it was.
    await page.get_by_role("button", name="Menu").click()
    for name in ("People", "Kept from coming back"):
        await sheet.get_by_role("button", name=name).click()
    await expect(sheet.get_by_role("heading", name=BROKEN)).to_be_visible()
    await sheet.get_by_role("button", name="Close").last.click()
    await expect(sheet).to_be_hidden()
    await page.get_by_role("textbox", name="Your message").fill("I am still here.")
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_role("log").get_by_text("I am still here.")).to_be_visible()


async def test_a_click_on_leave_leaves_too(person: NewPerson, gallery: ServerProcess) -> None:
    wren = await person("Wren", gallery.url)
    await open_screen(wren.page, GROUP, "usual")
    await wren.page.get_by_role("link", name=re.compile("^Leave")).click()
    await wren.page.get_by_role("table").wait_for()
    assert wren.page.url.endswith("/quiet")
