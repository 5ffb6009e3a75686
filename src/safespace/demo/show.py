"""Runs the demo: the server as its own process, the page beside it, and the cast."""

import asyncio
import os
import socket
import sys
import tempfile
from pathlib import Path

import segno
import uvicorn
from rich.console import Console

from safespace.demo.cast import Cast
from safespace.demo.stored import create_page
from safespace.storage.database import Database


async def show(port: int) -> None:
    """Serve on `port` and the page on `port + 1` until interrupted. Everything is deleted at the end."""
    with tempfile.TemporaryDirectory(prefix="safespace-demo-") as name:
        folder = Path(name)
        environment = {**os.environ, "SAFESPACE_PORT": str(port), "SAFESPACE_DATA_DIR": str(folder)}
        environment.pop("SAFESPACE_DATABASE_URL", None)
        server = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "safespace.cli", "serve", env=environment, stdout=asyncio.subprocess.DEVNULL
        )
        try:
            await _answers(port, server)
            await _play(port, folder)
        finally:
            if server.returncode is None:
                server.terminate()
            await server.wait()


async def _answers(port: int, server: asyncio.subprocess.Process) -> None:
    while server.returncode is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        await asyncio.sleep(0.1)
    raise SystemExit(f"The server did not start; is port {port} taken?")


async def _play(port: int, folder: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{folder / 'safespace.db'}")
    page = uvicorn.Server(
        uvicorn.Config(create_page(database), host="127.0.0.1", port=port + 1, log_level="error", access_log=False)
    )
    cast = Cast(f"http://localhost:{port}", folder)
    try:
        await cast.gather()
        _tell(cast.link, f"http://localhost:{port + 1}")
        async with asyncio.TaskGroup() as tasks:
            playing = tasks.create_task(cast.play())
            await page.serve()
            playing.cancel()
    finally:
        await cast.leave()
        await database.close()


def _tell(link: str, page: str) -> None:
    console = Console()
    console.print("\nFern, Wren and Moss are talking. Open this to join them:\n")
    console.print(f"  [bold]{link}[/bold]\n", soft_wrap=True)
    segno.make(link).terminal(compact=True)
    console.print(f"\nWhat the server stored of it, as it grows: [bold]{page}[/bold]")
    console.print("Ctrl-C ends the demo and deletes everything.\n")
