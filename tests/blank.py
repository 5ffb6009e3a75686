"""An SQLite file with all tables and nothing in them, made once: making it takes longer than most tests of the API."""

import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path


def put_blank_database(file: Path) -> None:
    """Have it there, if nothing is, in a folder that exists; whoever begins on it finds that nothing is to migrate."""
    if not file.exists():
        file.write_bytes(_blank())
        file.chmod(0o600)


@cache
def _blank() -> bytes:
    with tempfile.TemporaryDirectory(prefix="safespace-blank-") as folder:
        environment = {**os.environ, "SAFESPACE_DATA_DIR": folder}
        migrate = (sys.executable, "-m", "safespace.cli", "migrate")
        subprocess.run(migrate, env=environment, check=True, capture_output=True)
        assert {path.name for path in Path(folder).iterdir()} == {"safespace.db"}
        return Path(folder, "safespace.db").read_bytes()
