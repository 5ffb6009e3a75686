"""The vectors are what today's code writes, and the code opens and refuses what they say."""

import dataclasses
import hashlib
import json
from typing import Any
from uuid import UUID

import pytest

from safespace.crypto import franking, hpke, invites, login, padding, reports
from safespace.crypto.encoding import lp
from safespace.crypto.errors import CryptoError
from safespace.crypto.handovers import read_handover
from safespace.crypto.reasons import open_reason, reason_mac
from safespace.fields import b64decode
from safespace.wire import ClientFrame, ServerFrame
from vectors import make, rfc9180, wire_cases


def vectors(name: str) -> Any:
    return json.loads((make.HERE / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", make.FILES)
def test_file_is_fresh(name: str) -> None:
    assert (make.HERE / f"{name}.json").read_text(encoding="utf-8") == make.rendered(name), (
        "run `python -m vectors.make` in tests/"
    )


def test_hpke_reference_is_rfc_9180s() -> None:
    """Appendix A.1.1: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, base."""
    sealed = rfc9180.seal(
        bytes.fromhex("52c4a758a802cd8b936eceea314432798d5baf2d7e9235dc084ab1b9cfa2f736"),
        bytes.fromhex("3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d"),
        bytes.fromhex("4f6465206f6e2061204772656369616e2055726e"),
        bytes.fromhex("4265617574792069732074727574682c20747275746820626561757479"),
        bytes.fromhex("436f756e742d30"),
    )
    assert sealed.hex() == (
        "37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431"
        "f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a"
    )


def test_padding_unpads() -> None:
    for case in vectors("padding")["pad"]:
        content, kf = padding.unpad(b64decode(case["plaintext"]))
        assert (content, kf) == (b64decode(case["content"]), b64decode(case["kf"]))
    for case in vectors("padding")["bad"]:
        with pytest.raises(CryptoError):
            padding.unpad(b64decode(case["plaintext"]))


def test_franked_messages_open() -> None:
    for case in vectors("franking")["cases"]:
        where = b64decode(case["room"]), b64decode(case["leaf"]), case["epoch"]
        commitment = b64decode(case["commitment"])
        opened = franking.open_content(b64decode(case["plaintext"]), commitment, *where)
        assert opened == (b64decode(case["content"]), b64decode(case["kf"]))
        keys = {case["stamp_key_id"]: [b64decode(case["stamp_key"])]}
        stamp = b64decode(case["stamp"])
        assert franking.verify_stamp(keys, stamp, commitment, *where, case["seq"], case["time"])
        assert not franking.verify_stamp(keys, stamp, commitment, *where, case["seq"] + 1, case["time"])


def test_invite_opens() -> None:
    given = vectors("invites")
    invite_id, request_id = b64decode(given["invite_id"]), b64decode(given["request_id"])
    fragment, private = b64decode(given["fragment"]), b64decode(given["private"])
    keys = invites.InviteKeys.derive(fragment, invite_id)
    card = invites.open_card(keys, b64decode(given["sealed_card"]))
    assert card.model_dump(mode="json", by_alias=True) == given["card"]

    def linked(one: dict[str, str]) -> invites.Card:
        return invites.open_card(
            invites.InviteKeys.derive(b64decode(one["fragment"]), invite_id), b64decode(one["sealed"])
        )

    assert len(linked(given["longest_name"]).name) == 80
    assert linked(given["linked_visiting"]).model_dump(mode="json", by_alias=True) == given["visiting"]
    for odd in given["odd_cards"]:
        with pytest.raises(CryptoError, match="agreed form"):
            linked(odd)
    with pytest.raises(CryptoError, match="another card"):
        invites.open_card(keys, b64decode(given["linked_visiting"]["sealed"]))
    material = invites.open_material(b64decode(given["policy_private"]), invite_id, b64decode(given["sealed_material"]))
    assert (material.fragment, material.private) == (fragment, private)
    reply_key, policy_private = b64decode(given["request"]["reply"]), b64decode(given["policy_private"])

    def word(sealed: str) -> invites.Word:
        return invites.open_word(reply_key, policy_private, invite_id, request_id, b64decode(sealed))

    assert word(given["sealed_word"]).model_dump(mode="json", by_alias=True) == given["word"]
    assert word(given["sealed_no"]).model_dump(mode="json", by_alias=True) == given["no"]
    for odd in given["odd_words"]:
        with pytest.raises(CryptoError, match="agreed form"):
            word(odd["sealed"])
    where = [b64decode(given[name]) for name in ("room", "package_ref", "request_id", "exported", "reply")]
    assert invites.open_reply(reply_key, *where) == hashlib.sha256(b64decode(given["state"])).digest()
    request = invites.open_request(private, invite_id, request_id, b64decode(given["sealed_request"]))
    assert request.model_dump(mode="json") == given["request"]
    for odd in given["odd_requests"]:
        with pytest.raises(CryptoError, match="agreed form"):
            invites.open_request(private, invite_id, request_id, b64decode(odd["sealed"]))
    invites.verify_agreement(request.agreement, b64decode(given["leaf_key"]), b64decode(given["group"]), card.rules)


def test_reasons_open_and_others_do_not() -> None:
    given = vectors("reasons")
    group, target, private = (b64decode(given[name]) for name in ("group", "target", "private"))
    for case in given["reasons"]:
        mac = b64decode(case["mac"])
        assert reason_mac(b64decode(case["r"]), case["reason"], group, target) == mac
        assert open_reason(b64decode(case["box"]), mac, group, target, private) == case["reason"]
    for case in given["bad"]:
        with pytest.raises(CryptoError):
            open_reason(b64decode(case["box"]), b64decode(case["mac"]), group, target, private)


def test_box_of_the_browsers_library_opens() -> None:
    given = vectors("invites")["sealed_in_typescript"]
    info = lp(given["label"]) + lp(b64decode(given["id"]))
    opened = hpke.open(b64decode(given["private"]), info, b64decode(given["box"]))
    assert opened == b64decode(given["plaintext"])


def test_reports_are_read_and_open() -> None:
    given = vectors("reports")
    for case in given["good"]:
        written = b64decode(case["written"])
        assert reports.read(reports.ReportContent, written).model_dump(mode="json") == case["report"]
    for case in given["bad"]:
        with pytest.raises(CryptoError):
            reports.read(reports.ReportContent, b64decode(case["written"]))
    for case in given["bad_entries"]:
        with pytest.raises(CryptoError):
            reports.read(reports.EntryContent, b64decode(case["written"]))
    room, leaf_key = UUID(given["room"]).bytes, b64decode(given["leaf_key"])
    assert all(reports.ReportedLine.model_validate(line).fits(room) for line in given["fits"])
    assert not any(reports.ReportedLine.model_validate(case["line"]).fits(room) for case in given["misfits"])
    group, main_key = UUID(given["group"]).bytes, b64decode(given["main_key"])
    assert reports.ReportedLine.model_validate(given["endorsed"]).is_endorsed(group, main_key)
    for case in given["unendorsed"]:
        assert not reports.ReportedLine.model_validate(case["line"]).is_endorsed(group, main_key), case["name"]
    about = reports.About("safespace report", UUID(given["group"]), UUID(given["id"]))
    private = b64decode(given["private"])
    statement = reports.unseal(about, b64decode(given["sealed"]), b64decode(given["box"]), private)
    statement.verify(about, leaf_key)
    assert reports.read(reports.ReportContent, statement.content).model_dump(mode="json") == given["good"][0]["report"]
    answer = dataclasses.replace(about, use="safespace report answer")
    note = given["handover"]
    left = reports.About("safespace handover", UUID(given["group"]), UUID(note["content"]["id"]))
    said = reports.unseal(left, b64decode(note["sealed"]), b64decode(note["box"]), private)
    said.verify(left, b64decode(given["leaf_key"]))
    assert read_handover(said.content).model_dump(mode="json") == note["content"]
    for bad in note["bad"]:
        with pytest.raises(CryptoError):
            read_handover(b64decode(bad["written"]))
    told = reports.unseal_answer(answer, b64decode(given["answer"]["box"]), private)
    told.verify(answer, leaf_key)
    assert reports.read(reports.AnswerContent, told.content).model_dump(mode="json") == given["answer"]["content"]


def test_addresses_and_handles_are_refused() -> None:
    given = vectors("login")
    for url in given["no_origins"]:
        with pytest.raises(CryptoError):
            login.normal_origin(url)
    for handle in given["no_handles"]:
        with pytest.raises(CryptoError):
            login.stretch("http://localhost", handle, "a passphrase")
    with pytest.raises(CryptoError):
        login.stretch("http://localhost", "wren", "")
    assert all(login.is_handle(handle) for handle in given["handles"])
    for text, handle in given["typed"]:
        assert login.typed_handle(text) == handle
    # What stands around a handle is no part of it, and what stands inside is not made into one.
    assert login.typed_handle("anna ") == login.typed_handle(" Anna") == "anna"
    assert not login.is_handle(login.typed_handle("anna b"))


@pytest.mark.parametrize(
    ("union", "frames"), [(ClientFrame, wire_cases.CLIENT), (ServerFrame, wire_cases.SERVER)], ids=["client", "server"]
)
def test_every_frame_and_field_is_in_the_vectors(union: Any, frames: dict[str, dict[str, Any]]) -> None:
    models = {model.model_fields["t"].annotation.__args__[0]: model for model in union.__origin__.__args__}
    assert {name: set(model.model_fields) for name, model in models.items()} == {
        name: set(frame) for name, frame in frames.items()
    }
