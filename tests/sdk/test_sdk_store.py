"""The store: sealed, whole, and one program's at a time."""

import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safespace.sdk.errors import StoreError
from safespace.sdk.store import Store

KEY = bytes(range(32))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def code(path: Path, key: bytes = KEY) -> str:
    """Why a store does not open."""
    with pytest.raises(StoreError) as refused:
        Store.open(path, key)
    return refused.value.code


def test_what_was_written_is_there_after_a_restart(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "a.store", KEY)
    with store.writing(durable=True):
        store.put({"n": 1, "s": "ü"}, "place", "one")
        store.put([1], "place", "two")
    store.close()
    store = Store.open(tmp_path / "a.store", KEY)
    assert store.get("place", "one") == {"n": 1, "s": "ü"}
    assert store.get("place", "three") is None
    with store.writing():
        store.delete("place", "two")
    assert store.get("place", "two") is None
    store.close()
    assert [path.name for path in tmp_path.iterdir()] == ["a.store"]  # one file


def test_a_transaction_is_all_or_nothing(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "a.store", KEY)

    def fail() -> None:
        with store.writing():
            store.put(1, "a")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert store.get("a") is None
    store.close()


def test_it_is_refused_with_a_code(tmp_path: Path) -> None:
    path = tmp_path / "a.store"
    assert code(path) == "store_missing"
    store = Store.create(path, KEY)
    assert code(path) == "store_in_use"
    with pytest.raises(StoreError) as refused:
        Store.create(path, KEY)
    assert refused.value.code == "store_exists"
    store.close()
    assert code(path, bytes(32)) == "wrong_passphrase"
    path.write_bytes(b"not a database at all, whatever its name says" * 100)
    assert code(path) == "store_damaged"
    with pytest.raises(StoreError) as refused:
        Store.create(tmp_path / "no such folder" / "a.store", KEY)
    assert refused.value.code == "store_missing"


def test_another_process_is_refused_and_a_dead_one_leaves_no_lock(tmp_path: Path) -> None:
    path = tmp_path / "a.store"
    script = (
        "import sys\nfrom safespace.sdk.store import Store\n"
        f"store = Store.create(sys.argv[1], {KEY!r})\n"
        "with store.writing(durable=True):\n    store.put(7, 'a')\n"
        "print('open', flush=True)\nsys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", script, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        assert code(path) == "store_in_use"
        holder.kill()
    store = Store.open(path, KEY)
    assert store.get("a") == 7
    store.close()


def test_only_its_owner_may_read_it_and_it_says_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.store"
    store = Store.create(path, KEY)
    with store.writing():
        store.put("a canary of words", "place of canaries")
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    store.close()
    assert b"canar" not in path.read_bytes()


def test_rows_are_bound_to_their_names(tmp_path: Path) -> None:
    path = tmp_path / "a.store"
    store = Store.create(path, KEY)
    with store.writing():
        store.put("one", "a")
        store.put("two", "b")
    store.close()
    database = sqlite3.connect(path)
    (first, one), (second, two), _ = database.execute("SELECT name, value FROM sealed").fetchall()
    with database:
        database.execute("UPDATE sealed SET value = ? WHERE name = ?", (two, first))
        database.execute("UPDATE sealed SET value = ? WHERE name = ?", (one, second))
    database.close()

    def read() -> None:
        store = Store.open(path, KEY)
        try:
            assert (store.get("a"), store.get("b")) == ("one", "two")
        finally:
            store.close()

    with pytest.raises(StoreError) as refused:
        read()
    assert refused.value.code == "store_damaged"


@settings(deadline=None)
@given(value=JSON, name=st.lists(st.text(max_size=8), min_size=1, max_size=3))
def test_any_json_comes_back(tmp_path_factory: pytest.TempPathFactory, value: object, name: list[str]) -> None:
    path = tmp_path_factory.mktemp("store") / "a.store"
    store = Store.create(path, KEY)
    with store.writing():
        store.put(value, "value", *name)
    assert store.get("value", *name) == value
    store.close()
