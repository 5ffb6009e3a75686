"""Which text is an invite link; the pages judge by the same vectors."""

import json
from typing import Any
from uuid import UUID

import pytest

from safespace.fields import b64decode
from safespace.sdk.errors import BadLink
from safespace.sdk.invite_links import InviteLink
from vectors import make

LINKS: Any = json.loads((make.HERE / "invites.json").read_text(encoding="utf-8"))["links"]


@pytest.mark.parametrize("text", [one["text"] for one in LINKS["right"]], ids=[one["name"] for one in LINKS["right"]])
def test_a_link_is_found_in_what_people_paste(text: str) -> None:
    link = InviteLink.read(text, LINKS["origin"])
    assert link == InviteLink(UUID(LINKS["invite"]), b64decode(LINKS["fragment"]))
    assert (link.at(LINKS["origin"]), link.code) == (LINKS["link"], LINKS["code"])


@pytest.mark.parametrize("text", [one["text"] for one in LINKS["wrong"]], ids=[one["name"] for one in LINKS["wrong"]])
def test_whatever_else_is_not(text: str) -> None:
    with pytest.raises(BadLink):
        InviteLink.read(text, LINKS["origin"])


def test_what_is_cut_off_is_said_to_be() -> None:
    whole = LINKS["link"]
    for text in (whole[:-21], whole[: whole.index("#") + 1]):
        with pytest.raises(BadLink, match="A part of this invite link is missing"):
            InviteLink.read(text, LINKS["origin"])
