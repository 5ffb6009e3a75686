"""What a newcomer is told, and what an applicant says, is believed only where everything fits."""

import dataclasses
import hashlib
import json
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from nacl.signing import SigningKey
from uuid6 import uuid7

from safespace.crypto import hpke
from safespace.crypto.invites import (
    Agreement,
    InviteKeys,
    JoinRequest,
    Rules,
    agreement_bytes,
    request_mac,
    seal_request,
)
from safespace.fields import b64encode
from safespace.rooms.state import State, StateMessage
from safespace.sdk.checks import Applicant, Suspicion, check_first_state, check_request
from safespace.sdk.group_crypto import GroupCrypto, LeafKey, Newcomer
from safespace.sdk.place import Asked, Place

GROUP, ROOM = uuid7(), uuid7()
RULES = Rules(version=1, text="It stays here.")
KEY = b64encode(bytes(range(32)))
NOW = time.time_ns() // 1_000_000


def newcomers_place() -> tuple[Place, bytes]:
    """Wren's place after Fern added her, and Fern's leaf identity."""
    fern, wren = GroupCrypto.create(LeafKey.fresh(), ROOM.bytes), Newcomer()
    commit = fern.add(wren.package)
    assert commit.welcome is not None
    crypto = wren.join(ROOM.bytes, commit.after.tree(), commit.welcome)
    asked = Asked("Wren", KEY, RULES, "")
    return Place(
        group=GROUP, room=ROOM, policy_private=bytes(32), crypto=crypto, public=crypto.public(), asked=asked
    ), fern.leaf.identity


def state_for(wren: bytes, fern: bytes) -> dict[str, Any]:
    """The state as it should be handed over."""
    common = {"key": KEY, "agreed": 1, "listening": False}
    fern_entry = common | {"pseudonym": "Fern", "role": "owner", "charter": 1, "leaves": [b64encode(fern)]}
    wren_entry = common | {"pseudonym": "Wren", "role": "member", "charter": 0, "leaves": [b64encode(wren)]}
    return {
        "v": 1,
        "group": str(GROUP),
        "room": str(ROOM),
        "name": "Tuesday evening",
        "welcome": "",
        "presence": False,
        "days": 30,
        "charter": {"version": 1, "text": "We act late and mildly."},
        "rules": {"version": 1, "text": "It stays here."},
        "members": {b64encode(fern): fern_entry, b64encode(wren): wren_entry},
        "offers": {},
        "mutes": {},
        "quiet": False,
        "banned": [],
        "departed": [],
    }


def content_of(state: dict[str, Any]) -> bytes:
    return StateMessage(state=State.model_validate_json(json.dumps(state))).written()


def handed(place: Place, sender: bytes, content: bytes, promised: bytes | None = None) -> State:
    """What Wren believes of a state, where the answer spoke of this one, or of the `promised`."""
    assert place.asked is not None
    digest = b64encode(hashlib.sha256(promised or content).digest())
    return check_first_state(place, dataclasses.replace(place.asked, state=digest), sender, content)


def test_the_state_as_it_should_be_is_believed() -> None:
    place, fern = newcomers_place()
    state = handed(place, fern, content_of(state_for(place.leaf.identity, fern)))
    assert {one.pseudonym for one in state.members.values()} == {"Fern", "Wren"}


def _drop_wren(state: dict[str, Any], wren: str, fern: str) -> None:
    del state["members"][wren]


def _demote_fern(state: dict[str, Any], wren: str, fern: str) -> None:
    state["members"][fern]["role"], state["members"][wren]["role"] = "moderator", "owner"
    state["members"][wren]["charter"] = 1


def _another(field: str, value: Any) -> Callable[[dict[str, Any], str, str], None]:
    def change(state: dict[str, Any], wren: str, fern: str) -> None:
        state[field] = value

    return change


def _as_wren(field: str, value: Any) -> Callable[[dict[str, Any], str, str], None]:
    def change(state: dict[str, Any], wren: str, fern: str) -> None:
        state["members"][wren][field] = value

    return change


def _ghost(state: dict[str, Any], wren: str, fern: str) -> None:
    ghost = b64encode(b"ghost of a leaf!")
    state["members"][ghost] = state["members"][fern] | {"pseudonym": "Ghost", "leaves": [ghost]}


def _renamed_fern(state: dict[str, Any], wren: str, fern: str) -> None:
    other = b64encode(b"another's leaf!!")
    state["members"][other] = state["members"].pop(fern) | {"leaves": [other]}


