"""A server on a machine of its own: its power can fail, its disk can fill up or break, its clock can be wrong.

`machine.c` is laid under the server with LD_PRELOAD and records what is written and what is synced. After a power cut
the disk holds what was synced, and of the rest whatever the disk happened to get to.
"""

import mmap
import random
import shutil
import struct
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from serving import ServerProcess

_RECORD = struct.Struct("=IIIIq")
_FAULTS = struct.Struct("=iiiiq")


class Machine(ServerProcess):
    """Files are as in `data_dir`. `faults` change what the server meets from now on. Skips without a C compiler."""

    def __init__(self, data_dir: Path, **settings: str) -> None:
        self._folder = data_dir.resolve()
        self._journal = self._folder.with_name(f"{data_dir.name}.journal")
        control = self._folder.with_name(f"{data_dir.name}.faults")
        control.write_bytes(bytes(_FAULTS.size))
        with control.open("r+b") as file:
            self._control = mmap.mmap(file.fileno(), _FAULTS.size)
        super().__init__(
            self._folder,
            None,
            LD_PRELOAD=str(_compiled(self._folder.parent)),
            MACHINE_FOLDER=str(self._folder),
            MACHINE_JOURNAL=str(self._journal),
            MACHINE_FAULTS=str(control),
            **settings,
        )
        self._disk = Disk({})

    def launch(self) -> None:
        self._disk = Disk(self._files())
        self._journal.unlink(missing_ok=True)
        super().launch()

    def faults(
        self, *, full: int = 0, bad_write: bool = False, bad_sync: bool = False, slow_sync: float = 0, clock: float = 0
    ) -> None:
        """What is broken from now on, and nothing else. `full`: 1 when files cannot grow, 2 when nothing is written.

        `slow_sync` and `clock` are seconds: what a sync takes longer, by how much the wall clock is wrong.
        """
        _FAULTS.pack_into(self._control, 0, full, bad_write, bad_sync, int(slow_sync * 1e6), int(clock * 1e9))

    def cut_power(self, rng: random.Random) -> "Loss":
        """Kill the server and leave on disk what would be there after a power cut.

        Fails unless what was recorded is all that was written.
        """
        self.kill()
        self._disk.replay(self._journal.read_bytes(), rng)
        assert self._disk.written() == self._files(), "something was written past the record"
        self._disk, loss = self._disk.after_power_cut(rng)
        shutil.rmtree(self._folder)
        self._folder.mkdir(mode=0o700)
        for name, content in self._disk.written().items():
            (self._folder / name).write_bytes(content)
        return loss

    def _files(self) -> dict[str, bytes]:
        if not self._folder.exists():
            return {}
        files = (path for path in self._folder.iterdir() if path.is_file() and not path.name.endswith("-shm"))
        return {path.name: path.read_bytes() for path in files}


@dataclass(frozen=True)
class Loss:
    """Blocks that were written and not synced when the power failed, and how many of them were lost."""

    blocks: int
    lost: int


@dataclass(eq=False)
class _File:
    """`durable` is what a disk surely holds, `written` what the server reads back, `pending` the changes in between:
    where, and the bytes; None for a new end of the file."""

    durable: bytearray = field(default_factory=bytearray)
    written: bytearray = field(default_factory=bytearray)
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)

    def change(self, at: int, data: bytes | None) -> None:
        _apply(self.written, at, data)
        self.pending.append((at, data))

    def sync(self) -> None:
        for at, data in self.pending:
            _apply(self.durable, at, data)
        self.pending.clear()

    def settle(self, rng: random.Random, block: int, share: float) -> Loss:
        """Let the disk get to this share of the blocks, and forget the rest."""
        changes = [part for change in self.pending for part in _blocks(*change, block)]
        kept = [change for change in changes if rng.random() < share]
        self.pending = [*kept]
        self.sync()
        return Loss(len(changes), len(changes) - len(kept))


class Disk:
    """A folder as it is on disk and as the server sees it. Names come and go on disk in their order."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._names = {name: _File(bytearray(content), bytearray(content)) for name, content in files.items()}
        self._durable_names = dict(self._names)
        self._pending_names: list[tuple[str, _File | None]] = []

    def written(self) -> dict[str, bytes]:
        """What the server read back last."""
        return {name: bytes(file.written) for name, file in self._names.items()}

    def replay(self, journal: bytes, rng: random.Random) -> None:
        """Do what was recorded. After a sync that failed nobody knows what is on disk, and no later one mends it."""
        for what, name, at, data in _records(journal):
            match what:
                case "c":
                    self._names[name] = _File()
                    self._pending_names.append((name, self._names[name]))
                case "u":
                    del self._names[name]
                    self._pending_names.append((name, None))
                case "w":
                    self._names[name].change(at, data)
                case "t":
                    self._names[name].change(at, None)
                case "s":
                    self._names[name].sync()
                case "d":
                    self._sync_names(len(self._pending_names))
                case "f" if name:
                    self._names[name].settle(rng, 4096, 0.5)

    def after_power_cut(self, rng: random.Random) -> tuple["Disk", Loss]:
        """The disk that is found: all that was synced; of the rest some blocks, whole or torn, in any order."""
        self._sync_names(rng.randint(0, len(self._pending_names)))
        block, share = rng.choice((512, 4096)), rng.choice((0.0, 0.5, rng.random()))
        losses = [file.settle(rng, block, share) for file in self._durable_names.values()]
        found = Disk({name: bytes(file.durable) for name, file in self._durable_names.items()})
        return found, Loss(sum(loss.blocks for loss in losses), sum(loss.lost for loss in losses))

    def _sync_names(self, count: int) -> None:
        for name, file in self._pending_names[:count]:
            if file is None:
                self._durable_names.pop(name, None)
            else:
                self._durable_names[name] = file
        del self._pending_names[:count]


def _apply(content: bytearray, at: int, data: bytes | None) -> None:
    end = at + len(data or b"")
    if len(content) < end:
        content.extend(bytes(end - len(content)))
    if data is None:
        del content[at:]
    else:
        content[at:end] = data


def _blocks(at: int, data: bytes | None, size: int) -> Iterator[tuple[int, bytes | None]]:
    """A change in parts that a disk writes one by one."""
    if data is None:
        yield at, None
        return
    begin = 0
    while begin < len(data):
        end = min(len(data), begin + size - (at + begin) % size)
        yield at + begin, data[begin:end]
        begin = end


def _records(journal: bytes) -> Iterator[tuple[str, str, int, bytes]]:
    """What machine.c wrote; the kill may have cut the last one short."""
    start = 0
    while start + _RECORD.size <= len(journal):
        what, name_size, size, _, at = _RECORD.unpack_from(journal, start)
        start += _RECORD.size
        if start + name_size + size > len(journal):
            return
        name = journal[start : start + name_size].decode()
        yield chr(what), name, at, journal[start + name_size : start + name_size + size]
        start += name_size + size


def _compiled(folder: Path) -> Path:
    """machine.c as a library."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        pytest.skip("there is no C compiler (cc) to build tests/faults/machine.c with")
    library = folder / "machine.so"
    source = Path(__file__).with_name("machine.c")
    if not library.exists():
        flags = ("-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror")
        subprocess.run([compiler, *flags, "-o", library, source], check=True)
    return library
