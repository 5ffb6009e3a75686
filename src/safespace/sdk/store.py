"""The store: one sealed file on the device.

An SQLite file of rows `name → value`. Names are HMAC-SHA-256 of what they name; values are canonical JSON
sealed with XChaCha20-Poly1305 (PyNaCl), bound to their name. Both keys come by HKDF from the vault key, which
the passphrase gives and the server never sees. One process at a time: SQLite holds the file exclusively.
"""

import hashlib
import hmac
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from nacl.exceptions import CryptoError
from nacl.secret import Aead

from safespace.sdk.errors import StoreError

_IN_USE = StoreError("store_in_use", "Another program has this store open.")
_DAMAGED = StoreError("store_damaged", "This store cannot be read.")


class Store:
    """Values under names of one or more words. Reads see what was written; writes happen inside `writing`."""

    def __init__(self, connection: sqlite3.Connection, vault_key: bytes, salt: bytes) -> None:
        self._connection = connection
        self._names = _derive(vault_key, salt, b"safespace store names")
        self._box = Aead(_derive(vault_key, salt, b"safespace store values"))

    @classmethod
    def create(cls, path: str | os.PathLike[str], vault_key: bytes) -> "Store":
        """Make a new store, readable by this user only. Raises StoreError where there is one already."""
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        except FileExistsError as error:
            raise StoreError("store_exists", "There is a store at this path already.") from error
        except OSError as error:
            raise StoreError("store_missing", "A store cannot be made at this path.") from error
        connection = _connect(path)
        salt = os.urandom(16)
        connection.execute("CREATE TABLE header (salt BLOB NOT NULL)")
        connection.execute("CREATE TABLE sealed (name BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID")
        store = cls(connection, vault_key, salt)
        with store.writing(durable=True):
            connection.execute("INSERT INTO header VALUES (?)", (salt,))
            store.put("safespace store 1", "opened")
        return store

    @classmethod
    def in_memory(cls) -> "Store":
        """One of which nothing comes to any disk: it is gone when it is closed, or the process ends."""
        connection = sqlite3.connect(":memory:", isolation_level=None)
        connection.execute("CREATE TABLE sealed (name BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID")
        return cls(connection, os.urandom(32), os.urandom(16))

    @classmethod
    def open(cls, path: str | os.PathLike[str], vault_key: bytes) -> "Store":
        """Open a store, and keep others from reading it, who may if it was copied.

        Raises StoreError: wrong_passphrase, store_in_use, store_damaged or store_missing.
        """
        if not Path(path).is_file():
            raise StoreError("store_missing", "There is no store at this path.")
        with suppress(OSError):  # another user's, or on a file system that knows no modes
            os.chmod(path, 0o600)
        connection = _connect(path)
        try:
            row = connection.execute("SELECT salt FROM header").fetchone()
            if row is None:
                raise _DAMAGED
            store = cls(connection, vault_key, row[0])
            if store.get("opened") is None:
                raise StoreError("wrong_passphrase", "This passphrase does not open the store.")
        except sqlite3.DatabaseError as error:
            connection.close()
            raise _DAMAGED from error
        except StoreError:
            connection.close()
            raise
        return store

    def get(self, *name: str) -> Any:
        """The value under a name, or None."""
        key = self._key(name)
        row = self._connection.execute("SELECT value FROM sealed WHERE name = ?", (key,)).fetchone()
        if row is None:
            return None
        try:
            return json.loads(self._box.decrypt(row[0], aad=key))
        except CryptoError as error:
            raise _DAMAGED from error

    def put(self, value: Any, *name: str) -> None:
        """Write a JSON value under a name. Only inside `writing`."""
        key = self._key(name)
        text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        self._connection.execute("INSERT OR REPLACE INTO sealed VALUES (?, ?)", (key, self._box.encrypt(text, aad=key)))

    def delete(self, *name: str) -> None:
        """Delete a name, if it is there. Only inside `writing`."""
        self._connection.execute("DELETE FROM sealed WHERE name = ?", (self._key(name),))

    @contextmanager
    def writing(self, *, durable: bool = False) -> Iterator[None]:
        """One transaction, all or nothing. `durable` waits for the disk: needed before anything is sent,
        so that no ratchet step is ever used twice. What was only received can be fetched again."""
        self._connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def close(self) -> None:
        """Close the file and let others open it. Twice is once."""
        self._connection.close()

    def _key(self, name: tuple[str, ...]) -> bytes:
        return hmac.digest(self._names, json.dumps(name).encode(), hashlib.sha256)


def _derive(vault_key: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt, info).derive(vault_key)


def _connect(path: str | os.PathLike[str]) -> sqlite3.Connection:
    """Open the file exclusively (in WAL mode the lock is held until it is closed)."""
    connection = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("COMMIT")
    except sqlite3.OperationalError as error:
        connection.close()
        raise _IN_USE from error
    except sqlite3.DatabaseError as error:
        connection.close()
        raise _DAMAGED from error
    return connection
