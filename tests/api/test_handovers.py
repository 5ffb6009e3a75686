"""Handover notes at the server: from facilitators and above, for whom they are sealed to."""

import pytest
from uuid6 import uuid7

from gathering import HOUR, Evening, Person, junk, now
from serving import ServerProcess
from statements import box, handover

DAY = 24 * HOUR


@pytest.fixture
async def g(standing_server: ServerProcess) -> Evening:
    gathering = await Evening.begin(standing_server.url)
    await gathering.gather()
    return gathering


def at(g: Evening, rest: str = "") -> str:
    return f"/groups/{g.group}/handovers{rest}"


async def ids(g: Evening, who: Person) -> list[str]:
    return [item["id"] for item in (await who.ask("GET", at(g)))["items"]]


async def test_a_note_is_for_the_facilitators_it_was_sealed_to(g: Evening) -> None:
    sent = handover(g.fae, g.ada)
    written = await g.fae.ask("POST", at(g), sent)
    assert await g.fae.ask("POST", at(g), sent) == written, "the same again"
    assert written["mine"]
    [seen] = (await g.ada.ask("GET", at(g)))["items"]
    assert (seen["sealed"], seen["box"], seen["mine"]) == (sent["sealed"], sent["boxes"][1]["box"], False)
    own = handover(g.ada)
    await g.ada.ask("POST", at(g), own)
    assert await ids(g, g.ada) == [own["id"], sent["id"]], "the newest first"
    assert await ids(g, g.fae) == [sent["id"]]
    assert await g.ada.code("POST", at(g), sent) == "client_id_reused"
    assert await g.fae.code("POST", at(g), sent | {"sealed": junk(1100)}) == "client_id_reused"
    await g.do(g.ada, "demote", target=g.fae.member, role="moderator")
    assert await g.fae.code("GET", at(g)) == "forbidden", "not any more"


async def test_what_does_not_fit_is_refused(g: Evening) -> None:
    for wrong, code in (
        (handover(g.fae, g.mo), "unknown_member"),
        (handover(g.fae, g.ben), "unknown_member"),
        (handover(g.ada), "invalid_field"),
        (handover(g.fae, g.fae), "invalid_field"),
        (handover(g.fae, expires=now() + 91 * DAY), "invalid_field"),
        (handover(g.fae, expires=now() - 1), "invalid_field"),
        (handover(g.fae, sealed=junk(20_000)), "invalid_field"),
        (handover(boxes=[{"member": junk(16), "box": box()}]), "invalid_field"),
    ):
        assert await g.fae.code("POST", at(g), wrong) == code
    assert await ids(g, g.fae) == []


async def test_a_note_is_taken_back_by_its_author_alone(g: Evening) -> None:
    sent = handover(g.fae, g.ada)
    await g.fae.ask("POST", at(g), sent)
    assert await g.ada.code("DELETE", at(g, f"/{sent['id']}")) == "handover_unknown"
    assert await g.fae.code("DELETE", at(g, f"/{uuid7()}")) == "handover_unknown"
    await g.fae.ask("DELETE", at(g, f"/{sent['id']}"))
    assert await ids(g, g.ada) == []


async def test_a_group_has_so_many_notes(g: Evening) -> None:
    for _ in range(50):
        await g.fae.ask("POST", at(g), handover(g.fae))
        await g.ada.ask("POST", at(g), handover(g.ada))
    assert await g.fae.code("POST", at(g), handover(g.fae)) == "quota_reached"
