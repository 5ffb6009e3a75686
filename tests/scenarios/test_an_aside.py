"""Fern and Wren have a few words aside; Moss hears of nothing. Then Rosa's server tries to listen."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from uuid6 import uuid7

from evening import PASSPHRASE, QUICK, Evening, Listener, until
from hostile import Frame, rosa
from safespace.crypto.franking import seal_content
from safespace.fields import b64decode, b64encode
from safespace.rooms.further_state import Endorsed, FurtherState, FurtherStateMessage
from safespace.sdk import Client, Group
from safespace.sdk.any_room import AnyRoom
from safespace.sdk.errors import ClientError, Removed, UntrustedServer
from safespace.sdk.group_crypto import GroupCrypto, LeafKey, Newcomer
from serving import ServerProcess


def codes(room: AnyRoom) -> list[str]:
    return [warning.code for warning in room.warnings()]


def group_of(evening: Evening, name: str) -> Group:
    return evening.clients[name].groups()[0]


async def test_a_few_words_aside(standing_server: ServerProcess, tmp_path: Path) -> None:
    async with Evening.of(standing_server.url, tmp_path, "Wren", "Moss") as evening:
        wren, moss = group_of(evening, "Wren"), group_of(evening, "Moss")
        await evening.within_reach("Wren", "Fern")
        aside = await evening.group.aside(evening.member("Wren"))
        await until(lambda: len(wren.rooms()) == 1)
        there = wren.rooms()[0]
        assert there.id == aside.id
        assert [member.pseudonym for member in there.members()] == ["Fern", "Wren"]
        assert there.about is not None
        assert there.about.me
        listening = Listener(there), Listener(aside)
        await aside.send("are you all right?")
        await there.send("I am now")
        for one in listening:
            await one.hears("are you all right?", "I am now")
        assert moss.rooms() == []
        # Wren closes her laptop and opens it again; Fern has not stopped writing.
        handle = evening.clients["Wren"].handle
        await evening.clients["Wren"].close()
        await aside.send("take your time")
        async with await Client.login(
            standing_server.url, handle=handle, passphrase=PASSPHRASE, store=tmp_path / "wren.store", backoff=QUICK
        ) as again:
            evening.clients["Wren"] = again
            back = again.groups()[0].rooms()[0]
            later = Listener(back)
            await later.hears("are you all right?", "I am now", "take your time")
            await back.refresh_keys()
            await back.send("here again")
            await listening[1].hears("here again")
            # She is let go of in the group, and so in the room.
            await evening.group.main.remove(evening.member("Wren"))
            await until(lambda: later.ended)
            assert isinstance(later.error, Removed)
            assert again.groups()[0].rooms() == []
        await aside.send("only for myself")
        assert [member.pseudonym for member in aside.members()] == ["Fern"]
        assert [codes(room) for room in (aside, there, moss.main, wren.main, evening.group.main)] == [[]] * 5
        for one in (*listening, later):
            await one.stop()


async def test_a_member_asks_for_a_few_words_and_goes_again(standing_server: ServerProcess, tmp_path: Path) -> None:
    async with Evening.of(standing_server.url, tmp_path, "Wren") as evening:
        wren = group_of(evening, "Wren")
        await evening.within_reach("Fern")
        fern = next(member for member in wren.main.members() if member.pseudonym == "Fern")
        aside = await wren.aside(fern)
        await until(lambda: len(evening.group.rooms()) == 1)
        there = evening.group.rooms()[0]
        listening = Listener(there)
        await aside.send("thank you for coming")
        await listening.hears("thank you for coming")
        await aside.leave()
        await until(lambda: wren.rooms() == [])
        await until(lambda: [member.pseudonym for member in there.members()] == ["Fern"])
        await there.send("nobody is here any more")
        await listening.stop()
        with pytest.raises(ClientError) as refused:
            await wren.open_staff()
        assert refused.value.code == "does_not_belong"
        assert [codes(room) for room in (aside, there, wren.main, evening.group.main)] == [[]] * 4


Swap = Callable[[dict[str, str], dict[str, str]], dict[str, str]]
"""What was handed out, and what was handed out before that, to what Rosa hands out instead."""


@pytest.mark.parametrize(
    "swap",
    [
        lambda taken, before: taken | {"package": b64encode(Newcomer().package)},
        lambda taken, before: taken | {"endorsement": before["endorsement"]},
        lambda taken, before: taken | {"endorsement": b64encode(bytes(64))},
        lambda taken, before: {"package": b64encode(Newcomer().package), "endorsement": before["endorsement"]},
    ],
    ids=["the package", "the endorsement", "no endorsement", "both"],
)
async def test_rosa_hands_out_other_keys_than_wrens(standing_server: ServerProcess, tmp_path: Path, swap: Swap) -> None:
    async with rosa(standing_server.url) as hostess, Evening.of(hostess.url, tmp_path, "Wren") as evening:
        await evening.within_reach("Wren")
        handed: list[dict[str, str]] = []

        def change(who: str, path: str, answer: Any) -> Any:
            if path.endswith("/take"):
                handed.append(answer)
                return answer if len(handed) == 1 else swap(answer, handed[0])
            return answer

        hostess.answer = change
        await evening.group.aside(evening.member("Wren"))
        with pytest.raises(UntrustedServer) as refused:
            await evening.group.aside(evening.member("Wren"))
        assert refused.value.code == "package_forged"
        assert codes(evening.group.main) == ["package_forged"]
        # The group itself goes on.
        await evening.group.main.send("on we go")


class Ghost:
    """A room that Rosa makes up around Wren's KeyPackage, with a leaf of her own as Fern."""

    def __init__(self, group: Group, taken: dict[str, str], fern_said: str) -> None:
        self.room = uuid7()
        self.group = group
        leaf = LeafKey.fresh()
        commit = GroupCrypto.create(leaf, self.room.bytes).add(b64decode(taken["package"]))
        assert commit.welcome is not None
        self.crypto, self.welcome = commit.after, commit.welcome
        added = next(one for one in self.crypto.public().leaves() if one.identity != leaf.identity)
        members = {one.pseudonym: one.id for one in group.main.members()}
        self.state = FurtherState(
            group=group.id,
            room=self.room,
            purpose="aside",
            about=members["Wren"],
            main=group.main.place.policy_seq,
            members={
                members["Fern"]: Endorsed(leaf=b64encode(leaf.identity), endorsement=fern_said),
                members["Wren"]: Endorsed(leaf=b64encode(added.identity), endorsement=taken["endorsement"]),
            },
        )

    def waiting(self) -> dict[str, Any]:
        """What `/welcomes` says."""
        return {
            "group": str(self.group.id),
            "room": str(self.room),
            "seq": 3,
            "welcome": b64encode(self.welcome),
            "tree": b64encode(self.crypto.tree()),
        }

    def line(self) -> Frame:
        """The state that is handed over."""
        content = FurtherStateMessage(state=self.state).written()
        plaintext, commitment = seal_content(content, self.room.bytes, self.crypto.leaf.identity, 1)
        return {
            "t": "envelope",
            "room": str(self.room),
            "seq": 4,
            "time": 1_800_000_000_000,
            "kind": "policy",
            "leaf": b64encode(self.crypto.leaf.identity),
            "epoch": 1,
            "client_id": str(uuid7()),
            "body": b64encode(self.crypto.encrypt(plaintext)),
            "commitment": b64encode(commitment),
            "stamp": None,
            "policy": {"action": "state", "target": None, "main": self.state.main},
        }


