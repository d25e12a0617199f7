"""Who may approve, decline or withdraw what, in every state of it: each press against a table."""

import pytest

from failover.lifecycle import State, Why
from failover.notices import Kind
from services.approvals import Decided
from tests.builders import ADMIN, OPERATOR, SPORTS, later
from tests.services.asking import (
    APPROVER,
    BOTH,
    BROUGHT,
    OTHER,
    PEOPLE,
    asks,
    presses,
    staged,
    stands,
)
from tests.stage import Stage

PRESSES = ("approve", "decline", "withdraw")

OPEN = """
    requester   own_request  own_request  withdrawn
    approver    approved     declined     not_yours
    other       approved     declined     not_yours
    both        approved     declined     not_yours
    member      approved     declined     not_yours
    admin       approved     declined     not_yours
    operator    no_role      no_role      not_yours
    outsider    no_role      no_role      not_yours
    elsewhere   no_role      no_role      not_yours
    namesake    own_request  own_request  not_yours
"""
"""What each press comes to while one person is still needed."""

ENDED = """
    requester   not_open     not_open     not_open
    approver    not_open     not_open     not_yours
    other       not_open     not_open     not_yours
    both        not_open     not_open     not_yours
    member      not_open     not_open     not_yours
    admin       not_open     not_open     not_yours
    operator    not_open     not_open     not_yours
    outsider    not_open     not_open     not_yours
    elsewhere   not_open     not_open     not_yours
    namesake    not_open     not_open     not_yours
"""
"""What each press comes to once it is decided, whichever way, or its time is over."""

OF_TWO = OPEN.replace("approved", "one_more")
"""What each press comes to while two people are still needed."""

SECOND_OF_TWO = OPEN.replace("approver    approved", "approver    twice   ").replace(
    "elsewhere   no_role ", "elsewhere   twice   "
)
"""``approver`` has approved already: they may still change their mind, but count once."""


def cells(table: str) -> list[tuple[str, str, Decided]]:
    rows = [line.split() for line in table.strip().splitlines()]
    assert [row[0] for row in rows] == list(PEOPLE)
    return [
        (who, press, Decided(code))
        for who, *codes in rows
        for press, code in zip(PRESSES, codes, strict=True)
    ]


EVERY = [
    *((1, name, *cell) for name in BROUGHT for cell in cells(OPEN if name == "open" else ENDED)),
    *((2, name, *cell) for name in BROUGHT for cell in cells(OF_TWO if name == "open" else ENDED)),
]
DECIDED = {
    Decided.APPROVED: (State.APPROVED, None),
    Decided.ONE_MORE: (State.AWAITING, None),
    Decided.DECLINED: (State.REFUSED, Why.DECLINED),
    Decided.WITHDRAWN: (State.REFUSED, Why.WITHDRAWN),
}


def named(case: tuple[int, str, str, str, Decided]) -> str:
    return "-".join([str(one) for one in case[:4]])


@pytest.mark.parametrize("case", EVERY, ids=named)
def test_every_press_of_everybody_in_every_state(case: tuple[int, str, str, str, Decided]) -> None:
    need, name, who, press, code = case
    stage = staged(need)
    asks(stage)
    bring, state = BROUGHT[name]
    bring(stage)
    before = stands(stage)
    assert before.state is state
    assert presses(stage, press, PEOPLE[who]) is code
    changed(stage, before.version, code)


@pytest.mark.parametrize("case", cells(SECOND_OF_TWO))
def test_every_press_of_everybody_after_the_first_of_two(case: tuple[str, str, Decided]) -> None:
    who, press, code = case
    stage = staged(2)
    asks(stage)
    assert presses(stage, "approve", APPROVER) is Decided.ONE_MORE
    assert presses(stage, press, PEOPLE[who]) is code
    changed(stage, 3, code)


