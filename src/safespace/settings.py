"""The settings: one frozen model, read from `SAFESPACE_*` variables."""

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from safespace.addresses import Network, parse_network
from safespace.budgets import BUDGETS, Budget, scaled

PACKAGED_PAGES = Path(__file__).parent / "pages"
BUILT_PAGES = Path(__file__).parents[2] / "web" / "dist"


class SettingsError(Exception):
    """A setting has a wrong value. The message is one line that names it; the value itself is not repeated."""


def _split(value: Any) -> Any:
    return tuple(filter(None, map(str.strip, value.split(",")))) if isinstance(value, str) else value


def _origin(value: str) -> str:
    """Scheme, host and port, as a browser writes them in `Origin`."""
    parts = urlsplit(value)
    try:
        whole = parts.scheme in ("http", "https") and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        whole = False
    if not whole or parts.path not in ("", "/") or parts.query or parts.fragment or parts.username is not None:
        raise ValueError("must be a scheme, a host and perhaps a port, such as https://rooms.example")
    origin = f"{parts.scheme}://{parts.netloc.lower()}"
    return origin.removesuffix(":443" if parts.scheme == "https" else ":80")


Origin = Annotated[str, AfterValidator(_origin)]
Proxy = Annotated[Network, BeforeValidator(parse_network)]


def _database_url(data: dict[str, Any]) -> str:
    return f"sqlite+aiosqlite:///{data['data_dir'] / 'safespace.db'}"


def _local_origins(data: dict[str, Any]) -> tuple[str, ...]:
    return tuple(f"http://{host}:{data['port']}" for host in ("localhost", "127.0.0.1")) if "port" in data else ()


class Settings(BaseSettings):
    """What an operator may choose. Field `x_y` is the variable `SAFESPACE_X_Y`."""

    model_config = SettingsConfigDict(env_prefix="SAFESPACE_", frozen=True, env_ignore_empty=True, extra="ignore")

    host: str = Field(default="127.0.0.1", description="the address to listen on")
    port: int = Field(default=8000, ge=1, le=65535, description="the port to listen on")
    data_dir: Path = Field(default=Path("data"), description="where the SQLite file lives; made with mode 700")
    database_url: str = Field(
        default_factory=_database_url, description="an SQLAlchemy address of SQLite or PostgreSQL"
    )
    redis_url: str | None = Field(
        default=None, description="the address of a Redis that several processes share: redis://, rediss:// or unix://"
    )
    workers: int = Field(
        default=1, ge=1, le=256, description="processes that serve together; more than one needs PostgreSQL and Redis"
    )
    origins: Annotated[tuple[Origin, ...], NoDecode, BeforeValidator(_split)] = Field(
        default_factory=_local_origins, description="origins whose pages may use this server, comma-separated"
    )
    public_url: Origin | None = Field(default=None, description="the address people use; https turns HSTS on")
    web_dir: Path = Field(
        default=PACKAGED_PAGES if PACKAGED_PAGES.is_dir() else BUILT_PAGES, description="the built pages"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="what to log")
    proxies: Annotated[tuple[Proxy, ...], NoDecode, BeforeValidator(_split)] = Field(
        default=(),
        description="addresses or networks of reverse proxies whose X-Forwarded-For is believed, comma-separated",
    )
    connections: int = Field(
        default=10_000, ge=1, description="connections of each process at once; nine tenths of them may be sockets"
    )
    registrations_per_hour: int = Field(
        default=BUDGETS["registrations"].rates["address"].per_hour, ge=1, description="new accounts from one address"
    )
    login_failures_per_hour: int = Field(
        default=BUDGETS["logins"].rates["handle"].per_hour,
        ge=1,
        description="wrong logins for one handle, or on one known device; 4 times by address",
    )
    budgets: float = Field(default=1, gt=0, le=1_000_000, description="all other [budgets](#budgets) times this")

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: str) -> str:
        """Name the asynchronous driver, so that the common short forms work too."""
        scheme, separator, rest = url.partition("://")
        driver = {
            "sqlite": "sqlite+aiosqlite",
            "sqlite+aiosqlite": "sqlite+aiosqlite",
            "postgres": "postgresql+asyncpg",
            "postgresql": "postgresql+asyncpg",
            "postgresql+asyncpg": "postgresql+asyncpg",
        }.get(scheme)
        if driver is None or not separator:
            raise ValueError("must begin with sqlite:// or postgresql://")
        return f"{driver}://{rest}"

    @field_validator("redis_url")
    @classmethod
    def _known_redis(cls, url: str | None) -> str | None:
        if url is not None and not url.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("must begin with redis://, rediss:// or unix://")
        return url

    def check_workers(self) -> None:
        """Raises SettingsError, with a code, where several processes could not work together."""
        if self.redis_url is not None and find_spec("redis") is None:
            raise SettingsError("SAFESPACE_REDIS_URL: the extra `redis` is not installed (redis_not_installed)")
        if self.workers > 1 and self.database_url.startswith("sqlite"):
            raise SettingsError("SAFESPACE_WORKERS: several processes need PostgreSQL (workers_need_postgresql)")
        if self.workers > 1 and self.redis_url is None:
            raise SettingsError("SAFESPACE_WORKERS: several processes need SAFESPACE_REDIS_URL (workers_need_redis)")

    @property
    def scaled_budgets(self) -> Mapping[str, Budget]:
        """What anyone may do here."""
        return scaled(self.budgets, registrations=self.registrations_per_hour, logins=self.login_failures_per_hour)

    @property
    def address(self) -> str:
        """The address people open."""
        return self.public_url or f"http://localhost:{self.port}"

    @property
    def allowed_origins(self) -> frozenset[str]:
        """The origins whose pages may use this server."""
        return frozenset(self.origins) | ({self.public_url} if self.public_url else set())

    def make_data_dir(self) -> None:
        """Make the data directory, for this user alone, where it does not exist. Raises SettingsError."""
        try:
            self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise SettingsError(f"SAFESPACE_DATA_DIR: cannot be made ({error.strerror})") from error


def load_settings(**instead: Any) -> Settings:
    """The settings of this process's environment, but for those given. Raises SettingsError for the first wrong one."""
    try:
        return Settings(**instead)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        name = f"SAFESPACE_{str(first['loc'][0]).upper()}" if first["loc"] else "SAFESPACE_*"
        raise SettingsError(f"{name}: {first['msg'].removeprefix('Value error, ')}") from None
