"""What is written of a record: who, where, what, why, and of which kind; as text without traps."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocks.outcomes import OUTCOMES as SHOWN
from failover.audit import (
    OUTCOMES,
    Attempt,
    Doing,
    Entry,
    Kind,
    Written,
    canonical,
    entry_of,
    entry_of_attempt,
    kind_of,
    plain,
    referring,
    utc,
)
from failover.lifecycle import FINAL, Record, State, Why, lasting
from tests.builders import OPERATOR, SECOND, START, VIEWER, group, later, record, request

CHANGE = Written(["configure", "prioritized", None], [])


def told(one: Record) -> dict[str, Any]:
    """The entry of a record as it is stored."""
    kind = kind_of(one)
    assert kind is not None
    return dict(json.loads(canonical(7, entry_of(one, kind, CHANGE, later(3)))))


KINDS = [
    (State.REFUSED, Why.ROLE, Kind.REFUSED),
    (State.REFUSED, Why.CANCELLED, Kind.CANCELLED),
    (State.REFUSED, Why.DECLINED, Kind.DECLINED),
    (State.REFUSED, Why.WITHDRAWN, Kind.WITHDRAWN),
    (State.REFUSED, Why.SET_STOPPED, Kind.REFUSED),
    (State.UNCHANGED, None, Kind.UNCHANGED),
    (State.AWAITING, None, Kind.ASKED),
    (State.APPROVED, None, Kind.APPROVED),
    (State.SENDING, None, Kind.SENDING),
    (State.UNKNOWN, None, Kind.UNKNOWN),
    (State.VERIFIED, None, Kind.OUTCOME),
    (State.UNVERIFIED, None, Kind.OUTCOME),
    (State.UNSETTLED, None, Kind.OUTCOME),
    (State.HALFWAY, Why.REJECTED, Kind.OUTCOME),
    (State.FAILED, Why.INTERRUPTED, Kind.OUTCOME),
    (State.FAILED, Why.EXPIRED, Kind.EXPIRED),
    (State.DONE, None, Kind.MEASURE),
    (State.RECEIVED, None, Kind.ACCEPTED),
    (State.SHOWN, None, None),
]


@pytest.mark.parametrize(("state", "why", "kind"), KINDS)
def test_every_move_has_its_kind(state: State, why: Why | None, kind: Kind | None) -> None:
    assert kind_of(record(state, why=why)) is kind


def test_no_state_was_forgotten() -> None:
    assert {state for state, _, _ in KINDS} == set(State)
    assert set(OUTCOMES) == (FINAL | {State.UNKNOWN}) - {State.SHOWN}


@pytest.mark.parametrize("state", OUTCOMES, ids=str)
def test_the_outcome_is_called_what_people_are_told(state: State) -> None:
    assert OUTCOMES[state] == SHOWN[state][1]


def test_one_approval_of_several_is_no_further_question() -> None:
    names = {"names": {"U0SECOND": "Second operator"}, "need": 2}
    once = record(State.AWAITING, approvals=(("U0SECOND", later(1)),), facts=names)
    assert kind_of(once) is Kind.APPROVED
    entry = told(once)
    assert entry["who"] == {"id": "U0SECOND", "name": "Second operator", "team": None}
    assert entry["approvers"] == [["U0SECOND", "Second operator", utc(later(1))]]
    assert entry["refs"]["asked_by"] == OPERATOR.user_id
    assert entry["details"] == {"need": 2}


def test_whoever_declines_is_named_and_the_name_lasts() -> None:
    facts = {"by": "U0SECOND", "words": "not now", "names": {"U0SECOND": "Second operator"}}
    declined = record(State.REFUSED, why=Why.DECLINED, facts=facts)
    assert told(declined)["who"]["id"] == SECOND.user_id
    assert told(declined)["who"]["name"] == "Second operator"
    assert lasting(declined)["names"] == facts["names"]


def test_a_record_is_told_whole() -> None:
    asked = request(reason="final", set_id="set-9")
    done = record(State.VERIFIED, request=asked, after=group(), why=None)
    entry = told(done)
    assert entry["n"] == 7
    assert entry["at"] == "2026-11-23T12:00:03.000000Z"
    assert entry["who"] == {"id": "U0OPERATOR", "name": "Operator", "team": "T0HOME"}
    assert (entry["where"], entry["reason"]) == ("C0OPS", "final")
    assert entry["group"]["name"] == "NBA Finals"
    assert (entry["before"]["mode"], entry["after"]["mode"]) == ("flat", "prioritized")
    assert entry["refs"]["set"] == "set-9"
    assert "hooks.slack.com" not in json.dumps(entry)


def test_the_host_is_told_from_slack() -> None:
    assert told(record(State.VERIFIED))["refs"]["via"] == "slack"
    there = request(host="ops on web-1")
    via = told(record(State.VERIFIED, request=there))["refs"]["via"]
    assert via == "command line, ops on web-1"


def test_a_group_that_was_not_found_is_named_as_it_was_typed() -> None:
    refused = record(State.REFUSED, request=request(group="nbaa"), why=Why.NO_SUCH_GROUP)
    assert told(refused)["group"] == {"id": None, "name": "nbaa"}


def test_an_attempt_without_a_record() -> None:
    attempt = Attempt(VIEWER, Doing.APPROVE, "no_role", "C1", "change-1", "g", "G", {"a": 1})
    entry = json.loads(canonical(1, referring(entry_of_attempt(attempt, START), instance="h:1")))
    assert (entry["kind"], entry["wanted"], entry["why"]) == ("attempt", ["approve"], "no_role")
    assert (entry["outcome"], entry["details"]) == ("refused", {"a": 1})
    assert entry["refs"] == {"change": "change-1", "via": "slack", "instance": "h:1"}


@given(st.text())
def test_a_forged_id_can_be_stored_anywhere(forged: str) -> None:
    entry = entry_of_attempt(Attempt(VIEWER, Doing.APPROVE, "unknown", change_id=forged), START)
    kept = entry.refs["change"]
    assert kept is not None
    assert kept.isascii()
    assert "\0" not in kept
    assert len(kept) <= 32


json_ready = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
anything = st.recursive(
    st.none() | st.floats() | st.text() | st.integers() | st.datetimes() | st.sampled_from(State),
    lambda inner: st.lists(inner, max_size=3).map(tuple) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


def no_fraction(text: str) -> object:
    raise AssertionError(text)


@given(details=st.dictionaries(st.text(), anything, max_size=3), reason=st.none() | st.text())
def test_the_text_is_ascii_sorted_and_without_fractions(
    details: dict[str, Any], reason: str | None
) -> None:
    entry = replace(entry_of_attempt(Attempt(VIEWER, Doing.LOOK, "role"), START), reason=reason)
    text = canonical(3, replace(entry, details=details))
    read = json.loads(text, parse_float=no_fraction, parse_constant=no_fraction)
    assert text.isascii()
    assert text == json.dumps(read, sort_keys=True, separators=(",", ":"))
    assert read["reason"] == reason


@given(json_ready)
def test_what_is_plain_stays_as_it_is(value: object) -> None:
    assert plain(value) == value


@given(st.datetimes(), st.integers(-12, 12))
def test_a_moment_is_utc_whatever_its_zone(moment: datetime, hours: int) -> None:
    zone = timezone(timedelta(hours=hours))
    inside = moment.replace(year=min(max(moment.year, 2), 9998), tzinfo=zone)
    text = utc(inside)
    assert datetime.fromisoformat(text) == inside
    assert len(text) == len(utc(START))


def test_entries_do_not_share_what_they_refer_to() -> None:
    entry = Entry(START, Kind.ATTEMPT, ("U1", None, None))
    assert referring(entry, instance="a").refs == {"instance": "a"}
    assert entry.refs == {}
