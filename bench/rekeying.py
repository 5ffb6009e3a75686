"""Taking somebody out: from the tap to the last member rekeyed, beside sender keys that all send anew to all.

The peer is the plain way of group chat over pairwise channels: when someone goes, each of the others makes a new sender
key, signs it, and seals it by HPKE to every other, one box each. No relay is in between for either of them: what is
measured is the devices' work, in CPU time, and what they hand over. Devices work at the same time, so the way from tap
to last is the slowest device of each step.
"""

import os
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from mls_rs_uniffi import mls_rs_uniffi as mls
from nacl.signing import SigningKey

from bench.scenarios import Ratio
from safespace.crypto import hpke
from safespace.crypto.mls import PublicGroup
from safespace.sdk.group_crypto import GroupCrypto, LeafKey, Newcomer

SIZES = (10, 50, 200)
RENEWED = 16
"""Members who took keys of their own since they came, spread over the tree; in a group that talks, all do in time."""
ROOM = UUID(int=1).bytes


@dataclass(frozen=True)
class Removal:
    """CPU seconds from tap to last, and of all devices together; bytes that they send."""

    last: float
    all: float
    sent: int


class Scheme(Protocol):
    def remove(self) -> Removal:
        """Take the last one out."""


class Tree:
    """As SafeSpace does it: one commit (RFC 9420), which every device checks against the public tree and applies."""

    def __init__(self, size: int) -> None:
        first = GroupCrypto.create(LeafKey.fresh(), ROOM)
        newcomers = [Newcomer() for _ in range(size - 1)]
        packages = [mls.Message.from_bytes(one.package) for one in newcomers]
        made = first._commit(lambda group: group.add_members(packages))
        assert made.welcome is not None
        tree = made.after.tree()
        self.members = [made.after, *(one.join(ROOM, tree, made.welcome) for one in newcomers)]
        self.public: PublicGroup = made.after.public()
        for number in range(min(size, RENEWED)):
            self._renew(number * size // min(size, RENEWED))

    def _renew(self, by: int) -> None:
        """Someone takes new keys, and all follow."""
        commit = self.members[by].update()
        for number, member in enumerate(self.members):
            if number != by:
                member.apply(commit.body)
        self.members[by] = commit.after
        self.public = self.public.check_commit(commit.body).next

    def remove(self) -> Removal:
        gone = self.members.pop()
        [leaf] = [one for one in self.public.leaves() if one.identity == gone.leaf.identity]
        commit, making = timed(lambda: self.members[0].remove([(leaf.identity, leaf.signature_key)]))
        following = [timed(lambda: self._apply(member, commit.body))[1] for member in self.members[1:]]  # noqa: B023
        self.members[0] = commit.after
        self.public = self.public.check_commit(commit.body).next
        return Removal(making + max(following), making + sum(following), len(commit.body))

    def _apply(self, member: GroupCrypto, body: bytes) -> None:
        checked = self.public.check_commit(body)
        member.apply(body)
        assert member.tree() == checked.next.export_tree()


class Pairwise:
    """Sender keys, sent anew by everyone to everyone."""

    def __init__(self, size: int) -> None:
        self.devices = [(SigningKey.generate(), *hpke.generate()) for _ in range(size)]

    def remove(self) -> Removal:
        self.devices.pop()
        made = [timed(lambda: self._make(number)) for number in range(len(self.devices))]  # noqa: B023
        boxes = [sealed for sealed, _ in made]
        opened = [timed(lambda: self._open(number, boxes))[1] for number in range(len(self.devices))]  # noqa: B023
        sealing = [seconds for _, seconds in made]
        sent = sum(len(box) for own in boxes for box in own.values())
        return Removal(max(sealing) + max(opened), sum(sealing) + sum(opened), sent)

    def _make(self, number: int) -> dict[int, bytes]:
        signing = self.devices[number][0]
        key = bytes(signing.sign(os.urandom(32)))
        others = [other for other in range(len(self.devices)) if other != number]
        return {other: hpke.seal(self.devices[other][2], b"sender key", key) for other in others}

    def _open(self, number: int, boxes: Sequence[Mapping[int, bytes]]) -> None:
        for other, (signing, *_) in enumerate(self.devices):
            if other != number:
                key = hpke.open(self.devices[number][1], b"sender key", boxes[other][number])
                signing.verify_key.verify(key)


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """What it gives, and the CPU seconds that it took."""
    began = time.process_time()
    result = work()
    return result, time.process_time() - began


Pairs = list[tuple[Removal, Removal]]


def rekeying(rounds: int) -> tuple[dict[int, Pairs], list[Ratio]]:
    """By size of the group, pairs of a removal by the tree and one by pairwise boxes."""
    found: dict[int, Pairs] = {}
    for size in SIZES:
        schemes: tuple[Scheme, Scheme] = (Tree(size), Pairwise(size))
        found[size] = [(schemes[0].remove(), schemes[1].remove()) for _ in range(min(rounds, size - 3))]
    return found, [ratio for size, pairs in found.items() for ratio in _ratios(size, pairs)]


def _ratios(size: int, pairs: Pairs) -> list[Ratio]:
    read: Mapping[str, tuple[str, Callable[[Removal], float]]] = {
        "rekey": ("CPU s from tap to last", lambda one: one.last),
        "rekey_cpu": ("CPU s of all devices", lambda one: one.all),
        "rekey_bytes": ("bytes sent", lambda one: one.sent),
    }
    return [
        Ratio(
            name=f"removal{size}.{name}_vs_pairwise",
            ratio=float(f"{statistics.median(value(ours) / value(theirs) for ours, theirs in pairs):.4g}"),
            unit=unit,
            against="sender keys sent pairwise",
            median_of=len(pairs),
        )
        for name, (unit, value) in read.items()
    ]


def figures(pairs: Pairs) -> dict[str, str]:
    """The medians, for people to read."""

    def median(value: Callable[[Removal], float], which: int) -> float:
        return statistics.median(value(pair[which]) for pair in pairs)

    return {
        "tap to last, ms": f"{median(lambda one: one.last, 0) * 1e3:,.1f}",
        "pairwise": f"{median(lambda one: one.last, 1) * 1e3:,.1f}",
        "all devices, ms": f"{median(lambda one: one.all, 0) * 1e3:,.0f}",
        "pairwise ": f"{median(lambda one: one.all, 1) * 1e3:,.0f}",
        "sent, KiB": f"{median(lambda one: one.sent, 0) / 1024:,.1f}",
        "pairwise  ": f"{median(lambda one: one.sent, 1) / 1024:,.1f}",
    }
