"""Everything at once, and all of it honest: people talk, take new keys, lose their connections and come back; two keep
the room at the same time; clocks are hours off. Nobody is warned of anything, and all agree to the last byte."""

import asyncio
import contextlib
import random
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from campaign import rounds
from evening import Evening, sit_down, until
from hostile import Rosa, codes, rosa
from safespace.fields import Role
from safespace.rooms.policy import state_hash
from safespace.sdk import Message, Room, clocks
from safespace.sdk.errors import ClientError, Refused, Removed
from serving import ServerProcess

SECONDS = rounds(30, 3600)
STAY = ("Wren", "Moss", "Ada", "Ivy")
"""Who stay to the end; Wren and Moss keep the room."""
GUESTS = ("Bo", "Gus", "Kit")
"""Who come, are removed or leave, and come again."""
SKEWS = (0, 3, -5, 0, 11, -2, 0, 7)
"""Hours by which their devices' clocks are wrong."""
HOUR = 3_600_000
EXPECTED = {
    "already_muted",
    "not_muted",
    "not_listening",
    "unchanged",
    "already_offered",
    "no_offer",
    "rank_too_low",
    "unknown_member",
    "already_taken_down",
    "not_taken_down",
    "too_late",
    "forbidden",
    "muted",
    "quiet",
    "listening",
    "throttled",
}
"""What people are refused who act at the same time as others."""


class Chaos:
    """`rooms` are all that anyone ever sat in; `done` counts what was done, by name."""

    def __init__(self, evening: Evening, hostess: Rosa) -> None:
        self.evening = evening
        self.hostess = hostess
        self.rooms: list[Room] = []
        self.done: dict[str, int] = {}
        self.over = False
        self.chance = random.Random(5)

    def count(self, what: str) -> None:
        self.done[what] = self.done.get(what, 0) + 1

    def here(self) -> list[str]:
        """Who sits in the room."""
        return [name for name, room in self.evening.rooms.items() if room.log.trouble() is None]

    async def pause(self, longest: float) -> None:
        await asyncio.sleep(self.chance.uniform(longest / 4, longest))

    async def try_to(self, what: str, doing: Awaitable[object]) -> None:
        """Do something that someone else may make impossible meanwhile."""
        try:
            await doing
        except Refused as refused:
            if refused.code not in EXPECTED:
                raise
            self.count(f"{what}: {refused.code}")
        except ClientError as error:
            if error.code not in ("removed", "left", "unreachable"):
                raise
        else:
            self.count(what)

    async def talk(self, name: str) -> None:
        number = 0
        while not self.over:
            if name in self.here():
                number += 1
                await self.try_to("said", self.evening.rooms[name].send(f"{name} {number}"))
            await self.pause(1.0)

    async def renew(self) -> None:
        while not self.over:
            name = self.chance.choice(self.here())
            await self.try_to("new keys", self.evening.rooms[name].refresh_keys())
            await self.pause(2.0)

    async def cut(self) -> None:
        """Break someone's line; now and then a device goes down as well, and comes back."""
        while not self.over:
            await self.pause(2.0)
            with contextlib.suppress(KeyError, RuntimeError):
                await self.hostess.drop(self.chance.choice(self.here()).lower())
                self.count("line cut")
            if self.chance.random() < 0.2:
                await self.evening.restart(name := self.chance.choice(("Ada", "Ivy")))
                self.rooms.append(self.evening.rooms[name])
                self.count("device restarted")

    async def come_and_go(self, name: str) -> None:
        """Be let in, stay a while or be removed, leave, and come again; often by listening first."""
        fern = self.evening.groups["Fern"]
        while not self.over:
            if name not in self.here():
                listening = self.chance.random() < 0.3
                try:
                    group = await sit_down(fern, self.evening.clients[name], name, listening=listening)
                except Removed:
                    self.count("removed at the door")
                    continue
                self.evening.groups[name], self.evening.rooms[name] = group, group.main
                self.rooms.append(group.main)
                self.count("came again")
            await self.pause(12.0)
            if self.chance.random() < 0.3:
                await self.try_to("left", self.evening.groups[name].leave())

    async def keep(self, name: str) -> None:
        """Act on whoever it may be, as one who keeps the room."""
        while not self.over:
            await self.pause(1.0)
            await self.act(name)

    async def act(self, name: str) -> None:
        group, room = self.evening.groups[name], self.evening.rooms[name]
        others = [member for member in room.members() if not member.me]
        if not others:
            return
        target = self.chance.choice(others)
        message = self.recent(room)
        match self.chance.randrange(12):
            case 0 | 1 | 2:
                seconds = self.chance.randrange(1, 6)
                await self.try_to("mute", room.mute(target, minutes=seconds / 60, reason="A pause."))
            case 3:
                await self.try_to("unmute", room.unmute(target))
            case 4:
                await self.try_to("quiet", room.mute_all())
                await self.pause(1.0)
                await self.try_to("loud", room.mute_all(False))
            case 5 if message is not None:
                await self.try_to("take down", room.take_down(message, reason="Not here."))
            case 6 if message is not None:
                await self.try_to("take down", room.take_down(message))
                await self.try_to("restore", room.restore(message))
            case 7:
                await self.try_to("let speak", room.let_speak(target))
            case 8:
                await self.try_to("offer", group.offer_role(target, "moderator"))
            case 9:
                await self.try_to("end offer", group.end_offer(target))
            case 10 if target.pseudonym not in ("Wren", "Moss"):
                await self.try_to("demote", group.demote(target, "member"))
            case 11 if target.pseudonym in GUESTS:
                await self.try_to("remove", room.remove(target, reason="Come again another day."))

    async def accept(self) -> None:
        while not self.over:
            await self.pause(2.0)
            for name in ("Ada", "Ivy"):
                if self.evening.groups[name].offered:
                    await self.try_to("accept", self.evening.groups[name].accept_role())

    @staticmethod
    def recent(room: Room) -> Message | None:
        shown = room.place.shown
        return room.log.conversation.message(shown - 1 - min(shown - 1, 3)) if shown else None


