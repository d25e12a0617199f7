"""The buttons of a request card and the form that asks why not."""

from __future__ import annotations

from typing import Any

import pytest

from blocks import errors, ids
from failover.errors import LedgerUnavailable, TriggerExpired, ViewGone
from failover.lifecycle import Record, State, Why
from failover.option_grammar import REASON_LIMIT
from failover.policy import Protect
from sandbox.slack.sample import ADMIN, OPERATOR, VIEWER
from tests.blocks import examine
from tests.builders import policy
from tests.fake_time import fails_at
from tests.handlers.acting import interacts, last, presses, types
from tests.handlers.conftest import Desk

ON_THE_CARD = {"container": {"type": "message", "is_ephemeral": False}}
SECOND = "U0SECOND"


@pytest.fixture
def asked(desk: Desk) -> str:
    """A change that waits for a second person; its ID."""
    desk.stage.rules = policy(protects=(Protect(),))
    types(desk, "/failover set nba prioritized now because rehearsal")
    desk.works()
    (record,) = desk.stage.ledger.records.values()
    assert record.state is State.AWAITING
    return record.id


def record(desk: Desk, change_id: str) -> Record:
    return desk.stage.ledger.records[change_id]


def press(desk: Desk, action_id: str, change_id: str, user: str = ADMIN, **more: Any) -> str:
    """What the person is told in private after a press at the card."""
    assert presses(desk, action_id, change_id, user=user, **{**ON_THE_CARD, **more}) == {}
    desk.works()
    return last(desk) if desk.screen.messages else ""


def declining(change_id: str, words: str | None) -> dict[str, Any]:
    """The form as it is submitted."""
    values = {ids.REASON: {ids.REASON: {"type": "plain_text_input", "value": words}}}
    return {"id": "V1", "type": "modal", "callback_id": ids.DECLINE_FORM, "hash": "h",
            "private_metadata": change_id, "state": {"values": values}}  # fmt: skip


def declines(desk: Desk, change_id: str, words: str | None, user: str = ADMIN) -> dict[str, Any]:
    """The immediate answer to the submitted form."""
    view = declining(change_id, words)
    return interacts(desk, "view_submission", user=user, view=view)


def test_an_approval_is_acknowledged_then_stored_then_carried_out(desk: Desk, asked: str) -> None:
    assert presses(desk, ids.APPROVE, asked, user=ADMIN, **ON_THE_CARD) == {}
    assert record(desk, asked).state is State.AWAITING
    assert list(desk.stage.uplynk.sent) == []
    desk.works()
    assert last(desk).startswith("✅ Thank you. The change is under way")
    assert record(desk, asked).state is State.VERIFIED
    assert [user for user, _ in record(desk, asked).approvals] == [ADMIN]
    assert len(desk.stage.uplynk.sent) == 1


def test_the_private_answer_that_still_offers_to_withdraw_does_no_harm(
    desk: Desk, asked: str
) -> None:
    press(desk, ids.APPROVE, asked)
    presses(desk, ids.WITHDRAW, asked)
    desk.works()
    assert record(desk, asked).state is State.VERIFIED
    told = last(desk)
    assert "approved already, by @Admin; how it stands: applied and verified." in told
    assert "Your press changed nothing." in told
    assert "[Withdraw]" not in told
    assert desk.screen.replaced[-1], "it takes the place of what was pressed"


def test_one_of_two_is_told_that_it_takes_another(desk: Desk) -> None:
    desk.stage.rules = policy(protects=(Protect(approvals=2),))
    types(desk, "/failover set nba prioritized now")
    desk.works()
    (waiting,) = desk.stage.ledger.records.values()
    assert "One more person has to approve" in press(desk, ids.APPROVE, waiting.id)
    assert press(desk, ids.APPROVE, waiting.id) == errors.APPROVED_BEFORE
    assert list(desk.stage.uplynk.sent) == []


