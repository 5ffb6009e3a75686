"""Who went and asks again: the door knows them, and nothing is shed by leaving; two Hazels come in with one tap."""

import asyncio
from pathlib import Path

import pytest

from evening import Evening, let_in, refusal, until
from guests import waiting
from safespace.sdk.errors import Declined, Stranded
from serving import ServerProcess


async def test_leaving_and_coming_back_sheds_nothing(standing_server: ServerProcess, tmp_path: Path) -> None:
    async with Evening.of(standing_server.url, tmp_path, "Moss") as evening:
        group, moss = evening.group, evening.clients["Moss"]
        link = await group.create_invite(uses=10)
        await evening.rooms["Fern"].mute(evening.member("Moss"))
        await until(lambda: evening.groups["Moss"].main.policy is not None)
        await evening.groups["Moss"].leave()
        again = await let_in(group, moss, link, "Ivy")
        assert await refusal(again.main.send("and so on")) == "listening"
        # Who only listened listens again; who was let speak does not, whatever was before.
        await again.leave()
        again = await let_in(group, moss, link, "Ivy")
        assert await refusal(again.main.send("and so on")) == "listening"
        await evening.rooms["Fern"].let_speak(evening.member("Ivy"))
        await again.main.send("thank you")
        await again.leave()
        again = await let_in(group, moss, link, "Ivy")
        await again.main.send("here I am again")
        assert evening.rooms["Fern"].warnings() == []


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
