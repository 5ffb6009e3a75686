"""The pages and the policy that goes with every answer."""

import asyncio
import gzip
import re
from pathlib import Path

import pytest

from asking import bearer, credentials, key, running, settings_in
from safespace.api.headers import OF_DOCUMENTS, POLICY
from safespace.api.health import LOOK
from safespace.api.pages import SCREENS

ROUTER = Path(__file__).parents[2] / "web/src/views/router.ts"

SCRIPT = b"export const words = 'calm, warm, legible';\n" * 50


def build(folder: Path) -> Path:
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>SafeSpace</title>" + " " * 200)
    (folder / "assets" / "main-Ab3.js").write_bytes(SCRIPT)
    (folder / "assets" / "icon-Ab3.png").write_bytes(b"\x89PNG\r\n")
    (folder / "sw.js").write_text("self.addEventListener('fetch', () => {});")
    (folder / "manifest.webmanifest").write_text("{}")
    (folder / ".hidden").write_text("hidden")
    (folder.parent / "outside.txt").write_text("outside")
    return folder


@pytest.mark.parametrize("path", ["/", "/i/0197", "/g/0197/members", "/new", "/login", "/index.html"])
async def test_every_screen_is_the_same_page(tmp_path: Path, path: str) -> None:
    async with running(settings_in(tmp_path, web_dir=build(tmp_path / "dist"))) as (_, client):
        answer = await client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.text.startswith("<!doctype html>")


def test_the_server_knows_the_screens_that_the_pages_have() -> None:
    router = ROUTER.read_text(encoding="utf-8")
    named = set(re.findall(r'"/(\w*)": \{ at:', router)) | set(re.findall(r'kind === "(\w+)"', router))
    assert "help" in named
    assert named | {"quiet"} == SCREENS


