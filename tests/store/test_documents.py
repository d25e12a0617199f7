"""Records as text: what is read is what was written, and times sort as text."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from failover.lifecycle import Actor, Record, ReplyTo, Request, State, Why
from failover.roles import Rule
from store import documents
from store.documents import moment, stamp
from tests.store.shapes import changes, groups, maybe_text, moments, text, utc, writes

zones = st.integers(-23, 23).map(lambda hours: timezone(timedelta(hours=hours)))
facts = st.dictionaries(
    text,
    st.recursive(
        st.none() | st.booleans() | st.integers() | text,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
        max_leaves=6,
    ),
    max_size=4,
)
requests = st.builds(
    Request,
    key=text,
    actor=st.builds(Actor, text, text, text),
    group=text,
    change=changes,
    received_at=moments,
    reply=st.builds(ReplyTo, maybe_text, maybe_text, maybe_text, st.booleans()),
    reason=maybe_text,
    override=st.none() | st.sampled_from(Rule),
    seen=maybe_text,
)
records = st.builds(
    Record,
    id=text,
    request=requests,
    state=st.sampled_from(State),
    version=st.integers(1, 99),
    group_id=maybe_text,
    group_name=maybe_text,
    before=st.none() | groups,
    after=st.none() | groups,
    written=st.lists(writes, max_size=3).map(tuple),
    base=st.none() | groups,
    why=st.none() | st.sampled_from(Why),
    facts=facts,
    sent_at=st.none() | moments,
    ended_at=st.none() | moments,
)


def row_of(record: Record) -> SimpleNamespace:
    """The columns as the ledger fills them."""
    return SimpleNamespace(
        id=record.id,
        key=record.request.key,
        state=record.state.value,
        version=record.version,
        group_id=record.group_id,
        received_at=stamp(record.request.received_at),
        sent_at=None if record.sent_at is None else stamp(record.sent_at),
        ended_at=None if record.ended_at is None else stamp(record.ended_at),
        document=documents.write(record),
    )


@given(records)
def test_what_is_read_is_what_was_written(record: Record) -> None:
    assert documents.read(row_of(record)) == record


@given(records)
def test_a_document_is_ascii_json_that_any_database_takes(record: Record) -> None:
    document = documents.write(record)
    assert document.isascii()
    assert "\x00" not in document
    assert isinstance(json.loads(document), dict)


@given(utc, utc)
def test_times_sort_as_text(one: datetime, other: datetime) -> None:
    assert (stamp(one) < stamp(other)) == (one < other)
    assert len(stamp(one)) == len("2026-11-23T12:00:00.000000Z")


@given(st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1), timezones=zones))  # noqa: DTZ001
def test_a_time_comes_back_in_utc(when: datetime) -> None:
    assert moment(stamp(when)) == when
    assert moment(stamp(when)).tzinfo is UTC


def test_nothing_stays_nothing() -> None:
    assert documents.maybe_moment(None) is None
    assert documents.maybe_moment("2026-11-23T12:00:00.000000Z") == datetime(
        2026, 11, 23, 12, tzinfo=UTC
    )
