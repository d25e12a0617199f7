"""The bot's settings: read once from a mapping of variables, all problems named together.

Nothing here looks at the environment on its own: `environment()` is called by the front door, and
`Settings.from_env` is a function of the mapping it is given. Credentials are wrapped in `Secret`.
"""

import ipaddress
import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from dotenv import dotenv_values

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
EVERYWHERE = "0.0.0.0"  # noqa: S104  # a host in the cloud routes to it from outside
HOST = r"[a-z0-9._:-]+"
POSTGRESQL = "postgresql+psycopg://"
COMMITS = ("HEROKU_SLUG_COMMIT", "SOURCE_VERSION")
"""Where a host says which commit it runs [Heroku Dev Center: dyno-metadata, buildpack-api]."""
UNVERSIONED = "unknown"
PRINTABLE = r"[!-~]+"  # what may stand in a header: ASCII without blanks


class LogFormat(StrEnum):
    """How log records are written: for people, or one JSON object a line."""

    TEXT = "text"
    JSON = "json"


class SettingsError(Exception):
    """Settings are missing or malformed; `problems` holds one line for each, never a value."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Secret:
    """A credential that shows itself only when asked by name.

    No dataclass on purpose: `asdict` would take it apart and show the value.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the credential itself."""
        return self._value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __repr__(self) -> str:
        return "Secret('***')"

    def __str__(self) -> str:
        return "***"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every setting, named like its variable; `*_seconds` are seconds, URLs end as noted."""

    slack_bot_token: Secret
    slack_signing_secret: Secret | None  # None in Socket Mode only
    slack_app_token: Secret | None  # set: Socket Mode
    slack_api_url: str  # ends with "/"
    uplynk_owner: Secret
    uplynk_api_key: Secret
    uplynk_base_url: str  # scheme and host, no "/" at the end
    failover_channel: str
    failover_policy: Path
    database_url: Secret  # may hold a password
    host: str  # the address that the HTTP server listens on
    port: int  # 0: the system picks one
    log_level: str
    log_format: LogFormat
    uplynk_connect_timeout_seconds: float
    uplynk_read_timeout_seconds: float
    uplynk_budget_seconds: float
    settle_seconds: float
    look_seconds: float
    resume_seconds: float
    groups_cache_seconds: float
    usergroups_cache_seconds: float
    version: str  # which build runs: the commit, where the host names it
    dyno: str  # what the host calls this process; "" where it has no name for it

    @classmethod
    def from_env(cls, variables: Mapping[str, str]) -> "Settings":
        """Read the settings, or raise SettingsError with every problem at once."""
        read = _Reader(variables)
        app_token = read.secret("SLACK_APP_TOKEN", "an app-level token: xapp-…", r"xapp-[\w-]+")
        settings = cls(
            slack_bot_token=read.needed_secret(
                "SLACK_BOT_TOKEN", "a bot token: xoxb-…", r"xoxb-[\w-]+"
            ),
            slack_signing_secret=read.signing_secret(socket_mode="SLACK_APP_TOKEN"),
            slack_app_token=app_token,
            slack_api_url=read.url("SLACK_API_URL", "https://slack.com/api/", path=True) + "/",
            uplynk_owner=read.needed_secret("UPLYNK_OWNER", "the Uplynk user ID", PRINTABLE),
            uplynk_api_key=read.needed_secret("UPLYNK_API_KEY", "the Uplynk API key", PRINTABLE),
            uplynk_base_url=read.url("UPLYNK_BASE_URL", "https://services.uplynk.com"),
            failover_channel=read.text(
                "FAILOVER_CHANNEL", "", "a channel ID: C… or G…", r"[CG][A-Z0-9]+"
            ),
            failover_policy=Path(read.text("FAILOVER_POLICY", "policy.toml", "a path")),
            database_url=read.database("DATABASE_URL", "sqlite:///failover.db"),
            host=read.address("HOST", EVERYWHERE),
            port=int(read.number("PORT", 3000, (0, 65535), whole=True)),
            log_level=read.text("LOG_LEVEL", "INFO", *_one_of(LEVELS)).upper(),
            log_format=read.log_format("LOG_FORMAT"),
            uplynk_connect_timeout_seconds=read.number(
                "UPLYNK_CONNECT_TIMEOUT_SECONDS", 3, (0.05, 30)
            ),
            uplynk_read_timeout_seconds=read.number("UPLYNK_READ_TIMEOUT_SECONDS", 5, (0.05, 60)),
            uplynk_budget_seconds=read.number("UPLYNK_BUDGET_SECONDS", 12, (0.05, 60)),
            settle_seconds=read.number("SETTLE_SECONDS", 30, (0, 300)),
            resume_seconds=read.number("RESUME_SECONDS", 30, (1, 300)),
            look_seconds=read.number("LOOK_SECONDS", 120, (0, 3600)),
            groups_cache_seconds=read.number("GROUPS_CACHE_SECONDS", 15, (0, 300)),
            usergroups_cache_seconds=read.number("USERGROUPS_CACHE_SECONDS", 60, (0, 300)),
            version=read.told(COMMITS, UNVERSIONED)[:12],
            dyno=read.told(("DYNO",), ""),
        )
        if read.problems:
            raise SettingsError(tuple(read.problems))
        return settings

    def secrets(self) -> tuple[str, ...]:
        """Return every credential in plain, for the log's redaction."""
        values = (getattr(self, name) for name in self.__slots__ if name != "database_url")
        known = tuple(value.reveal() for value in values if isinstance(value, Secret))
        return known + _passwords(self.database_url.reveal())