@pytest.mark.parametrize("room", [None, uuid7()], ids=["with its own id", "with another's id"])
async def test_rosa_makes_up_a_room(standing_server: ServerProcess, tmp_path: Path, room: UUID | None) -> None:
    """She has genuine signatures of both, but none of Fern over a leaf that Rosa has the key of."""
    async with rosa(standing_server.url) as hostess, Evening.of(hostess.url, tmp_path, "Wren") as evening:
        await evening.within_reach("Wren", "Fern")
        wren = group_of(evening, "Wren")
        # What the real server would hand out of Wren, and of Fern, Rosa has.
        taken, fern_said = await _taken(evening, "Wren", "Fern"), await _taken(evening, "Fern", "Wren")
        ghost = Ghost(wren, taken, fern_said["endorsement"])
        waiting = ghost.waiting() | ({"room": str(room)} if room else {})
        handed: list[dict[str, Any]] = [waiting]

        def change(who: str, path: str, answer: Any) -> Any:
            if who == "wren" and path.endswith("/welcomes") and "items" in answer and handed:
                return {"items": [handed.pop()], "next": None}
            return answer

        hostess.answer = change
        # The real server knows of no such room.
        hostess.frame = lambda who, frame: [] if frame["t"] == "refused" else [frame]
        await hostess.say("wren", {"t": "welcome", "group": str(wren.id), "room": waiting["room"]})
        await until(lambda: not handed)
        if room is None:
            await until(lambda: evening.clients["Wren"]._further[wren.main.id].get(ghost.room) is not None)
            await hostess.say("wren", ghost.line())
        await until(lambda: codes(wren.main) == ["room_refused"])
        assert ghost.room not in [one.id for one in wren.rooms()]
        await wren.main.send("on we go")


async def _taken(evening: Evening, whose: str, by: str) -> dict[str, str]:
    """A KeyPackage of someone with its endorsement, as the server has it."""
    client, group = evening.clients[by], group_of(evening, by)
    about = next(member for member in group.main.members() if member.pseudonym == "Wren")
    room = await group._further.open("aside", about.id)
    member = next(member for member in group.main.members() if member.pseudonym == whose)
    wanted = {"member": member.id, "room": str(room.id)}
    taken: dict[str, str] = await client._rest.call("POST", f"/groups/{group.id}/key-packages/take", wanted)
    return taken
