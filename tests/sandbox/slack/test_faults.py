"""Faults on demand, as the real client meets them."""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.slack.faults import Fault, FaultKind
from sandbox.slack.people import SimulatedPerson
from sandbox.slack.sample import AUDIT, LIVEOPS
from sandbox.slack.server import SlackSimulator
from tests.sandbox.slack.bot_app import new_app, over_http


def post(client: WebClient, channel: str = AUDIT) -> Any:
    return client.chat_postMessage(channel=channel, text="x")


@pytest.mark.parametrize(
    ("fault", "status", "error"),
    [
        (Fault(FaultKind.RATE_LIMITED, retry_after=7), 429, "ratelimited"),
        (Fault(FaultKind.RATE_LIMITED, body=False), 429, "non-JSON"),
        (Fault(FaultKind.STATUS), 500, "internal_error"),
        (Fault(FaultKind.STATUS, status=503, body=False), 503, "non-JSON"),
        (Fault(FaultKind.HTML), 502, "non-JSON"),
        (Fault(FaultKind.ERROR, error="fatal_error"), 200, "fatal_error"),
    ],
)
def test_a_faulty_answer_is_given_once_and_nothing_is_posted(
    slack: SlackSimulator, client: WebClient, fault: Fault, status: int, error: str
) -> None:
    slack.fault(fault)
    with pytest.raises(SlackApiError) as caught:
        post(client)
    response = caught.value.response
    assert response.status_code == status
    assert error in response["error"]
    assert response.headers.get("Retry-After") == (str(fault.retry_after or "") or None)
    assert slack.channel(AUDIT).messages() == []
    assert post(client)["ok"]
    assert [call.fault for call in slack.world.journal.calls()] == [fault.kind.value, ""]


@pytest.mark.parametrize(
    ("kind", "stored"), [(FaultKind.DROP_BEFORE, 0), (FaultKind.DROP_AFTER, 1)]
)
def test_a_dropped_line_loses_the_call_or_only_its_answer(
    slack: SlackSimulator, client: WebClient, kind: FaultKind, stored: int
) -> None:
    slack.fault(Fault(kind))
    with pytest.raises(OSError):  # noqa: PT011 - a reset or a remote disconnect
        post(client)
    assert len(slack.channel(AUDIT).messages()) == stored


def test_the_stock_client_posts_twice_after_a_lost_answer(slack: SlackSimulator) -> None:
    slack.fault(Fault(FaultKind.DROP_AFTER))
    post(WebClient(token=slack.bot_token, base_url=slack.api_url))
    assert len(slack.channel(AUDIT).messages()) == 2


def test_a_fault_can_be_for_one_method_and_channel(
    slack: SlackSimulator, client: WebClient
) -> None:
    slack.fault(Fault(FaultKind.STATUS, "chat.postMessage", times=None, channel=AUDIT))
    assert client.auth_test()["ok"]
    assert post(client, LIVEOPS)["ok"]
    for _ in range(3):
        with pytest.raises(SlackApiError):
            post(client)
    slack.world.faults.clear()
    assert post(client)["ok"]


@pytest.mark.parametrize(("kind", "stored"), [(FaultKind.HANG, 0), (FaultKind.HANG_AFTER, 1)])
def test_a_hanging_call_ends_when_faults_are_cleared(
    slack: SlackSimulator, client: WebClient, kind: FaultKind, stored: int
) -> None:
    slack.fault(Fault(kind, seconds=30))
    failed: list[OSError] = []

    def calling() -> None:
        try:
            post(client)
        except OSError as error:
            failed.append(error)

    thread = threading.Thread(target=calling)
    thread.start()
    slack.person("U0VIEWER").waits_for(lambda: not slack.world.faults.listed())
    while thread.is_alive():
        slack.world.faults.clear()
        thread.join(0.02)
    assert failed
    assert len(slack.channel(AUDIT).messages()) == stored


def test_a_slow_answer_still_comes(slack: SlackSimulator, client: WebClient) -> None:
    slack.fault(Fault(FaultKind.SLOW, seconds=0.05))
    assert post(client)["ok"]
    assert slack.world.journal.calls()[0].ms >= 50


def test_response_urls_can_fail_too(slack: SlackSimulator, operator: SimulatedPerson) -> None:
    app, statuses = new_app(slack), []

    @app.command("/failover")
    def command(ack: Any, respond: Any) -> None:
        ack()
        statuses.extend(respond("x").status_code for _ in range(2))

    slack.fault(Fault(FaultKind.STATUS, "response_url", status=503))
    with over_http(slack, app):
        operator.types("/failover")
        operator.waits_for(lambda: len(statuses) == 2)
    assert statuses == [503, 200]


def test_faults_are_set_and_lifted_over_http(slack: SlackSimulator, client: WebClient) -> None:
    def send(method: str, body: Any) -> int:
        request = urllib.request.Request(
            f"{slack.base_url}/_sim/faults", json.dumps(body).encode(), method=method
        )
        with urllib.request.urlopen(request, timeout=5) as answer:
            return int(answer.status)

    assert send("POST", {"kind": "error", "error": "no_permission", "times": None}) == 200
    with pytest.raises(SlackApiError, match="no_permission"):
        post(client)
    assert send("DELETE", {}) == 200
    assert post(client)["ok"]
    for wrong in ({"kind": "nonsense"}, {"kind": "slow", "colour": 1}, []):
        with pytest.raises(urllib.error.HTTPError, match="400"):
            send("POST", wrong)
