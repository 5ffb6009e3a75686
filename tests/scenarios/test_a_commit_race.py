"""Everyone takes new keys at once, people come and go, all while they talk: nothing is lost, nobody disagrees."""

import asyncio
from functools import partial
from pathlib import Path
from uuid import UUID

from campaign import rounds
from evening import Evening, until
from safespace.sdk import Room
from safespace.sdk.sealing import Pending, seal_act
from serving import ServerProcess

ROUNDS = 5


async def test_keys_change_under_talk(standing_server: ServerProcess, tmp_path: Path) -> None:
    async with Evening.of(standing_server.url, tmp_path, "Wren", "Moss", "Ada") as evening:
        listeners = evening.listen()
        said: list[tuple[int, str]] = []

        async def talk(name: str, room: Room) -> None:
            for number in range(10 * ROUNDS):
                text = f"{name} {number}"
                said.append((await room.send(text), text))

        async def refresh(room: Room) -> None:
            for _ in range(ROUNDS):
                await room.refresh_keys()

        people = evening.rooms.items()
        first = evening.rooms["Fern"].place.public.epoch
        async with asyncio.TaskGroup() as tasks:
            for name, room in people:
                tasks.create_task(talk(name, room))
                tasks.create_task(refresh(room))
        for listener in listeners.values():
            await listener.hears(*[text for _, text in said])
            assert [(one.seq, one.text) for one in listener.heard] == sorted(said)
        fern = evening.rooms["Fern"]
        assert fern.place.public.epoch == first + ROUNDS * len(evening.rooms)
        for room in evening.rooms.values():
            await until(lambda: room.place.cursor == fern.place.cursor)  # noqa: B023 - called before the next turn
            assert room.place.public == fern.place.public
            assert room.policy == fern.policy
            assert room.warnings() == []


async def test_all_take_new_keys_at_the_same_moment(standing_server: ServerProcess, tmp_path: Path) -> None:
    """While everyone talks. Each gets through, and nobody makes more commits than there are others to be first."""
    names = [f"Guest-{number}" for number in range(rounds(3, 19))]
    async with Evening.of(standing_server.url, tmp_path, *names) as evening:
        listeners, people = evening.listen(), evening.rooms
        said: list[tuple[int, str]] = []
        tries = dict.fromkeys(people, 0)

        async def talk(name: str) -> None:
            for number in range(10):
                text = f"{name} {number}"
                said.append((await people[name].send(text), text))
                await asyncio.sleep(len(people) / 50)

        def update(name: str, client_id: UUID) -> Pending:
            tries[name] += 1
            return seal_act(people[name].place, client_id, None, lambda crypto: crypto.update())

        async with asyncio.TaskGroup() as tasks:
            for name, room in people.items():
                tasks.create_task(talk(name))
                tasks.create_task(room.act(partial(update, name)))
        for listener in listeners.values():
            await listener.hears(*[text for _, text in said])
            assert [(one.seq, one.text) for one in listener.heard] == sorted(said)
        assert max(tries.values()) <= 2 * len(people), tries
        assert [warning for room in people.values() for warning in room.warnings()] == []


async def test_two_who_leave_at_once_are_both_taken_out(standing_server: ServerProcess, tmp_path: Path) -> None:
    async with Evening.of(standing_server.url, tmp_path, "Wren", "Moss", "Ada") as evening:
        fern, wren, moss, ada = evening.rooms.values()
        await asyncio.gather(wren.leave(), moss.leave(), ada.send("goodbye"))
        await ada.send("only us")
        await until(lambda: fern.place.cursor == ada.place.cursor)
        assert [one.pseudonym for one in fern.members()] == ["Ada", "Fern"]
        assert len(fern.place.public.leaves()) == 2
        assert fern.place.public == ada.place.public
        assert fern.warnings() == ada.warnings() == []