@pytest.mark.parametrize(
    ("action_id", "user", "told"),
    [
        (ids.APPROVE, OPERATOR, errors.OWN_REQUEST),
        (ids.APPROVE, SECOND, "you need the role admin"),
        (ids.APPROVE, VIEWER, "you need the role admin"),
        (ids.WITHDRAW, ADMIN, errors.NOT_YOUR_REQUEST),
        (ids.WITHDRAW, OPERATOR, errors.WITHDRAWN),
    ],
)
def test_who_may_do_what(desk: Desk, asked: str, action_id: str, user: str, told: str) -> None:
    assert told in press(desk, action_id, asked, user)
    withdrawn = told is errors.WITHDRAWN
    assert record(desk, asked).state is (State.REFUSED if withdrawn else State.AWAITING)
    assert list(desk.stage.uplynk.sent) == []


@pytest.mark.parametrize("action_id", [ids.APPROVE, ids.DECLINE, ids.WITHDRAW])
@pytest.mark.parametrize("value", ["", "nobody", "{}", "x" * 2000, "' OR 1=1 --"])
def test_a_tampered_press_is_told(desk: Desk, asked: str, action_id: str, value: str) -> None:
    assert press(desk, action_id, value) == errors.GONE
    assert desk.screen.opened == []
    assert record(desk, asked).state is State.AWAITING


def test_the_slower_press_hears_who_was_first(desk: Desk, asked: str) -> None:
    press(desk, ids.APPROVE, asked)
    desk.stage.rules = policy(protects=(Protect(),), default_role=desk.stage.rules.default_role)
    assert "approved already, by @Admin" in press(desk, ids.APPROVE, asked, SECOND)
    assert "approved already, by @Admin" in press(desk, ids.WITHDRAW, asked, OPERATOR)
    assert len(desk.stage.uplynk.sent) == 1


def test_the_card_is_not_replaced_and_a_private_answer_is(desk: Desk, asked: str) -> None:
    replaced: list[bool] = []
    respond = desk.screen.respond

    def noted(url: str, message: dict[str, Any], *, replace: bool = False) -> None:
        replaced.append(replace)
        respond(url, message, replace=replace)

    desk.screen.respond = noted  # type: ignore[method-assign]
    press(desk, ids.WITHDRAW, asked, ADMIN)
    press(desk, ids.WITHDRAW, asked, OPERATOR, container={"type": "message", "is_ephemeral": True})
    assert replaced == [False, True]


def test_declining_asks_why_and_says_so(desk: Desk, asked: str) -> None:
    press(desk, ids.DECLINE, asked)
    (form,) = desk.screen.opened
    examine.view(form)
    assert form["private_metadata"] == asked
    assert "NBA Finals: flat → prioritized" in examine.shown_view(form)
    assert desk.screen.views == []
    assert record(desk, asked).state is State.AWAITING

    answer = declines(desk, asked, "not during the match")
    assert answer["response_action"] == "update"
    assert record(desk, asked).state is State.AWAITING
    desk.works()
    assert errors.DECLINED in examine.shown_view(desk.screen.views[-1])
    ended = record(desk, asked)
    assert (ended.state, ended.why) == (State.REFUSED, Why.DECLINED)
    assert ended.facts["words"] == "not during the match"
    assert ended.facts["by"] == ADMIN


@pytest.mark.parametrize("words", [None, "", "  \n "])
def test_a_refusal_without_a_reason_is_none(desk: Desk, asked: str, words: str | None) -> None:
    answer = declines(desk, asked, words)
    assert answer["response_action"] == "errors"
    assert set(answer["errors"]) == {ids.REASON}
    desk.works()
    assert record(desk, asked).state is State.AWAITING


def test_a_reason_that_no_input_would_take_is_cut(desk: Desk, asked: str) -> None:
    declines(desk, asked, "x" * 5000)
    desk.works()
    assert len(record(desk, asked).facts["words"]) == REASON_LIMIT


@pytest.mark.parametrize(("user", "told"), [(OPERATOR, "yourself"), (VIEWER, "you need the role")])
def test_who_may_not_decline_is_told_in_the_form(
    desk: Desk, asked: str, user: str, told: str
) -> None:
    press(desk, ids.DECLINE, asked, user)
    assert told in examine.shown_view(desk.screen.views[-1])
    declines(desk, asked, "no", user)
    desk.works()
    assert told in examine.shown_view(desk.screen.views[-1])
    assert record(desk, asked).state is State.AWAITING