@pytest.mark.campaign
async def test_honest_people_in_a_hurry_are_never_warned(
    standing_server: ServerProcess, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    async with rosa(standing_server.url) as hostess, Evening.of(hostess.url, tmp_path) as evening:
        chaos = Chaos(evening, hostess)
        for name, hours in zip((*STAY, *GUESTS), SKEWS, strict=False):
            role: Role = "moderator" if name in ("Wren", "Moss") else "member"
            await evening.seat(name, role, clock=lambda hours=hours: clocks.own_clock() + hours * HOUR)
        chaos.rooms.extend(evening.rooms.values())
        async with asyncio.TaskGroup() as tasks:
            for name in evening.rooms:
                tasks.create_task(chaos.talk(name))
            for name in GUESTS:
                tasks.create_task(chaos.come_and_go(name))
            for name in ("Fern", "Wren", "Moss"):
                tasks.create_task(chaos.keep(name))
            for doing in (chaos.renew(), chaos.cut(), chaos.accept()):
                tasks.create_task(doing)
            end = time.monotonic() + SECONDS
            while time.monotonic() < end and not any(codes(room) for room in chaos.rooms):
                await chaos.pause(1.0)
            chaos.over = True
        assert [codes(room) for room in chaos.rooms] == [[]] * len(chaos.rooms)
        fern = evening.rooms["Fern"]
        await fern.send("good night")
        await until(lambda: len({room.place.cursor for room in evening.seated()}) == 1)
        for room in evening.seated():
            assert state_hash(room.place.state) == state_hash(fern.place.state)
            assert room.place.public == fern.place.public
            assert codes(room) == []
        record_property("lines", fern.place.cursor)
        record_property("acts", sum(chaos.done.values()))
        record_property("warnings", sum(len(codes(room)) for room in chaos.rooms))
        assert {"mute", "take down", "line cut", "new keys", "came again"} <= chaos.done.keys(), chaos.done
