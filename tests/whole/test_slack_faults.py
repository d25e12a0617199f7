"""Slack in trouble: the change goes on, and is told of exactly once when Slack is back."""

from functools import partial

import pytest

from sandbox.slack.faults import Fault, FaultKind
from sandbox.slack.sample import AUDIT

from .conftest import Scene

CHANGE = "/failover set nba prioritized now because rehearsal"


@pytest.mark.parametrize(
    "fault",
    [
        Fault(FaultKind.RATE_LIMITED, method="chat.postMessage", retry_after=1, times=2),
        Fault(FaultKind.RATE_LIMITED, method="chat.postMessage", body=False),
        Fault(FaultKind.ERROR, method="chat.postMessage", error="channel_not_found"),
        Fault(FaultKind.RATE_LIMITED, method="chat.update", retry_after=1),
        Fault(FaultKind.DROP_AFTER, method="chat.update"),
    ],
    ids=["429", "429 without a body", "refused", "429 on the edit", "edit dropped"],
)
def test_one_card_all_the_same(http: Scene, fault: Fault) -> None:
    http.slack.fault(fault)
    http.operator.types(CHANGE)
    http.waits(lambda: "applied and verified" in http.channel, 20)
    assert len(http.cards) == 1
    assert http.attempts() == 1


@pytest.mark.parametrize("kind", [FaultKind.DROP_AFTER, FaultKind.HTML, FaultKind.STATUS])
def test_a_post_whose_answer_was_lost_is_looked_for(http: Scene, kind: FaultKind) -> None:
    http.slack.fault(Fault(kind, method="chat.postMessage"))
    http.operator.types(CHANGE)
    http.waits(lambda: "applied and verified" in http.told(http.operator))
    http.waits(lambda: http.slack.world.journal.calls("conversations.history"), 30)
    http.waits(lambda: "applied and verified" in http.channel)
    assert len(http.cards) == 1


def test_an_outage_delays_the_cards_and_loses_none(http: Scene) -> None:
    http.slack.fault(Fault(FaultKind.DROP_BEFORE, method="chat.postMessage", times=None))
    http.slack.fault(Fault(FaultKind.DROP_BEFORE, method="response_url", times=None))
    modes = ("prioritized", "flat", "prioritized")

    def step(number: int, mode: str) -> bool:
        http.operator.types(f"/failover set nba {mode} now because step {number}")
        return http.world.wait_for(lambda _: http.writes() == number, 1.0)

    for number, mode in enumerate(modes, start=1):
        # While the one before is still being read back, its group is held and a change refused.
        http.waits(partial(step, number, mode))
    assert http.cards == []
    http.slack.world.faults.clear()
    http.waits(lambda: http.channel.count("applied and verified") == len(modes), 60)
    steps = [card.split("step ")[1][0] for card in http.cards]
    assert steps == ["1", "2", "3"]


def test_a_deleted_card_is_posted_anew(http: Scene) -> None:
    http.slack.fault(Fault(FaultKind.ERROR, method="chat.update", error="message_not_found"))
    http.operator.types(CHANGE)
    http.waits(lambda: "applied and verified" in http.channel)


def test_nothing_is_asked_inside_retry_after(http: Scene) -> None:
    http.slack.fault(Fault(FaultKind.RATE_LIMITED, method="chat.postMessage", retry_after=2))
    http.operator.types(CHANGE)
    # The card stands in the channel a moment before its call stands in the journal.
    http.waits(lambda: len(http.slack.world.journal.calls("chat.postMessage")) == 2, 20)
    first, second = (call.at for call in http.slack.world.journal.calls("chat.postMessage"))
    assert second - first >= 2.0


def test_the_answer_goes_to_a_direct_message_when_its_address_is_dead(http: Scene) -> None:
    fault = Fault(FaultKind.ERROR, method="response_url", error="used_url", times=None)
    http.slack.fault(fault)
    http.operator.types(CHANGE)
    http.waits(lambda: "applied and verified" in http.told(http.operator))
    assert http.operator.private_messages()[-1].channel != AUDIT


def test_no_connection_is_opened_anew_in_steady_state(http: Scene) -> None:
    for mode in ("prioritized", "flat"):
        http.operator.types(f"/failover set nba {mode} now")
        http.waits(lambda m=mode: f"→ {m}" in http.channel and "under way" not in http.channel)
    opened = http.slack.world.journal.connections_opened
    uplynk = http.uplynk.connections
    for mode in ("prioritized", "flat") * 3:
        count = http.channel.count("applied and verified")
        http.operator.types(f"/failover set nba {mode} now")
        http.waits(lambda n=count: http.channel.count("applied and verified") == n + 1)
    assert http.uplynk.connections == uplynk
    assert http.slack.world.journal.connections_opened - opened <= 2
