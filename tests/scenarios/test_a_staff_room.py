"""Fern's staff: a room of their own, into which moderators are brought by themselves, and out of which they go."""

from pathlib import Path

from evening import Evening, Listener, until
from safespace.fields import Role
from safespace.rooms.actions import Accept, Demote, Offer
from safespace.sdk import Group
from safespace.sdk.any_room import AnyRoom
from safespace.sdk.errors import Ended
from serving import ServerProcess


def codes(*rooms: AnyRoom) -> list[str]:
    return [warning.code for room in rooms for warning in room.warnings()]


def names(room: AnyRoom) -> list[str]:
    return [member.pseudonym for member in room.members()]


async def promote(evening: Evening, name: str, role: Role = "moderator") -> Group:
    """Fern offers, and they accept."""
    group = evening.clients[name].groups()[0]
    await evening.group.main.do(Offer(target=evening.member(name).id, role=role))
    await until(lambda: bool(group.main.policy and group.main.policy.offers))
    await group.main.do(Accept(role=role, version=1))
    await until(lambda: evening.member(name).role == role)
    return group


async def test_moderators_come_and_go(standing_server: ServerProcess, tmp_path: Path) -> None:
    async with Evening.of(standing_server.url, tmp_path, "Mo", "Fae", "Wren") as evening:
        mo = await promote(evening, "Mo")
        staff = await evening.group.open_staff()
        # Nobody did anything: the relay asks Fern's device, and it brings Mo.
        await until(lambda: mo.staff is not None)
        assert mo.staff is not None
        mo_heard = Listener(mo.staff)
        await staff.send("only us")
        await mo_heard.hears("only us")
        fae = await promote(evening, "Fae")
        await until(lambda: fae.staff is not None and names(fae.staff) == ["Fae", "Fern", "Mo"])
        assert fae.staff is not None
        await fae.staff.send("here I am")
        await mo_heard.hears("only us", "here I am")
        # Mo is a member again.
        moderator = evening.member("Mo")
        await evening.group.main.do(Demote(target=moderator.id, role="member"))
        await until(lambda: mo_heard.ended)
        assert isinstance(mo_heard.error, Ended)
        assert mo_heard.error.announced
        assert mo.staff is None
        await staff.send("without Mo")
        await Listener(fae.staff).hears("without Mo")
        assert names(staff) == names(fae.staff) == ["Fae", "Fern"]
        assert "without Mo" not in mo_heard.texts
        # And a moderator again, while Wren has never heard of any of it.
        await promote(evening, "Mo")
        await until(lambda: mo.staff is not None)
        assert mo.staff is not None
        again = Listener(mo.staff)
        await staff.send("with Mo")
        await again.hears("with Mo")
        assert again.texts == ["with Mo"]
        wren = evening.clients["Wren"].groups()[0]
        assert wren.rooms() == []
        rooms = [group.main for group in (mo, fae, wren)]
        assert codes(*rooms, evening.group.main, staff, mo.staff, fae.staff) == []


async def test_an_aside_has_two_of_the_staff_and_goes_on_without_one(
    standing_server: ServerProcess, tmp_path: Path
) -> None:
    async with Evening.of(standing_server.url, tmp_path, "Mo", "Wren") as evening:
        mo = await promote(evening, "Mo")
        wren = evening.clients["Wren"].groups()[0]
        await until(lambda: {member.pseudonym for member in evening.group.main.here()} == {"Fern", "Mo", "Wren"})
        aside = await evening.group.aside(evening.member("Wren"))
        assert names(aside) == ["Fern", "Mo", "Wren"]
        await until(lambda: len(mo.rooms()) == len(wren.rooms()) == 1)
        # Mo is muted in the group's room or not, here she can speak; the aside is hers until she is no moderator.
        await mo.rooms()[0].send("how are you?")
        await Listener(wren.rooms()[0]).hears("how are you?")
        await evening.group.main.do(Demote(target=evening.member("Mo").id, role="member"))
        await until(lambda: names(aside) == ["Fern", "Wren"] and mo.rooms() == [])
        await aside.send("now it is the two of us")
        await Listener(wren.rooms()[0]).hears("now it is the two of us")
        assert codes(aside, wren.rooms()[0], mo.main, wren.main, evening.group.main) == []