@pytest.mark.parametrize(
    "change",
    [
        _drop_wren,
        _demote_fern,
        _ghost,
        _renamed_fern,
        _another("group", str(uuid7())),
        _another("room", str(uuid7())),
        _another("rules", {"version": 1, "text": "Anything goes."}),
        _another("rules", {"version": 2, "text": "It stays here."}),
        _as_wren("pseudonym", "Rosa"),
        _as_wren("key", b64encode(bytes(range(1, 33)))),
        _as_wren("leaves", [b64encode(b"another's leaf!!")]),
    ],
)
def test_a_state_that_does_not_fit_is_not(change: Callable[[dict[str, Any], str, str], None]) -> None:
    place, fern = newcomers_place()
    state = state_for(place.leaf.identity, fern)
    change(state, b64encode(place.leaf.identity), b64encode(fern))
    with pytest.raises(Suspicion) as suspicion:
        handed(place, fern, content_of(state))
    assert suspicion.value.code == "state_mismatch"


def test_a_state_by_someone_who_may_not_admit_is_not() -> None:
    place, fern = newcomers_place()
    content = content_of(state_for(place.leaf.identity, fern))
    for sender in (place.leaf.identity, b"another's leaf!!"):
        with pytest.raises(Suspicion):
            handed(place, sender, content)
    with pytest.raises(Suspicion):
        handed(place, fern, b" " + content)


def test_a_state_that_fits_and_is_another_than_the_answer_speaks_of_is_not() -> None:
    """A member who, with the server, is quicker than the one who admitted can change neither names nor roles."""
    place, fern = newcomers_place()
    right = state_for(place.leaf.identity, fern)
    honest = content_of(right)
    for changes in (
        {"name": "Wednesday morning"},
        {"days": 7},
        {"quiet": True},
        {"charter": {"version": 1, "text": "We rule."}},
    ):
        other = content_of(right | changes)
        assert handed(place, fern, other)
        with pytest.raises(Suspicion) as suspicion:
            handed(place, fern, other, promised=honest)
        assert suspicion.value.code == "state_mismatch"


class Asking:
    """Wren's request to join Fern's group."""

    def __init__(self) -> None:
        fern = GroupCrypto.create(LeafKey.fresh(), ROOM.bytes)
        own = b64encode(fern.leaf.identity)
        state = state_for(b"", fern.leaf.identity)
        state["members"] = {own: state["members"][own]}
        parsed = State.model_validate_json(json.dumps(state))
        self.place = Place(
            group=GROUP, room=ROOM, policy_private=bytes(32), crypto=fern, public=fern.public(), state=parsed
        )
        self.keys = InviteKeys.derive(bytes(32), uuid7().bytes)
        self.private, self.public = hpke.generate()
        self.newcomer = Newcomer()
        self.id: UUID = uuid7()
        self.expires = NOW + 3_600_000

    def sealed(self, rules: str = RULES.text) -> bytes:
        signed = agreement_bytes(GROUP.bytes, 1, rules)
        signature = SigningKey(self.newcomer.leaf.secret[:32]).sign(signed).signature
        agreement = Agreement(version=1, signature=b64encode(signature))
        request = JoinRequest(pseudonym="Wren", note="", key=KEY, reply=KEY, agreement=agreement)
        return seal_request(self.public, self.keys.invite_id, self.id.bytes, request)

    def check(self, said: bytes, mac: bytes | None = None, **changes: Any) -> Applicant:
        made = request_mac(self.keys, GROUP.bytes, self.id.bytes, self.expires, self.newcomer.package, said)
        sent = {
            "request_id": self.id,
            "expires": self.expires,
            "package": self.newcomer.package,
            "sealed": said,
            "mac": made if mac is None else mac,
            "now": time.time_ns() // 1_000_000,
        }
        return check_request(self.place, self.keys, self.private, **{**sent, **changes})


def test_an_honest_request_is_believed() -> None:
    asking = Asking()
    applicant = asking.check(asking.sealed())
    assert applicant.request.pseudonym == "Wren"
    assert applicant.package.identity == asking.newcomer.leaf.identity


def test_a_request_that_does_not_hold_together_is_not() -> None:
    asking = Asking()
    sealed = asking.sealed()
    other_rules = asking.sealed("Anything goes.")
    tries: list[Callable[[], Applicant]] = [
        lambda: asking.check(sealed, package=Newcomer().package),
        lambda: asking.check(sealed, sealed=asking.sealed()),
        lambda: asking.check(sealed, mac=bytes(32)),
        lambda: asking.check(sealed, request_id=uuid7()),
        lambda: asking.check(sealed, expires=asking.expires + 1),
        lambda: asking.check(sealed, now=asking.expires),
        lambda: asking.check(other_rules),
        lambda: asking.check(b"not sealed to anyone"),
    ]
    for one in tries:
        with pytest.raises(Suspicion) as suspicion:
            one()
        assert suspicion.value.code == "forged_request"
