"""What a power cut leaves: all that was synced, and nothing that was never written."""

import random
import struct

from hypothesis import given
from hypothesis import strategies as st

from faults.machine import Disk

BLOCK = 512
SIZE = 8
"""Blocks of the file."""
writes = st.tuples(st.integers(0, SIZE - 1), st.booleans())
"""The block that is written, and whether the file is synced then."""


def record(what: str, at: int = 0, data: bytes = b"", name: bytes = b"file") -> bytes:
    return struct.pack("=IIIIq", ord(what), len(name), len(data), 0, at) + name + data


def content(number: int) -> bytes:
    return number.to_bytes(2, "big") * (BLOCK // 2)


@given(story=st.lists(writes, max_size=30), lost=st.integers(0, 20), seed=st.integers(0, 10_000))
def test_what_was_synced_is_there_and_the_rest_is_old_or_new(
    story: list[tuple[int, bool]], lost: int, seed: int
) -> None:
    journal = record("w", data=bytes(SIZE * BLOCK)) + record("s")
    synced = [{0} for _ in range(SIZE)]
    last = [0] * SIZE
    for number, (block, sync) in enumerate(story, 1):
        journal += record("w", block * BLOCK, content(number)) + (record("s") if sync else b"")
        last[block] = number
        synced[block].add(number)
        if sync:
            synced = [{one} for one in last]
    disk = Disk({"file": b""})
    # A record that the kill cut short is none.
    disk.replay(journal + record("w", data=b"x" * 100)[: -1 - lost], random.Random(seed))
    assert disk.written()["file"] == b"".join(map(content, last))
    found = disk.after_power_cut(random.Random(seed))[0].written()["file"]
    blocks = [found[at : at + BLOCK] for at in range(0, len(found), BLOCK)]
    assert all(block in map(content, may) for block, may in zip(blocks, synced, strict=True))


def test_a_failed_sync_is_not_mended_by_the_next() -> None:
    journal = b"".join(record("w", number * 4096, b"x" * 4096) for number in range(100)) + record("f") + record("s")
    disk = Disk({"file": bytes(100 * 4096)})
    disk.replay(journal, random.Random(1))
    found = disk.after_power_cut(random.Random(1))[0].written()["file"]
    assert 0 < found.count(b"x" * 4096) < 100
    assert disk.written()["file"] == b"x" * 409_600


def test_a_name_is_on_disk_once_the_folder_was_synced() -> None:
    made = record("c", name=b"new") + record("w", data=b"x", name=b"new") + record("s", name=b"new")
    found = set()
    for seed in range(20):
        disk = Disk({})
        disk.replay(made, random.Random(seed))
        found.add("new" in disk.after_power_cut(random.Random(seed))[0].written())
        disk.replay(record("d", name=b""), random.Random(seed))
        assert disk.after_power_cut(random.Random(seed))[0].written() == {"new": b"x"}
    assert found == {True, False}
