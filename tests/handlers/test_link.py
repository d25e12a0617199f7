"""Socket Mode against the simulated Slack: connects, tries again, comes back, and ends."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from handlers import link as module
from handlers.link import Link
from sandbox.slack.faults import Fault, FaultKind
from sandbox.slack.sample import OPERATOR, sample_world
from sandbox.slack.server import SlackSimulator

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
def linked(slack: SlackSimulator) -> Iterator[Link]:
    client = WebClient(base_url=slack.api_url)
    app = App(client=client, authorize=_authorize, process_before_response=True)
    app.command("/failover")(lambda ack: ack(response_type="ephemeral", text="heard"))
    made = Link(app, slack.app_token, client)
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
    looks_until_it_is_stale, looks_until_it_is_seen = 4, 1
    assert (looks_until_it_is_stale + looks_until_it_is_seen) * module.PING_SECONDS <= 30


def test_an_end_before_the_beginning(slack: SlackSimulator) -> None:
    slack.fault(Fault(FaultKind.STATUS, method="apps.connections.open", status=500, times=None))
    with linked(slack):
        waits(slack, lambda: slack.world.journal.calls("apps.connections.open"))
    waits(slack, lambda: "socket-mode" not in {one.name for one in threading.enumerate()})
    assert not slack.hub.connections
