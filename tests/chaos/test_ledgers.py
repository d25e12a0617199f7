"""The checker's own test: each fault, planted in ledgers that agree, is found and named."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from .ledgers import Asked, Card, Entry, Kind, Ledgers, Sent, check, counted


def sent(number: int, change: str | None, step: int = 1, *, applied: bool, done: bool) -> Sent:
    return Sent(number, float(number), "g", change, step, applied, done)


def audited(change: str, *kinds: str) -> list[dict[str, object]]:
    return [{"kind": kind, "refs": {"change": change}} for kind in kinds]


GOOD = Ledgers(
    asked=(
        Asked("t1", "one", True),
        Asked("t2", "two", True),
        Asked("t3", "three", False),
        Asked("t4", "four", True),
        Asked("t5", "five", True),
    ),
    sent=(
        sent(1, "c1", applied=True, done=True),
        sent(2, "c2", applied=False, done=False),
        sent(3, "c4", 1, applied=True, done=True),
        sent(4, "c4", 2, applied=False, done=False),
    ),
    entries=(
        Entry("c1", "t1", "verified", 1),
        Entry("c2", "t2", "failed", 1, "no_effect"),
        Entry("c4", "t4", "halfway", 2, "no_effect"),
        Entry("c5", "t5", "refused", why="busy"),
        Entry("c6", "", "awaiting", asked_others=True),
        Entry("c7", "t1", "shown"),
    ),
    cards=(
        Card("c1", "applied and verified"),
        Card("c2", "failed, nothing changed"),
        Card("c4", "stopped halfway"),
        Card("c6", "waits for a second person"),
    ),
    answered=frozenset({"c1", "c2", "c4", "c5"}),
    audit=(
        *audited("c1", "sending", "outcome"),
        *audited("c2", "sending", "outcome"),
        *audited("c4", "sending", "outcome"),
    ),
)

Planted = Callable[[Ledgers], Ledgers]


def entry(change: str, **new: object) -> Planted:
    """One entry altered."""

    def altered(book: Ledgers) -> Ledgers:
        changed = (replace(one, **new) if one.id == change else one for one in book.entries)  # type: ignore[arg-type]
        return replace(book, entries=tuple(changed))

    return altered


def on_the_wire(number: int, **new: object) -> Planted:
    """One write altered."""

    def altered(book: Ledgers) -> Ledgers:
        changed = (replace(one, **new) if one.number == number else one for one in book.sent)  # type: ignore[arg-type]
        return replace(book, sent=tuple(changed))

    return altered


def more(**new: object) -> Planted:
    """Something put at the end of one of the ledgers."""
    ((name, value),) = new.items()
    return lambda book: replace(book, **{name: (*getattr(book, name), value)})


def without(name: str, gone: Callable[[object], bool]) -> Planted:
    """Something taken out of one of the ledgers."""

    def altered(book: Ledgers) -> Ledgers:
        ledger = getattr(book, name)
        kept: dict[str, Any] = {name: type(ledger)(one for one in ledger if not gone(one))}
        return replace(book, **kept)

    return altered


def about(change: str) -> Callable[[object], bool]:
    return lambda one: getattr(one, "change_id", one) == change


PLANTED: list[tuple[str, Kind, Planted]] = [
    ("acknowledged, not recorded", Kind.LOST, more(asked=Asked("t9", "nine", True))),
    ("one request, two changes", Kind.DOUBLED, more(entries=Entry("c9", "t5", "refused"))),
    (
        "a write sent again",
        Kind.DOUBLED,
        more(sent=sent(9, "c1", applied=True, done=True)),
    ),
    ("two cards", Kind.TWO_CARDS, more(cards=Card("c1", "applied and verified"))),
    (
        "a write that nothing intended",
        Kind.UNAUDITED,
        more(sent=sent(9, None, 0, applied=True, done=True)),
    ),
    (
        "a write of a change that is gone",
        Kind.UNAUDITED,
        without("entries", lambda one: getattr(one, "id", "") == "c2"),
    ),
    ("more writes than intended", Kind.UNAUDITED, entry("c4", steps=1)),
    ("a broken chain", Kind.UNAUDITED, lambda book: replace(book, broken="entry 3")),
    (
        "no audit of a write",
        Kind.UNAUDITED,
        lambda book: replace(book, audit=(book.audit or ())[1:]),
    ),
    (
        "no audit of an outcome",
        Kind.UNAUDITED,
        lambda book: replace(book, audit=(book.audit or ())[:-1]),
    ),
    ("no card", Kind.UNANNOUNCED, without("cards", about("c2"))),
    ("no request card", Kind.UNANNOUNCED, without("cards", about("c6"))),
    ("the card of an earlier state", Kind.UNANNOUNCED, entry("c6", state="failed")),
    ("no answer", Kind.UNANNOUNCED, without("answered", about("c5"))),
    ("verified, never applied", Kind.TOLD_WRONGLY, on_the_wire(1, applied=False)),
    ("failed, but applied", Kind.TOLD_WRONGLY, on_the_wire(2, applied=True)),
    ("halfway, but all applied", Kind.TOLD_WRONGLY, on_the_wire(4, applied=True)),
    ("halfway, but none applied", Kind.TOLD_WRONGLY, on_the_wire(3, applied=False)),
    ("between, last not applied", Kind.TOLD_WRONGLY, entry("c4", why="interrupted")),
    ("unknown for good", Kind.TOLD_WRONGLY, entry("c2", state="unsettled")),
    ("unverified out of nothing", Kind.TOLD_WRONGLY, entry("c2", state="unverified")),
    (
        "refused, but sent",
        Kind.TOLD_WRONGLY,
        more(sent=sent(9, "c5", 0, applied=False, done=False)),
    ),
    ("still under way", Kind.OPEN, entry("c1", state="sending")),
    ("a message outstanding", Kind.OPEN, entry("c1", told=False)),
]


def test_ledgers_that_agree() -> None:
    assert check(GOOD) == ()
    assert check(replace(GOOD, audit=None)) == ()
    assert check(Ledgers()) == ()


@pytest.mark.parametrize(
    ("kind", "planted"), [row[1:] for row in PLANTED], ids=[row[0] for row in PLANTED]
)
def test_a_fault_is_found(kind: Kind, planted: Planted) -> None:
    assert counted(check(planted(GOOD)))[kind] == 1


def test_every_kind_of_fault_was_planted() -> None:
    assert {kind for _, kind, _ in PLANTED} == set(Kind)
