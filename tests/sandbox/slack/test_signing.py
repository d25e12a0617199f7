"""Signatures and their forgeries against a real Bolt app, and requests repeated or delayed."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from slack_sdk.signature import SignatureVerifier

from sandbox.slack.people import SimulatedPerson
from sandbox.slack.server import SlackSimulator
from sandbox.slack.signing import FORM, JSON, SIGNATURE, TIMESTAMP, SignedRequest
from tests.sandbox.slack.bot_app import new_app, over_http

Heard = list[dict[str, Any]]


@pytest.fixture
def heard(slack: SlackSimulator) -> Iterator[Heard]:
    found: Heard = []
    app = new_app(slack)
    app.command("/failover")(lambda ack, body: (found.append(body), ack()))
    app.event("subteam_members_changed")(lambda ack, body: (found.append(body), ack()))
    with over_http(slack, app):
        yield found


@pytest.fixture
def request_(slack: SlackSimulator, operator: SimulatedPerson, heard: Heard) -> SignedRequest:
    request = slack.request_of(operator.types("/failover status"))
    heard.clear()
    return request


def test_requests_are_signed_as_slack_says(slack: SlackSimulator, request_: SignedRequest) -> None:
    verifier = SignatureVerifier(slack.signing_secret)
    assert verifier.is_valid_request(request_.body, dict(request_.headers))
    assert request_.headers[SIGNATURE].startswith("v0=")


@pytest.mark.parametrize(
    "forged",
    [
        lambda s, r: r.without(SIGNATURE),
        lambda s, r: r.without(TIMESTAMP),
        lambda s, r: s.signer.wrong_signature(r),
        lambda s, r: s.signer.tampered(r, r.body + b"&x=1"),
        lambda s, r: s.signer.stale(r, 302),
        lambda s, r: s.signer.stale(r, -302),
    ],
)
def test_forgeries_are_refused_by_the_library(
    slack: SlackSimulator, request_: SignedRequest, heard: Heard, forged: Any
) -> None:
    assert slack.send_raw(forged(slack, request_)).status == 401
    assert heard == []


def test_a_timestamp_that_is_no_number_breaks_the_library(
    slack: SlackSimulator, request_: SignedRequest, heard: Heard
) -> None:
    delivery = slack.send_raw(slack.signer.timestamped(request_, "abc"))
    assert delivery.status in (None, 500)
    assert heard == []


def test_junk_json_breaks_the_library(slack: SlackSimulator, heard: Heard) -> None:
    delivery = slack.send_raw(slack.signer.sign(b"{nonsense", JSON))
    assert (delivery.status, delivery.detail) == (None, "closed")
    assert heard == []


def test_an_exact_replay_is_heard_again(
    slack: SlackSimulator, request_: SignedRequest, heard: Heard
) -> None:
    for _ in range(2):
        assert slack.send_raw(request_).status == 200
    assert len(heard) == 2
    assert heard[0] == heard[1]


def test_a_delayed_delivery_carries_an_old_timestamp(
    slack: SlackSimulator, operator: SimulatedPerson, heard: Heard
) -> None:
    old = str(int(time.time()) - 120)
    late = slack.request_of(operator.types("/failover status"), timestamp=old)
    assert late.headers[TIMESTAMP] == old
    assert slack.send_raw(late).status == 200


def test_unsigned_headers_travel_along(
    slack: SlackSimulator, request_: SignedRequest, heard: Heard
) -> None:
    steered = request_.with_headers(X_Slack_Bolt_Lazy_Only="1", X_Slack_Bolt_Lazy_Function_Name="x")
    slack.world.moment.deadline_seconds = 0.1
    assert slack.send_raw(steered).status != 401
    assert heard == []


def test_a_command_delivered_again_keeps_its_ids(
    slack: SlackSimulator, operator: SimulatedPerson, heard: Heard
) -> None:
    delivery = operator.types("/failover status")
    slack.office.deliver_again(delivery)
    assert heard[0]["trigger_id"] == heard[1]["trigger_id"]


def test_a_changed_payload_is_rightly_signed(
    slack: SlackSimulator, operator: SimulatedPerson, heard: Heard
) -> None:
    delivery = operator.types("/failover status")
    changed = slack.office.deliver_changed(delivery, lambda p: {**p, "api_app_id": "A0OTHER"})
    assert changed.ok
    assert heard[1]["api_app_id"] == "A0OTHER"


def test_an_event_is_retried_with_the_same_id(slack: SlackSimulator, heard: Heard) -> None:
    delivery = slack.changes_usergroup("S0SPORTS", ("U0VIEWER",))
    slack.office.retry(delivery, 2, "http_error")
    slack.person("U0VIEWER").waits_for(lambda: len(heard) == 2)
    assert heard[0]["event_id"] == heard[1]["event_id"]
    assert heard[0]["event"]["added_users"] == ["U0VIEWER"]
    assert heard[0]["event"]["removed_users"] == ["U0OPERATOR"]
    assert slack.world.usergroups["S0SPORTS"].users == ("U0VIEWER",)


def test_retries_carry_their_headers(slack: SlackSimulator, heard: Heard) -> None:
    delivery = slack.changes_usergroup("S0SPORTS", ())
    again = slack.office.retry(delivery, 3)
    request = slack.request_of(again)
    assert request.headers["x-slack-retry-num"] == "3"
    assert request.headers["x-slack-retry-reason"] == "http_timeout"


def test_probes_are_answered(slack: SlackSimulator, heard: Heard) -> None:
    answer = slack.office.probe({"type": "url_verification", "challenge": "abc"})
    assert (answer.status, json.loads(answer.body)) == (200, {"challenge": "abc"})
    unsigned = slack.signer.sign(b"ssl_check=1&token=x", FORM).without(SIGNATURE, TIMESTAMP)
    assert slack.send_raw(unsigned).status == 200


def test_raw_requests_need_an_address(slack: SlackSimulator) -> None:
    with pytest.raises(RuntimeError, match="deliver_to"):
        slack.send_raw(slack.signer.sign(b"", FORM))
