"""What a release is made of: the list of its parts is complete, and its base images are the ones that were meant."""

import base64
import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from test_docs import HERE

Part = tuple[str, str, frozenset[str]]
"""Name, version and hashes, in hexadecimal."""


def listed(file: Path) -> set[Part]:
    """The parts that a list in CycloneDX names."""
    bill = json.loads(file.read_text(encoding="utf-8"))
    assert bill["bomFormat"] == "CycloneDX"
    return {(one["name"], one["version"], hashes(one)) for one in bill["components"]}


def hashes(component: Any) -> frozenset[str]:
    """Of the part, or of the files that it may come as."""
    files = [at for at in component.get("externalReferences", []) if at["type"] == "distribution"]
    return frozenset(one["content"] for place in (component, *files) for one in place.get("hashes", []))


def locked_python(lock: str) -> set[Part]:
    """The packages of a locked list."""
    text = (HERE / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    return {
        (
            line.split("==")[0],
            re.split(r"[ ;]", line.split("==")[1])[0],
            frozenset(re.findall("sha256:([0-9a-f]+)", line)),
        )
        for line in text.splitlines()
        if line.strip()
    }


def locked_pages() -> set[Part]:
    """The packages of the pages' locked list."""
    lock = json.loads((HERE / "web/package-lock.json").read_text(encoding="utf-8"))
    return {
        (path.rpartition("node_modules/")[2], one["version"], frozenset({_hex(one["integrity"])}))
        for path, one in lock["packages"].items()
        if path
    }


def _hex(integrity: str) -> str:
    return base64.b64decode(integrity.removeprefix("sha512-")).hex()


@pytest.fixture(scope="module")
def bills(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `make sbom` makes, without what it may install before."""
    folder = tmp_path_factory.mktemp("sbom")
    shown = subprocess.run(["make", "-n", "sbom"], cwd=HERE, check=True, capture_output=True, text=True, timeout=60)
    commands = [line for line in shown.stdout.splitlines() if "dist/sbom/" in line]
    assert len(commands) == 3
    for command in commands:
        there = command.replace("dist/sbom/", f"{folder}/").replace(".venv/bin/", f"{Path(sys.executable).parent}/")
        subprocess.run(["bash", "-c", there], cwd=HERE, check=True, capture_output=True, timeout=120)
    return folder


@pytest.mark.parametrize(("bill", "lock"), [("server", "requirements-image.lock"), ("workbench", "requirements.lock")])
def test_every_python_package_is_listed_with_its_hashes(bills: Path, bill: str, lock: str) -> None:
    locked = locked_python(lock)
    assert all(found for _, _, found in locked)
    assert listed(bills / f"{bill}.cdx.json") == locked


def test_every_package_of_the_pages_is_listed_with_its_hash(bills: Path) -> None:
    assert listed(bills / "pages.cdx.json") == locked_pages()


def test_the_image_carries_both_lists() -> None:
    dockerfile, makefile = ((HERE / name).read_text(encoding="utf-8") for name in ("Dockerfile", "Makefile"))
    making = re.search(r"cyclonedx-py (requirements .*) -o dist/sbom/server\.cdx\.json", makefile)
    assert making is not None
    assert f"cyclonedx-py {making[1]} -o /opt/safespace/sbom/server.cdx.json requirements-image.lock" in dockerfile
    assert "npm run --silent sbom > pages.cdx.json" in dockerfile
    assert "COPY --from=pages /build/web/pages.cdx.json /opt/safespace/sbom/" in dockerfile


def stages(dockerfile: Path) -> list[str]:
    """What each stage begins with."""
    lines = dockerfile.read_text(encoding="utf-8").splitlines()
    return [line.split()[1] for line in lines if line.startswith("FROM ")]


@pytest.fixture
def dockerfile(tmp_path: Path) -> Path:
    """A copy, to be changed."""
    return Path(shutil.copy(HERE / "Dockerfile", tmp_path / "Dockerfile"))


def digests(dockerfile: Path, sign: str = "a") -> list[str]:
    """A digest for each image."""
    return [f"{image.partition('@')[0]}=sha256:{sign * 64}" for image in dict.fromkeys(stages(dockerfile))]


def fill_in(dockerfile: Path, *given: str) -> subprocess.CompletedProcess[str]:
    words = [str(HERE / "scripts/release-images.sh"), "-f", str(dockerfile), *given]
    return subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)


def test_each_base_image_has_a_tag_that_is_supported_and_no_digest_in_the_source() -> None:
    for image in stages(HERE / "Dockerfile"):
        assert image in ("node:24-trixie-slim", "python:3.11-slim-trixie")


def test_a_release_fills_in_the_digests_and_changes_nothing_else(dockerfile: Path) -> None:
    before = dockerfile.read_text(encoding="utf-8")
    for sign in "ab":  # the next release takes the place of the one before
        assert fill_in(dockerfile, *digests(dockerfile, sign)).returncode == 0
        assert all(image.endswith(f"@sha256:{sign * 64}") for image in stages(dockerfile))
        assert re.sub(r"@sha256:[0-9a-f]{64}", "", dockerfile.read_text(encoding="utf-8")) == before
    assert dockerfile.stat().st_mode == (HERE / "Dockerfile").stat().st_mode
    assert [path.name for path in dockerfile.parent.iterdir()] == ["Dockerfile"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda given: given[1:], "no digest is given for node"),
        (lambda given: [*given, f"alpine:3=sha256:{'a' * 64}"], "no stage begins with alpine:3"),
        (lambda given: [*given, given[0]], "is given twice"),
        (lambda given: [given[0][:-1], *given[1:]], "is no digest"),
        (lambda given: [given[0].upper(), *given[1:]], "is no IMAGE:TAG"),
        (lambda given: [given[0].replace("a" * 64, "g" * 64), *given[1:]], "is no digest"),
        (lambda given: [given[0] + " AS pages", *given[1:]], "is no digest"),
        (lambda given: [given[0].replace("sha256:", "sha256:$(id)"), *given[1:]], "is no digest"),
        (lambda _: [], "no digest is given for"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(dockerfile: Path, wrong: Any, words: str) -> None:
    before = dockerfile.read_bytes()
    ended = fill_in(dockerfile, *wrong(digests(dockerfile)))
    assert ended.returncode > 0
    assert words in ended.stderr
    assert dockerfile.read_bytes() == before
    assert [path.name for path in dockerfile.parent.iterdir()] == ["Dockerfile"]


def test_the_mls_core_is_built_from_the_source_that_is_locked() -> None:
    """What the build takes from requirements.lock: one version, and the hash of its source archive among the others."""
    script = (HERE / "scripts/release-mls.sh").read_text(encoding="utf-8")
    taking = next(line for line in script.splitlines() if line.startswith("sed -n"))
    words = shlex.split(taking.partition(" >")[0].replace("$name", "agentvault-mls-rs-uniffi"))
    taken = subprocess.run(words, cwd=HERE, check=True, capture_output=True, text=True, timeout=60).stdout
    [(name, version, found)] = {part for part in locked_python("requirements.lock") if part[0].startswith("agentvault")}
    assert taken.startswith(f"{name}=={version} ")
    assert set(re.findall("sha256:([0-9a-f]+)", taken)) == found
    assert "==" not in taken.partition("==")[2]
    release = (HERE / "docs/release.md").read_text(encoding="utf-8")
    assert found <= set(re.findall("[0-9a-f]{64}", release)), "each file is named there, with its platform"
