"""Slack's side may do what it likes: every call ends in time, with little in memory, sent once."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from failover.errors import SlackProblem
from tests.uplynk.scripted import Scripted, Step, says, shows
from workspace import client as module
from workspace.client import PooledWebClient
from workspace.screen import called

TOKEN = "xoxb-canary-0123456789"
OK = shows({"ok": True, "channel": "C1", "ts": "1.2"})
FAR = 5.0
"""Long before this each call must have ended: nothing here lets go by itself."""

Slow = Callable[[Scripted], Step]
SLOW: dict[str, Slow] = {
    "hangs": lambda server: server.hangs(),
    "half an answer": lambda server: server.hangs(
        b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"
    ),
    "trickles its status": lambda server: server.trickles(b"", b"H"),
    "trickles its headers": lambda server: server.trickles(b"HTTP/1.1 200 OK\r\nX: ", b"y"),
    "trickles header lines": lambda server: server.trickles(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
    "goes on being about to": lambda server: server.trickles(b"", b"HTTP/1.1 100 C\r\n\r\n"),
    "trickles a body": lambda server: server.trickles(
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n{", b" "
    ),
    "trickles without an end": lambda server: server.trickles(
        b'HTTP/1.1 200 OK\r\n\r\n{"ok": true}', b" "
    ),
    "trickles chunks": lambda server: server.trickles(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"
    ),
}


def post(client: PooledWebClient) -> object:
    return called(lambda: client.chat_postMessage(channel="C1", text="hello"))


@pytest.mark.parametrize("slow", SLOW.values(), ids=SLOW)
def test_a_call_ends_in_time(slow: Slow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CALL_SECONDS", 0.3)
    with Scripted([]) as server:
        server.steps.append(slow(server))
        client = PooledWebClient(TOKEN, f"{server.url}/api/")
        begun = time.monotonic()
        with pytest.raises(SlackProblem) as caught:
            post(client)
        assert time.monotonic() - begun < FAR
        assert caught.value.maybe_done
        assert len(server.requests) == 1
        client.close()


def test_a_response_url_ends_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CALL_SECONDS", 0.3)
    with Scripted([]) as server:
        server.steps.append(server.trickles(b"HTTP/1.1 200 OK\r\nX: ", b"y"))
        client = PooledWebClient(TOKEN, f"{server.url}/api/")
        with pytest.raises(SlackProblem) as caught:
            client.post_json(f"{server.url}/commands/1", b"{}")
        assert caught.value.error == "no_answer_in_time"
        client.close()


def test_the_next_call_is_well_after_one_that_was_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CALL_SECONDS", 1.0)
    with Scripted([]) as server:
        server.steps += [server.trickles(b"HTTP/1.1 200 OK\r\nX: ", b"y"), OK]
        client = PooledWebClient(TOKEN, f"{server.url}/api/")
        with pytest.raises(SlackProblem):
            post(client)
        post(client)
        client.close()


def _when(condition: Callable[[], bool], act: Callable[[], None]) -> threading.Thread:
    def wait() -> None:
        until = time.monotonic() + FAR
        while not condition() and time.monotonic() < until:
            threading.Event().wait(0.01)
        act()

    thread = threading.Thread(target=wait)
    thread.start()
    return thread


BOMB = gzip.compress(b'{"ok": true, "x": "' + b"0" * (64 << 20) + b'"}')


@pytest.mark.parametrize(
    "step",
    [
        says(200, BOMB, "Content-Encoding: gzip"),
        says(200, b'{"x": "' + b"0" * (17 << 20) + b'"}'),
        says(502, b"0" * (17 << 20), length=False),
    ],
    ids=["bomb", "long", "long without a length"],
)
def test_an_answer_that_has_grown_too_long_is_dropped(step: Step) -> None:
    with Scripted([step]) as server:
        client = PooledWebClient(TOKEN, f"{server.url}/api/")
        with pytest.raises(SlackProblem) as caught:
            post(client)
        assert (caught.value.error, caught.value.maybe_done) == ("answer_too_long", True)
        assert len(server.requests) == 1
        client.close()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(status: int) -> None:
    with Scripted([OK]) as decoy, Scripted([]) as server:
        server.steps.append(says(status, b"", f"Location: {decoy.url}/api/chat.postMessage"))
        client = PooledWebClient(TOKEN, f"{server.url}/api/")
        with pytest.raises(SlackProblem):
            post(client)
        with pytest.raises(SlackProblem):
            client.post_json(f"{server.url}/commands/1", b"{}")
        assert (len(server.requests), decoy.connections) == (2, 0)
        client.close()


def test_the_environment_changes_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    with Scripted([OK]) as decoy, Scripted([OK]) as server:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, decoy.url)
            monkeypatch.setenv(name.lower(), decoy.url)
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.setenv("NETRC", str(netrc))
        client = PooledWebClient(TOKEN, f"{server.url}/api/")
        post(client)
        client.post_json(f"{server.url}/commands/1", b"{}")
        assert decoy.connections == 0
        assert server.requests[0].headers["authorization"] == f"Bearer {TOKEN}"
        client.close()


def test_closing_ends_what_is_under_way() -> None:
    with Scripted([]) as server:
        server.steps.append(server.trickles(b"HTTP/1.1 200 OK\r\nX: ", b"y"))
        client = PooledWebClient(TOKEN, f"{server.url}/api/")
        closer = _when(lambda: bool(server.requests), client.close)
        with pytest.raises(SlackProblem):
            post(client)
        closer.join(FAR)
        assert not closer.is_alive()