@pytest.mark.parametrize(
    ("path", "media_type", "cache"),
    [
        ("/assets/main-Ab3.js", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"),
        ("/assets/icon-Ab3.png", "image/png", "public, max-age=31536000, immutable"),
        ("/sw.js", "text/javascript; charset=utf-8", "no-cache"),
        ("/manifest.webmanifest", "application/manifest+json", "no-cache"),
    ],
)
async def test_files_have_their_types(tmp_path: Path, path: str, media_type: str, cache: str) -> None:
    async with running(settings_in(tmp_path, web_dir=build(tmp_path / "dist"))) as (_, client):
        answer = await client.get(path)
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == (media_type, cache)


@pytest.mark.parametrize(
    "path",
    ["/assets/other.js", "/.hidden", "/..%2foutside.txt", "/%2e%2e/outside.txt", "/assets", "/assets/", "/main.js"],
)
async def test_what_is_not_in_the_build_is_not_there(tmp_path: Path, path: str) -> None:
    async with running(settings_in(tmp_path, web_dir=build(tmp_path / "dist"))) as (_, client):
        answer = await client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_a_wrong_address_opened_by_a_person_is_a_screen(tmp_path: Path) -> None:
    async with running(settings_in(tmp_path, web_dir=build(tmp_path / "dist"))) as (_, client):
        opened = await client.get("/nowhere", headers={"Sec-Fetch-Mode": "navigate"})
        asked = await client.get("/nowhere", headers={"Sec-Fetch-Mode": "cors"})
    assert (opened.status_code, opened.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert opened.text.startswith("<!doctype html>")
    assert (asked.status_code, asked.json()["code"]) == (404, "not_found")


async def test_scripts_travel_packed_and_are_asked_for_once(tmp_path: Path) -> None:
    async with running(settings_in(tmp_path, web_dir=build(tmp_path / "dist"))) as (_, client):
        async with client.stream("GET", "/assets/main-Ab3.js", headers={"Accept-Encoding": "br, gzip"}) as packed:
            raw = b"".join([part async for part in packed.aiter_raw()])
        plain = await client.get("/assets/main-Ab3.js", headers={"Accept-Encoding": "gzip;q=0, identity"})
        again = await client.get("/assets/main-Ab3.js", headers={"If-None-Match": plain.headers["etag"]})
    assert packed.headers["content-encoding"] == "gzip"  # there is no packed copy beside it
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    assert len(raw) < len(SCRIPT) // 5
    assert gzip.decompress(raw) == plain.content == SCRIPT
    assert "content-encoding" not in plain.headers
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(("takes", "gets"), [("gzip, br", "br"), ("br;q=0, gzip", "gzip"), ("zstd", None), ("", None)])
async def test_a_packed_copy_goes_to_browsers_that_take_it(tmp_path: Path, takes: str, gets: str | None) -> None:
    folder = build(tmp_path / "dist")
    (folder / "assets" / "main-Ab3.js.br").write_bytes(b"packed")
    async with running(settings_in(tmp_path, web_dir=folder)) as (_, client):
        async with client.stream("GET", "/assets/main-Ab3.js", headers={"Accept-Encoding": takes}) as answer:
            raw = b"".join([part async for part in answer.aiter_raw()])
        copy = await client.get("/assets/main-Ab3.js.br")
    assert answer.headers.get("content-encoding") == gets
    assert {"br": raw == b"packed", "gzip": raw[:2] == b"\x1f\x8b", None: raw == SCRIPT}[gets]
    assert copy.status_code == 404


async def test_without_a_build_the_first_page_says_what_to_do(tmp_path: Path) -> None:
    async with running(settings_in(tmp_path, web_dir=tmp_path / "none")) as (_, client):
        answer = await client.get("/")
    assert "make run" in answer.text
    assert answer.headers["content-type"].startswith("text/plain")


async def test_the_policy_is_on_every_answer(tmp_path: Path) -> None:
    async with running(settings_in(tmp_path, web_dir=build(tmp_path / "dist"))) as (_, client):
        made = await client.post("/v1/accounts", json=credentials("ada", key()))
        answers = [
            made,
            await client.get("/v1/me", headers=bearer(made.json()["token"])),
            *[await client.get(path) for path in ("/", "/assets/main-Ab3.js", "/nothing", "/v1/nothing", "/v1/me")],
            *[await client.get(path) for path in ("/healthz", "/readyz", "/openapi.json")],
            await client.post("/v1/login", content=b"x" * 2_000_000),
            await client.put("/v1/login"),
        ]
    for answer in answers:
        whole = not answer.url.path.startswith(("/assets/", "/v1/"))
        for name, value in POLICY.items():
            assert answer.headers.get(name) == (value if whole or name not in OF_DOCUMENTS else None)
        assert "strict-transport-security" not in answer.headers
        assert "server" not in answer.headers
        if answer.url.path.startswith("/v1/"):
            assert answer.headers["cache-control"] == "no-store"
            assert "content-encoding" not in answer.headers


async def test_the_policy_denies_what_it_should() -> None:
    policy = POLICY["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self' 'wasm-unsafe-eval';")
    assert "unsafe-inline" not in policy
    assert "'unsafe-eval'" not in policy
    assert "camera=()" in POLICY["Permissions-Policy"]
    assert "clipboard-write=(self)" in POLICY["Permissions-Policy"]


@pytest.mark.parametrize(("address", "told"), [("https://rooms.example", True), ("http://localhost:8000", False)])
async def test_transport_security_is_told_behind_tls_alone(tmp_path: Path, address: str, told: bool) -> None:
    async with running(settings_in(tmp_path, public_url=address)) as (_, client):
        answer = await client.get("/healthz")
    assert ("strict-transport-security" in answer.headers) is told


async def test_the_description_is_clean_and_has_no_page_of_its_own(tmp_path: Path) -> None:
    async with running(settings_in(tmp_path)) as (_, client):
        description = (await client.get("/openapi.json")).json()
        assert [(await client.get(path)).status_code for path in ("/docs", "/redoc")] == [404, 404]
    operations = [operation for path in description["paths"].values() for operation in path.values()]
    assert all(operation["description"] for operation in operations)
    assert all("HTTPValidationError" not in str(operation) for operation in operations)


async def test_health_is_told(tmp_path: Path) -> None:
    async with running(settings_in(tmp_path)) as (app, client):
        assert (await client.get("/healthz")).json() == (await client.get("/readyz")).json() == {"status": "ok"}
        async with app.state.database.write() as connection:
            await connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
        await asyncio.sleep(LOOK)  # for so long it is believed what was seen
        answer = await client.get("/readyz")
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
        assert (await client.get("/healthz")).status_code == 200