def environment(dotenv: Path) -> dict[str, str]:
    """Return the variables of a `.env` file, if there is one, under those of the process."""
    written = dotenv_values(dotenv, interpolate=False)  # a "$" in a secret is a dollar sign
    return {name: value for name, value in written.items() if value is not None} | dict(os.environ)


class _Reader:
    """Takes variables out of a mapping and collects what is wrong with them."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self.problems: list[str] = []
        self._variables = variables

    def text(self, name: str, default: str, meant: str, pattern: str = r"[^\0-\x1f]+") -> str:
        value = self._value(name) or default
        if not value:
            self._problem(name, "is missing", meant)
        elif not re.fullmatch(pattern, value, re.ASCII):
            self._problem(name, "is malformed", meant)
        return value

    def told(self, names: tuple[str, ...], default: str) -> str:
        """What the host says of itself: the first that is set and is a plain word."""
        said = (self._value(name) for name in names)
        return next((one for one in said if re.fullmatch(r"[\w.-]{1,64}", one, re.ASCII)), default)

    def secret(self, name: str, meant: str, pattern: str = PRINTABLE) -> Secret | None:
        return Secret(self.text(name, "", meant, pattern)) if self._value(name) else None

    def needed_secret(self, name: str, meant: str, pattern: str) -> Secret:
        return Secret(self.text(name, "", meant, pattern))

    def signing_secret(self, socket_mode: str) -> Secret | None:
        name, meant = "SLACK_SIGNING_SECRET", "the signing secret from Basic Information"
        if self._value(socket_mode):
            return self.secret(name, meant)
        return self.needed_secret(name, f"{meant} (or set {socket_mode})", PRINTABLE)

    def number(
        self, name: str, default: float, span: tuple[float, float], whole: bool = False
    ) -> float:
        low, high = span
        try:
            value = float(self._value(name) or default)
        except ValueError:
            value = math.nan
        if not low <= value <= high or (whole and value != int(value)):
            unit = "a whole number" if whole else "a number of seconds"
            self._problem(name, "is malformed", f"{unit} from {low:g} to {high:g}")
            return default
        return value

    def log_format(self, name: str) -> LogFormat:
        value = self.text(name, LogFormat.TEXT, *_one_of(tuple(LogFormat))).lower()
        return LogFormat(value) if value in tuple(LogFormat) else LogFormat.TEXT

    def url(self, name: str, default: str, path: bool = False) -> str:
        value = self._value(name) or default
        meant = "https://HOST (plain http for loopback hosts alone), without user, query or "
        if not _is_base_url(value, path):
            self._problem(name, "is malformed", meant + ("fragment" if path else "path"))
        return value.rstrip("/")

    def address(self, name: str, default: str) -> str:
        value = self._value(name) or default
        # A zone, as in fe80::1%eth0, is good or not on the host alone.
        if "%" in value or _ip_address(value) is None:
            self._problem(name, "is malformed", "an IP address to listen on")
        return value

    def database(self, name: str, default: str) -> Secret:
        value = self._value(name) or default
        if value.startswith("postgres"):
            # Hosts that provide a database give its address with one of the shorter schemes.
            value = re.sub(r"\Apostgres(ql)?://", POSTGRESQL, value)
            if not _is_server(value):
                meant = f"{POSTGRESQL}USER:PASSWORD@HOST/DATABASE, special characters as %XX"
                self._problem(name, "is malformed", meant)
        elif not re.fullmatch(r"sqlite:///[^?#\0-\x1f]+", value) or value.endswith(":memory:"):
            meant = f"sqlite:///PATH of a file that outlives the bot, or {POSTGRESQL}…"
            self._problem(name, "is malformed", meant)
        return Secret(value)

    def _value(self, name: str) -> str:
        """Return a variable's text; one that holds only the example's dots counts as unset."""
        value = self._variables.get(name, "").strip()
        return value if value.strip(".") else ""

    def _problem(self, name: str, what: str, meant: str) -> None:
        self.problems.append(f"{name} {what}: it should be {meant}")


def _one_of(words: tuple[str, ...]) -> tuple[str, str]:
    """Return how to name a choice, and the pattern that matches it in either case."""
    return " or ".join(words), f"(?i:{'|'.join(words)})"


def _is_base_url(value: str, path: bool) -> bool:
    if not re.fullmatch(PRINTABLE, value) or re.search(r"[@?#\\]", value):
        return False
    try:
        parts = urlsplit(value)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if not re.fullmatch(HOST, host) or port == 0 or not (path or parts.path in ("", "/")):
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host))


def _is_server(value: str) -> bool:
    """Whether a URL names a database on a PostgreSQL server, on one host, several or a socket."""
    person, host, name = (
        r"([^/?#@:]+(:[^/?#@]*)?@)?",
        r"(\[[0-9a-f:]+\]|[\w.-]*)(:\d{1,5})?",
        r"[^/?#@]+",
    )
    address = re.escape(POSTGRESQL) + f"{person}{host}/{name}" + r"(\?[^#]*)?"
    return bool(re.fullmatch(PRINTABLE, value) and re.fullmatch(address, value, re.ASCII))


def _passwords(url: str) -> tuple[str, ...]:
    """Every password in a database's URL, as it stands there and as it is meant."""
    if not url.startswith(POSTGRESQL):
        return ()
    query = url.partition("?")[2]
    written = re.search(r"://[^/?#@:]*:([^/?#@]+)@", url)
    raw = [written[1]] if written else []
    named = [
        value for key, given in parse_qs(query).items() if "password" in key for value in given
    ]
    return tuple(dict.fromkeys([*raw, *map(unquote, raw), *named]))


def _is_loopback(host: str) -> bool:
    address = _ip_address(host)
    return host == "localhost" or (address is not None and address.is_loopback)


def _ip_address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
