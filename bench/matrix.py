"""Synapse from PyPI, in an environment of its own: its configuration, its start, and members of one room.

Matrix has no socket: a member asks for what is new and is answered when there is something, and sends by requests.
So the load is played here, by two threads for each member, and not by load.c.
"""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from bench.generator import MARK, TEXT, Run
from bench.peers import Peer, Shape
from bench.processes import Process

CACHE = Path(__file__).with_name(".cache")
INSTALL = 300
"""Seconds that installing may take."""
LIMIT = 10_000
"""Messages that one answer may hold; by itself Synapse leaves some out after 10."""
API = "/_matrix/client/v3"


class Synapse(Peer):
    title = "Synapse on SQLite"

    @classmethod
    def lacks(cls) -> str | None:
        """Make its environment if it is not there; why there is none."""
        if _python().exists():
            return None
        print("Installing Synapse from PyPI into bench/.cache")
        try:
            subprocess.run([sys.executable, "-m", "venv", "--clear", CACHE / "synapse"], check=True, timeout=INSTALL)
            pip = [str(_python()), "-m", "pip", "--quiet", "--disable-pip-version-check", "install", "matrix-synapse"]
            subprocess.run(pip, check=True, timeout=INSTALL, capture_output=True, text=True)
        except (subprocess.SubprocessError, OSError) as error:
            _python().unlink(missing_ok=True)  # half of it is none
            words = (getattr(error, "stderr", None) or str(error)).strip().splitlines()
            return f"matrix-synapse cannot be had from PyPI ({words[-1]})"
        return None

    def command(self) -> Sequence[str]:
        (self.folder / "log.yaml").write_text("{version: 1, root: {level: ERROR}}")
        config = self.folder / "homeserver.yaml"
        config.write_text(_CONFIG.format(folder=self.folder, port=self.port))
        make_key = [str(_python().with_name("generate_signing_key")), "-o", str(self.folder / "key")]
        subprocess.run(make_key, check=True, timeout=60)
        return str(_python()), "-m", "synapse.app.homeserver", "-c", str(config)

    def entered(self, shape: Shape) -> "Members":
        """Accounts in one room, each waiting for what is new. Only shapes of one room."""
        process = self.start()
        owner = _register(self.port, "member-0")
        room = owner.ask("POST", "/createRoom", {"preset": "public_chat"})["room_id"]
        others = [_register(self.port, f"member-{number}") for number in range(1, shape.members)]
        for other in others:
            other.ask("POST", f"/join/{quote(room)}", {})
        return Members(process, [owner, *others], room)


