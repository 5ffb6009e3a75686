"""Rosa has recorded every ciphertext, and takes everybody's devices, passphrases and the server's disk once a session
in a capsule is over: she reads not one word of it."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from uuid6 import uuid7

from canaries import canaries, found_of
from evening import PASSPHRASE, Evening, until
from safespace.crypto import login
from safespace.crypto.mls import MLSError, Tree
from safespace.fields import b64decode
from safespace.sdk.group_crypto import GroupCrypto, GroupCryptoError, LeafKey, WrongSenderError
from safespace.sdk.store import Store
from serving import ServerProcess
from wiretap import Wiretap, wiretap

SAID = 8
KEY = b"a key that Rosa knows, 32 bytes."


def envelopes(tap: Wiretap) -> list[dict[str, Any]]:
    """Every message that passed, once."""
    heard = tap.heard().decode("utf-8", "replace")
    decoder, lines = json.JSONDecoder(), {}
    at = heard.find('{"t":"envelope"')
    while at >= 0:
        line, _ = decoder.raw_decode(heard, at)
        if line["kind"] == "message":
            lines[line["body"]] = line
        at = heard.find('{"t":"envelope"', at + 1)
    return list(lines.values())


def contents(path: Path, key: bytes) -> Iterator[Any]:
    """Every value of a store."""
    store = Store.open(path, key)
    try:
        for name, value in store._connection.execute("SELECT name, value FROM sealed"):
            yield json.loads(store._box.decrypt(value, aad=name))
    finally:
        store.close()


def decrypted(values: list[Any], lines: list[dict[str, Any]]) -> list[str]:
    """The lines that open with keys among these values."""
    opened = []
    for value in values:
        if not isinstance(value, dict) or "snapshot" not in value:
            continue
        leaf = LeafKey(*map(b64decode, value["leaf"]))
        room, snapshot = b64decode_uuid(value["room"]), b64decode(value["snapshot"])
        senders = [one for _, one in Tree.decode(b64decode(value["tree"])).leaves()]
        for line in lines:
            for sender in senders:
                crypto = GroupCrypto.load(leaf, room, snapshot)
                try:
                    opened.append(crypto.decrypt(b64decode(line["body"]), sender.identity, sender.signature_key))
                except (GroupCryptoError, WrongSenderError, MLSError):
                    continue
    return [plaintext.decode("utf-8", "replace") for plaintext in opened]


def b64decode_uuid(text: str) -> bytes:
    return bytes.fromhex(text.replace("-", ""))


@pytest.mark.parametrize("saved", [False, True], ids=["as it is", "if it were saved"])
async def test_nobody_can_read_it_any_more(
    server: ServerProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, saved: bool
) -> None:
    lasting, late, *said = canaries(2 + SAID)
    if saved:  # Rosa's own client, to see that she would find what was there
        monkeypatch.setattr(Store, "in_memory", lambda: Store.create(tmp_path / f"{uuid7()}.store", KEY))
    async with wiretap(server.port) as tap:
        url = f"http://127.0.0.1:{tap.port}"
        async with Evening.of(url, tmp_path, "Wren", "Jay") as evening:
            fern, wren, jay = (evening.rooms[name] for name in ("Fern", "Wren", "Jay"))
            await fern.send(lasting)
            session = await evening.group.open_session(capsule=True)
            people = (fern, wren, jay)
            await until(lambda: all(one.capsule and len(one.capsule.members()) == 3 for one in people))
            heard = evening.listen()
            for number, text in enumerate(said):
                await people[number % 3].send(text)
            for listener in heard.values():
                await listener.hears(lasting, *said)
            await session.close()
            await until(lambda: all(one.passing is not None and not one.passing.announced for one in people))
            # Jay's device is off: its keys in main still open what was said then.
            await evening.clients["Jay"].close()
            await fern.send(late)
            handles = {name: client.handle for name, client in evening.clients.items()}
        lines = envelopes(tap)
        keys = {name: await asyncio.to_thread(key_of, url, handle) for name, handle in handles.items()}
    bodies = {line["body"]: b64decode(line["body"]) for line in lines}
    rooms = {line["room"] for line in lines}
    main = str(fern.id)
    assert len(rooms) == 2
    within = [line for line in lines if line["room"] != main]
    assert len(within) == SAID

    values, raw = taken(tmp_path, keys)
    places = [json.dumps(value, ensure_ascii=False).encode() for value in values]
    opened = [text.encode() for text in decrypted(values, lines)]
    words = found_of([lasting, late, *said], [*raw, *places, *opened])
    assert {lasting, late} <= words
    assert words - {lasting, late} == (set(said) if saved else set())

    def disk() -> list[bytes]:
        return [path.read_bytes() for path in server.data_dir.rglob("*") if path.is_file()]

    def left(of: list[dict[str, Any]]) -> int:
        return sum(any(bodies[line["body"]] in file for file in disk()) for line in of)

    await until(lambda: left(within) == 0)
    assert left([line for line in lines if line["room"] == main]) == 2


def taken(folder: Path, keys: dict[str, bytes]) -> tuple[list[Any], list[bytes]]:
    """What is in all stores, and their files."""
    values = [value for name, key in keys.items() for value in contents(folder / f"{name.lower()}.store", key)]
    values += [value for path in folder.glob("????????-*.store") for value in contents(path, KEY)]
    return values, [path.read_bytes() for path in folder.glob("*.store*")]


def key_of(url: str, handle: str) -> bytes:
    """What opens a store, from the passphrase."""
    return login.stretch(login.normal_origin(url), handle, PASSPHRASE)[1]