def test_a_form_filled_in_too_long_hears_who_was_first(desk: Desk, asked: str) -> None:
    press(desk, ids.DECLINE, asked)
    press(desk, ids.WITHDRAW, asked, OPERATOR)
    declines(desk, asked, "no")
    desk.works()
    assert "withdrawn by @Operator already" in examine.shown_view(desk.screen.views[-1])
    assert record(desk, asked).why is Why.WITHDRAWN


def test_a_trigger_that_is_too_old_is_told(desk: Desk, asked: str) -> None:
    desk.screen.problem = TriggerExpired("expired_trigger_id")
    told = press(desk, ids.DECLINE, asked)
    assert "Slack did not do its part" in told
    assert "Nothing was changed." in told
    assert record(desk, asked).state is State.AWAITING


def test_a_form_closed_before_the_answer_still_declines(desk: Desk, asked: str) -> None:
    declines(desk, asked, "no")
    desk.screen.problem = ViewGone("not_found")
    desk.works()
    assert record(desk, asked).why is Why.DECLINED


@pytest.mark.parametrize("action_id", [ids.APPROVE, ids.DECLINE, ids.WITHDRAW])
def test_without_the_database_nothing_is_decided(desk: Desk, asked: str, action_id: str) -> None:
    desk.stage.ledger.trip = fails_at("get:before", LedgerUnavailable("down"))
    user = OPERATOR if action_id == ids.WITHDRAW else ADMIN
    assert press(desk, action_id, asked, user) == errors.UNRECORDED
    assert record(desk, asked).state is State.AWAITING
    assert list(desk.stage.uplynk.sent) == []


def test_a_decision_that_cannot_be_stored_is_none(desk: Desk, asked: str) -> None:
    desk.stage.ledger.trip = fails_at("advance:before", LedgerUnavailable("down"))
    assert press(desk, ids.APPROVE, asked) == errors.UNRECORDED
    assert record(desk, asked).state is State.AWAITING
    declines(desk, asked, "no")
    desk.stage.ledger.trip = fails_at("advance:before", LedgerUnavailable("down"))
    desk.works()
    assert errors.UNRECORDED in examine.shown_view(desk.screen.views[-1])
    assert record(desk, asked).state is State.AWAITING


def test_a_preview_says_that_others_are_asked(desk: Desk) -> None:
    desk.stage.rules = policy(protects=(Protect(),))
    types(desk, "/failover set nba prioritized")
    desk.works()
    assert "[Ask for approval] [Cancel]" in last(desk)
    value = desk.screen.messages[-1]["blocks"][-1]["elements"][0]["value"]
    presses(desk, ids.APPLY, value)
    desk.works()
    states = {one.state for one in desk.stage.ledger.records.values()}
    assert states == {State.SHOWN, State.AWAITING}


def held_up(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on every request reaches the bot 4 s after Slack has sent it."""
    signed = desk.signed

    def arrives(*request: Any) -> Any:
        made = signed(*request)
        desk.stage.clock.advance(4)
        return made

    monkeypatch.setattr(desk, "signed", arrives)


@pytest.mark.parametrize(
    ("action_id", "user"), [(ids.APPROVE, ADMIN), (ids.DECLINE, ADMIN), (ids.WITHDRAW, OPERATOR)]
)
def test_a_decision_that_slack_has_given_up_on_is_none(
    desk: Desk, asked: str, action_id: str, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = record(desk, asked)
    held_up(desk, monkeypatch)
    assert press(desk, action_id, asked, user) == examine.shown(errors.note(errors.LATE))
    assert record(desk, asked) == before
    assert desk.screen.opened == []


def test_a_reason_that_slack_has_given_up_on_can_be_given_again(
    desk: Desk, asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    held_up(desk, monkeypatch)
    answer = declines(desk, asked, "not during the match")
    assert answer["response_action"] == "errors"
    assert "too late" in answer["errors"][ids.REASON]
    desk.works()
    assert record(desk, asked).state is State.AWAITING
