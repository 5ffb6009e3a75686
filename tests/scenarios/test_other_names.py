"""A group has another name and welcome, and Wren another name: all are told, and nobody can pose as her."""

from pathlib import Path

from evening import Evening, refusal, until
from junk import codes
from safespace.sdk import Room
from serving import ServerProcess


def names(room: Room) -> set[str]:
    return {member.pseudonym for member in room.members()}


async def test_wren_becomes_rowan(standing_server: ServerProcess, tmp_path: Path) -> None:
    async with Evening.of(standing_server.url, tmp_path, "Wren", "Moss") as evening:
        fern, moss = evening.rooms["Fern"], evening.rooms["Moss"]
        listener = evening.listen()["Moss"]
        wren = evening.groups["Wren"]
        await wren.main.send("I am Wren")
        await wren.rename_me("Rowan")
        await until(lambda: all("Rowan" in names(room) for room in evening.rooms.values()))
        await wren.main.send("and Rowan now")
        await listener.hears("I am Wren", "and Rowan now")
        # The old name is hers for a while: nobody else takes it, nor one that looks like it, nor comes with it.
        for name in ("Wren", "WREN", "Rowan", "rowan"):
            assert await refusal(evening.groups["Moss"].rename_me(name)) == "pseudonym_taken"
        await wren.rename_me("Wren")
        await until(lambda: "Wren" in names(moss))
        assert await refusal(evening.groups["Moss"].rename_me("Rowan")) == "pseudonym_taken"
        # Who may say nothing takes no name either.
        await fern.mute(next(one for one in fern.members() if one.pseudonym == "Moss"))
        assert await refusal(evening.groups["Moss"].rename_me("Look at me")) == "muted"
        assert await refusal(wren.rename_me("Wren")) == "unchanged"
        assert await refusal(wren.rename_me("W" * 41)) == "invalid_field"
        assert await refusal(wren.rename_me("Moderator")) == "pseudonym_reserved"
        assert all(codes(room) == [] for room in evening.rooms.values())


async def test_another_name_and_welcome_for_the_group(standing_server: ServerProcess, tmp_path: Path) -> None:
    """Fern's link from before lets Ivy in all the same; only an owner may, and a restart keeps it."""
    async with Evening.of(standing_server.url, tmp_path, "Wren") as evening:
        group, wren = evening.group, evening.groups["Wren"]
        await group.rename("Slow Sundays")
        await group.set_welcome("Come in, and take your time.")
        await until(lambda: wren.name == "Slow Sundays")
        assert await refusal(wren.rename("Mine")) == "forbidden"
        assert await refusal(wren.set_welcome("Mine")) == "forbidden"
        assert await refusal(group.rename("Slow Sundays")) == "unchanged"
        assert await refusal(group.rename("")) == "invalid_field"
        await evening.seat("Ivy", "member")
        assert evening.groups["Ivy"].name == "Slow Sundays"
        await evening.restart("Wren")
        assert evening.groups["Wren"].name == "Slow Sundays"
        assert [deed.what for deed in group.audit()][-3:-1] == ["rename_group", "write_welcome"]
        assert all(codes(room) == [] for room in evening.rooms.values())
