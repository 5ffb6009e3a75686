"""Copies at the server: by those who hold something, for those in office who have none of it, while it waits."""

from typing import Any

import pytest
from uuid6 import uuid7

from gathering import Evening, Frame, Person, junk, now
from serving import ServerProcess
from statements import box, entry, handover, report

MATERIAL = 112
"""Bytes of an invite's material, sealed."""


@pytest.fixture(scope="module")
async def g(standing_server: ServerProcess) -> Evening:
    gathering = await Evening.begin(standing_server.url)
    await gathering.gather()
    return gathering


def at(g: Evening, rest: str = "copies") -> str:
    return f"/groups/{g.group}/{rest}"


def copy(of: str, id: str, *to: Person, size: int = 80) -> Frame:
    return {"of": of, "id": id, "boxes": [{"member": one.member, "box": junk(size)} for one in to]}


async def lacking(g: Evening, who: Person, *made: Frame) -> dict[str, Any]:
    """What others in office lack of these that this one holds, by id."""
    items = {item["id"]: item for item in (await who.ask("GET", at(g)))["items"]}
    return {one["id"]: items[one["id"]] for one in made if one["id"] in items}


async def test_a_link_a_report_and_a_note_are_handed_on_to_who_has_none(g: Evening) -> None:
    link = g.new_invite(g.ada)
    await g.ada.ask("POST", at(g, "invites"), link)
    filed, note = report(g.ada), handover(g.ada)
    await g.ben.ask("POST", at(g, "reports"), filed)
    await g.ada.ask("POST", at(g, "handovers"), note)
    written = entry(g.ada)
    await g.ada.ask("POST", at(g, f"reports/{filed['id']}/entries"), written)

    found = await lacking(g, g.ada, link, filed, note)
    assert {id: (item["of"], set(item["members"])) for id, item in found.items()} == {
        link["id"]: ("invite", {g.fae.member}),
        filed["id"]: ("report", {g.fae.member, g.mo.member}),
        note["id"]: ("handover", {g.fae.member}),
    }
    own = {
        link["id"]: link["sealed"][0]["box"],
        filed["id"]: filed["boxes"][0]["box"],
        note["id"]: note["boxes"][0]["box"],
    }
    assert {id: item["box"] for id, item in found.items()} == own
    assert {id: item["sealed"] for id, item in found.items()} == dict.fromkeys(own, None) | {
        filed["id"]: filed["sealed"]
    }
    assert await lacking(g, g.fae, link, filed, note) == {}, "of what one does not hold nothing is told"
    [listed] = [one for one in (await g.fae.ask("GET", at(g, "invites")))["items"] if one["id"] == link["id"]]
    assert (listed["box"], listed["holders"]) == (None, [g.ada.member])

    # An entry is for those who have its report.
    assert await g.ada.code("POST", at(g), copy("entry", written["id"], g.fae)) == "unknown_member"
    copies = [
        copy("invite", link["id"], g.fae, size=MATERIAL),
        copy("report", filed["id"], g.fae),
        copy("handover", note["id"], g.fae),
    ]
    for made in copies:
        await g.ada.ask("POST", at(g), made)
    found = await lacking(g, g.ada, link, filed, note)
    assert found.keys() == {filed["id"]}
    assert found[filed["id"]]["members"] == [g.mo.member]
    [lacked] = found[filed["id"]]["entries"]
    assert (lacked["id"], set(lacked["members"])) == (written["id"], {g.fae.member, g.mo.member})
    told = copy("entry", written["id"], g.fae)
    await g.ada.ask("POST", at(g), told)
    [seen] = (await g.fae.ask("GET", at(g, "reports")))["items"]
    assert (seen["box"], seen["entries"][0]["box"]) == (copies[1]["boxes"][0]["box"], told["boxes"][0]["box"])
    assert set(seen["readers"]) == {g.ada.member, g.fae.member}
    assert [one["box"] for one in (await g.fae.ask("GET", at(g, "handovers")))["items"]] == [
        copies[2]["boxes"][0]["box"]
    ]
    # Who was handed it holds it, and hands it on.
    assert (await lacking(g, g.fae, link, filed, note)).keys() == {filed["id"]}
    await g.fae.ask("POST", at(g), copy("report", filed["id"], g.mo))


async def test_who_has_a_box_keeps_it(g: Evening) -> None:
    note = handover(g.ada, g.fae)
    await g.ada.ask("POST", at(g, "handovers"), note)
    for _ in range(2):
        await g.ada.ask("POST", at(g), copy("handover", note["id"], g.fae, g.ada))
    for who, kept in ((g.ada, note["boxes"][0]), (g.fae, note["boxes"][1])):
        assert (await who.ask("GET", at(g, "handovers")))["items"][0]["box"] == kept["box"]


