"""Who went and asks again: the door knows them, and nothing is shed by leaving; two Hazels come in with one tap."""

import asyncio
from pathlib import Path

import pytest

from evening import PASSPHRASE, Evening, let_in, refusal
from guests import waiting
from safespace.sdk import Client
from safespace.sdk.errors import Declined, Stranded
from serving import ServerProcess


async def test_leaving_and_coming_back_sheds_no_mute(standing_server: ServerProcess, tmp_path: Path) -> None:
    """Under another name, by another link, on another device, after being put out: it ends when it would have ended."""
    async with Evening.of(standing_server.url, tmp_path, "Moss", "Wren") as evening:
        group, moss = evening.group, evening.clients["Moss"]
        fern, wren = evening.rooms["Fern"], evening.rooms["Wren"]
        await fern.mute(evening.member("Moss"), 60, reason="Links are not for here.")
        until_then = fern.place.state.mutes[evening.member("Moss").id]  # type: ignore[union-attr]
        await evening.groups["Moss"].leave()

        again = await let_in(group, moss, await group.create_invite(), "Ivy")
        assert await refusal(again.main.send("and so on")) == "muted"
        ivy = evening.member("Ivy")
        states = [one.place.state for one in (fern, wren, again.main)]
        assert [state.mutes[ivy.id] for state in states if state] == [until_then] * 3
        assert ivy.muted
        assert not next(one for one in wren.members() if one.pseudonym == "Ivy").muted, "who may not know sees none"

        # Put out and let in again, and on a second device.
        await fern.remove(ivy)
        again = await let_in(group, moss, await group.create_invite(), "Rowan")
        assert await refusal(again.main.send("and so on")) == "muted"
        second = await Client.login(
            standing_server.url, handle=moss.handle, passphrase=PASSPHRASE, store=tmp_path / "second.store"
        )
        async with second:
            coming = asyncio.create_task(second.join(await group.create_invite(), pseudonym="Rowan"))
            await waiting(group, 1)
            [person] = await group.waiting()
            await group.admit(person)
            again = await coming
            assert await refusal(again.main.send("and so on")) == "muted"
            assert fern.place.state.mutes[evening.member("Rowan").id] == until_then  # type: ignore[union-attr]
            # Once lifted it is over, also for who leaves and comes back.
            await fern.unmute(evening.member("Rowan"))
            await again.leave()
            again = await let_in(group, second, await group.create_invite(), "Rowan")
            await again.main.send("here I am again")
        assert fern.warnings() == wren.warnings() == []


async def test_leaving_and_coming_back_sheds_no_listening(standing_server: ServerProcess, tmp_path: Path) -> None:
    async with Evening.of(standing_server.url, tmp_path) as evening:
        group, fern = evening.group, evening.rooms["Fern"]
        await evening.seat("Moss", listening=True)
        moss = evening.clients["Moss"]
        await fern.mute(evening.member("Moss"), length="lifted")
        await evening.groups["Moss"].leave()
        again = await let_in(group, moss, await group.create_invite(), "Ivy")
        assert await refusal(again.main.send("and so on")) == "muted"
        await fern.unmute(evening.member("Ivy"))
        assert await refusal(again.main.send("and so on")) == "listening"
        await fern.let_speak(evening.member("Ivy"))
        await again.main.send("thank you")
        await again.leave()
        again = await let_in(group, moss, await group.create_invite(), "Ivy")
        await again.main.send("here I am again")
        assert fern.warnings() == []


async def test_who_was_removed_is_marked_and_namesakes_are_settled(
    standing_server: ServerProcess, tmp_path: Path
) -> None:
    async with Evening.of(standing_server.url, tmp_path, "Moss") as evening:
        group = evening.group
        link = await group.create_invite(uses=10)
        await evening.rooms["Fern"].remove(evening.member("Moss"))
        askers = {"Ivy": evening.clients["Moss"]} | {name: await evening.arrive(name) for name in ("Wren", "Jay", "Bo")}
        names = {"Ivy": "Ivy", "Wren": "Hazel", "Jay": "hazel", "Bo": "FERN"}
        coming = {who: asyncio.create_task(one.join(link, pseudonym=names[who])) for who, one in askers.items()}
        await waiting(group, 4)
        marked = {person.pseudonym: person.removed for person in await group.waiting()}
        assert marked == {"Ivy": True, "Hazel": False, "hazel": False, "FERN": False}
        assert {person.pseudonym for person in await group.admit_all()} == {"Hazel", "hazel"}
        await asyncio.gather(coming["Wren"], coming["Jay"])
        here = {member.pseudonym for member in group.main.members()}
        assert len(here) == 3
        assert here - {"Fern"} in ({"Hazel", "hazel 2"}, {"hazel", "Hazel 2"})
        # Those who need a closer look still wait; turned away, they hear it, and ask again later.
        assert {person.pseudonym for person in await group.waiting()} == {"Ivy", "FERN"}
        await group.turn_all_away()
        for who in ("Ivy", "Bo"):
            with pytest.raises(Declined):
                await coming[who]
        assert await refusal(askers["Bo"].join(link, pseudonym="Bo")) == "declined_lately"
        await group.forgive()
        again = asyncio.create_task(askers["Bo"].join(link, pseudonym="Bo"))
        await waiting(group, 1)
        await group.revoke_invite(link)
        with pytest.raises(Stranded) as stranded:
            await again
        assert stranded.value.code == "invite_revoked"
        assert evening.rooms["Fern"].warnings() == []
