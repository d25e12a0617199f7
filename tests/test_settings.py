"""Settings: defaults, every problem at once, and no value in any error."""

import copy
import dataclasses
import pickle
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from settings import LogFormat, Secret, Settings, SettingsError, environment
from store.engine import Database
from uplynk.client import UplynkClient

NEEDED = {
    "SLACK_BOT_TOKEN": "xoxb-1-canary",
    "SLACK_SIGNING_SECRET": "signing-canary",
    "UPLYNK_OWNER": "owner-canary",
    "UPLYNK_API_KEY": "key+/canary=",
    "FAILOVER_CHANNEL": "C0AUDIT",
}


def problems(**changes: str) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env(NEEDED | changes)
    assert str(caught.value) == "\n".join(caught.value.problems)
    return caught.value.problems


def test_defaults_are_those_of_the_interface() -> None:
    settings = Settings.from_env(NEEDED)
    assert settings.slack_bot_token.reveal() == "xoxb-1-canary"
    assert settings.slack_app_token is None
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.uplynk_base_url == "https://services.uplynk.com"
    assert settings.failover_policy == Path("policy.toml")
    assert settings.database_url.reveal() == "sqlite:///failover.db"
    assert (settings.port, settings.log_level, settings.log_format) == (3000, "INFO", "text")
    assert settings.uplynk_connect_timeout_seconds == 3
    assert settings.uplynk_read_timeout_seconds == 5
    assert settings.uplynk_budget_seconds == 12
    assert (settings.settle_seconds, settings.look_seconds) == (30, 120)
    assert (settings.groups_cache_seconds, settings.usergroups_cache_seconds) == (15, 60)


def test_an_empty_environment_names_everything_that_is_missing() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env({})
    names = [line.split()[0] for line in caught.value.problems]
    assert sorted(names) == sorted(NEEDED)
    assert all(" is missing: it should be " in line for line in caught.value.problems)


