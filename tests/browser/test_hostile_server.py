"""Moss sits in his browser at Rosa's server. Whatever she makes up, bends, hides or refuses, his page says so in plain
words, follows none of it, and goes on as long as it can."""

from collections.abc import Callable
from pathlib import Path

from playwright.async_api import expect

from browser import steps
from browser.people import NewPerson, Person
from evening import Evening
from hostile import Frame, Splice, rosa
from safespace.fields import b64encode
from serving import ServerProcess

UNMADE = "A decision about the group came that was not made properly."


async def is_told(who: Person, words: str) -> None:
    """The page says that it noticed something; on looking it says what. It is read, and gone."""
    await who.page.get_by_role("button", name="Look", exact=True).click(timeout=steps.PATIENCE)
    sheet = who.page.get_by_role("dialog")
    await expect(sheet.get_by_text(words)).to_be_visible()
    read = sheet.get_by_role("button", name="I have read this")
    await read.click()
    await expect(read).to_have_count(0)
    await sheet.get_by_role("button", name="Close").first.click()
    await expect(sheet).to_be_hidden()


def bend_next(splice: Splice, change: Callable[[Frame], Frame]) -> None:
    """Change the next message that comes by, and no other."""

    def bend(frame: Frame) -> list[Frame]:
        if frame.get("kind") != "message":
            return [frame]
        splice.change = lambda frame: [frame]
        return [change(frame)]

    splice.change = bend


def left_out(action: str) -> Callable[[Frame], list[Frame]]:
    """All but the decisions of this kind."""

    def change(frame: Frame) -> list[Frame]:
        policy = frame.get("policy") if frame["t"] == "envelope" else None
        return [] if policy and policy["action"] == action else [frame]

    return change


async def test_a_page_follows_nothing_that_the_server_makes_up_and_says_so(
    person: NewPerson, standing_server: ServerProcess, tmp_path: Path
) -> None:
    async with Evening.of(standing_server.url, tmp_path, "Wren") as evening, rosa(standing_server.url) as hostess:
        splice = Splice(hostess, "moss")
        moss = await person("Moss", hostess.url.replace("127.0.0.1", "localhost"))
        moss.expect_trouble(steps.AWAY)  # Rosa's server is gone before his page is
        await steps.make_account(moss)
        link = (await evening.group.create_invite()).replace(standing_server.url, "")
        await steps.ask_to_join(moss, link, "Moss")
        await steps.admit_one(evening.group)
        await steps.sits(moss)
        fern, wren = evening.rooms["Fern"], evening.rooms["Wren"]
        log = moss.page.get_by_role("log")

        # What is said.
        said = await wren.send("Good evening, Moss.")
        await steps.sees(moss, "Good evening, Moss.")
        other = b64encode(fern.place.leaf.identity)
        bent: list[tuple[str, Callable[[Frame], Frame], str]] = [
            ("in another's name", lambda frame: frame | {"leaf": other}, "A message came under the wrong name."),
            (
                "not to be reported",
                lambda frame: frame | {"commitment": b64encode(bytes(32))},
                "A message came with a wrong seal.",
            ),
            (
                "garbled",
                lambda frame: frame | {"body": frame["body"][:-8] + "AAAAAAAA"},
                "A message could not be opened on this device.",
            ),
            (
                "kept back",
                lambda frame: frame | {"body": None, "commitment": None, "stamp": None},
                "The server keeps back a message that nobody in the group took down.",
            ),
            (
                "forgotten",
                lambda frame: {"t": "gap", "room": frame["room"], "after": frame["seq"] - 1, "until": frame["seq"]},
                "The server no longer has messages that the group would still keep.",
            ),
        ]
        for how, change, words in bent:
            bend_next(splice, change)
            await wren.send(f"This is {how}.")
            await wren.send(f"Did you hear that it was {how}?")
            await steps.sees(moss, f"Did you hear that it was {how}?")
            await is_told(moss, words)
            await expect(log.get_by_text(f"This is {how}.")).to_have_count(0)

        # Who may write.
        bend_next(
            splice,
            lambda frame: {
                "t": "refused",
                "room": frame["room"],
                "client_id": frame["client_id"],
                "code": "muted",
                "detail": "A moderator muted you.",
                "policy_seq": 0,
            },
        )
        await steps.write(moss, "May I say something?")
        await is_told(moss, "The server refused a message of yours, for a reason that nobody in the group gave.")
        await expect(moss.page.get_by_text("moderator muted")).to_have_count(0)

        # What the group decided.
        await fern.mute(evening.member("Wren"), minutes=5)
        await fern.unmute(evening.member("Wren"))
        await fern.send("Where were we?")
        await steps.sees(moss, "Where were we?")
        genuine = splice.action("mute")
        members = {name: evening.member(name).id for name in ("Fern", "Wren", "Moss")}
        forged: list[Frame] = [
            {"action": "mute", "target": members["Moss"], "length": "lifted"},
            {"action": "mute_all", "on": True},
            {"action": "remove", "target": members["Moss"], "ban": True},
            {"action": "take_down", "target": members["Wren"], "line": said},
            {"action": "demote", "target": members["Wren"], "role": "guest"},
            {"action": "offer", "target": members["Moss"], "role": "owner"},
            genuine["policy"],
        ]
        for policy in forged:
            await splice.add(genuine, policy=policy | {"policy_seq": fern.place.policy_seq})
            await is_told(moss, UNMADE)
        await steps.sees(moss, "Good evening, Moss.")
        await expect(steps.composer(moss.page)).to_be_visible()
        assert [one.role for one in fern.members()] == ["owner", "member", "member"]

        # What it decided, and he was not to know.
        splice.change = left_out("mute_all")
        await fern.mute_all()
        await evening.group.retain(30)
        await is_told(moss, UNMADE)
        splice.change = lambda frame: [frame]
        await fern.mute_all(False)
        await is_told(moss, UNMADE)
        await steps.say(moss, "I am still here.")

        # A part that is missing: nothing is sent any more, and the page says that, too.
        bend_next(splice, lambda frame: frame | {"seq": frame["seq"] + 1})
        await wren.send("What came before this?")
        await expect(moss.page.get_by_text("Nothing more will be sent until you look.")).to_be_visible(
            timeout=steps.PATIENCE
        )
        await moss.page.get_by_role("button", name="Look", exact=True).click()
        words = "Messages are missing that the server should have handed over."
        await expect(moss.page.get_by_role("dialog").get_by_text(words)).to_be_visible()
        assert [room.warnings() for room in (fern, wren)] == [[], []]
