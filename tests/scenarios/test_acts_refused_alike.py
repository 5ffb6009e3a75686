"""What must not be done is refused with one code: by the group's own rules, by the SDK, and by the relay, however a
bent client asks. Nothing changes. (The browser's rules are held to the same by tests/vectors.)"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, NamedTuple

import pytest
from pydantic import ValidationError
from uuid6 import uuid7

from evening import Evening, Listener, refusal, until
from safespace.crypto.franking import seal_content
from safespace.fields import b64encode
from safespace.rooms.actions import (
    Accept,
    AnyAction,
    Demote,
    EndOffer,
    LetSpeak,
    Mute,
    MuteAll,
    Offer,
    Remove,
    RenameGroup,
    Restore,
    Retain,
    StepDown,
    TakeDown,
    Unban,
    Unmute,
    WriteCharter,
    WriteWelcome,
    shown,
)
from safespace.rooms.policy import fold, propose, state_hash
from safespace.rooms.state import Banned, PolicyError
from safespace.sdk import Group, Member, Message, Room
from safespace.sdk.log import TooLate
from safespace.sdk.sealing import Pending
from safespace.wire import Act, PolicyPart
from serving import ServerProcess

NOBODY = b64encode(bytes(16))


class House(NamedTuple):
    """Fern owns, Fae facilitates, Mo and Max moderate, Wren is a member; Gus was removed, Bo is muted.

    `said` are messages by whose they are.
    """

    evening: Evening
    people: dict[str, Member]
    said: dict[str, Message]

    def group(self, name: str) -> Group:
        return self.evening.groups[name]

    def room(self, name: str) -> Room:
        return self.evening.rooms[name]

    def id(self, name: str) -> str:
        return self.people[name].id


@pytest.fixture(scope="module")
async def house(standing_server: ServerProcess, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    folder = tmp_path_factory.mktemp("house")
    async with Evening.of(standing_server.url, folder, "Gus", "Bo", "Wren") as evening:
        await evening.seat("Fae", "facilitator")
        await evening.seat("Mo", "moderator")
        await evening.seat("Max", "moderator")
        fern = evening.group.main
        said = {name: await evening.rooms[name].send(f"{name} said this") for name in ("Gus", "Wren", "Mo", "Fern")}
        listener = Listener(fern)
        await listener.hears(*(f"{name} said this" for name in said))
        messages = {message.sender: message for message in listener.heard}
        await listener.stop()
        people = {member.pseudonym: member for member in fern.members()}
        await fern.remove(people["Gus"])
        await fern.mute(people["Bo"], length="lifted")
        await fern.take_down(messages["Gus"])
        await level(evening)
        yield House(evening, people, messages)


async def level(evening: Evening) -> None:
    """Everyone has read all there is."""
    await until(lambda: len({room.place.cursor for room in evening.seated()}) == 1)


class Wrong(NamedTuple):
    """`by` may not do this; `asked` is how the SDK is asked for it. `relay_knows`: it alone can."""

    code: str
    by: str
    action: Callable[[House], AnyAction]
    asked: Callable[[House], Awaitable[Any]]
    relay_knows: bool = False


WRONG = {
    "a member mutes": Wrong(
        "forbidden",
        "Wren",
        lambda h: Mute(target=h.id("Bo"), length=60),
        lambda h: h.room("Wren").mute(h.people["Bo"]),
    ),
    "a moderator mutes a moderator": Wrong(
        "rank_too_low",
        "Mo",
        lambda h: Mute(target=h.id("Max"), length=300),
        lambda h: h.room("Mo").mute(h.people["Max"]),
    ),
    "a moderator mutes the owner": Wrong(
        "rank_too_low",
        "Mo",
        lambda h: Mute(target=h.id("Fern"), length="session"),
        lambda h: h.room("Mo").mute(h.people["Fern"], length="session"),
    ),
    "the owner mutes herself": Wrong(
        "rank_too_low",
        "Fern",
        lambda h: Mute(target=h.id("Fern"), length=300),
        lambda h: h.room("Fern").mute(h.people["Fern"]),
    ),
    "someone gone is muted": Wrong(
        "unknown_member",
        "Fern",
        lambda h: Mute(target=h.id("Gus"), length=300),
        lambda h: h.room("Fern").mute(h.people["Gus"]),
    ),
    "someone is muted twice": Wrong(
        "already_muted",
        "Mo",
        lambda h: Mute(target=h.id("Bo"), length=86_400),
        lambda h: h.room("Mo").mute(h.people["Bo"], minutes=24 * 60),
    ),
    "who is not muted is unmuted": Wrong(
        "not_muted",
        "Mo",
        lambda h: Unmute(target=h.id("Wren")),
        lambda h: h.room("Mo").unmute(h.people["Wren"]),
    ),
    "someone gone is unmuted": Wrong(
        "unknown_member",
        "Mo",
        lambda h: Unmute(target=h.id("Gus")),
        lambda h: h.room("Mo").unmute(h.people["Gus"]),
    ),
    "it is loud already": Wrong("unchanged", "Mo", lambda h: MuteAll(on=False), lambda h: h.room("Mo").mute_all(False)),
    "a member asks for quiet": Wrong(
        "forbidden", "Wren", lambda h: MuteAll(on=True), lambda h: h.room("Wren").mute_all()
    ),
    "who speaks is let speak": Wrong(
        "not_listening",
        "Mo",
        lambda h: LetSpeak(target=h.id("Wren")),
        lambda h: h.room("Mo").let_speak(h.people["Wren"]),
    ),
    "a member removes": Wrong(
        "forbidden",
        "Wren",
        lambda h: Remove(target=h.id("Bo")),
        lambda h: h.room("Wren").remove(h.people["Bo"]),
    ),
    "a moderator removes a facilitator": Wrong(
        "rank_too_low",
        "Mo",
        lambda h: Remove(target=h.id("Fae"), ban=True),
        lambda h: h.room("Mo").remove(h.people["Fae"], ban=True),
    ),
    "someone gone is removed": Wrong(
        "unknown_member",
        "Mo",
        lambda h: Remove(target=h.id("Gus")),
        lambda h: h.room("Mo").remove(h.people["Gus"]),
    ),
    "a moderator offers a role": Wrong(
        "forbidden",
        "Mo",
        lambda h: Offer(target=h.id("Wren"), role="moderator"),
        lambda h: h.group("Mo").offer_role(h.people["Wren"], "moderator"),
    ),
    "a facilitator offers her own rank": Wrong(
        "rank_too_low",
        "Fae",
        lambda h: Offer(target=h.id("Wren"), role="facilitator"),
        lambda h: h.group("Fae").offer_role(h.people["Wren"], "facilitator"),
    ),
    "the lowest role is offered": Wrong(
        "rank_too_low",
        "Fern",
        lambda h: Offer(target=h.id("Wren"), role="guest"),
        lambda h: h.group("Fern").offer_role(h.people["Wren"], "guest"),
    ),
    "a role is taken that nobody offered": Wrong(
        "no_offer", "Wren", lambda h: Accept(role="owner", version=1), lambda h: h.group("Wren").accept_role()
    ),
    "an offer is taken back that nobody made": Wrong(
        "no_offer",
        "Fae",
        lambda h: EndOffer(target=h.id("Wren")),
        lambda h: h.group("Fae").end_offer(h.people["Wren"]),
    ),
    "a facilitator demotes the owner": Wrong(
        "rank_too_low",
        "Fae",
        lambda h: Demote(target=h.id("Fern"), role="guest"),
        lambda h: h.group("Fae").demote(h.people["Fern"], "guest"),
    ),
    "someone is demoted upwards": Wrong(
        "unchanged",
        "Fae",
        lambda h: Demote(target=h.id("Wren"), role="moderator"),
        lambda h: h.group("Fae").demote(h.people["Wren"], "moderator"),
    ),
    "the only owner steps down": Wrong(
        "last_owner", "Fern", lambda h: StepDown(role="member"), lambda h: h.group("Fern").step_down()
    ),
    "a moderator steps up": Wrong(
        "unchanged", "Mo", lambda h: StepDown(role="owner"), lambda h: h.group("Mo").step_down("owner")
    ),
    "nobody is unbanned": Wrong(
        "not_banned",
        "Fae",
        lambda h: Unban(target=NOBODY),
        lambda h: h.group("Fae").unban(Banned(member=NOBODY, pseudonym="Nora")),
    ),
    "a facilitator has messages end": Wrong(
        "forbidden", "Fae", lambda h: Retain(days=1), lambda h: h.group("Fae").retain(1)
    ),
    "messages end as they do": Wrong(
        "unchanged", "Fern", lambda h: Retain(days=0), lambda h: h.group("Fern").retain(0)
    ),
    "a facilitator writes the charter": Wrong(
        "forbidden",
        "Fae",
        lambda h: WriteCharter(charter="Do as you like."),
        lambda h: h.group("Fae").write_charter("Do as you like."),
    ),
    "a facilitator renames the group": Wrong(
        "forbidden", "Fae", lambda h: RenameGroup(name="Mine"), lambda h: h.group("Fae").rename("Mine")
    ),
    "a facilitator writes the welcome": Wrong(
        "forbidden", "Fae", lambda h: WriteWelcome(welcome="Mine."), lambda h: h.group("Fae").set_welcome("Mine.")
    ),
    "a member takes a message down": Wrong(
        "forbidden",
        "Wren",
        lambda h: TakeDown(target=h.id("Fern"), line=h.said["Fern"].seq),
        lambda h: h.room("Wren").take_down(h.said["Fern"]),
    ),
    "the owner's message is taken down": Wrong(
        "rank_too_low",
        "Mo",
        lambda h: TakeDown(target=h.id("Fern"), line=h.said["Fern"].seq),
        lambda h: h.room("Mo").take_down(h.said["Fern"]),
    ),
    "a message is taken down twice": Wrong(
        "already_taken_down",
        "Mo",
        lambda h: TakeDown(target=h.id("Gus"), line=h.said["Gus"].seq),
        lambda h: h.room("Mo").take_down(h.said["Gus"]),
        relay_knows=True,
    ),
    "a message is restored that stands": Wrong(
        "not_taken_down",
        "Mo",
        lambda h: Restore(target=h.id("Wren"), line=h.said["Wren"].seq),
        lambda h: h.room("Mo").restore(h.said["Wren"]),
        relay_knows=True,
    ),
    "a message is taken down in another's name": Wrong(
        "unknown_line",
        "Mo",
        lambda h: TakeDown(target=h.id("Bo"), line=h.said["Wren"].seq),
        lambda h: h.room("Mo").do(TakeDown(target=h.id("Bo"), line=h.said["Wren"].seq)),
        relay_knows=True,
    ),
}


@pytest.mark.parametrize("name", WRONG)
async def test_what_must_not_be_done_is_refused_alike_everywhere(house: House, name: str) -> None:
    wrong = WRONG[name]
    await level(house.evening)
    room = house.room(wrong.by)
    state, place = room.policy, room.place
    assert state is not None
    assert place.me is not None
    action = wrong.action(house)
    message = propose(state, place.me, place.policy_seq, action)
    if wrong.relay_knows:
        fold(state, message, place.clock.now())
    else:
        with pytest.raises(PolicyError) as refused:
            fold(state, message, place.clock.now())
        assert refused.value.code == wrong.code
    before = standing(house)
    assert await refusal(wrong.asked(house)) == wrong.code
    assert await refusal(bent(room, action)) == wrong.code
    await level(house.evening)
    assert standing(house) == before, "nothing was stored, and nobody's state changed"


async def bent(room: Room, action: AnyAction, **changes: Any) -> None:
    """Ask the relay for what one's own rules forbid."""
    place = room.place
    assert place.me is not None
    content = propose(place.state, place.me, place.policy_seq, action).written()
    plaintext, commitment = seal_content(content, place.room.bytes, place.leaf.identity, place.public.epoch)
    body = b64encode(place.crypto.encrypt(plaintext))
    sealed = {"epoch": place.public.epoch, "body": body, "commitment": b64encode(commitment)}
    said = {"action": action.action, "policy_seq": place.policy_seq, **shown(action), **sealed, **changes}
    # The relay is to judge what this frame's grammar would not let pass.
    frame = Act.model_construct(
        t="act",
        room=place.room,
        client_id=uuid7(),
        policy=PolicyPart.model_construct(**{"body": None, **said}),
        commit=None,
        state=None,
    )
    await room.log.deliver(Pending(frame.client_id, frame, {body: plaintext}))


