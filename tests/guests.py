"""People at the door of an evening over the SDK: who waits, and guests who come for a part and go."""

import asyncio

import pytest

from evening import Evening, until
from safespace.sdk import Client, Group, Segment
from safespace.sdk.errors import Removed


async def waiting(group: Group, count: int) -> None:
    """Until so many wait."""
    async with asyncio.timeout(60):
        while len(await group.waiting()) != count:  # noqa: ASYNC110 - only asking again tells
            await asyncio.sleep(0.1)


async def guest_comes(evening: Evening, group: Group, name: str, part: Segment) -> tuple[Client, Group]:
    """Someone is asked for a part of the session, comes and is let in."""
    link = await group.invite_guest(part.title, minutes=part.minutes)
    client = await evening.arrive(name)
    coming = asyncio.create_task(client.join(link, pseudonym=name))
    await waiting(group, 1)
    [person] = await group.waiting()
    assert person.guest is not None
    assert (person.guest.segment, person.guest.minutes) == (part.title, part.minutes)
    await group.admit(person)
    evening.groups[name] = await coming
    evening.rooms[name] = evening.groups[name].main
    return client, evening.groups[name]


async def gone(evening: Evening, name: str) -> None:
    """Everyone who is left has read that this one went, and the keys are changed."""
    room = evening.rooms.pop(name)
    del evening.groups[name]
    await until(lambda: room.log.trouble() is not None)
    with pytest.raises(Removed):
        await room.send("one more word")
    rooms = list(evening.rooms.values())
    await until(lambda: all(name not in [one.pseudonym for one in each.members()] for each in rooms))
    await until(lambda: all(not each.place.departed and not each.place.between for each in rooms))
    assert len({each.place.public.epoch for each in rooms}) == 1
