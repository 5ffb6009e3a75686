"""People at four processes are in one room: they hear the same in the same order, and of each other."""

import asyncio
import random

from crowd import Processes, converged, crowd, said
from gathering import Gathering, Line, Person


def at(person: Person, url: str) -> Person:
    """The same device, at another process."""
    there = Person.__new__(Person)
    there.__dict__.update(person.__dict__)
    there.url = url
    return there


async def here(line: Line, *people: Person) -> None:
    """Wait until exactly these people are told to be here."""
    wanted = sorted(person.member for person in people)
    while (await line.until("here"))["members"] != wanted:
        pass


async def test_everyone_hears_the_same_in_the_same_order(four: Processes) -> None:
    gathering = await Gathering.begin(four.urls[0])
    ben = await gathering.admit("ben")
    async with crowd(gathering, four.urls, [gathering.ada, ben]) as talkers:
        for _ in range(25):
            await asyncio.gather(*(talker.say() for talker in talkers))
            await asyncio.sleep(random.uniform(0, 0.02))
        await converged(talkers)
        assert len(talkers[0].lines) == 25 * 8


async def test_who_is_removed_is_out_everywhere_at_once(four: Processes) -> None:
    gathering = await Gathering.begin(four.urls[0])
    ben, cleo = await gathering.admit("ben"), await gathering.admit("cleo")
    async with crowd(gathering, four.urls, [ben]) as bens, crowd(gathering, four.urls, [cleo]) as cleos:
        talking = asyncio.create_task(_talk(bens + cleos))
        await asyncio.sleep(0.3)
        removal = gathering.removal(gathering.ada, ben, commit=gathering.ada.mls.remove(gathering.leaves_of(ben)))
        async with gathering.ada.entered(gathering.room) as line:
            await line.say(removal)
            first = await line.until("envelope", client_id=removal["client_id"])
            last = await line.until("envelope", client_id=removal["client_id"])
            assert (first["kind"], last["kind"]) == ("policy", "handshake")
            for talker in bens:
                async with asyncio.timeout(30):
                    await talker._task
            # Cleo's messages are of the epoch before, so write a line that she hears.
            gathering.ada.epoch += 1
        talking.cancel()
        page = await cleo.ask("GET", f"/rooms/{gathering.room}/envelopes?after={last['seq']}&limit=200")
        assert [item for item in page["items"] if item["leaf"] == ben.member] == []
        for talker in bens:
            assert talker.seen == last["seq"]
            assert talker.closed[-1] == 4403
            assert [frame["code"] for frame in said(talker.others, "gone")] == ["removed"]
            assert talker.faults == []


async def _talk(talkers: list) -> None:  # type: ignore[type-arg]
    while True:
        for talker in talkers:
            await talker.say()
            await asyncio.sleep(0.002)
