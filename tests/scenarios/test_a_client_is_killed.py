"""Wren's program is killed again and again while it sends and changes keys: no message key is used twice, no commit
is forgotten, nothing acknowledged is lost."""

import asyncio
import sys
from pathlib import Path

import pytest

from campaign import rounds
from evening import PASSPHRASE, Evening, Listener
from serving import ServerProcess

KILLS = rounds(10, 100)

TALKER = """
import asyncio, contextlib, sys
from safespace.sdk import Client
from safespace.sdk.errors import Refused

async def main(url, handle, passphrase, store, life):
    client = await Client.login(url, handle=handle, passphrase=passphrase, store=store, update_jitter=None)
    room = client.groups()[0].main
    number = 0
    while True:
        text = f"{life}:{number}"
        await room.send(text)
        print(text, flush=True)
        number += 1
        if number % 2:
            with contextlib.suppress(Refused):  # once too often
                await room.refresh_keys()

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.mark.campaign
async def test_a_client_is_killed_while_it_sends(standing_server: ServerProcess, tmp_path: Path) -> None:
    url = standing_server.url
    async with Evening.of(url, tmp_path, "Wren") as evening:
        wren = evening.clients["Wren"]
        await wren.close()
        acknowledged: list[str] = []
        for life in range(KILLS):
            arguments = [url, wren.handle, PASSPHRASE, str(tmp_path / "wren.store"), str(life)]
            talker = await asyncio.create_subprocess_exec(
                sys.executable, "-c", TALKER, *arguments, stdout=asyncio.subprocess.PIPE
            )
            assert talker.stdout is not None
            acknowledged += [(await talker.stdout.readline()).decode().strip() for _ in range(5 + life)]
            talker.kill()
            acknowledged += (await talker.stdout.read()).decode().split()
            await talker.wait()

        assert len(acknowledged) >= 5 * KILLS
        listener = Listener(evening.rooms["Fern"])
        await listener.hears(*acknowledged)
        assert len(listener.texts) == len(set(listener.texts))
        assert evening.rooms["Fern"].place.public.epoch > 2 * KILLS
        # A key used twice would have left a message that does not open.
        assert evening.rooms["Fern"].warnings() == []
        await listener.stop()