class Login:
    """A member's access token, and a connection."""

    def __init__(self, port: int, token: str | None = None) -> None:
        self.port = port
        self.token = token
        self._http = HTTPConnection("127.0.0.1", port, timeout=120)

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """A request and the JSON of its answer. Raises RuntimeError."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        self._http.request(method, API + path, None if body is None else json.dumps(body), headers)
        with self._http.getresponse() as answer:
            text = answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{path.partition('?')[0]}: {answer.status} {text[:200]!r}")
            return json.loads(text)

    def again(self) -> "Login":
        """The same on another connection."""
        return Login(self.port, self.token)

    def cut(self) -> None:
        """Close the connection under whoever waits for an answer."""
        if self._http.sock is not None:
            self._http.sock.shutdown(2)


class Members:
    """The members of one room, and the runs made by them."""

    def __init__(self, process: Process, logins: Sequence[Login], room: str) -> None:
        self._server = process
        self._senders = logins
        self._room = quote(room)
        self._lock = threading.Lock()
        self._sent: dict[int, float] = {}
        self._left: dict[int, int] = {}
        self._waits: list[float] = []
        self._surplus = 0
        self._last = 0.0
        self._room_for_more = threading.Semaphore(0)
        self._closing = False
        self._faults: list[Exception] = []
        self._readers = [login.again() for login in logins]
        self._threads = [threading.Thread(target=self._read, args=(reader,)) for reader in self._readers]
        for thread in self._threads:
            thread.start()

    def run(
        self, seconds: float, *, deliveries: float = 0, ahead: int = 0, spin: bool = False, patience: float = 60
    ) -> Run:
        """As `bench.generator.Generator.run`, only with messages under way and never spinning.

        A member has one request to send under way at a time, so of `ahead` at most as many as there are members
        wait for their acknowledgement.
        """
        assert ahead > 0
        assert not deliveries
        assert not spin
        with self._lock:
            self._sent, self._left, self._waits, self._surplus = {}, {}, [], 0
        self._room_for_more = threading.Semaphore(ahead)
        first = time.time_ns() // 10_000
        numbers = iter(range(first, first + 10**9))
        cpu, own, started = self._server.cpu(), time.process_time(), time.monotonic()
        senders = [
            threading.Thread(target=self._send, args=(login, numbers, started + seconds)) for login in self._senders
        ]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
        while self._left and not self._faults and time.monotonic() < started + seconds + patience:
            time.sleep(0.01)
        if self._left or self._surplus or self._faults:
            raise RuntimeError(f"Synapse lost or repeated a message: {self._left} {self._surplus} {self._faults}")
        waits = sorted(self._waits)
        return Run(
            sent=len(self._sent),
            deliveries=len(waits),
            seconds=self._last - started,
            busy=(time.process_time() - own) / (time.monotonic() - started),
            p50=1000 * waits[len(waits) // 2],
            p99=1000 * waits[len(waits) * 99 // 100],
            cpu=self._server.cpu() - cpu,
        )

    def close(self) -> None:
        """End the connections."""
        self._closing = True
        for reader in self._readers:
            reader.cut()
        for thread in self._threads:
            thread.join()

    def _send(self, login: Login, numbers: Any, until: float) -> None:
        while time.monotonic() < until:
            if not self._room_for_more.acquire(timeout=0.1):
                continue
            with self._lock:
                number = next(numbers)
                self._sent[number] = time.monotonic()
                self._left[number] = len(self._senders)
            text = TEXT.replace(MARK + "0" * 12, f"{MARK}{number:012x}")
            body = {"msgtype": "m.text", "body": text}
            try:
                login.ask("PUT", f"/rooms/{self._room}/send/m.room.message/{number}", body)
            except (RuntimeError, HTTPException, OSError) as error:
                self._faults.append(error)
                return

    def _read(self, login: Login) -> None:
        words = {"timeout": "30000", "filter": json.dumps({"room": {"timeline": {"limit": LIMIT}}})}
        while not self._closing:
            try:
                news = login.ask("GET", "/sync?" + urlencode(words))
            except (RuntimeError, HTTPException, OSError) as error:
                if not self._closing:
                    self._faults.append(error)
                return
            heard = time.monotonic()
            for room in news.get("rooms", {}).get("join", {}).values():
                for event in room["timeline"]["events"]:
                    text = event["content"].get("body", "")
                    if "since" in words and text.startswith(MARK):
                        self._delivered(int(text[len(MARK) :][:12], 16), heard)
            words["since"] = news["next_batch"]

    def _delivered(self, number: int, heard: float) -> None:
        with self._lock:
            if number not in self._left:
                self._surplus += 1
                return
            self._last = heard
            self._waits.append(heard - self._sent[number])
            self._left[number] -= 1
            if self._left[number] == 0:
                del self._left[number]
                self._room_for_more.release()


def _python() -> Path:
    return CACHE / "synapse" / "bin" / "python"


def _register(port: int, name: str) -> Login:
    words = {"username": name, "password": "not guessed", "auth": {"type": "m.login.dummy"}}
    return Login(port, Login(port).ask("POST", "/register", words)["access_token"])


_CONFIG = """\
server_name: localhost
signing_key_path: {folder}/key
macaroon_secret_key: only for a run
pid_file: {folder}/pid
log_config: {folder}/log.yaml
media_store_path: {folder}/media
report_stats: false
trusted_key_servers: []
listeners:
  - {{port: {port}, bind_addresses: [127.0.0.1], type: http, resources: [{{names: [client]}}]}}
database: {{name: sqlite3, args: {{database: {folder}/archive.db}}}}
enable_registration: true
enable_registration_without_verification: true
bcrypt_rounds: 4
presence: {{enabled: false}}
rc_message: &open {{per_second: 1000000, burst_count: 1000000}}
rc_registration: *open
rc_joins: {{local: *open}}
rc_joins_per_room: *open
"""
