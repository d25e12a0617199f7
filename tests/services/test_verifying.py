"""Tampering with the audit record: every kind is found, and the first wrong entry is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from failover.audit_chain import Break, Fault, Head, Mark, Row
from failover.witness import Evidence, Posted
from services.verifying import Finding, verify
from tests.builders import START
from tests.fake_book import (
    FakeBook,
    chain,
    edited,
    head_of,
    made_anew,
    marks_of,
    rehashed,
)

LENGTH = 30
WHOLE = chain(LENGTH)
MARKS = marks_of(WHOLE, 10, 20, LENGTH)
NOW = START + timedelta(days=2)
STEP = timedelta(hours=1)


def checked(rows: list[Row], head: Head | None = None, *marks: Mark) -> Finding:
    return verify(FakeBook(rows, head), Evidence(marks or MARKS, 100), NOW)


def test_a_whole_chain_is_whole() -> None:
    finding = checked(WHOLE)
    assert finding.well
    assert finding.last == head_of(WHOLE)
    assert finding.heard is not None
    assert finding.heard.agreed == len(MARKS)
    assert finding.heard.newest == MARKS[-1].posted_at
    alone = verify(FakeBook(WHOLE), None, NOW)
    assert alone.well
    assert alone.heard is None
    assert verify(FakeBook([]), None, NOW).well


TAMPERINGS = ["edit", "edit+row", "edit+all", "delete", "delete+all", "reorder", "cut"]
places = st.integers(1, LENGTH)


@settings(max_examples=2000)
@given(kind=st.sampled_from(TAMPERINGS), place=places, other=places)
def test_every_tampering_is_found_and_the_first_wrong_entry_named(
    kind: str, place: int, other: int
) -> None:
    rows, at = list(WHOLE), place - 1
    if kind.startswith("edit"):
        rows[at] = edited(rows[at])
    if kind == "edit+row":
        rows[at] = made_anew(rows[at])
    elif kind == "edit+all":
        rows = rehashed(rows, at)
    elif kind.startswith("delete"):
        del rows[at]
        rows = rehashed(rows, at, renumber=True) if kind == "delete+all" else rows
    elif kind == "reorder":
        other = other if other != place else place % LENGTH + 1
        rows[at], rows[other - 1] = (
            replace(rows[other - 1], n=place),
            replace(rows[at], n=other),
        )
    elif kind == "cut":
        rows = rows[:at]
    # Whoever does this sees to it that the kept head goes with the last entry, too.
    found = checked(rows).broken
    assert found is not None, "tampered with, and nobody noticed"
    match kind, found.fault:
        case "edit", Fault.ALTERED:
            assert found.n == place
        case "edit+row", Fault.REPLACED:
            assert found == Break(place, Fault.REPLACED, place + 1)
        case "delete", Fault.MISSING:
            assert found == Break(place, Fault.MISSING, place + 1)
        case "reorder", Fault.MISPLACED:
            assert found.n == min(place, other)
        case "cut", Fault.CUT_OFF:
            assert found.n == place
        case (("delete" | "delete+all"), Fault.CUT_OFF):
            assert found == Break(LENGTH, Fault.CUT_OFF, LENGTH)
            assert place == LENGTH or (kind == "delete+all" and place > MARKS[-2].head.n)
        case (("edit+row" | "edit+all" | "delete+all"), Fault.REWRITTEN):
            assert found.other is not None
            assert found.n <= place <= found.other
        case _:
            pytest.fail(f"{kind} was called {found}")


@pytest.mark.parametrize("kind", ["edit+all", "delete+all", "cut"])
def test_the_chain_alone_does_not_show_what_the_channel_shows(kind: str) -> None:
    rows = list(WHOLE)
    if kind == "edit+all":
        rows[4] = edited(rows[4])
        rows = rehashed(rows, 4)
    elif kind == "delete+all":
        del rows[4]
        rows = rehashed(rows, 4, renumber=True)
    else:
        rows = rows[:25]
    assert verify(FakeBook(rows), None, NOW).well
    assert not checked(rows).well


def test_the_kept_head_has_to_go_with_the_last_entry() -> None:
    kept = head_of(WHOLE)
    cut = verify(FakeBook(WHOLE[:-3], kept), None, NOW)
    assert cut.broken == Break(LENGTH - 2, Fault.MISSING, LENGTH)
    added = verify(FakeBook(WHOLE, head_of(WHOLE[:-3])), None, NOW)
    assert added.broken == Break(LENGTH - 2, Fault.UNEXPECTED, LENGTH - 3)
    last = [*WHOLE[:-1], made_anew(edited(WHOLE[-1]))]
    assert verify(FakeBook(last, kept), None, NOW).broken == Break(LENGTH, Fault.REPLACED)


def test_a_lost_head_is_told() -> None:
    class Headless(FakeBook):
        def head(self) -> Head | None:
            return None

    assert verify(Headless(WHOLE), None, NOW).broken == Break(LENGTH, Fault.HEADLESS)


def test_entries_that_come_in_during_the_walk_are_no_fault() -> None:
    class Growing(FakeBook):
        def head(self) -> Head | None:
            return head_of(WHOLE[:-5]) if not self.asked else head_of(WHOLE)

    assert verify(Growing(WHOLE[:-2]), None, NOW).well
    assert verify(Growing(WHOLE), None, NOW).well


@pytest.mark.parametrize("column", ["at", "change_id", "group_id"])
def test_what_stands_beside_an_entry_has_to_go_with_it(column: str) -> None:
    rows = list(WHOLE)
    rows[7] = replace(rows[7], **{column: "other"})
    assert checked(rows).broken == Break(8, Fault.MISLABELLED)


@pytest.mark.parametrize("document", ["", "[]", "{}", "null", '{"n":8}', '{"n":8,"refs":3}'])
def test_what_is_no_entry_is_altered_whatever_its_hash(document: str) -> None:
    rows = list(WHOLE)
    rows[7] = made_anew(replace(rows[7], document=document))
    assert checked(rows).broken == Break(8, Fault.ALTERED)


def test_an_entry_put_in_before_all_others_is_found() -> None:
    rows = [replace(WHOLE[0], n=0), *WHOLE]
    assert checked(rows).broken == Break(0, Fault.MISPLACED)
    assert checked([replace(WHOLE[0], n=-3), *WHOLE]).broken == Break(-3, Fault.MISPLACED)


def test_a_chain_without_its_beginning_is_broken() -> None:
    assert checked(WHOLE[3:]).broken == Break(1, Fault.MISSING, 4)
    renumbered = [replace(one, n=place) for place, one in enumerate(WHOLE[3:], 1)]
    assert checked(renumbered).broken == Break(1, Fault.MISPLACED)


def test_silence_of_the_channel_is_no_agreement() -> None:
    silent = verify(FakeBook(WHOLE), Evidence((), 50), NOW)
    assert silent.broken is None
    assert silent.heard is not None
    assert silent.heard.missing
    assert not silent.well
    # Of the very first day no head can be there yet.
    assert verify(FakeBook(WHOLE), Evidence((), 50), START + timedelta(minutes=5)).well
    assert verify(FakeBook([]), Evidence((), 50), NOW).well
    assert not verify(FakeBook(WHOLE), Evidence(MARKS, 50, garbled=1), NOW).well


def test_a_record_that_was_emptied_does_not_pass() -> None:
    assert checked([]).broken == Break(1, Fault.CUT_OFF, 10)


DAY = timedelta(days=1)


def heard_of(rows: list[Row], marks: tuple[Mark, ...], at: timedelta, **given: object) -> Finding:
    book = FakeBook(rows, told=given.pop("told", ()))  # type: ignore[arg-type]
    return verify(book, Evidence(marks, 50, **given), START + at)  # type: ignore[arg-type]


def posts(*numbers: int, channel: str = "") -> tuple[Posted, ...]:
    return tuple(Posted(f"day {n}", head_of(WHOLE[:n]), channel) for n in numbers)


def test_entries_without_a_newer_head_are_told_of() -> None:
    young = heard_of(WHOLE, MARKS[:2], 2 * DAY)
    assert young.well
    old = heard_of(WHOLE, MARKS[:2], 2 * DAY + timedelta(minutes=1))
    assert old.broken is None
    assert old.heard is not None
    assert old.heard.stale == START + timedelta(seconds=21)
    assert not old.well
    assert heard_of(WHOLE, MARKS, 90 * DAY).well, "nothing was written since"


@pytest.mark.parametrize(("age", "well"), [(timedelta(minutes=59), True), (2 * STEP, False)])
def test_after_quiet_days_a_head_is_due_at_once(age: timedelta, well: bool) -> None:
    ago = tuple(replace(mark, posted_at=START - 9 * DAY) for mark in MARKS[:2])
    assert heard_of(WHOLE, ago, age).well is well


def test_a_cut_end_does_not_pass_where_the_newest_heads_are_gone_too() -> None:
    told = posts(1, 2, 3, 12, 20)
    found = heard_of(WHOLE[:3], marks_of(WHOLE, 1, 2, 3), DAY, told=told)
    assert found.broken is None
    assert found.heard is not None
    assert found.heard.gone == told[3]
    assert not found.well


def test_what_was_posted_is_missed_only_where_everything_was_looked_at() -> None:
    told = posts(10, 20, LENGTH, channel="C0AUDIT")
    assert heard_of(WHOLE, MARKS, DAY, told=told, channel="C0AUDIT").well
    assert not heard_of(WHOLE, MARKS[1:], DAY, told=told, channel="C0AUDIT").well
    assert heard_of(WHOLE, MARKS[1:], DAY, told=told, channel="C0AUDIT", whole=False).well
    moved = heard_of(WHOLE, MARKS[1:], DAY, told=told, channel="C0NEW")
    assert moved.well
    assert moved.heard is not None
    assert moved.heard.elsewhere == 3


def test_an_edited_head_is_no_witness() -> None:
    found = heard_of(WHOLE, MARKS[1:], DAY, told=posts(10), edited=(MARKS[0].head,))
    assert found.heard is not None
    assert (found.heard.agreed, found.heard.gone) == (2, None)
    assert not found.well


@pytest.mark.parametrize("at", ["", "x", "2020-01-01", "2020-01-01T00:00:00"])
def test_a_moment_that_is_none_is_an_altered_entry(at: str) -> None:
    rows = list(WHOLE)
    rows[24] = replace(rows[24], at=at)
    assert checked(rows, None, *MARKS[:2]).broken == Break(25, Fault.MISLABELLED)


def test_missing_triggers_are_wrong() -> None:
    assert not verify(FakeBook(WHOLE, guard=False), None, NOW).well
