"""Rosa runs a hostile server. Whatever she changes, the SDK notices, and nothing more is sent to that room."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from nacl.signing import SigningKey

from evening import Evening, Listener, until
from hostile import Frame, codes, hostile_evening, without
from safespace.crypto.mls import MLSMessage, PublicGroup
from safespace.crypto.mls.commit import Commit
from safespace.crypto.mls.leaf import Credential
from safespace.crypto.mls.messages import PublicMessage
from safespace.crypto.mls.signing import sign_content
from safespace.fields import b64decode, b64encode
from safespace.sdk import Room
from safespace.sdk.errors import Removed, UntrustedServer
from safespace.sdk.group_crypto import GroupCrypto, LeafKey, Newcomer
from serving import ServerProcess


async def halts(room: Room, code: str, *before: str) -> None:
    """The room warns of this (after other warnings), stops sending, and says why to whoever reads along."""
    await until(lambda: code in codes(room))
    assert codes(room) == [*before, code]
    with pytest.raises(UntrustedServer) as refused:
        await room.send("is anyone there?")
    assert refused.value.code == code
    listener = Listener(room)
    await until(lambda: listener.ended)
    assert isinstance(listener.error, UntrustedServer)


def changed_for(name: str, change: Callable[[Frame], list[Frame]]) -> Callable[[str, Frame], list[Frame]]:
    """Change frames for one person alone."""
    return lambda who, frame: change(frame) if who == name else [frame]


def is_line(frame: Frame, **fields: Any) -> bool:
    return frame["t"] == "envelope" and all(frame[name] == value for name, value in fields.items())


def is_action(frame: Frame, action: str) -> bool:
    return frame["t"] == "envelope" and frame["policy"] is not None and frame["policy"]["action"] == action


async def test_an_honest_server_raises_no_alarm(standing_server: ServerProcess, tmp_path: Path) -> None:
    async with hostile_evening(standing_server, tmp_path, "Wren", "Moss") as (_, evening):
        await evening.rooms["Moss"].refresh_keys()
        await evening.rooms["Fern"].remove(evening.member("Moss"))
        await evening.rooms["Wren"].send("all is well")
        await Listener(evening.rooms["Fern"]).hears("all is well")
        assert [codes(room) for room in evening.rooms.values()] == [[], [], []]


async def test_a_swapped_key_package_is_noticed_by_who_admits(standing_server: ServerProcess, tmp_path: Path) -> None:
    async with hostile_evening(standing_server, tmp_path) as (hostess, evening):
        ghost = b64encode(Newcomer().package)

        def swap(who: str, path: str, answer: Any) -> Any:
            if path.endswith("/requests") and who == "fern":
                for item in answer["items"]:
                    item["package"] = ghost
            return answer

        hostess.answer = swap
        wren = await evening.arrive("Wren")
        link = await evening.group.create_invite()
        joining = asyncio.create_task(wren.join(link, pseudonym="Wren"))
        while not codes(evening.group.main):
            assert await evening.group.admit_all() == []
            await asyncio.sleep(0.05)
        assert codes(evening.group.main) == ["forged_request"]
        assert len(evening.group.main.place.public.leaves()) == 1
        joining.cancel()


@pytest.mark.parametrize(("own_room", "code"), [(False, "wrong_reply"), (True, "unannounced_group")])
async def test_a_swapped_group_is_noticed_by_who_joins(
    standing_server: ServerProcess, tmp_path: Path, own_room: bool, code: str
) -> None:
    """Rosa answers Wren with a group of her own, under the room's id or another."""
    async with hostile_evening(standing_server, tmp_path) as (hostess, evening):
        room = bytes(16) if own_room else evening.group.main.id.bytes
        package, request = b"", ""

        def swap(who: str, path: str, answer: Any) -> Any:
            nonlocal package, request
            if who == "wren" and path.endswith("/requests"):
                request = answer["id"]
            if who == "fern" and path.endswith("/requests"):
                package = b64decode(answer["items"][0]["package"]) if answer["items"] else b""
            if who == "wren" and "/requests/" in path and package:
                made = GroupCrypto.create(LeafKey.fresh(), room).add(package)
                assert made.welcome is not None
                return answer | {
                    "status": "admitted",
                    "room": str(evening.group.main.id),
                    "seq": 2,
                    "tree": b64encode(made.after.tree()),
                    "welcome": b64encode(made.welcome),
                    "reply": b64encode(bytes(32)),
                }
            return answer

        hostess.answer = swap
        wren = await evening.arrive("Wren")
        joining = asyncio.create_task(wren.join(await evening.group.create_invite(), pseudonym="Wren"))
        await until_waiting(evening)
        await hostess.say("wren", {"t": "request", "id": request, "status": "admitted"})
        with pytest.raises(UntrustedServer) as refused:
            await joining
        assert refused.value.code == code
        assert wren.groups() == []


async def until_waiting(evening: Evening) -> None:
    while not await evening.group.waiting():
        pass


