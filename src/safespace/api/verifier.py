"""What the server keeps of a login key: its Argon2id, computed on threads beside the event loop.

A login key has been stretched on the device already (`docs/protocol.md`, Accounts), so moderate costs are enough.
"""

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor

from nacl.exceptions import InvalidkeyError
from nacl.pwhash import argon2id

OPERATIONS = 2
MEMORY = 19 * 1024 * 1024
THREADS = 2
"""Logins that are looked at together: each takes MEMORY, and others' work has threads of its own."""


def _hash(login_key: bytes) -> str:
    return argon2id.str(login_key, opslimit=OPERATIONS, memlimit=MEMORY).decode("ascii")


_threads = ThreadPoolExecutor(THREADS, "argon2")

DECOY = _hash(secrets.token_bytes(32))
"""Stands in for the verifier of a handle nobody has, so that answering takes as long."""


async def make_verifier(login_key: bytes) -> str:
    """The Argon2id of a 32-byte login key, with its salt and costs in libsodium's text form."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _hash, login_key)


async def verifies(verifier: str | None, login_key: bytes) -> bool:
    """Whether the login key belongs to the verifier; no verifier takes as long and is always False."""
    try:
        known = (verifier or DECOY).encode("ascii")
        await asyncio.get_running_loop().run_in_executor(_threads, argon2id.verify, known, login_key)
    except InvalidkeyError:
        return False
    return verifier is not None
