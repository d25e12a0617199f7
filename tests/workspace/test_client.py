"""Every call goes out once, over few connections, and every failure says what it may have done."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from typing import NoReturn

import pytest
import urllib3
from hypothesis import given
from hypothesis import strategies as st

from failover.errors import SlackProblem, TriggerExpired, ViewGone, ViewMoved
from tests.uplynk.scripted import Scripted, Step, raw, resets, says, shows
from tests.workspace.conftest import TOKEN, slack
from workspace import client as module
from workspace.client import PooledWebClient, problem_of
from workspace.screen import called

OK = shows({"ok": True, "channel": "C1", "ts": "1.2"})
HTML = says(502, b"<html>bad gateway, xoxb-canary</html>", "Content-Type: text/html")


def post(client: PooledWebClient) -> object:
    return called(lambda: client.chat_postMessage(channel="C1", text="hello"))


def failure(*steps: Step) -> tuple[SlackProblem, Scripted]:
    with slack(*steps) as (client, server), pytest.raises(SlackProblem) as caught:
        post(client)
    return caught.value, server


def test_many_calls_share_one_connection() -> None:
    with slack(OK) as (client, server):
        for _ in range(20):
            post(client)
        assert (len(server.requests), server.connections) == (20, 1)
        assert server.requests[0].target == "/api/chat.postMessage"
        assert server.requests[0].headers["authorization"] == f"Bearer {TOKEN}"


def test_calls_at_once_open_no_more_connections_than_there_are_callers() -> None:
    with slack(OK) as (client, server), ThreadPoolExecutor(8) as pool:
        assert len(list(pool.map(lambda _: post(client), range(80)))) == 80
        assert server.connections <= 8


def test_a_response_url_shares_the_pool() -> None:
    with slack(OK, says(200, b"ok"), OK) as (client, server):
        post(client)
        client.post_json(f"{server.url}/commands/T1/2/secret", b'{"text": "x"}')
        post(client)
        assert server.connections == 1
        assert server.requests[1].body == b'{"text": "x"}'
        assert "authorization" not in server.requests[1].headers


@pytest.mark.parametrize(
    ("step", "maybe_done", "retry_after"),
    [
        (resets(), True, None),
        (resets(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"), True, None),
        (raw(b""), True, None),
        (raw(b"SSH-2.0 hello\r\n\r\n"), True, None),
        (says(500, b'{"ok": false, "error": "internal_error"}'), True, None),
        (says(503), True, None),
        (HTML, True, None),
        (says(200, b"<html>captive portal</html>"), True, None),
        (says(200, b""), True, None),
        (says(200, b"[]"), True, None),
        (says(200, b"null"), True, None),
        (says(200, b"17"), True, None),
        (says(200, b'"x"'), True, None),
        (says(200, b'{"ok": tru'), True, None),
        (says(200, b"\xff\xfe\x00"), True, None),
        (says(200, b"{}", "Content-Encoding: gzip"), True, None),
        (says(302, b"", "Location: http://127.0.0.1:9/"), False, None),
        (says(403, b"forbidden"), False, None),
        (says(429, b"", "Retry-After: 7"), False, 7.0),
        (says(429, b'{"ok": false, "error": "ratelimited"}', "retry-after: 30"), False, 30.0),
        (says(429, b"<html>", "Retry-After: soon"), False, 1.0),
        (says(429), False, 1.0),
        (says(429, b"", "Retry-After: " + "9" * 500), False, 3600.0),
        (says(429, b"", "Retry-After: -5"), False, 1.0),
        (shows({"ok": False, "error": "channel_not_found"}), False, None),
        (shows({"ok": False, "error": "fatal_error"}), True, None),
        (shows({"ok": False, "error": "service_unavailable"}), True, None),
        (shows({"ok": False, "error": "request_timeout"}), True, None),
        (shows({"ok": False}), False, None),
        (shows({"ok": False, "error": None, "response_metadata": [1]}), False, None),
        (shows({"ok": False, "error": "x", "response_metadata": {"messages": None}}), False, None),
    ],
)
def test_a_failure_is_sent_once_and_says_what_it_may_have_done(
    step: Step, maybe_done: bool, retry_after: float | None
) -> None:
    problem, server = failure(step, OK)
    assert len(server.requests) == 1
    assert (problem.maybe_done, problem.retry_after) == (maybe_done, retry_after)
    assert TOKEN not in f"{problem} {problem.error} {vars(problem)}"
    assert len(problem.error) <= 200
    assert "<html>" not in problem.error


def test_the_connection_is_whole_again_after_a_failure() -> None:
    with slack(resets(), OK) as (client, server):
        with pytest.raises(SlackProblem):
            post(client)
        post(client)
        assert len(server.requests) == 2


def test_nobody_listening_means_nothing_was_done() -> None:
    with Scripted([OK]) as server:
        url = server.url
    client = PooledWebClient(TOKEN, f"{url}/api/")
    with pytest.raises(SlackProblem) as caught:
        post(client)
    assert caught.value.error == "unreachable"
    assert not caught.value.maybe_done


def test_silence_ends_and_leaves_it_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "READ_SECONDS", 0.1)
    with Scripted([]) as server:
        server.steps.append(server.hangs())
        client = PooledWebClient(TOKEN, f"{server.url}/api/")
        with pytest.raises(SlackProblem) as caught:
            post(client)
        assert caught.value.maybe_done
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ({"error": "expired_trigger_id"}, TriggerExpired),
        ({"error": "exchanged_trigger_id"}, TriggerExpired),
        ({"error": "invalid_trigger_id"}, TriggerExpired),
        ({"error": "trigger_expired"}, TriggerExpired),
        ({"error": "invalid_arguments",
          "response_metadata": {"messages": ["[ERROR] the trigger_id has expired"]}},
         TriggerExpired),
        ({"error": "invalid_arguments",
          "response_metadata": {"messages": ["[ERROR] missing required field"]}}, SlackProblem),
        ({"error": "not_found"}, ViewGone),
        ({"error": "hash_conflict"}, ViewMoved),
    ],
)  # fmt: skip
def test_errors_by_meaning(answer: dict[str, object], kind: type[SlackProblem]) -> None:
    problem, _ = failure(shows({"ok": False, **answer}))
    assert type(problem) is kind


@given(st.text() | st.integers().map(str) | st.floats().map(str) | st.none())
def test_any_retry_after_is_some_seconds(text: str | None) -> None:
    found = problem_of(429, "ratelimited", {} if text is None else {"retry-after": text})
    assert found.retry_after is not None
    assert 0 <= found.retry_after <= module.LONGEST_RETRY_AFTER_SECONDS


def refused(client: PooledWebClient, url: str) -> bool:
    try:
        client.post_json(url, b"{}")
    except SlackProblem as problem:
        return problem.error == "response_url_refused"
    return False


FOREIGN = [
    "https://evil.example/commands/1",
    "https://slack.com.evil.example/commands/1",
    "https://evilslack.com/commands/1",
    "https://slack.com@evil.example/commands/1",
    "https://evil.example\\.slack.com/commands/1",
    "https://evil.example#.slack.com/",
    "https://evil.example?.slack.com/",
    "https://user:pass@hooks.slack.com/",
    "http://hooks.slack.com/commands/1",
    "ftp://hooks.slack.com/",
    "//hooks.slack.com/",
    "hooks.slack.com/commands/1",
    "https://",
    "https://[::1",
    "https://hooks.slack.com:port/",
    "https://169.254.169.254/latest/meta-data",
    "file:///etc/passwd",
    "",
]


@pytest.mark.parametrize("url", FOREIGN)
def test_a_response_url_of_a_foreign_host_is_not_asked(url: str) -> None:
    assert refused(PooledWebClient(TOKEN, "https://slack.com/api/"), url)
    with slack(OK) as (client, server):
        assert refused(client, url)
        assert server.requests == []


class Unsent(PooledWebClient):
    """Notes where it would post to."""

    def _send(self, url: str, body: object, headers: object) -> NoReturn:
        host = urllib3.util.parse_url(url).host or ""
        assert host == "slack.com" or host.endswith(".slack.com")
        raise SlackProblem("not really sent")


UNSENT = Unsent(TOKEN, "https://slack.com/api/")


@pytest.mark.parametrize(
    "url", ["https://hooks.slack.com/commands/1", "https://slack.com/x", "https://HOOKS.slack.com/"]
)
def test_slacks_own_hosts_are_known(url: str) -> None:
    with pytest.raises(SlackProblem, match="not really sent"):
        UNSENT.post_json(url, b"{}")


glue = st.sampled_from(
    [
        "https://",
        "http://",
        "slack.com",
        ".",
        "evil.example",
        "@",
        "\\",
        "/",
        "#",
        "?",
        ":",
        "%2e",
        "\t",
        "\n",
        "[",
        "]",
        "hooks",
        "443",
        " ",
        "\x00",
    ]
)


@given(st.text(max_size=60) | st.lists(glue, max_size=9).map("".join))
def test_any_address_is_slacks_or_refused(url: str) -> None:
    with pytest.raises(SlackProblem):
        UNSENT.post_json(url, b"{}")


@pytest.mark.parametrize(
    ("status", "maybe_done"), [(404, False), (410, False), (500, True), (429, False)]
)
def test_a_response_url_that_fails(status: int, maybe_done: bool) -> None:
    with slack(says(status, b"used_url", "Retry-After: 3")) as (client, server):
        with pytest.raises(SlackProblem) as caught:
            client.post_json(f"{server.url}/commands/1", b"{}")
        assert caught.value.error == f"response_url_{status}"
        assert caught.value.maybe_done == maybe_done
        assert caught.value.retry_after == (3.0 if status == 429 else None)
        assert len(server.requests) == 1


def test_the_token_stands_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for step in (OK, HTML, resets(), says(429)):
        with slack(step) as (client, _):
            try:
                post(client)
            except SlackProblem as problem:
                logging.getLogger("test").warning("%s %r", problem, problem, exc_info=problem)
    assert caplog.records
    assert "canary" not in caplog.text
    assert TOKEN not in repr(PooledWebClient(TOKEN, "http://127.0.0.1:9/api/"))


def test_a_closed_client_lets_go_of_its_connections() -> None:
    with slack(OK) as (client, server):
        post(client)
        client.close()
        assert server.gone.get(timeout=10) == 1
