"""The settings: their defaults, their reading and their refusals."""

import stat
from pathlib import Path

import pytest

from safespace.settings import Settings, SettingsError, load_settings


def test_nothing_needs_to_be_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load_settings()
    assert (settings.host, settings.port, settings.address) == ("127.0.0.1", 8000, "http://localhost:8000")
    assert settings.allowed_origins == {"http://localhost:8000", "http://127.0.0.1:8000"}
    assert settings.database_url == "sqlite+aiosqlite:///data/safespace.db"
    assert list(tmp_path.iterdir()) == []


def test_the_defaults_follow_what_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAFESPACE_PORT", "9001")
    monkeypatch.setenv("SAFESPACE_DATA_DIR", "/srv/rooms")
    settings = load_settings()
    assert settings.allowed_origins == {"http://localhost:9001", "http://127.0.0.1:9001"}
    assert settings.database_url == "sqlite+aiosqlite:////srv/rooms/safespace.db"


def test_origins_are_read_as_browsers_write_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAFESPACE_ORIGINS", "https://Rooms.example:443/ , http://10.0.0.7:80,")
    monkeypatch.setenv("SAFESPACE_PUBLIC_URL", "https://circle.example/")
    settings = load_settings()
    assert settings.allowed_origins == {"https://rooms.example", "http://10.0.0.7", "https://circle.example"}
    assert settings.address == "https://circle.example"


def test_an_empty_variable_is_an_unset_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAFESPACE_PUBLIC_URL", "")
    monkeypatch.setenv("SAFESPACE_PORT", "")
    assert load_settings() == Settings()


@pytest.mark.parametrize(
    ("short", "whole"),
    [
        ("sqlite:///a.db", "sqlite+aiosqlite:///a.db"),
        ("postgresql://me@here/rooms", "postgresql+asyncpg://me@here/rooms"),
        ("postgres://me@here/rooms", "postgresql+asyncpg://me@here/rooms"),
    ],
)
def test_the_common_names_of_databases_are_known(short: str, whole: str) -> None:
    assert Settings(database_url=short).database_url == whole


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "web"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("ORIGINS", "rooms.example"),
        ("ORIGINS", "https://rooms.example/path"),
        ("ORIGINS", "*"),
        ("ORIGINS", "null"),
        ("ORIGINS", "https://rooms.example:hidden"),
        ("PUBLIC_URL", "https://user:hidden@rooms.example"),
        ("DATABASE_URL", "mysql://root:hidden@here/rooms"),
        ("DATABASE_URL", "rooms.db"),
        ("LOG_LEVEL", "loud"),
        ("CONNECTIONS", "0"),
        ("REGISTRATIONS_PER_HOUR", "-1"),
        ("BUDGETS", "0"),
        ("BUDGETS", "nan"),
        ("BUDGETS", "many"),
        ("PROXIES", "*"),
        ("PROXIES", "caddy"),
        ("PROXIES", "0.0.0.0/0"),
        ("PROXIES", "::/0"),
        ("PROXIES", "172.30.84.9/24"),
        ("PROXIES", "127.0.0.1:8000"),
        ("PROXIES", "127.0.0.1 10.0.0.1"),
        ("PROXIES", "127.0.0.1, https://hidden"),
    ],
)
def test_a_wrong_value_is_one_line_that_names_it(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"SAFESPACE_{name}", value)
    with pytest.raises(SettingsError) as refusal:
        load_settings()
    words = str(refusal.value)
    assert words.startswith(f"SAFESPACE_{name}: ")
    assert "\n" not in words
    assert "hidden" not in words


def test_the_data_directory_is_for_its_user_alone(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "deep" / "data")
    settings.make_data_dir()
    settings.make_data_dir()
    assert stat.S_IMODE((tmp_path / "deep" / "data").stat().st_mode) == 0o700


def test_a_data_directory_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SettingsError, match=r"^SAFESPACE_DATA_DIR: "):
        Settings(data_dir=tmp_path / "file" / "data").make_data_dir()
