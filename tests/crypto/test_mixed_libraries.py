"""Browsers and Python clients in one group: whoever commits, relay, browser and SDK agree on what came of it.

The browser's members are its own `GroupCrypto` in a Node process (`web/scripts/mls-peer.mjs`), the SDK's its own, and
the relay's view is `PublicGroup`.
"""

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import pytest

from campaign import rounds
from crypto.peers import Browsers, needs_node
from safespace.crypto.mls import PublicGroup, Tree
from safespace.fields import b64decode, b64encode
from safespace.sdk.group_crypto import GroupCrypto, GroupCryptoError, LeafKey, Newcomer

ROOM = bytes(range(16))
COMMITS = rounds(300, 1200)
MOST = 14

pytestmark = needs_node


@dataclass(frozen=True)
class Made:
    """A commit that the relay has not taken yet."""

    commit: bytes
    welcome: bytes | None


@dataclass(frozen=True)
class View:
    """A group as one of its members, or the relay, sees it. The roster is of leaf indices and identities."""

    tree: bytes
    tree_hash: bytes
    roster: list[tuple[int, bytes]]


class Device(Protocol):
    """One member, whichever library it runs."""

    def package(self) -> bytes: ...
    def join(self, welcome: bytes, tree: bytes) -> None: ...
    def add(self, package: bytes) -> Made: ...
    def remove(self, leaves: list[tuple[int, bytes, bytes]]) -> Made: ...
    def update(self) -> Made: ...
    def accepted(self) -> None: ...
    def apply(self, commit: bytes) -> None: ...
    def view(self) -> "View": ...
    def seal(self, plaintext: bytes) -> bytes: ...
    def open(self, message: bytes, identity: bytes, key: bytes) -> bytes: ...
    def export(self) -> bytes: ...


class BrowserDevice:
    """`GroupCrypto` of `web/src/crypto/group.ts`, over ts-mls; reloaded after each commit it follows."""

    def __init__(self, browsers: Browsers, name: str) -> None:
        self._browsers = browsers
        self._name = name

    def _ask(self, do: str, **fields: Any) -> dict[str, Any]:
        return self._browsers.ask(do, member=self._name, **fields)

    def create(self) -> PublicGroup:
        made = self._ask("create", room=b64encode(ROOM))
        return PublicGroup.create(ROOM, b64decode(made["tree"]), b64decode(made["confirmation_tag"]))

    def package(self) -> bytes:
        return b64decode(self._ask("key_package")["package"])

    def join(self, welcome: bytes, tree: bytes) -> None:
        self._ask("join", welcome=b64encode(welcome), tree=b64encode(tree))

    def _made(self, answer: dict[str, Any]) -> Made:
        return Made(b64decode(answer["commit"]), b64decode(answer["welcome"]) if answer["welcome"] else None)

    def add(self, package: bytes) -> Made:
        return self._made(self._ask("add", package=b64encode(package)))

    def remove(self, leaves: list[tuple[int, bytes, bytes]]) -> Made:
        return self._made(self._ask("remove", indices=[index for index, _, _ in leaves]))

    def update(self) -> Made:
        return self._made(self._ask("update"))

    def accepted(self) -> None:
        self._ask("accepted")

    def apply(self, commit: bytes) -> None:
        self._ask("apply", commit=b64encode(commit))
        self._ask("reload")

    def view(self) -> View:
        state = self._ask("state")
        roster = [(index, b64decode(identity)) for index, identity in state["roster"]]
        return View(b64decode(state["tree"]), b64decode(state["tree_hash"]), roster)

    def seal(self, plaintext: bytes) -> bytes:
        return b64decode(self._ask("seal", plaintext=b64encode(plaintext))["message"])

    def open(self, message: bytes, identity: bytes, key: bytes) -> bytes:
        opened = self._ask("open", message=b64encode(message))
        assert b64decode(opened["sender"]) == identity
        return b64decode(opened["plaintext"])

    def export(self) -> bytes:
        return b64decode(self._ask("export", label="safespace epoch", context="", length=32)["secret"])


class SdkDevice:
    """`GroupCrypto` of `safespace.sdk.group_crypto`, over mls-rs."""

    def __init__(self) -> None:
        self._newcomer = Newcomer()
        self._group: GroupCrypto | None = None
        self._after: GroupCrypto | None = None

    def create(self) -> PublicGroup:
        self._group = GroupCrypto.create(LeafKey.fresh(), ROOM)
        return self._group.public()

    @property
    def group(self) -> GroupCrypto:
        assert self._group is not None
        return self._group

    def package(self) -> bytes:
        return self._newcomer.package

    def join(self, welcome: bytes, tree: bytes) -> None:
        self._group = self._newcomer.join(ROOM, tree, welcome)

    def _made(self, commit: Any) -> Made:
        self._after = commit.after
        return Made(commit.body, commit.welcome)

    def add(self, package: bytes) -> Made:
        return self._made(self.group.add(package))

    def remove(self, leaves: list[tuple[int, bytes, bytes]]) -> Made:
        return self._made(self.group.remove([(identity, key) for _, identity, key in leaves]))

    def update(self) -> Made:
        return self._made(self.group.update())

    def accepted(self) -> None:
        self._group = self._after

    def apply(self, commit: bytes) -> None:
        self.group.apply(commit)

    def view(self) -> View:
        encoded = self.group.tree()
        tree = Tree.decode(encoded)
        return View(encoded, tree.tree_hash(), [(index, leaf.identity) for index, leaf in tree.leaves()])

    def seal(self, plaintext: bytes) -> bytes:
        return self.group.encrypt(plaintext)

    def open(self, message: bytes, identity: bytes, key: bytes) -> bytes:
        return self.group.decrypt(message, identity, key)

    def export(self) -> bytes:
        return self.group.export(b"safespace epoch", b"", 32)


