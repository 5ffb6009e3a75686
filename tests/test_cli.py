"""The commands, run as an operator runs them."""

import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from asking import bearer, credentials, key
from backing import Redis
from serving import ServerProcess, free_port


def safespace(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SAFESPACE_")}
    return subprocess.run(
        [sys.executable, "-m", "safespace.cli", *arguments],
        env={**inherited, **settings},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("command", ["serve", "migrate", "doctor"])
def test_a_wrong_setting_is_one_line_and_exit_code_two(command: str) -> None:
    ended = safespace(command, SAFESPACE_PORT="web")
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert re.fullmatch(r"SAFESPACE_PORT: [^\n]+\n", ended.stderr)


def test_doctor_finds_nothing_wrong_where_nothing_is(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("built")
    settings = {"SAFESPACE_DATA_DIR": str(tmp_path / "data"), "SAFESPACE_WEB_DIR": str(tmp_path)}
    assert safespace("doctor", **settings).returncode == 0
    assert not (tmp_path / "data").exists()
    assert safespace("migrate", **settings).stdout == "The database is migrated.\n"
    after = safespace("doctor", **settings)
    assert (after.returncode, "answers and is migrated" in after.stdout) == (0, True)


def test_doctor_finds_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "old.db").touch(mode=0o644)
    ended = safespace(
        "doctor",
        SAFESPACE_DATA_DIR=str(tmp_path / "file" / "data"),
        SAFESPACE_DATABASE_URL=f"sqlite:///{tmp_path / 'old.db'}",
        SAFESPACE_WEB_DIR=str(tmp_path / "none"),
        SAFESPACE_ORIGINS="http://rooms.example",
        COLUMNS="250",
    )
    assert ended.returncode == 1
    for words in ("cannot be made", "others on this machine", "safespace migrate", "not built", "browsers need https"):
        assert words in ended.stdout
    assert ended.stdout.count("wrong") == 5


@pytest.mark.parametrize(
    ("database", "code"),
    [("sqlite:///safespace.db", "workers_need_postgresql"), ("postgresql://me@localhost/rooms", "workers_need_redis")],
)
def test_several_processes_need_postgresql_and_redis(tmp_path: Path, database: str, code: str) -> None:
    settings = {"SAFESPACE_DATABASE_URL": database, "SAFESPACE_DATA_DIR": str(tmp_path / "data"), "COLUMNS": "250"}
    ended = safespace("serve", "--workers", "2", **settings)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert re.fullmatch(rf"SAFESPACE_WORKERS: [^\n]+ \({code}\)\n", ended.stderr)
    told = safespace("doctor", SAFESPACE_WORKERS="2", **settings)
    assert (told.returncode, code in told.stdout) == (1, True)


def test_doctor_looks_at_redis(tmp_path: Path, redis: Redis) -> None:
    (tmp_path / "index.html").write_text("built")
    settings = {"SAFESPACE_DATA_DIR": str(tmp_path / "data"), "SAFESPACE_WEB_DIR": str(tmp_path), "COLUMNS": "250"}
    there = safespace("doctor", SAFESPACE_REDIS_URL=redis.url, **settings)
    assert (there.returncode, "answers; 7 or newer is needed" in there.stdout) == (0, True)
    gone = safespace("doctor", SAFESPACE_REDIS_URL=f"redis://me:hidden@127.0.0.1:{free_port()}", **settings)
    assert (gone.returncode, "does not answer" in gone.stdout, "hidden" in gone.stdout) == (1, True, False)


def test_a_database_that_does_not_answer_is_told_without_its_password() -> None:
    url = f"postgresql://me:hidden@127.0.0.1:{free_port()}/rooms"
    for command in ("doctor", "migrate"):
        ended = safespace(command, SAFESPACE_DATABASE_URL=url, COLUMNS="250")
        assert ended.returncode == 1
        assert "does not answer" in ended.stdout + ended.stderr
        assert "hidden" not in ended.stdout + ended.stderr


def test_serve_says_where_it_is_and_keeps_its_files_to_itself(server: ServerProcess) -> None:
    assert f"SafeSpace is at http://localhost:{server.port}\n" in server.log()
    assert stat.S_IMODE(server.data_dir.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in server.data_dir.iterdir()} == {0o600}


def test_a_port_that_is_taken_is_told(server: ServerProcess, tmp_path: Path) -> None:
    ended = safespace("serve", SAFESPACE_PORT=str(server.port), SAFESPACE_DATA_DIR=str(tmp_path / "data"))
    assert ended.returncode > 0
    assert "address already in use" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("how", ["kill", "restart"])
def test_what_was_acknowledged_is_there_after_a_restart(server: ServerProcess, how: str) -> None:
    made = httpx.post(f"{server.url}/v1/accounts", json=credentials("ada", key()), trust_env=False).json()
    if how == "kill":
        server.kill()
        server.start()
    else:
        server.restart()
    answer = httpx.get(f"{server.url}/v1/me", headers=bearer(made["token"]), trust_env=False)
    assert answer.json()["handle"] == "ada"


def test_the_log_is_json_and_knows_nobody(tmp_path: Path) -> None:
    server = ServerProcess(tmp_path / "data", SAFESPACE_LOG_LEVEL="debug")
    server.start()
    made = httpx.post(f"{server.url}/v1/accounts", json=credentials("ada-secret", key()), trust_env=False).json()
    with socket.create_connection(("127.0.0.1", server.port)) as raw:
        raw.sendall(b"hello ada-secret\r\n\r\n")
        raw.recv(1000)
    httpx.get(f"{server.url}/v1/me", headers=bearer(made["token"]), trust_env=False)
    server.stop()
    first, *lines = server.log().splitlines()
    assert first.startswith("SafeSpace is at ")
    entries = [json.loads(line) for line in lines]
    assert entries
    for word in ("ada-secret", "127.0.0.1", made["token"], made["account"]):
        assert word not in "\n".join(lines)


def test_headers_without_end_are_cut_off(standing_server: ServerProcess) -> None:
    with socket.create_connection(("127.0.0.1", standing_server.port), timeout=30) as raw:
        raw.sendall(b"GET / HTTP/1.1\r\n")
        raw.sendall(b"X-Long: " + b"x" * 100_000)
        assert b" 400 " in raw.recv(1000)


def test_interrupting_is_a_calm_end(tmp_path: Path) -> None:
    server = ServerProcess(tmp_path / "data")
    server.start()
    os.kill(server.pid, signal.SIGINT)
    deadline = time.monotonic() + 30
    while server.running() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not server.running()
    assert "Traceback" not in server.log()