def changed(stage: Stage, version: int, code: Decided) -> None:
    """The record was moved on once if the press decided anything, and otherwise not at all."""
    now = stands(stage)
    assert now.version == version + (code in DECIDED)
    if code in DECIDED:
        assert (now.state, now.why) == DECIDED[code]
    stage.work.run()
    if now.state is not State.SENDING:
        assert bool(stage.uplynk.sent) == (len(now.approvals) >= now.facts["need"])


def test_what_was_never_asked_cannot_be_decided() -> None:
    stage = staged()
    assert presses(stage, "approve", APPROVER) is Decided.UNKNOWN
    assert presses(stage, "decline", APPROVER) is Decided.UNKNOWN
    assert presses(stage, "withdraw", OPERATOR) is Decided.UNKNOWN
    assert stage.approvals.may_decide("change-1", APPROVER) is not None


# -- what a request and a decision say


def test_a_request_says_how_many_by_when_and_who_they_may_be() -> None:
    stage = staged(2)
    waiting = asks(stage)
    assert waiting.facts == {
        "need": 2,
        "expires_at": later(900).isoformat(),
        "lessened": [],
        "users": sorted([APPROVER.user_id, OTHER.user_id, BOTH.user_id, ADMIN.user_id]),
        "usergroups": [SPORTS],
    }
    assert stage.ledger.told(waiting.id).keys() == {Kind.CARD, Kind.ANSWER}
    assert stage.ledger.seen(str(waiting.request.seen)) == waiting.before


def test_who_agreed_and_when_is_kept_and_told_on_the_card() -> None:
    stage = staged(2)
    asks(stage)
    stage.clock.advance(60)
    presses(stage, "approve", APPROVER)
    assert stands(stage).approvals == ((APPROVER.user_id, later(60)),)
    assert stage.ledger.told("change-1")[Kind.CARD] == later(60)
    stage.clock.advance(60)
    presses(stage, "approve", OTHER)
    first, second = (APPROVER.user_id, later(60)), (OTHER.user_id, later(120))
    assert stands(stage).approvals == (first, second)
    stage.work.run()
    done = stands(stage)
    assert (done.state, done.approvals) == (State.VERIFIED, (first, second))
    assert stage.states() == ["received", "awaiting", "awaiting", "approved", "sending", "verified"]


def test_who_declined_and_why_is_kept_and_told_to_everybody() -> None:
    stage = staged()
    asks(stage)
    stage.clock.advance(60)
    found = stage.approvals.decline("change-1", APPROVER, "after the match")
    assert found.record == stands(stage)
    facts = stands(stage).facts
    assert (facts["by"], facts["words"]) == (APPROVER.user_id, "after the match")
    assert stands(stage).ended_at == later(60)
    assert set(stage.ledger.told("change-1").values()) == {later(60)}


@pytest.mark.parametrize("press", ["decline", "withdraw"])
def test_an_end_is_told_on_the_card_and_to_whoever_asked(press: str) -> None:
    stage = staged()
    asks(stage)
    stage.clock.advance(60)
    presses(stage, press, OPERATOR if press == "withdraw" else APPROVER)
    assert stage.ledger.told("change-1") == {Kind.CARD: later(60), Kind.ANSWER: later(60)}


def test_whoever_comes_too_late_is_shown_who_was_first() -> None:
    stage = staged()
    asks(stage)
    presses(stage, "approve", APPROVER)
    late = stage.approvals.approve("change-1", OTHER)
    assert late.code is Decided.NOT_OPEN
    assert late.record is not None
    assert [user for user, _ in late.record.approvals] == [APPROVER.user_id]


def test_the_reason_form_is_opened_only_for_those_who_could_send_it() -> None:
    for who, press, code in cells(OPEN):
        stage = staged()
        asks(stage)
        barred = stage.approvals.may_decide("change-1", PEOPLE[who])
        if press == "decline":
            assert (None if barred is None else barred.code) == (
                None if code is Decided.DECLINED else code
            )
