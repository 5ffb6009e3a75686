"""What the server keeps of a login key: its Argon2id, computed in a thread beside the event loop.

A login key has been stretched on the device already (`docs/protocol.md`, Accounts), so moderate costs are enough.
"""

import asyncio
import secrets

from nacl.exceptions import InvalidkeyError
from nacl.pwhash import argon2id

OPERATIONS = 2
MEMORY = 19 * 1024 * 1024


def _hash(login_key: bytes) -> str:
    return argon2id.str(login_key, opslimit=OPERATIONS, memlimit=MEMORY).decode("ascii")


DECOY = _hash(secrets.token_bytes(32))
"""Stands in for the verifier of a handle nobody has, so that answering takes as long."""


async def make_verifier(login_key: bytes) -> str:
    """The Argon2id of a 32-byte login key, with its salt and costs in libsodium's text form."""
    return await asyncio.to_thread(_hash, login_key)


async def verifies(verifier: str | None, login_key: bytes) -> bool:
    """Whether the login key belongs to the verifier; no verifier takes as long and is always False."""
    try:
        await asyncio.to_thread(argon2id.verify, (verifier or DECOY).encode("ascii"), login_key)
    except InvalidkeyError:
        return False
    return verifier is not None
