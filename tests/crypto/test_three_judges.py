"""Relay, SDK and page judge the same thing alike: what one of them takes, all take, and what one refuses, all refuse.

Each judge is its whole door: the relay's check, the SDK's check and mls-rs, the page's checks and ts-mls. One field is
bent at a time, and everything that covers it (signatures, hashes, tags, sealed secrets) is made again, so that nothing
but the field itself can be what somebody stumbles over.
"""

import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from campaign import rounds
from crypto.mls.bent_welcomes import WELCOMES, WelcomeMutator
from crypto.mls.forge import ROOM
from crypto.mls.keyed import KeyedRoom
from crypto.mls.mutants import Mutant, Mutator
from crypto.mls.odd import LEAF_FIELDS
from crypto.peers import Browsers, needs_node
from safespace.crypto.mls import MLSError, MLSMessage, check_key_package, welcome_ref
from safespace.crypto.mls.leaf import KeyPackage
from safespace.crypto.mls.proposals import Add
from safespace.fields import b64decode, b64encode
from safespace.sdk.group_crypto import GroupCrypto, GroupCryptoError, Newcomer

pytestmark = [needs_node, pytest.mark.campaign, pytest.mark.timeout(5400)]

CASES = rounds(600, 100_000)
PER_ROOM = 60
REFUSALS = ("CryptoError", "Suspicion")
"""What a page's own checks throw. Anything else would stop the page."""


# What may be bent.
LEAVES = [f"leaf.{field}" for field in (*LEAF_FIELDS, "signature")]
PACKAGES = [*LEAVES, "version", "cipher_suite", "init_key", "extensions", "signature"]
KEY_PACKAGES = [*PACKAGES, "bytes"]
PATHS = [*LEAVES, "keys", "other key", "nodes", "ciphertexts", "kem_output", "secret"]
COMMITS = [
    "proposals",
    "duplicate",
    "path",
    "by_reference",
    "commit_bytes",
    "content",
    "signature",
    "confirmation_tag",
    "membership_tag",
    "bytes",
    "nothing",
]


@dataclass
class Tally:
    """What was tried, and where the judges were not of one mind."""

    taken: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    apart: list[tuple[str, str, str]] = field(default_factory=list)

    def note(self, what: str, verdicts: dict[str, object], data: bytes, *, hidden: bool = False) -> None:
        """`verdicts` is what each judge says: a refusal is a string, anything else what came of it."""
        clients = [verdict for judge, verdict in verdicts.items() if judge != "relay"]
        relay = verdicts.get("relay", clients[0])
        refusals = [verdict for verdict in clients if isinstance(verdict, str)]
        agreed = len(refusals) == len(clients) if refusals else all(verdict == clients[0] for verdict in clients)
        fits = isinstance(relay, str) == bool(refusals) or (hidden and bool(refusals))
        if not agreed or not fits:
            self.apart.append((what, str(verdicts), data.hex()))
        (self.refused if refusals else self.taken)[what] += 1


class Judges:
    """A room in which an SDK device and a browser are members, and everybody else is the test's."""

    def __init__(self, browsers: Browsers, chance: random.Random) -> None:
        self.browsers = browsers
        self.room = KeyedRoom.create()
        self.newcomer = Newcomer()
        self.sdk: GroupCrypto | None = None
        self.page = False
        coming = ["sdk", "page", *("other" for _ in range(chance.randint(1, 6)))]
        chance.shuffle(coming)
        for who in coming:
            by = chance.choice(sorted(self.room.devices))
            package: KeyPackage | None = None
            match who:
                case "sdk":
                    package = read_package(self.newcomer.package)
                case "page":
                    package = read_package(b64decode(browsers.ask("key_package", member="judge")["package"]))
            made = self.room.admit(package, by, path=chance.random() < 0.3)
            self._follow(made.message)
            tree = self.room.group.export_tree()
            if who == "sdk" and package is not None:
                self.sdk = self.newcomer.join(ROOM, tree, self.room.welcome(made, package, by))
            elif who == "page" and package is not None:
                welcome = self.room.welcome(made, package, by)
                browsers.ask("join", member="judge", welcome=b64encode(welcome), tree=b64encode(tree))
                self.page = True
            if chance.random() < 0.5:
                update = self.room.commit(chance.choice(sorted(self.room.devices)))
                self._follow(update.message)
                self.room = update.after
        assert self.sdk is not None
        self.snapshot = self.sdk.snapshot()
        self.safe = [leaf.leaf_index for leaf in self.room.group.leaves() if leaf.leaf_index not in self.room.devices]

    def _follow(self, commit: bytes) -> None:
        if self.sdk is not None:
            self.sdk.apply(commit)
        if self.page:
            self.browsers.ask("apply", member="judge", commit=b64encode(commit))

    def commit(self, commit: bytes) -> dict[str, object]:
        """What came of a commit for each: the tree hash, and for members a secret of the epoch."""
        verdicts: dict[str, object] = {}
        try:
            checked = self.room.group.check_commit(commit)
        except MLSError as error:
            verdicts = {"relay": error.code, "sdk": error.code}
        else:
            verdicts["relay"] = checked.next.tree_hash()
            device = GroupCrypto.load(self.newcomer.leaf, ROOM, self.snapshot)
            try:
                device.apply(commit)
                secret = device.export(b"safespace epoch", b"", 32)
                verdicts["sdk"] = (b64encode(checked.next.tree_hash()), b64encode(secret))
                assert device.tree() == checked.next.export_tree()
            except GroupCryptoError as error:
                verdicts["sdk"] = f"mls-rs: {error.__cause__}"
        verdicts["page"] = self._page("judge", ("tree_hash", "secret"), commit=b64encode(commit))
        return verdicts

    def package(self, data: bytes) -> dict[str, object]:
        """Whether each would let someone in with this KeyPackage, by a commit that the relay takes."""
        try:
            check_key_package(data, int(time.time()))
        except MLSError as error:
            verdicts: dict[str, object] = {"relay": error.code, "sdk": error.code}
        else:
            verdicts = {"relay": (), "sdk": ()}
            try:
                made = GroupCrypto.load(self.newcomer.leaf, ROOM, self.snapshot).add(data)
                self.room.group.check_commit(made.body)
            except (GroupCryptoError, MLSError) as error:
                verdicts["sdk"] = f"{error} {error.__cause__}"
        verdicts["page"] = self._page("judge_package", (), package=b64encode(data))
        return verdicts

    def _page(self, do: str, said: tuple[str, ...], **fields: str) -> object:
        return page_verdict(self.browsers.answer(do, member="judge", **fields), said)


