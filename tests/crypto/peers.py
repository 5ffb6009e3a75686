"""Members in browsers: the page's own `GroupCrypto` in a Node process (`web/scripts/mls-peer.mjs`)."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

WEB = Path(__file__).parents[2] / "web"

needs_node = pytest.mark.skipif(
    shutil.which("node") is None or not (WEB / "node_modules/vite").is_dir(),
    reason="needs node and web/node_modules (make setup)",
)


class Browsers:
    """The Node process in which every browser member lives."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(  # our own script
            ["node", "scripts/mls-peer.mjs"], cwd=WEB, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def answer(self, do: str, **fields: Any) -> dict[str, Any]:
        """What came of it, `ok` or not."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"do": do, **fields}) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def ask(self, do: str, **fields: Any) -> dict[str, Any]:
        """What came of it, which must be `ok`."""
        answer = self.answer(do, **fields)
        assert answer.pop("ok"), answer
        return answer

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()
