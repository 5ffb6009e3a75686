"""Nobody else on the machine reads what the server, its operator or a program keeps."""

import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from safespace.doctor import examine
from safespace.sdk.store import Store
from safespace.settings import Settings
from serving import ServerProcess
from test_docs import HERE, blocks


def mode(path: Path) -> int:
    """Who may do what with a file."""
    return stat.S_IMODE(path.stat().st_mode)


async def told(data: Path) -> str:
    """What the doctor says of who else can read; empty where nobody can."""
    findings = await examine(Settings(data_dir=data, database_url=f"sqlite:///{data / 'safespace.db'}"))
    return " ".join(finding.words for finding in findings if finding.subject == "Privacy" and not finding.fine)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data directory as the server makes it, but smaller."""
    (folder := tmp_path / "data").mkdir(mode=0o700)
    for name in ("safespace.db", "safespace.db-wal"):
        (folder / name).touch(mode=0o600)
    return folder


async def test_the_doctor_is_content_with_what_the_server_makes(data: Path) -> None:
    assert await told(data) == ""


@pytest.mark.parametrize(
    ("name", "bits", "advice"),
    [
        (".", 0o750, "chmod 700"),
        (".", 0o701, "chmod 700"),
        ("safespace.db", 0o640, "chmod 600"),
        ("secret.txt", 0o604, "chmod 600"),
        ("backup.db", 0o644, "chmod 600"),
        ("safespace.db.2026-12-01", 0o660, "chmod 600"),
        ("old/backup.dump", 0o644, "chmod 600"),
    ],
)
async def test_the_doctor_names_what_others_can_read(data: Path, name: str, bits: int, advice: str) -> None:
    place = data / name
    place.parent.mkdir(mode=0o700, exist_ok=True)
    if not place.exists():
        place.touch()
    place.chmod(bits)
    words = await told(data)
    assert advice in words
    assert str(place.absolute()) in words
    place.chmod(0o700 if place.is_dir() else 0o600)
    assert await told(data) == ""


async def test_a_copy_beside_a_database_elsewhere_is_looked_at_too(data: Path, tmp_path: Path) -> None:
    (elsewhere := tmp_path / "elsewhere").mkdir()
    (elsewhere / "rooms.db").touch(mode=0o600)
    (elsewhere / "rooms.db.bak").touch(mode=0o644)
    findings = await examine(Settings(data_dir=data, database_url=f"sqlite:///{elsewhere / 'rooms.db'}"))
    wrong = [finding.words for finding in findings if finding.subject == "Privacy" and not finding.fine]
    assert len(wrong) == 1
    assert "rooms.db.bak" in wrong[0]


def test_the_backup_that_the_operator_is_told_to_make_is_theirs_alone(server: ServerProcess, tmp_path: Path) -> None:
    command = next(block for block in blocks((HERE / "docs/operating.md").read_text()) if "VACUUM INTO" in block)
    shutil.copytree(server.data_dir, tmp_path / "there" / "data")
    subprocess.run(["bash", "-c", f"umask 022; {command}"], cwd=tmp_path / "there", check=True, timeout=60)
    assert mode(tmp_path / "there" / "backup.db") == 0o600


def test_the_image_makes_its_folder_for_one_user() -> None:
    dockerfile = (HERE / "Dockerfile").read_text(encoding="utf-8")
    assert "RUN mkdir -m 700 /data && chown 10001:10001 /data" in dockerfile
    assert "USER 10001:10001" in dockerfile


def test_a_store_that_was_copied_open_is_closed_again(tmp_path: Path) -> None:
    path, key = tmp_path / "host.db", bytes(32)
    Store.create(path, key).close()
    path.chmod(0o644)
    store = Store.open(path, key)
    with store.writing(durable=True):
        store.put(1, "a")
    assert {mode(file) for file in tmp_path.iterdir()} == {0o600}
    store.close()