def page_verdict(answer: dict[str, Any], said: tuple[str, ...]) -> object:
    if answer["ok"]:
        return tuple(answer[name] for name in said)
    assert answer["error"].startswith(REFUSALS), answer
    return str(answer["error"])


def read_package(data: bytes) -> KeyPackage:
    body = MLSMessage.decode(data).body
    assert isinstance(body, KeyPackage)
    return body


@pytest.fixture
def browsers() -> Iterator[Browsers]:
    running = Browsers()
    yield running
    running.close()


def seeded(name: str) -> random.Random:
    return random.Random(f"{name} {os.environ.get('SAFESPACE_SEED', '1')}")


def test_commits_and_key_packages(browsers: Browsers) -> None:
    """Three of four cases are commits by members, in which leaves, KeyPackages and paths come."""
    chance, tally = seeded("commits"), Tally()
    deck: list[tuple[str, str]] = [
        *(("adding", name) for name in PACKAGES),
        *(("path", name) for name in PATHS),
        *(("commit", name) for name in COMMITS),
        *(("key_package", name) for name in KEY_PACKAGES),
    ]
    for number in range(CASES * 4 // 5):
        if number % PER_ROOM == 0:
            judges = Judges(browsers, chance)
            mutator = Mutator(judges.room, chance, judges.safe, int(time.time()))
        if number % len(deck) == 0:
            chance.shuffle(deck)
        kind, name = deck[number % len(deck)]
        mutant: Mutant = getattr(mutator, kind)(name)
        judge = judges.package if kind == "key_package" else judges.commit
        tally.note(mutant.field, judge(mutant.data), mutant.data, hidden=mutant.hidden)
    report("commits and KeyPackages", tally, len(deck))


def test_welcomes(browsers: Browsers) -> None:
    """Two newcomers, one with each library, are sent the same odd Welcome, each for their own KeyPackage."""
    chance, tally = seeded("welcomes"), Tally()
    deck = list(WELCOMES)
    for number in range(CASES // 5):
        if number % PER_ROOM == 0:
            room = KeyedRoom.create()
            for _ in range(chance.randint(0, 5)):
                room.admit(by=chance.choice(sorted(room.devices)), path=chance.random() < 0.3)
                if chance.random() < 0.5:
                    room = room.commit(chance.choice(sorted(room.devices))).after
        if number % len(deck) == 0:
            chance.shuffle(deck)
        name, seed, path = deck[number % len(deck)], chance.random(), chance.random() < 0.5
        newcomer = Newcomer()
        offered = b64decode(browsers.ask("key_package", member="newcomer")["package"])
        verdicts: dict[str, object] = {}
        for who, data in (("sdk", newcomer.package), ("page", offered)):
            package = read_package(data)
            mutator = WelcomeMutator(room, random.Random(seed))
            made = room.commit(0, [Add(package)], path=path)
            welcome, tree = mutator.welcome(name, made, package)
            seen = _relay_welcome(welcome)
            if who == "sdk":
                verdicts[who] = _sdk_joins(newcomer, welcome, tree)
            else:
                answer = browsers.answer("join", member="newcomer", welcome=b64encode(welcome), tree=b64encode(tree))
                verdicts[who] = page_verdict(answer, ())
            if not seen:
                assert isinstance(verdicts[who], str), (name, verdicts)
        tally.note(f"Welcome {name}", verdicts, welcome)
    report("Welcomes", tally, len(deck))


def _relay_welcome(welcome: bytes) -> bool:
    """Whether the relay takes it for a Welcome at all."""
    try:
        welcome_ref(welcome)
    except MLSError:
        return False
    return True


def _sdk_joins(newcomer: Newcomer, welcome: bytes, tree: bytes) -> object:
    try:
        newcomer.join(ROOM, tree, welcome).public()
    except MLSError as error:
        return error.code
    except GroupCryptoError as error:
        return f"mls-rs: {error.__cause__ or error}"
    return ()


def report(what: str, tally: Tally, fields: int) -> None:
    """Says what was tried, and fails where the judges were apart."""
    taken, refused = tally.taken.total(), tally.refused.total()
    print(f"{what}: {taken + refused} cases over {fields} fields, {taken} taken, {refused} refused by all")
    assert not tally.apart, f"{len(tally.apart)} apart: {Counter(one[0] for one in tally.apart)}\n" + "\n".join(
        f"{name}: {verdicts}\n  {data}" for name, verdicts, data in tally.apart[:5]
    )
    assert taken > 0
    assert refused > 0