def test_socket_mode_needs_no_signing_secret() -> None:
    settings = Settings.from_env(
        NEEDED | {"SLACK_SIGNING_SECRET": "", "SLACK_APP_TOKEN": "xapp-1-A-b"}
    )
    assert settings.slack_app_token == Secret("xapp-1-A-b")
    assert settings.slack_signing_secret is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SLACK_BOT_TOKEN", "xoxp-1-canary"),
        ("SLACK_BOT_TOKEN", "xoxb-..."),
        ("SLACK_BOT_TOKEN", "xoxb-canary\r\nX-Evil: 1"),
        ("SLACK_SIGNING_SECRET", ""),
        ("SLACK_SIGNING_SECRET", "..."),
        ("SLACK_SIGNING_SECRET", "two words"),
        ("SLACK_APP_TOKEN", "xoxb-1-canary"),
        ("SLACK_API_URL", "http://slack.com/api/"),
        ("SLACK_API_URL", "https://canary:pw@slack.com/api/"),
        ("SLACK_API_URL", "https://slack.com/api/?canary"),
        ("UPLYNK_OWNER", "  "),
        ("UPLYNK_OWNER", "canary owner"),
        ("UPLYNK_API_KEY", "...."),
        ("UPLYNK_API_KEY", "canaryé"),
        ("UPLYNK_BASE_URL", "http://services.uplynk.com"),
        ("UPLYNK_BASE_URL", "http://127.0.0.1.evil.example"),
        ("UPLYNK_BASE_URL", "http://localhost.evil.example"),
        ("UPLYNK_BASE_URL", "http://127.0.0.1@evil.example"),
        ("UPLYNK_BASE_URL", "http://evil.example\\@127.0.0.1"),
        ("UPLYNK_BASE_URL", "http://2130706433"),
        ("UPLYNK_BASE_URL", "http://192.168.0.1"),
        ("UPLYNK_BASE_URL", "http://0.0.0.0"),
        ("UPLYNK_BASE_URL", "http://[::2]"),
        ("UPLYNK_BASE_URL", "http://[::1"),
        ("UPLYNK_BASE_URL", "https://services.uplynk.com/api/v4"),
        ("UPLYNK_BASE_URL", "https://services.uplynk.com?x"),
        ("UPLYNK_BASE_URL", "https://services.uplynk.com#x"),
        ("UPLYNK_BASE_URL", "https://services.uplynk.com:70000"),
        ("UPLYNK_BASE_URL", "https://services.uplynk.com:0"),
        ("UPLYNK_BASE_URL", "https://"),
        ("UPLYNK_BASE_URL", "ftp://services.uplynk.com"),
        ("UPLYNK_BASE_URL", "services.uplynk.com"),
        ("UPLYNK_BASE_URL", "https://services.uplynk.com!"),
        ("UPLYNK_BASE_URL", "https://services.uplynk.com,"),
        ("UPLYNK_BASE_URL", "https://a%41.com"),
        ("UPLYNK_BASE_URL", "https://[fe80::1%25eth0]"),
        ("SLACK_API_URL", "https://slack.com!/api/"),
        ("FAILOVER_CHANNEL", "#ops"),
        ("FAILOVER_CHANNEL", "D0CANARY"),
        ("FAILOVER_CHANNEL", "C..."),
        ("FAILOVER_POLICY", "a\0b"),
        ("DATABASE_URL", "postgresql+psycopg://u:can@ary@h/db"),
        ("DATABASE_URL", "postgresql+psycopg://u:can/ary@h/db"),
        ("DATABASE_URL", "postgresql+psycopg://u:can#ary@h/db"),
        ("DATABASE_URL", "postgresql+psycopg://u:canary@h"),
        ("DATABASE_URL", "postgresql+psycopg://u:canary@h/"),
        ("DATABASE_URL", "postgresql+psycopg://u:canary@h:port/db"),
        ("DATABASE_URL", "postgresql+psycopg://u:can ary@h/db"),
        ("DATABASE_URL", "postgresql+asyncpg://u:canary@h/db"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "sqlite:///x.db?mode=ro"),
        ("DATABASE_URL", "mysql://h/db"),
        ("HOST", "999.1.1.1"),
        ("HOST", "127.1"),
        ("HOST", "::1::"),
        ("HOST", "fe80::1%canary"),
        ("HOST", "localhost"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("PORT", "80.5"),
        ("PORT", "http"),
        ("LOG_LEVEL", "LOUD"),
        ("LOG_FORMAT", "xml"),
        ("UPLYNK_CONNECT_TIMEOUT_SECONDS", "0"),
        ("UPLYNK_READ_TIMEOUT_SECONDS", "61"),
        ("UPLYNK_BUDGET_SECONDS", "nan"),
        ("SETTLE_SECONDS", "-1"),
        ("LOOK_SECONDS", "inf"),
        ("GROUPS_CACHE_SECONDS", "15s"),
        ("USERGROUPS_CACHE_SECONDS", "1e9"),
    ],
)
def test_one_bad_value_is_one_line_without_the_value(name: str, value: str) -> None:
    refused = {"SLACK_APP_TOKEN": ""} | {name: value}
    lines = problems(**refused)
    assert len(lines) == 1
    assert lines[0].startswith(f"{name} ")
    assert "it should be " in lines[0]
    assert "canary" not in lines[0]
    assert "\n" not in lines[0]


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:8080", "http://127.9.9.9", "http://localhost:1", "http://[::1]:8080/"],
)
def test_plain_http_is_for_loopback(url: str) -> None:
    settings = Settings.from_env(NEEDED | {"UPLYNK_BASE_URL": url, "SLACK_API_URL": url + "/api"})
    assert settings.uplynk_base_url == url.rstrip("/")
    assert settings.slack_api_url == url + "/api/"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_a_server_by_each_of_the_names_that_hosts_give(scheme: str) -> None:
    url = f"{scheme}://u:can%40ary@db.example.com:5432/failover?sslmode=require"
    settings = Settings.from_env(NEEDED | {"DATABASE_URL": url})
    assert settings.database_url.reveal().startswith("postgresql+psycopg://u:can%40ary@db.")


@pytest.mark.parametrize(
    ("url", "passwords"),
    [
        ("postgresql+psycopg://u:canary@h/db", ("canary",)),
        ("postgresql+psycopg://u:c%40n@h/db", ("c%40n", "c@n")),
        ("postgresql+psycopg://u@/db?host=/run&password=c%40n&sslpassword=x", ("c@n", "x")),
        ("postgresql+psycopg://u@[::1]:5432/db", ()),
        ("postgresql+psycopg:///db", ()),
        ("sqlite:///a:b@c.db", ()),
    ],
)
def test_the_passwords_of_a_database_are_secrets(url: str, passwords: tuple[str, ...]) -> None:
    settings = Settings.from_env(NEEDED | {"DATABASE_URL": url})
    others = set(Settings.from_env(NEEDED).secrets())
    assert tuple(one for one in settings.secrets() if one not in others) == passwords


@given(st.from_regex(r"postgres(ql)?://[!-~]{0,12}/[!-~]{0,6}\Z"))
@example("postgres://[::1]:1/d")
@example("postgres://a:b@c:99999/d")
@example("postgres://u:p@/d?host=a:1&host=b:2")
def test_what_the_settings_let_through_the_database_takes(url: str) -> None:
    try:
        settings = Settings.from_env(NEEDED | {"DATABASE_URL": url})
    except SettingsError:
        return
    Database(settings.database_url.reveal()).close()


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "::", "::1"])
def test_addresses_to_listen_on(host: str) -> None:
    assert Settings.from_env(NEEDED | {"HOST": host}).host == host


