"""Rosa runs the server and reads all of it: files, logs and traffic. She finds no word of the group."""

import asyncio
import secrets
from pathlib import Path

from canaries import canaries, found
from safespace.sdk import Client
from serving import ServerProcess
from wiretap import wiretap

MESSAGES = 966
"""With the names, rules, pseudonyms, notes and passphrases below: 1,000 canaries."""


async def test_rosa_finds_no_canary_but_the_planted_one(server: ServerProcess, tmp_path: Path) -> None:
    planted = f"control-{secrets.token_hex(6)}"
    async with wiretap(server.port) as tap:
        url = f"http://127.0.0.1:{tap.port}"
        used = await talk_in_canaries(url, planted, tmp_path)
        heard = tap.heard()
    files = [path.read_bytes() for path in server.data_dir.rglob("*") if path.is_file()]
    places = [heard, server.log().encode(), *files]
    assert sum(len(place) for place in places) > 1_000_000
    assert len(used) == 1000
    assert [canary for canary in used if found(canary, places)] == []
    assert found(planted, [heard])
    assert found(planted, files)


async def talk_in_canaries(url: str, planted: str, folder: Path) -> list[str]:
    """A group in which every word is a canary; returns them all. `planted` is a handle, which the server does know."""
    name, rules, welcome, host, *rest = canaries(34)
    people, notes, passphrases = rest[:10], rest[10:20], rest[20:30]
    async with await Client.register(
        url, handle=planted, passphrase=passphrases[0], store=str(folder / "host")
    ) as fern:
        group = await fern.create_group(name, rules=rules, welcome=welcome, pseudonym=host)
        texts = canaries(MESSAGES)
        for person, note, passphrase in zip(people, notes, passphrases, strict=True):
            link = await group.create_invite()
            handle = f"p-{secrets.token_hex(6)}"
            store = str(folder / person)
            async with await Client.register(url, handle=handle, passphrase=passphrase, store=store) as guest:
                joining = asyncio.create_task(guest.join(link, pseudonym=person, note=note))
                while not joining.done():
                    await group.admit_all()
                    await asyncio.wait({joining}, timeout=0.2)
                room = (await joining).main
                for text in texts[:: len(people)][:5]:
                    await room.send(text)
        for text in texts:
            await group.main.send(text)
    return [name, rules, welcome, host, *people, *notes, *passphrases, *texts]