async def test_another_rooms_name_is_noticed_by_who_joins(standing_server: ServerProcess, tmp_path: Path) -> None:
    async with hostile_evening(standing_server, tmp_path) as (hostess, evening):
        other = await evening.clients["Fern"].create_group("Another", rules="None.", pseudonym="Fern")

        def swap(who: str, path: str, answer: Any) -> Any:
            admitted = who == "wren" and isinstance(answer, dict) and answer.get("status") == "admitted"
            return answer | {"room": str(other.main.id)} if admitted else answer

        hostess.answer = swap
        with pytest.raises(UntrustedServer) as refused:
            await evening.seat("Wren")
        assert refused.value.code == "unannounced_group"


async def test_another_tree_is_noticed_by_who_joins(standing_server: ServerProcess, tmp_path: Path) -> None:
    async with hostile_evening(standing_server, tmp_path) as (hostess, evening):

        def swap(who: str, path: str, answer: Any) -> Any:
            if who != "wren" or not isinstance(answer, dict) or answer.get("status") != "admitted":
                return answer
            tree = bytearray(b64decode(answer["tree"]))
            tree[len(tree) // 2] ^= 1
            return answer | {"tree": b64encode(bytes(tree))}

        hostess.answer = swap
        with pytest.raises(UntrustedServer) as refused:
            await evening.seat("Wren")
        assert refused.value.code == "tree_mismatch"


@pytest.mark.parametrize("action", ["remove", "admit"])
async def test_a_change_of_members_without_its_announcement(
    standing_server: ServerProcess, tmp_path: Path, action: str
) -> None:
    async with hostile_evening(standing_server, tmp_path, "Wren", "Moss") as (hostess, evening):
        hostess.frame = changed_for("wren", without(lambda frame: not is_action(frame, action)))
        before = evening.rooms["Wren"].place.public
        if action == "remove":
            await evening.rooms["Fern"].remove(evening.member("Moss"))
        else:
            await evening.seat("Ada")
        await halts(evening.rooms["Wren"], "unannounced_change")
        # It was refused before the library saw it.
        assert evening.rooms["Wren"].place.public == before
        assert evening.rooms["Wren"].place.crypto.tree() == before.export_tree()


async def test_an_announced_newcomer_who_does_not_come_next(standing_server: ServerProcess, tmp_path: Path) -> None:
    """The Add is left out: another change of keys would follow the announcement."""
    async with hostile_evening(standing_server, tmp_path, "Wren") as (hostess, evening):
        hostess.frame = changed_for("wren", without(lambda frame: frame["kind"] != "handshake"))
        await evening.seat("Ada")
        await halts(evening.rooms["Wren"], "unannounced_change")


async def test_a_state_that_the_newcomer_alone_would_see(standing_server: ServerProcess, tmp_path: Path) -> None:
    """The state message is left out for Wren, so that she could not compare it."""
    async with hostile_evening(standing_server, tmp_path, "Wren") as (hostess, evening):
        hostess.frame = changed_for("wren", without(lambda frame: not is_action(frame, "state")))
        await evening.seat("Ada")
        await evening.rooms["Fern"].send("welcome")
        await halts(evening.rooms["Wren"], "state_mismatch")


async def test_a_changed_identity_in_an_update_path(standing_server: ServerProcess, tmp_path: Path) -> None:
    """Moss lends Rosa a signing key: the commit is well signed, but the leaf in its path is another's."""
    async with hostile_evening(standing_server, tmp_path, "Wren", "Moss") as (hostess, evening):
        moss, wren = evening.rooms["Moss"], evening.rooms["Wren"]
        before = wren.place.public
        hostess.frame = changed_for(
            "wren",
            lambda frame: (
                [frame | {"body": with_other_identity(frame["body"], before, moss.place.leaf)}]
                if is_line(frame, kind="handshake")
                else [frame]
            ),
        )
        await moss.refresh_keys()
        await halts(wren, "identity_changed")
        assert wren.place.public == before
        assert wren.place.crypto.tree() == before.export_tree()


def with_other_identity(body: str, group: PublicGroup, leaf: LeafKey) -> str:
    """The commit with a path leaf of another identity, signed anew with the committer's key."""
    message = MLSMessage.decode(b64decode(body))
    framed = message.body
    assert isinstance(framed, PublicMessage)
    commit = framed.content.body
    assert isinstance(commit, Commit)
    assert commit.path is not None
    assert framed.content.sender.index is not None
    key = SigningKey(leaf.secret[:32])

    def sign(label: str, content: bytes) -> bytes:
        return key.sign(sign_content(label, content)).signature

    other = replace(commit.path.leaf, credential=Credential(1, bytes(16)))
    index = framed.content.sender.index
    other = replace(other, signature=sign("LeafNodeTBS", other.signed_content(group.group_id, index)))
    content = replace(framed.content, body=replace(commit, path=replace(commit.path, leaf=other)))
    signature = sign("FramedContentTBS", content.signed_content(group.group_context()))
    return b64encode(replace(message, body=replace(framed, content=content, signature=signature)).encode())


async def test_a_commit_changed_on_the_way(standing_server: ServerProcess, tmp_path: Path) -> None:
    async with hostile_evening(standing_server, tmp_path, "Wren", "Moss") as (hostess, evening):

        def flip(frame: Frame) -> list[Frame]:
            if not is_line(frame, kind="handshake"):
                return [frame]
            body = bytearray(b64decode(frame["body"]))
            body[len(body) // 2] ^= 1
            return [frame | {"body": b64encode(bytes(body))}]

        hostess.frame = changed_for("wren", flip)
        await evening.rooms["Moss"].refresh_keys()
        # Wren's device waits for whether it is taken back; it is not, for the others could follow.
        await evening.rooms["Fern"].send("we go on")
        await halts(evening.rooms["Wren"], "bad_commit")


async def test_a_removal_that_names_someone_else(standing_server: ServerProcess, tmp_path: Path) -> None:
    """The clear part says that Wren is removed, the sealed part Moss: void. What goes with it her device cannot follow;
    it is neither out nor in another epoch."""
    async with hostile_evening(standing_server, tmp_path, "Wren", "Moss") as (hostess, evening):
        wren, moss = evening.rooms["Wren"], evening.member("Moss")
        epoch, seq = wren.place.public.epoch, wren.place.cursor
        hostess.frame = changed_for(
            "wren",
            lambda frame: (
                [frame | {"policy": frame["policy"] | {"target": wren.place.me}}]
                if is_action(frame, "remove")
                else [frame]
            ),
        )
        await evening.rooms["Fern"].remove(moss)
        await until(lambda: wren.place.cursor >= seq + 2)
        assert codes(wren) == ["policy_forged"]
        assert wren.place.public.epoch == epoch
        assert moss.id in {member.id for member in wren.members()}


async def test_a_removal_that_no_moderator_made(standing_server: ServerProcess, tmp_path: Path) -> None:
    """It is the server's word alone, and shown as that."""
    async with hostile_evening(standing_server, tmp_path, "Wren") as (hostess, evening):
        wren = evening.rooms["Wren"]
        listener = Listener(wren)
        await hostess.say("wren", {"t": "gone", "room": str(wren.id), "code": "removed"})
        await until(lambda: listener.ended)
        assert isinstance(listener.error, Removed)
        assert not listener.error.announced


async def test_a_message_held_back(standing_server: ServerProcess, tmp_path: Path) -> None:
    async with hostile_evening(standing_server, tmp_path, "Wren") as (hostess, evening):
        dropped = await evening.rooms["Fern"].send("kept")
        hostess.frame = changed_for("wren", lambda frame: [] if is_line(frame, seq=dropped + 1) else [frame])
        await evening.rooms["Fern"].send("held back")
        await evening.rooms["Fern"].send("after it")
        await halts(evening.rooms["Wren"], "seq_hole")


async def test_a_server_that_went_back_in_time(server: ServerProcess, tmp_path: Path) -> None:
    """It comes back with an older copy of its database, as after a careless restore."""
    async with hostile_evening(server, tmp_path, "Wren") as (hostess, evening):
        wren = evening.rooms["Wren"]
        confirmed = await wren.send("confirmed")
        hostess.frame = changed_for(
            "wren", lambda frame: [{**frame, "head": confirmed - 1}] if frame["t"] == "caught_up" else [frame]
        )
        await asyncio.to_thread(server.restart)
        await halts(wren, "seq_rollback")


async def test_messages_that_are_not_shown(standing_server: ServerProcess, tmp_path: Path) -> None:
    """Said again, under another name, with another commitment, with other bytes: none is shown, the talk goes on."""
    async with hostile_evening(standing_server, tmp_path, "Wren", "Moss") as (hostess, evening):
        fern, wren, moss = evening.rooms.values()
        listener = Listener(wren)
        leaf = b64encode(moss.place.leaf.identity)

        async def said(text: str, change: Callable[[Frame], list[Frame]]) -> None:
            passed = asyncio.Event()

            def changed(frame: Frame) -> list[Frame]:
                if not is_line(frame, kind="message"):
                    return [frame]
                passed.set()
                return change(frame)

            hostess.frame = changed_for("wren", changed)
            await fern.send(text)
            await passed.wait()
            hostess.frame = lambda who, frame: [frame]
            await fern.send(f"after {text}")
            await listener.hears(f"after {text}")

        await said("twice", lambda frame: [frame, frame])
        assert codes(wren) == ["seq_repeat"]
        await said("as Moss", lambda frame: [frame | {"leaf": leaf}])
        assert codes(wren) == ["seq_repeat", "wrong_sender"]
        await said("unreportable", lambda frame: [frame | {"commitment": b64encode(bytes(32))}])
        assert codes(wren) == ["seq_repeat", "wrong_sender", "bad_commitment"]
        await said("garbled", lambda frame: [frame | {"body": frame["body"][:-4] + "AAAA"}])
        assert codes(wren) == ["seq_repeat", "wrong_sender", "bad_commitment", "unreadable"]
        assert listener.texts == ["twice", "after twice", "after as Moss", "after unreportable", "after garbled"]
        await wren.send("I am still here")
        await listener.stop()
