"""Groups and rooms over REST."""

from typing import Any
from uuid import UUID

import pytest
from uuid6 import uuid7

from gathering import Gathering, Person, junk
from safespace.fields import b64encode
from safespace.sdk.group_crypto import GroupCrypto, LeafKey
from serving import ServerProcess


async def founder(server: ServerProcess) -> tuple[Person, dict[str, Any]]:
    """Someone about to make a group, and what it is made of."""
    ada = await Person.arrive(server.url, "ada")
    room = str(uuid7())
    leaf = LeafKey.fresh()
    ada.crypto = GroupCrypto.create(leaf, UUID(room).bytes)
    return ada, {
        "id": str(uuid7()),
        "room": room,
        "tree": b64encode(ada.mls.tree()),
        "confirmation_tag": b64encode(ada.mls.public().confirmation_tag),
        "presence": True,
    }


async def test_a_new_group_is_its_makers(standing_server: ServerProcess) -> None:
    ada, body = await founder(standing_server)
    made = await ada.ask("POST", "/groups", body)
    leaf = b64encode(ada.mls.leaf.identity)
    assert made == {
        "id": body["id"],
        "member": leaf,
        "role": "owner",
        "status": "member",
        "presence": True,
        "room": {"id": body["room"], "head": 0, "epoch": 0, "policy_seq": 0},
        "leaf": leaf,
        "joined_seq": 0,
    }
    assert await ada.ask("POST", "/groups", body) == made, "sent again: the same"
    assert await ada.ask("GET", f"/groups/{body['id']}") == made
    room = await ada.ask("GET", f"/rooms/{body['room']}")
    assert (room["tree"], room["confirmation_tag"]) == (body["tree"], body["confirmation_tag"])
    assert (room["group"], room["epoch"], room["confirmed_transcript_hash"]) == (body["id"], 0, "")


async def test_a_group_or_room_that_exists_cannot_be_made_again(standing_server: ServerProcess) -> None:
    ada, body = await founder(standing_server)
    await ada.ask("POST", "/groups", body)
    eve, hers = await founder(standing_server)
    for taken in ("id", "room"):
        code = await eve.code("POST", "/groups", hers | {taken: body[taken]} if taken == "id" else body)
        assert code == "group_exists"
    assert (await eve.ask("GET", "/groups"))["items"] == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"tree": junk(100)}, "mls_malformed"),
        ({"tree": junk(5000)}, "too_large"),
        ({"tree": "YQ=="}, "bad_base64"),
        ({"confirmation_tag": junk(31)}, "invalid_field"),
        ({"id": "x"}, "invalid_field"),
        ({"presence": None}, "invalid_field"),
    ],
)
async def test_a_wrong_group_is_refused(standing_server: ServerProcess, changes: dict[str, Any], code: str) -> None:
    ada, body = await founder(standing_server)
    assert await ada.code("POST", "/groups", body | changes) == code
    assert (await ada.ask("GET", "/groups"))["items"] == []


async def test_a_tree_with_two_leaves_is_not_a_new_group(standing_server: ServerProcess) -> None:
    g = await Gathering.begin(standing_server.url)
    await g.admit("ben")
    eve, body = await founder(standing_server)
    assert await eve.code("POST", "/groups", body | {"tree": b64encode(g.ada.mls.tree())}) == "tree_mismatch"


async def test_lists_go_on_where_the_cursor_says(standing_server: ServerProcess) -> None:
    ada, body = await founder(standing_server)
    made = []
    for _ in range(5):
        _, fresh = await founder(standing_server)
        made.append((await ada.ask("POST", "/groups", fresh))["id"])
    seen, cursor = [], ""
    while True:
        page = await ada.ask("GET", f"/groups?limit=2{cursor}")
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert seen == sorted(made)
    assert body["id"] not in seen


async def test_pages_of_a_log_follow_each_other(standing_server: ServerProcess) -> None:
    g = await Gathering.begin(standing_server.url)
    async with g.ada.entered(g.room) as line:
        for _ in range(6):
            frame = g.ada.message(g.room)
            await line.say(frame)
            await line.until("envelope", client_id=frame["client_id"])
    seqs, after = [], 0
    while after is not None:
        page = await g.ada.ask("GET", f"/rooms/{g.room}/envelopes?after={after}&limit=3")
        seqs += [item["seq"] for item in page["items"]]
        after = page["next"]
    assert seqs == list(range(1, 8))
