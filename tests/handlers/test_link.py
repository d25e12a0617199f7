"""Socket Mode against the simulated Slack: connects, tries again, comes back, and ends."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.socket_mode.builtin.connection import Connection

from handlers import link as module
from handlers.link import Link
from handlers.lively_client import LivelyClient, _hang_up
from sandbox.slack.faults import Fault, FaultKind
from sandbox.slack.sample import OPERATOR, sample_world
from sandbox.slack.server import SlackSimulator
from tests.uplynk.scripted import Scripted, says
from workspace.client import PooledWebClient

WAIT = 15.0


@pytest.fixture
def slack(monkeypatch: pytest.MonkeyPatch) -> Iterator[SlackSimulator]:
    monkeypatch.setattr(module, "PING_SECONDS", 0.1)
    monkeypatch.setattr(module, "RETRY_SECONDS", 0.01)
    with SlackSimulator(sample_world()) as simulator:
        simulator.use_socket_mode()
        yield simulator


def _authorize() -> AuthorizeResult:
    return AuthorizeResult(
        enterprise_id=None, team_id="T1", bot_token="xoxb-1", bot_user_id="U0BOT"
    )


@contextmanager
def linked(slack: SlackSimulator, lost: Callable[[], None] = lambda: None) -> Iterator[Link]:
    client = WebClient(base_url=slack.api_url)
    app = App(client=client, authorize=_authorize, process_before_response=True)
    app.command("/failover")(lambda ack: ack(response_type="ephemeral", text="heard"))
    made = Link(app, slack.app_token, client, lost=lost)
    made.start()
    try:
        yield made
    finally:
        made.stop()


def waits(slack: SlackSimulator, condition: Callable[[], object]) -> None:
    slack.person(OPERATOR).waits_for(condition, WAIT)


def test_what_is_typed_arrives_until_the_end(slack: SlackSimulator) -> None:
    with linked(slack) as link:
        waits(slack, lambda: link.connected)
        delivery = slack.person(OPERATOR).types("/failover help")
        assert delivery.ok, delivery.detail
        assert slack.person(OPERATOR).private_messages()[-1].text == "heard"
    waits(slack, lambda: not slack.hub.connections)
    assert not link.connected


def test_slack_is_tried_again_at_first_and_when_it_falls_silent(
    slack: SlackSimulator, caplog: pytest.LogCaptureFixture
) -> None:
    slack.fault(Fault(FaultKind.STATUS, method="apps.connections.open", status=500, times=3))
    with linked(slack) as link:
        waits(slack, lambda: link.connected and slack.hub.connections)
        opened = len(slack.world.journal.calls("apps.connections.open"))
        slack.hub.fall_silent()
        waits(slack, lambda: len(slack.world.journal.calls("apps.connections.open")) > opened)
        waits(slack, lambda: link.connected)
    assert caplog.text.count("no Socket Mode connection") == 3
    assert slack.app_token not in caplog.text


# The library lets go of the refused connection's socket without closing it.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_each_try_asks_for_an_address_of_its_own(slack: SlackSimulator) -> None:
    slack.hub.accepting = False
    with linked(slack) as link:
        waits(slack, lambda: len(slack.world.journal.calls("apps.connections.open")) >= 3)
        slack.hub.accepting = True
        waits(slack, lambda: link.connected and slack.hub.connections)


def test_a_silent_link_is_noticed_within_thirty_seconds() -> None:
    noticed = module.SILENT_SECONDS + module.LOOK_SECONDS
    assert module.SILENT_SECONDS > 2 * module.PING_SECONDS, "a pong may be late"
    assert noticed + module.RETRY_SECONDS <= 30


def test_an_end_before_the_beginning(slack: SlackSimulator) -> None:
    slack.fault(Fault(FaultKind.STATUS, method="apps.connections.open", status=500, times=None))
    with linked(slack):
        waits(slack, lambda: slack.world.journal.calls("apps.connections.open"))
    waits(slack, lambda: "socket-mode" not in {one.name for one in threading.enumerate()})
    assert not slack.hub.connections


def test_a_silent_link_is_told_of_and_replaced(
    slack: SlackSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PING_SECONDS", 60.0)  # the library notices nothing
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(module, "SILENT_SECONDS", 0.5)
    with linked(slack) as link:
        waits(slack, lambda: link.standing() == "ok" and slack.hub.connections)
        slack.fault(Fault(FaultKind.STATUS, method="apps.connections.open", times=None))
        slack.hub.fall_silent()
        waits(slack, lambda: "not connected for" in link.standing())
        waits(slack, lambda: "Slack gives no address" in link.standing())
        slack.world.faults.clear()
        waits(slack, lambda: link.standing() == "ok")
        assert link.last_message_age() < WAIT


def test_one_bad_look_is_told_of_and_not_the_last(
    slack: SlackSimulator, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    looks = iter([AttributeError("no socket")])

    def hung_up(_client: LivelyClient) -> bool:
        for problem in looks:
            raise problem
        return False

    monkeypatch.setattr(LivelyClient, "hung_up", hung_up)
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.05)
    with linked(slack) as link:
        waits(slack, lambda: "could not be looked after" in caplog.text)
        opened = slack.hub.links_opened
        slack.hub.drop()
        link._client.disconnect()
        waits(slack, lambda: slack.hub.links_opened > opened and link.connected)


class Overtaken:
    """A lock in whose place another thread hangs up first."""

    def __init__(self, session: Connection) -> None:
        self._session = session

    def __enter__(self) -> None:
        sock, self._session.sock = self._session.sock, None
        assert sock is not None
        sock.close()

    def __exit__(self, *_: object) -> None:
        pass


def test_two_may_hang_up_at_once() -> None:
    ours, theirs = socket.socketpair()
    session = Connection("ws://127.0.0.1/", logging.getLogger(__name__))
    session.sock = ours
    session.sock_send_lock = Overtaken(session)  # type: ignore[assignment]
    _hang_up(session)
    assert theirs.recv(1) == b""
    assert not session.is_active()
    theirs.close()


@pytest.mark.parametrize("weather", ["drop", "disconnect"])
def test_a_link_that_ends_is_followed_by_another(
    slack: SlackSimulator, monkeypatch: pytest.MonkeyPatch, weather: str
) -> None:
    monkeypatch.setattr(module, "PING_SECONDS", 60.0)  # the library would notice nothing
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.05)
    with linked(slack) as link:
        waits(slack, lambda: slack.hub.links_opened == 1 and link.connected)
        getattr(slack.hub, weather)()
        waits(slack, lambda: slack.hub.links_opened >= 2 and link.connected)
        waits(slack, lambda: slack.person(OPERATOR).types("/failover help").ok)


def test_pongs_count_as_signs_of_life(
    slack: SlackSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(module, "SILENT_SECONDS", 1.0)
    with linked(slack) as link:
        waits(slack, lambda: link.connected and slack.hub.connections)
        begun = time.monotonic()
        waits(slack, lambda: time.monotonic() - begun > 2.5)
        assert slack.hub.links_opened == 1
        assert link.last_message_age() <= 1.0


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_it_gives_up_where_no_new_link_helps(
    slack: SlackSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(module, "LOST_SECONDS", 0.5)
    lost: list[bool] = []
    slack.fault(Fault(FaultKind.STATUS, method="apps.connections.open", times=None))
    slack.hub.accepting = False
    with linked(slack, lambda: lost.append(True)) as link:
        waits(slack, lambda: link.last_message_age() > 1.0)
        assert not link.given_up, "a new process would have no address either"
        slack.world.faults.clear()
        waits(slack, lambda: link.given_up)
        waits(slack, lambda: link.last_message_age() > 2.0)
    assert lost == [True]


def test_the_environment_names_no_proxy(
    slack: SlackSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    app = App(client=WebClient(), authorize=_authorize, process_before_response=True)
    with Scripted([says(500)]) as decoy:
        monkeypatch.setenv("HTTP_PROXY", decoy.url)
        client = PooledWebClient("xoxb-1", slack.api_url)
        made = Link(app, slack.app_token, client)
        made.start()
        try:
            waits(slack, lambda: made.connected)
        finally:
            made.stop()
            client.close()
        assert decoy.connections == 0
