"""The commands: `safespace serve`, `migrate`, `doctor` and `demo`."""

import asyncio
import contextlib
import ctypes
import gc
import os
import socket
import sys
from collections.abc import Callable
from types import FrameType
from typing import Annotated

import typer
import uvicorn
from rich.console import Console
from rich.table import Table
from sqlalchemy.exc import SQLAlchemyError

from safespace import logs
from safespace.api.deadlines import DeadlineProtocol
from safespace.api.proxies import forget_notice
from safespace.api.upgrade import Upgrade
from safespace.app import create_app
from safespace.doctor import examine
from safespace.settings import Settings, SettingsError, load_settings
from safespace.storage.database import Database
from safespace.storage.migrations import upgrade
from safespace.wire import MAX_FRAME
from safespace.workers import Workers

SWITCH_INTERVAL = 0.0005
"""Seconds after which a busy event loop lets the thread that writes to the database go on; Python has it at 0.005."""
GARBAGE = 10_000
"""Objects made since the last look for cycles before the next one; Python has it at 700, which is less than one busy
commit leaves behind, and the look goes over every connection."""

MALLOC = {-8: 2, -3: 64 * 1024}
"""What glibc is told by `mallopt`: M_ARENA_MAX, and M_MMAP_THRESHOLD, the bytes from which a block is a mapping of its
own, which is gone when it is freed."""

TICK = 1.0
"""Seconds between two looks whether there is anything for uvicorn itself to do."""

cli = typer.Typer(no_args_is_help=True, add_completion=False, help="SafeSpace: end-to-end encrypted rooms.")


def main() -> None:
    """The `safespace` command. A wrong setting is one line on standard error and exit code 2."""
    os.umask(0o077)
    try:
        cli()
    except SettingsError as error:
        print(error, file=sys.stderr)
        raise SystemExit(2) from None


class _Server(uvicorn.Server):
    """Calls `begun` once it serves."""

    def __init__(self, config: uvicorn.Config, begun: Callable[[], None]) -> None:
        super().__init__(config)
        self._begun = begun
        self._ending = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._woken = asyncio.Event()

    def end(self) -> None:
        """Serve no more. What has not begun yet begins first, so that it ends as it should."""
        self._ending = True
        self.should_exit = self.started
        self._woken.set()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """A signal, which may come at any moment."""
        super().handle_exit(sig, frame)
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._woken.set)

    async def main_loop(self) -> None:
        """As uvicorn's, but that a server with nothing to do wakes once a second and not ten times."""
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(TICK):
                    await self._woken.wait()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)
        if self.should_exit:
            print("SafeSpace could not start; `safespace doctor` looks for the reason.", file=sys.stderr)
            raise SystemExit(1)
        gc.collect()
        gc.freeze()  # code and settings are never garbage
        gc.set_threshold(GARBAGE)
        self._begun()
        self.should_exit = self._ending


def _config(settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        http=DeadlineProtocol,
        ws=Upgrade,
        ws_max_size=MAX_FRAME,
        ws_ping_interval=10,
        ws_per_message_deflate=False,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # `safespace.api.proxies` reads them
        limit_concurrency=settings.connections,
        h11_max_incomplete_event_size=32 * 1024,
        timeout_keep_alive=10,
        timeout_graceful_shutdown=5,
    )


@cli.command()
def serve(
    workers: Annotated[int | None, typer.Option(min=1, help="Processes, instead of SAFESPACE_WORKERS.")] = None,
) -> None:
    """Serve the pages and the API until interrupted."""
    settings = load_settings(**({} if workers is None else {"workers": workers}))
    settings.check_workers()
    settings.make_data_dir()
    forget_notice(settings.data_dir)
    logs.configure(settings.log_level)
    sys.setswitchinterval(SWITCH_INTERVAL)
    _give_memory_back()
    _allow_open_files()

    def begun() -> None:
        print(f"SafeSpace is at {settings.address}", flush=True)

    if settings.workers == 1:
        _run(_Server(_config(settings), begun))
        return

    def worker(listener: socket.socket, lifeline: int, begun: Callable[[], None]) -> None:
        _run(_Server(_config(settings), begun), listener, lifeline)

    try:
        fine = Workers(settings.workers, settings.host, settings.port, worker).run(begun)
    except OSError as error:
        print(f"SAFESPACE_PORT: {error.strerror}", file=sys.stderr)
        raise SystemExit(1) from None
    raise SystemExit(0 if fine else 1)


def _give_memory_back() -> None:
    """Have glibc keep little of what is freed: by itself it has an arena for each thread, and lets large blocks become
    small change. Other systems' allocators are left as they are."""
    if sys.platform == "linux":
        with contextlib.suppress(AttributeError):  # musl has none
            for parameter, value in MALLOC.items():
                ctypes.CDLL(None).mallopt(parameter, value)


def _allow_open_files() -> None:
    """Have as many files open as the system allows: each connection is one, and many systems begin with 1,024."""
    if sys.platform == "win32":
        return
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):  # where "as many as you like" is more than the system can count
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _run(server: _Server, listener: socket.socket | None = None, lifeline: int | None = None) -> None:
    """Serve, on a socket if one is given, until a signal or the end of `lifeline`."""

    def end() -> None:
        asyncio.get_running_loop().remove_reader(lifeline or 0)
        server.end()

    async def run() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(logs.on_loop_error)
        if lifeline is not None:
            loop.add_reader(lifeline, end)
        await server.serve(None if listener is None else [listener])

    try:
        with asyncio.Runner(loop_factory=server.config.get_loop_factory()) as runner:
            runner.run(run())
    except KeyboardInterrupt:
        raise SystemExit(0) from None


@cli.command()
def migrate() -> None:
    """Bring the database's tables to this version; `serve` does this too."""
    settings = load_settings()
    settings.make_data_dir()

    async def run() -> None:
        database = Database(settings.database_url)
        try:
            await upgrade(database)
        finally:
            await database.close()

    try:
        asyncio.run(run())
    except (SQLAlchemyError, OSError) as error:
        print(f"SAFESPACE_DATABASE_URL: the database does not answer ({type(error).__name__})", file=sys.stderr)
        raise SystemExit(1) from None
    print("The database is migrated.")


@cli.command()
def doctor() -> None:
    """Look for what would keep SafeSpace from working; exit code 1 if there is something."""
    findings = asyncio.run(examine(load_settings()))
    table = Table("", "What", "How it is")
    for finding in findings:
        table.add_row("ok" if finding.fine else "wrong", finding.subject, finding.words)
    Console().print(table)
    if not all(finding.fine for finding in findings):
        raise SystemExit(1)


@cli.command()
def demo() -> None:
    """Serve a living room with three members, and a page that shows what the server stored."""
    from safespace.demo.show import show  # the demo needs the SDK, which a server does without

    try:
        asyncio.run(show(load_settings().port))
    except KeyboardInterrupt:
        raise SystemExit(0) from None


if __name__ == "__main__":
    main()