async def test_what_is_not_ones_own_to_hand_on_is_refused(g: Evening) -> None:
    link, filed, note = g.new_invite(g.ada), report(g.ada), handover(g.ada)
    await g.ada.ask("POST", at(g, "invites"), link)
    await g.ben.ask("POST", at(g, "reports"), filed)
    await g.ada.ask("POST", at(g, "handovers"), note)
    stranger = await Evening.begin(g.url)
    twice = copy("handover", note["id"], g.fae)
    for who, sent, code in (
        # Without the office, or from elsewhere.
        (g.ben, copy("report", filed["id"], g.ben), "forbidden"),
        (g.mo, copy("handover", note["id"], g.mo), "forbidden"),
        (g.mo, copy("invite", link["id"], g.mo, size=MATERIAL), "forbidden"),
        (stranger.ada, copy("handover", note["id"], stranger.ada), "not_found"),
        # Without holding it: no box of one's own, a thing of another kind, or none at all.
        (g.fae, copy("invite", link["id"], g.fae, size=MATERIAL), "invite_unknown"),
        (g.fae, copy("report", filed["id"], g.fae), "report_unknown"),
        (g.fae, copy("handover", note["id"], g.fae), "handover_unknown"),
        (g.ada, copy("handover", filed["id"], g.fae), "handover_unknown"),
        (g.ada, copy("entry", filed["id"], g.fae), "report_unknown"),
        (g.ada, copy("report", str(uuid7()), g.fae), "report_unknown"),
        # For who may not have it.
        (g.ada, copy("report", filed["id"], g.ben), "unknown_member"),
        (g.ada, copy("report", filed["id"], g.fae, g.ben), "unknown_member"),
        (g.ada, copy("handover", note["id"], g.mo), "unknown_member"),
        (g.ada, copy("invite", link["id"], g.mo, size=MATERIAL), "unknown_member"),
        (g.ada, copy("handover", note["id"], stranger.ada), "unknown_member"),
        (g.ada, twice | {"boxes": [{"member": junk(16), "box": box()}]}, "unknown_member"),
        # Of no known form.
        (g.ada, twice | {"boxes": twice["boxes"] * 2}, "invalid_field"),
        (g.ada, twice | {"boxes": []}, "invalid_field"),
        (g.ada, twice | {"boxes": [{"member": junk(16), "box": box()} for _ in range(65)]}, "invalid_field"),
        (g.ada, twice | {"of": "plan"}, "invalid_field"),
        (g.ada, twice | {"more": 1}, "invalid_field"),
        (g.ada, copy("handover", note["id"], g.fae, size=MATERIAL), "invalid_field"),
        (g.ada, copy("invite", link["id"], g.fae), "invalid_field"),
        (g.ada, copy("handover", note["id"], g.fae, size=20_000), "invalid_field"),
    ):
        assert await who.code("POST", at(g), sent) == code, sent
    assert (await lacking(g, g.ada, link, filed, note)).keys() == {link["id"], filed["id"], note["id"]}, (
        "and nothing was kept"
    )


async def test_many_that_wait_come_page_by_page(g: Evening) -> None:
    sent = [handover(g.ada) for _ in range(5)]
    for note in sent:
        await g.ada.ask("POST", at(g, "handovers"), note)
    found: list[str] = []
    cursor = None
    while True:
        page = await g.ada.ask("GET", at(g, "copies?limit=2" + (f"&cursor={cursor}" if cursor else "")))
        found += [item["id"] for item in page["items"] if item["of"] == "handover"]
        cursor = page["next"]
        if cursor is None:
            break
    made = {note["id"] for note in sent}
    assert [id for id in found if id in made] == sorted(made)


async def test_what_waits_no_more_is_handed_on_no_more(g: Evening) -> None:
    link, filed, note = g.new_invite(g.ada), report(g.ada), handover(g.ada, expires=now() + 1500)
    await g.ada.ask("POST", at(g, "invites"), link)
    await g.ben.ask("POST", at(g, "reports"), filed)
    await g.ada.ask("POST", at(g, "handovers"), note)
    await g.ada.ask("DELETE", at(g, f"invites/{link['id']}"))
    resolved = entry(g.ada, status="resolved")
    await g.ada.ask("POST", at(g, f"reports/{filed['id']}/entries"), resolved)
    assert await lacking(g, g.ada, link, filed, note) == {} or (await lacking(g, g.ada, link, filed, note)).keys() == {
        note["id"]
    }
    assert await g.ada.code("POST", at(g), copy("invite", link["id"], g.fae, size=MATERIAL)) == "invite_unknown"
    assert await g.ada.code("POST", at(g), copy("report", filed["id"], g.fae)) == "report_unknown"
    assert await g.ada.code("POST", at(g), copy("entry", resolved["id"], g.fae)) == "report_unknown"
    # Who steps down holds what they held, and hands on nothing any more; nor is anything for them.
    later = handover(g.ada, g.fae)
    await g.ada.ask("POST", at(g, "handovers"), later)
    await g.do(g.ada, "demote", target=g.fae.member, role="moderator")
    assert await g.fae.code("POST", at(g), copy("handover", later["id"], g.ada)) == "forbidden"
    assert await g.ada.code("POST", at(g), copy("handover", later["id"], g.fae)) == "unknown_member"