@pytest.fixture
def browsers() -> Iterator[Browsers]:
    running = Browsers()
    yield running
    running.close()


@pytest.mark.campaign
@pytest.mark.parametrize("first", ["browser", "sdk"])
def test_mixed_members_agree_after_every_commit(browsers: Browsers, first: str) -> None:
    """Half of the 300 commits begin with a browser's group, half with the SDK's."""
    dice = random.Random(f"{first} {os.environ.get('SAFESPACE_SEED', '1')}")
    devices: dict[bytes, Device] = {}
    count = 0

    def newcomer() -> Device:
        nonlocal count
        count += 1
        return BrowserDevice(browsers, f"{first} {count}") if dice.random() < 0.5 else SdkDevice()

    creator = BrowserDevice(browsers, first) if first == "browser" else SdkDevice()
    public = creator.create()
    devices[public.leaves()[0].identity] = creator
    seen: set[str] = set()

    for number in range(COMMITS // 2):
        committer = dice.choice(sorted(devices))
        device = devices[committer]
        size = len(devices)
        choices = ["update"] + ["add"] * (3 if size < MOST else 0) + ["remove"] * (2 if size > 3 else 0)
        kind = dice.choice(choices)
        joiner: Device | None = None
        if kind == "add":
            joiner = newcomer()
            made = device.add(joiner.package())
        elif kind == "remove":
            others = [leaf for leaf in public.leaves() if leaf.identity != committer]
            leaving = dice.sample(others, k=min(len(others) - 1, dice.choice([1, 1, 1, 2])))
            made = device.remove([(leaf.leaf_index, leaf.identity, leaf.signature_key) for leaf in leaving])
        else:
            made = device.update()

        checked = public.check_commit(made.commit)
        assert checked.identity == committer
        public = checked.next
        for _, identity in checked.removed:
            del devices[identity]
        for identity, member in devices.items():
            if identity == committer:
                member.accepted()
            else:
                member.apply(made.commit)
        if joiner is not None:
            assert made.welcome is not None
            joiner.join(made.welcome, public.export_tree())
            devices[checked.added[0].identity] = joiner

        roster = [(leaf.leaf_index, leaf.identity) for leaf in public.leaves()]
        relay = View(public.export_tree(), public.tree_hash(), roster)
        for member in devices.values():
            assert member.view() == relay, (number, kind)
        assert len({member.export() for member in devices.values()}) == 1
        if number % 10 == 0:
            _speak(dice, devices, public)
        seen.add(f"{kind} by {type(device).__name__}")

    assert seen == {
        f"{kind} by {name}" for kind in ("add", "remove", "update") for name in ("BrowserDevice", "SdkDevice")
    }


def test_both_open_the_same_of_what_was_skipped(browsers: Browsers) -> None:
    """A policy message that one device opens and another does not would part them."""
    fern, wren, moss = SdkDevice(), BrowserDevice(browsers, "wren"), SdkDevice()
    public = fern.create()
    for joiner in (wren, moss):
        made = fern.add(joiner.package())
        public = public.check_commit(made.commit).next
        fern.accepted()
        if joiner is moss:
            wren.apply(made.commit)
        assert made.welcome is not None
        joiner.join(made.welcome, public.export_tree())
    key = public.leaves()[0]
    said = [fern.seal(b"%d" % number) for number in range(1026)]
    for device in (wren, moss):
        with pytest.raises((AssertionError, GroupCryptoError)):
            device.open(said[1025], key.identity, key.signature_key)
        for number in (1024, 0, 1023, 500, 1025):
            assert device.open(said[number], key.identity, key.signature_key) == b"%d" % number


@pytest.mark.parametrize("committer", ["browser", "sdk"])
def test_the_last_two_sit_on_one_side_of_the_tree(browsers: Browsers, committer: str) -> None:
    """Then the root is filtered out of the committer's path, and its secret is not taken (RFC 9420 §7.4)."""
    fern, wren = SdkDevice(), SdkDevice()
    moss, ada = (BrowserDevice(browsers, "moss"), SdkDevice())[:: 1 if committer == "browser" else -1]
    here = [fern, wren, moss, ada]
    public = fern.create()
    for number, joiner in enumerate(here[1:], 1):
        made = fern.add(joiner.package())
        public = public.check_commit(made.commit).next
        fern.accepted()
        for other in here[1:number]:
            other.apply(made.commit)
        assert made.welcome is not None
        joiner.join(made.welcome, public.export_tree())
    made = moss.remove([(leaf.leaf_index, leaf.identity, leaf.signature_key) for leaf in public.leaves()[:2]])
    public = public.check_commit(made.commit).next
    moss.accepted()
    ada.apply(made.commit)
    assert moss.view() == ada.view()
    assert moss.export() == ada.export()
    key = public.leaves()[0]
    assert ada.open(moss.seal(b"only us two"), key.identity, key.signature_key) == b"only us two"


def _speak(dice: random.Random, devices: dict[bytes, Device], public: PublicGroup) -> None:
    """One member says something, and all others read it."""
    speaker = dice.choice(sorted(devices))
    key = next(leaf.signature_key for leaf in public.leaves() if leaf.identity == speaker)
    message = devices[speaker].seal(b"hello, all of you")
    for identity, member in devices.items():
        if identity != speaker:
            assert member.open(message, speaker, key) == b"hello, all of you"
