"""Group chat as one would install it: ejabberd and Prosody from Debian, XEP-0045 rooms with their archive on SQLite."""

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.generator import TEXT, Client
from bench.peers import Connected, Shape

HOST = "localhost"
ROOMS = f"conference.{HOST}"
HELLO = (
    f"<stream:stream to='{HOST}' version='1.0' xml:lang='en' xmlns='jabber:client'"
    " xmlns:stream='http://etherx.jabber.org/streams'>"
)
LOGIN = "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>"
BIND = "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>"


class Xmpp(Connected):
    websocket = False

    def clients(self, shape: Shape) -> list[Client]:
        return [self._client(room, member) for room in range(shape.rooms) for member in range(shape.members)]

    @staticmethod
    def _client(room: int, member: int) -> Client:
        address = f"room-{room}@{ROOMS}"
        enter = (
            f"<presence to='{address}/member-{member}'><x xmlns='http://jabber.org/protocol/muc'>"
            "<history maxstanzas='0'/></x></presence>"
        )
        # The room's subject is the last that a room says to someone who enters (XEP-0045 section 7.1).
        opening = [
            (HELLO, "</stream:features>"),
            (LOGIN, "<success"),
            (HELLO, "</stream:features>"),
            (BIND, "</iq>"),
            (enter, "<subject"),
        ]
        message = f"<message to='{address}' type='groupchat'><body>{TEXT}</body></message>"
        return Client(room, opening, message.encode())


class Ejabberd(Xmpp):
    title = "ejabberd, archive on SQLite"

    @classmethod
    def lacks(cls) -> str | None:
        there = shutil.which("erl") and _ejabberd() and Path("/usr/lib/erlang/lib").glob("p1_sqlite3-*")
        return None if there and any(there) else "ejabberd and erlang-p1-sqlite3 are not installed"

    def command(self) -> Sequence[str]:
        self._file("ejabberd.yml").write_text(_EJABBERD.format(port=self.port, folder=self.folder))
        (self.folder / "mnesia").mkdir(exist_ok=True)
        code = _ejabberd()
        assert code is not None
        # As ejabberdctl starts it (+K, +P), but for the name of the node: so it listens for no other nodes.
        options = ["+K", "true", "+P", "250000", "-noinput", "-mnesia", "dir", f'"{self.folder}/mnesia"']
        return "erl", *options, "-pa", str(code), "-s", "ejabberd"

    def environment(self) -> Mapping[str, str]:
        return {
            "HOME": str(self.folder),
            "EJABBERD_CONFIG_PATH": str(self._file("ejabberd.yml")),
            "EJABBERD_LOG_PATH": str(self._file("ejabberd.log")),
        }

    def _file(self, name: str) -> Path:
        return self.folder / name


class Prosody(Xmpp):
    title = "Prosody, archive on SQLite"

    @classmethod
    def lacks(cls) -> str | None:
        there = shutil.which("prosody") and any(Path("/usr/share/lua").glob("*/DBI.lua"))
        return None if there else "prosody and lua-dbi-sqlite3 are not installed"

    def command(self) -> Sequence[str]:
        file = self.folder / "prosody.cfg.lua"
        root = str(os.geteuid() == 0).lower()
        file.write_text(_PROSODY.format(port=self.port, folder=self.folder, host=HOST, rooms=ROOMS, root=root))
        (self.folder / "data").mkdir(exist_ok=True)
        return "prosody", "--config", str(file), "-F"


def _ejabberd() -> Path | None:
    return next(iter(Path("/usr/lib").glob("*/ejabberd-*/ebin")), None)


_EJABBERD = """\
hosts: [localhost]
loglevel: error
listen:
  - {{port: {port}, ip: "127.0.0.1", module: ejabberd_c2s, access: all}}
auth_method: [anonymous]
anonymous_protocol: sasl_anon
allow_multiple_connections: true
default_db: sql
sql_type: sqlite
sql_database: "{folder}/archive.db"
modules:
  mod_mam: {{db_type: sql, default: never}}
  mod_muc:
    access: all
    access_create: all
    max_users: 2000
    max_users_admin_threshold: 2000
    default_room_options: {{mam: true, max_users: 2000}}
"""

_PROSODY = """\
run_as_root = {root}
pidfile = "{folder}/pid"
data_path = "{folder}/data"
log = {{ error = "{folder}/prosody.log" }}
interfaces = {{ "127.0.0.1" }}
c2s_ports = {{ {port} }}
s2s_ports = {{ }}
c2s_direct_tls_ports = {{ }}
http_ports = {{ }}
https_ports = {{ }}
modules_enabled = {{ "saslauth", "disco" }}
modules_disabled = {{ "s2s", "tls" }}
c2s_require_encryption = false
storage = "sql"
sql = {{ driver = "SQLite3", database = "{folder}/archive.db" }}
VirtualHost "{host}"
  authentication = "anonymous"
Component "{rooms}" "muc"
  modules_enabled = {{ "muc_mam" }}
  muc_log_by_default = true
  muc_room_locking = false
"""