def standing(house: House) -> list[Any]:
    return [
        (name, state_hash(room.policy), room.place.cursor, room.warnings())
        for name, room in house.evening.rooms.items()
        if room.log.trouble() is None
    ]


@pytest.mark.parametrize("length", [0, -300, 86_401, 2**53])
async def test_no_mute_is_endless_or_over_before_it_began(house: House, length: int) -> None:
    mo, wren = house.room("Mo"), house.people["Wren"]
    before = standing(house)
    with pytest.raises(ValidationError):
        Mute(target=wren.id, length=length)
    assert await refusal(bent(mo, Mute(target=wren.id, length=300), length=length)) == "invalid_field"
    assert await refusal(mo.mute(wren, length / 60)) == "invalid_field"
    await level(house.evening)
    assert standing(house) == before


@pytest.mark.parametrize("minutes", [float("inf"), float("nan"), -0.1, 1e300])
async def test_no_mute_is_of_a_length_that_no_clock_counts(house: House, minutes: float) -> None:
    assert await refusal(house.room("Mo").mute(house.people["Wren"], minutes)) == "invalid_field"


@pytest.mark.parametrize("reason", ["", "x" * 301])
async def test_a_reason_is_neither_empty_nor_endless(house: House, reason: str) -> None:
    before = standing(house)
    mo, wren = house.room("Mo"), house.people["Wren"]
    assert await refusal(mo.mute(wren, reason=reason)) == "invalid_field"
    assert await refusal(mo.remove(wren, reason=reason)) == "invalid_field"
    assert await refusal(mo.take_down(house.said["Wren"], reason=reason)) == "invalid_field"
    assert standing(house) == before


async def test_what_was_decided_on_an_older_state_is_refused_and_decided_again(house: House) -> None:
    """The relay refuses a stale act, and the SDK looks again."""
    mo, wren = house.room("Mo"), house.people["Wren"]
    before = standing(house)
    stale = mo.place.policy_seq - 1
    with pytest.raises(TooLate, match="stale_policy"):
        await bent(mo, Mute(target=wren.id, length=60), policy_seq=stale)
    assert standing(house) == before
    fae = house.room("Fae")
    # Both at once: one comes first, the other finds the mute there already, or makes it longer.
    done = await asyncio.gather(
        mo.mute(wren, 1, reason="One."), fae.mute(wren, 1, reason="The other."), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in done) in (["NoneType", "Refused"], ["NoneType", "NoneType"])
    await level(house.evening)
    await mo.unmute(wren)
    await level(house.evening)
    assert len({state_hash(room.place.state) for name, room in house.evening.rooms.items() if name != "Gus"}) == 1
