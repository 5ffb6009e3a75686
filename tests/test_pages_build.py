"""Anyone can build the pages and get the very bytes that are served."""

import base64
import hashlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest

WEB = Path(__file__).parents[1] / "web"


def build(folder: Path) -> Path:
    """Build the pages from a copy of their sources in `folder`; gives the built files' folder."""
    ignored = shutil.ignore_patterns("node_modules", "dist")
    shutil.copytree(WEB, folder, ignore=ignored)
    (folder / "node_modules").symlink_to(WEB / "node_modules")
    subprocess.run(["npm", "run", "--silent", "build"], cwd=folder, check=True, capture_output=True)
    return folder / "dist"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("first") / "web")


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_two_builds_in_two_places_are_alike(built: Path, tmp_path: Path) -> None:
    second = build(tmp_path / "somewhere-else" / "entirely")
    assert contents(second) == contents(built)


def test_the_manifest_lists_every_file_and_a_changed_byte_shows(built: Path) -> None:
    lines = (built / "manifest.sha256").read_text(encoding="ascii").splitlines()
    listed = {name: digest for digest, name in (line.split("  ") for line in lines)}
    files = contents(built)
    files.pop("manifest.sha256")
    packed = {name for name in files if name.endswith(".br")}
    assert {name for name in files if name.endswith((".js", ".css", ".html"))} <= {name[:-3] for name in packed}
    for name in packed:
        assert len(files.pop(name)) < len(files[name[:-3]])
    assert {name: hashlib.sha256(body).hexdigest() for name, body in files.items()} == listed
    for name, body in files.items():
        assert hashlib.sha256(bytes([body[0] ^ 1]) + body[1:]).hexdigest() != listed[name]


def test_each_script_and_style_sheet_has_integrity_and_nothing_is_inline(built: Path) -> None:
    page = (built / "index.html").read_text(encoding="utf-8")
    tags = re.findall(r"<(?:script|link)\b[^>]*/assets/[^>]*>", page)
    assert any("<script" in tag for tag in tags)
    assert any("stylesheet" in tag for tag in tags)
    for tag in tags:
        file = re.search(r'(?:src|href)="/([^"]+)"', tag)
        assert file
        digest = base64.b64encode(hashlib.sha384((built / file[1]).read_bytes()).digest()).decode()
        assert f'integrity="sha384-{digest}"' in tag
        assert 'crossorigin="anonymous"' in tag
    assert re.findall(r"<script(?![^>]*\ssrc=)", page) == []
    assert re.findall(r"<style|\sstyle=|\son\w+=|javascript:", page) == []


def test_the_page_names_every_script(built: Path) -> None:
    """One that it does not name could only come by an import() without integrity, which the policy refuses."""
    page = (built / "index.html").read_text(encoding="utf-8")
    scripts = {path.name for path in built.glob("assets/*.js")}
    named = {name for name in scripts if f'"/assets/{name}" integrity="sha384-' in page}
    assert "modulepreload" not in page
    assert all("worker" in name.lower() for name in scripts - named)
    later = set(re.findall(r'<link rel="part" href="/assets/([^"]+)"', page))
    assert later
    for name in named:
        # What a script asks for is a script of the page before it, or fetched as a part.
        asked = set(
            re.findall(r'(?:from|import\()\s*["`]\./([^"`]+\.js)', (built / "assets" / name).read_text("utf-8"))
        )
        assert asked <= named