@given(st.from_regex(r"https?://[!-~]{1,12}\Z"))
@example("https://services.uplynk.com!")
@example("https://a%41.com")
@example("http://[::1]:8080/")
def test_what_the_settings_let_through_the_client_takes(url: str) -> None:
    try:
        settings = Settings.from_env(NEEDED | {"UPLYNK_BASE_URL": url})
    except SettingsError:
        return
    UplynkClient(settings.uplynk_base_url, "owner", "key").close()


def test_blanks_around_a_value_and_the_case_of_a_choice_do_not_matter() -> None:
    changes = {"LOG_LEVEL": " debug ", "LOG_FORMAT": "JSON", "PORT": " 0\n"}
    settings = Settings.from_env(NEEDED | changes)
    assert settings.log_level == "DEBUG"
    assert settings.log_format is LogFormat.JSON
    assert settings.port == 0


def test_all_problems_come_at_once() -> None:
    lines = problems(PORT="x", LOG_LEVEL="x", SLACK_BOT_TOKEN="")
    assert {line.split()[0] for line in lines} == {"PORT", "LOG_LEVEL", "SLACK_BOT_TOKEN"}


def test_no_way_of_showing_settings_shows_a_secret() -> None:
    url = "postgresql+psycopg://u:p-canary@h/db"
    settings = Settings.from_env(NEEDED | {"SLACK_APP_TOKEN": "xapp-canary", "DATABASE_URL": url})
    shown = (
        f"{settings!r} {settings} {dataclasses.asdict(settings)} {dataclasses.astuple(settings)} "
        f"{[settings.uplynk_api_key]} {settings.uplynk_api_key} {copy.copy(settings)!r}"
    )
    assert "canary" not in shown
    meant = {"xapp-canary", "p-canary", *NEEDED.values()} - {"C0AUDIT"}
    assert set(settings.secrets()) == meant


def test_a_secret_is_compared_by_value() -> None:
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a")}) == 1
    assert pickle.loads(pickle.dumps(Secret("a"))).reveal() == "a"


def test_the_environment_wins_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / ".env"
    file.write_text("PORT=1\nUPLYNK_OWNER='a${PORT}$x'\nLONELY\n", encoding="utf-8")
    monkeypatch.setenv("PORT", "2")
    monkeypatch.delenv("UPLYNK_OWNER", raising=False)
    variables = environment(file)
    assert (variables["PORT"], variables["UPLYNK_OWNER"]) == ("2", "a${PORT}$x")
    assert "LONELY" not in variables
    assert environment(tmp_path / "none")["PORT"] == "2"


def test_the_example_file_holds_every_variable_with_its_default() -> None:
    example = Path(".env.example").read_text(encoding="utf-8")
    lines = [line.lstrip("#") for line in example.splitlines() if "=" in line and " " not in line]
    written = dict(line.split("=", 1) for line in lines)
    fields = {field.name.upper() for field in dataclasses.fields(Settings)}
    fields -= {"VERSION", "DYNO"}  # what a host says of itself, and nobody sets
    assert set(written) == fields
    filled = written | NEEDED | {"SLACK_APP_TOKEN": ""}
    assert Settings.from_env(filled) == Settings.from_env(NEEDED)


def test_the_example_file_as_it_is_names_what_must_be_filled_in() -> None:
    example = environment(Path(".env.example"))
    names = {line.split()[0] for line in problems(**{k: example[k] for k in NEEDED})}
    assert names == set(NEEDED)


def on_host(**said: str) -> Settings:
    return Settings.from_env(NEEDED | said)


def test_the_host_says_which_build_and_which_process_it_is() -> None:
    named = on_host(HEROKU_SLUG_COMMIT="0123456789abcdef", SOURCE_VERSION="fed", DYNO="web.2")
    assert (named.version, named.dyno) == ("0123456789ab", "web.2")
    assert on_host(SOURCE_VERSION="fed").version == "fed"
    assert on_host(HEROKU_SLUG_COMMIT="a b\n", SOURCE_VERSION="fed").version == "fed"
    bare = on_host()
    assert (bare.version, bare.dyno) == ("unknown", "")


def test_the_password_of_the_database_is_a_secret_in_both_spellings() -> None:
    whole = dataclasses.replace(
        on_host(), database_url=Secret("postgresql+psycopg://u:p%40ss-w@h/db")
    )
    assert {"p%40ss-w", "p@ss-w"} < set(whole.secrets())
    assert "" not in on_host().secrets()
