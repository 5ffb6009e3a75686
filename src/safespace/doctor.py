"""What `safespace doctor` looks at before an operator has to."""

import os
import stat
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from safespace.api.auth import LOOPBACK
from safespace.api.proxies import NOTE, WORDS
from safespace.settings import Settings, SettingsError
from safespace.storage.database import Database
from safespace.storage.migrations import is_current

OTHERS = stat.S_IRWXG | stat.S_IRWXO
"""What a file's mode gives to anyone but its owner."""


class Finding(NamedTuple):
    subject: str
    fine: bool
    words: str


async def examine(settings: Settings) -> list[Finding]:
    """Every finding, in the order a start would meet them. Changes nothing."""
    findings = [_python(), _data_dir(settings.data_dir), *_privacy(settings), await _database(settings)]
    if settings.workers > 1:
        findings.append(_workers(settings))
    if settings.redis_url is not None:
        findings.append(await _redis(settings.redis_url))
    findings += [_pages(settings.web_dir), _proxies(settings)]
    return findings + [_origin(origin) for origin in sorted(settings.allowed_origins)]


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding("Python", sys.version_info >= (3, 11), f"{version}; 3.11 or newer is needed")


def _data_dir(folder: Path) -> Finding:
    if folder.is_dir():
        writable = os.access(folder, os.W_OK | os.X_OK)
        return Finding("Data directory", writable, f"{folder} {'can' if writable else 'cannot'} be written")
    parent = next(parent for parent in folder.absolute().parents if parent.exists())
    makeable = parent.is_dir() and os.access(parent, os.W_OK | os.X_OK)
    return Finding("Data directory", makeable, f"{folder} {'will be made at start' if makeable else 'cannot be made'}")


def _privacy(settings: Settings) -> list[Finding]:
    """Whether anyone else on this machine may enter the data directory or open what is in it, backups included."""
    folder, database = settings.data_dir, _file(settings.database_url)
    beside = () if database is None else database.parent.glob(f"{database.name}*")
    places = sorted({place.absolute() for place in (folder, *folder.rglob("*"), *beside)})
    words = "{}: others on this machine can get at it; run `chmod {} {}`"
    return [
        Finding("Privacy", False, words.format(place, "700" if place.is_dir() else "600", place))
        for place in places
        if _is_open(place)
    ] or [Finding("Privacy", True, "data and backups are this user's alone")]


def _is_open(place: Path) -> bool:
    """Whether others may get at it. Of a link, what it leads to; what is gone by now is not open."""
    try:
        bits = place.stat().st_mode
    except OSError:
        return False
    return os.name == "posix" and bool(bits & OTHERS)


async def _database(settings: Settings) -> Finding:
    if _is_new(settings.database_url):
        return Finding("Database", True, "will be made at start")
    database = Database(settings.database_url)
    try:
        current = await is_current(database)
    except (SQLAlchemyError, OSError) as error:
        return Finding("Database", False, f"does not answer ({type(error).__name__})")
    finally:
        await database.close()
    return Finding("Database", current, "answers and is migrated" if current else "run `safespace migrate`")


def _is_new(url: str) -> bool:
    file = _file(url)
    return file is not None and not file.exists()


def _file(url: str) -> Path | None:
    """SQLite's file; None where the database is none."""
    file = make_url(url).database
    return Path(file) if url.startswith("sqlite") and file is not None else None


def _workers(settings: Settings) -> Finding:
    try:
        settings.check_workers()
    except SettingsError as error:
        return Finding("Processes", False, str(error))
    return Finding("Processes", True, f"{settings.workers}, on PostgreSQL and Redis")


async def _redis(url: str) -> Finding:
    if find_spec("redis") is None:
        return Finding("Redis", False, "the extra `redis` is not installed")
    from redis.exceptions import RedisError

    from safespace.bus import connect

    client = connect(url)
    try:
        version = str((await client.info("server"))["redis_version"])
    except (RedisError, OSError, ValueError) as error:
        return Finding("Redis", False, f"does not answer ({type(error).__name__})")
    finally:
        await client.aclose()
    return Finding("Redis", int(version.split(".")[0]) >= 7, f"{version} answers; 7 or newer is needed")


def _pages(folder: Path) -> Finding:
    built = (folder / "index.html").is_file()
    return Finding("Pages", built, f"{folder} is built" if built else f"{folder} is not built; run `make setup`")


def _proxies(settings: Settings) -> Finding:
    if (settings.data_dir / NOTE).exists():
        return Finding("Proxies", False, WORDS)
    if settings.address.startswith("https://") and not settings.proxies:
        words = "SAFESPACE_PUBLIC_URL is https, so a proxy stands in front, and SAFESPACE_PROXIES does not name it"
        return Finding("Proxies", False, words)
    return Finding("Proxies", True, ", ".join(map(str, settings.proxies)) or "none")


def _origin(origin: str) -> Finding:
    parts = urlsplit(origin)
    fine = parts.scheme == "https" or parts.hostname in LOOPBACK
    return Finding("Origin", fine, origin if fine else f"{origin}: browsers need https, except on this machine itself")
