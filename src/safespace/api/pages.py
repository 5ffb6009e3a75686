"""The built pages, held in memory: what is not in the build cannot be asked for.

Every screen of the application answers with `index.html`; the path names the screen, to the browser alone. So does a
path that nothing is at, with status 404, when a browser opens it as a page: the screen then says so in plain words.
"""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, Response

from safespace.errors import SafeSpaceError

SCREENS = frozenset({"", "i", "g", "new", "login", "account", "settings", "about", "help", "quiet"})
"""First segments of the paths the client's router knows."""

COMPRESSIBLE = {"text/html", "text/css", "text/javascript", "application/json", "application/manifest+json"} | {
    "image/svg+xml",
    "application/wasm",
    "text/plain",
}
TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".html": "text/html",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".wasm": "application/wasm",
    ".svg": "image/svg+xml",
    ".sha256": "text/plain",
    ".txt": "text/plain",
}
PACKED = ".br"
"""What the build adds to the name of a file for its copy packed with Brotli."""
NOT_BUILT = """SafeSpace is running, but its pages are not built.

Run `make run` in the source folder: it builds them and serves again. The API is at /v1.
"""


@dataclass(frozen=True, slots=True)
class Page:
    """One file of the build, ready to send."""

    body: bytes
    packed: dict[str, bytes]
    """By content encoding, the smallest first."""
    media_type: str
    etag: str
    cache: str


def load_pages(folder: Path) -> dict[str, Page]:
    """Every file under a folder by its address, such as `/assets/main-Ab3.js`. Empty where nothing is built."""
    if not (folder / "index.html").is_file():
        return {}
    named = [path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".")]
    files = sorted(path for path in named if path.suffix != PACKED)
    return {f"/{path.relative_to(folder).as_posix()}": _load(path, folder) for path in files}


def _load(path: Path, folder: Path) -> Page:
    body = path.read_bytes()
    media_type = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    packed = {"gzip": gzip.compress(body, mtime=0)} if media_type in COMPRESSIBLE else {}
    beside = path.with_name(path.name + PACKED)
    if beside.is_file():
        packed = {"br": beside.read_bytes()} | packed
    hashed = path.relative_to(folder).parts[0] == "assets"
    return Page(
        body=body,
        packed={encoding: data for encoding, data in packed.items() if len(data) < len(body)},
        media_type=media_type,
        etag=f'"{hashlib.sha256(body).hexdigest()[:32]}"',
        cache="public, max-age=31536000, immutable" if hashed else "no-cache",
    )


def pages_router(folder: Path) -> APIRouter:
    """Routes for the pages built in `folder`; to be included last, as they take every path that is left."""
    pages = load_pages(folder)
    router = APIRouter(include_in_schema=False)

    @router.api_route("/{path:path}", methods=["GET", "HEAD"])
    async def page(path: str, request: Request) -> Response:
        first = path.partition("/")[0]
        if not pages and first in SCREENS:
            return PlainTextResponse(NOT_BUILT, headers={"Cache-Control": "no-cache"})
        found = pages.get(f"/{path}") or (pages.get("/index.html") if first in SCREENS else None)
        if found:
            return _send(found, request)
        screen = pages.get("/index.html") if request.headers.get("sec-fetch-mode") == "navigate" else None
        if screen is None:
            raise SafeSpaceError("not_found")
        return Response(screen.body, 404, {"Cache-Control": "no-store"}, screen.media_type)

    return router


def _send(page: Page, request: Request) -> Response:
    headers = {"Cache-Control": page.cache, "ETag": page.etag}
    if page.packed:
        headers["Vary"] = "Accept-Encoding"
    if page.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    accepted = _accepted(request.headers.get("accept-encoding", ""))
    for encoding, data in page.packed.items():
        if encoding in accepted:
            return Response(data, headers=headers | {"Content-Encoding": encoding}, media_type=page.media_type)
    return Response(page.body, headers=headers, media_type=page.media_type)


def _accepted(offered: str) -> set[str]:
    """The encodings that an Accept-Encoding header (RFC 9110 section 12.5.3) names and does not refuse."""
    offers = [offer.replace(" ", "").lower() for offer in offered.split(",")]
    return {offer.split(";")[0] for offer in offers if not offer.endswith((";q=0", ";q=0.0"))}
