"""Three ledgers side by side: what Uplynk saw, what the channel says, what was recorded.

Nothing of the bot is used here, so that its mistakes can't hide its mistakes. The rules are those
of the README: nothing lost, sent twice, unrecorded, untold or told wrongly.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

WORDS: Mapping[str, str] = {
    "verified": "applied and verified",
    "unverified": "applied, not verified",
    "failed": "nothing changed",
    "unsettled": "outcome unknown",
    "halfway": "stopped halfway",
    "awaiting": "waits for a second person",
}
"""What the card of a change in this state has to say."""

ENDS = frozenset({"verified", "unverified", "failed", "unsettled", "halfway", "done"})
QUIET_ENDS = frozenset({"refused", "unchanged"})
"""Ends that the person alone hears of, unless other people were asked."""

BETWEEN = frozenset({"other_hand", "interrupted"})
"""Why a change of several writes stops although the last one sent took effect."""


class Kind(StrEnum):
    """What can go wrong with an accepted change."""

    LOST = "lost"
    DOUBLED = "doubled"
    UNAUDITED = "unaudited"
    UNANNOUNCED = "unannounced"
    TOLD_WRONGLY = "told wrongly"
    TWO_CARDS = "two cards"
    OPEN = "left open"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong; ``what`` is for whoever has to find out why."""

    kind: Kind
    what: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that a person asked for, under a token that nobody else uses.

    ``accepted``: Slack got the acknowledgement, so there must be a change; where it is not, there
    may be one. ``most``: how many records may bear the token.
    """

    token: str
    line: str
    accepted: bool
    most: int = 1


@dataclass(frozen=True, slots=True)
class Sent:
    """One write that reached Uplynk, in its own numbering; ``at`` in Unix seconds.

    ``held_by``, ``step``: which change held the group on disk when it arrived, and how many writes
    that change had stored by then; None where nothing was stored. ``done``: Uplynk said so.
    """

    number: int
    at: float
    group_id: str
    held_by: str | None
    step: int
    applied: bool
    done: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A recorded change: ``steps`` writes were stored; ``told``: no message is outstanding."""

    id: str
    token: str
    state: str
    steps: int = 0
    why: str | None = None
    asked_others: bool = False
    told: bool = True


@dataclass(frozen=True, slots=True)
class Card:
    """A root message of the channel that names a change in its metadata."""

    change_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Ledgers:
    """All that is compared. ``answered``: the changes that Slack took a private answer of.

    ``audit``: the exported entries, None where the bot keeps none; ``broken``: what its own
    verification found.
    """

    asked: tuple[Asked, ...] = ()
    sent: tuple[Sent, ...] = ()
    entries: tuple[Entry, ...] = ()
    cards: tuple[Card, ...] = ()
    answered: frozenset[str] = frozenset()
    audit: tuple[Mapping[str, Any], ...] | None = None
    broken: str = ""
    by_id: Mapping[str, Entry] = field(init=False)
    sent_by: Mapping[str, tuple[Sent, ...]] = field(init=False)

    def __post_init__(self) -> None:
        by_change: dict[str, tuple[Sent, ...]] = {}
        for one in self.sent:
            if one.held_by is not None:
                by_change[one.held_by] = (*by_change.get(one.held_by, ()), one)
        object.__setattr__(self, "by_id", {one.id: one for one in self.entries})
        object.__setattr__(self, "sent_by", by_change)


def check(ledgers: Ledgers) -> tuple[Finding, ...]:
    """Everything that is wrong; empty where all three agree."""
    return (
        *_lost(ledgers),
        *_doubled(ledgers),
        *_unaudited(ledgers),
        *_unannounced(ledgers),
        *_told_wrongly(ledgers),
        *_open(ledgers),
    )


def counted(findings: Iterable[Finding]) -> Mapping[Kind, int]:
    """How many of each kind; every kind is there."""
    found = Counter(one.kind for one in findings)
    return {kind: found[kind] for kind in Kind}


def _made(ledgers: Ledgers) -> Iterator[Entry]:
    """What was confirmed; a preview alone is no change."""
    return (one for one in ledgers.entries if one.state != "shown")


def _lost(ledgers: Ledgers) -> Iterator[Finding]:
    known = {one.token for one in _made(ledgers)}
    for asked in ledgers.asked:
        if asked.accepted and asked.token not in known:
            yield Finding(Kind.LOST, f"{asked.line!r} was acknowledged, and there is no record")


def _doubled(ledgers: Ledgers) -> Iterator[Finding]:
    tokens = Counter(one.token for one in _made(ledgers))
    for asked in ledgers.asked:
        if tokens[asked.token] > asked.most:
            yield Finding(Kind.DOUBLED, f"{asked.line!r} became {tokens[asked.token]} changes")
    for change_id, sent in ledgers.sent_by.items():
        for step, times in Counter(one.step for one in sent).items():
            if times > 1:
                yield Finding(Kind.DOUBLED, f"write {step} of change {change_id}: {times} times")
    for change_id, times in Counter(card.change_id for card in ledgers.cards).items():
        if times > 1:
            yield Finding(Kind.TWO_CARDS, f"change {change_id} has {times} cards")


def _unaudited(ledgers: Ledgers) -> Iterator[Finding]:
    for sent in ledgers.sent:
        entry = ledgers.by_id.get(sent.held_by or "")
        if entry is None or not 1 <= sent.step <= entry.steps:
            yield Finding(Kind.UNAUDITED, f"request {sent.number} to Uplynk: nothing intended it")
    if ledgers.broken:
        yield Finding(Kind.UNAUDITED, f"the audit does not verify: {ledgers.broken}")
    if ledgers.audit is None:
        return
    written = {(_change_of(one), one.get("kind")) for one in ledgers.audit}
    for change_id in ledgers.sent_by:
        if (change_id, "sending") not in written:
            yield Finding(Kind.UNAUDITED, f"change {change_id}: no entry before its write")
    for entry in ledgers.entries:
        if entry.state in ENDS - {"done"} and entry.steps and (entry.id, "outcome") not in written:
            yield Finding(Kind.UNAUDITED, f"change {entry.id}: no entry of its outcome")


def _change_of(audited: Mapping[str, Any]) -> Any:
    return audited.get("refs", {}).get("change")


def _unannounced(ledgers: Ledgers) -> Iterator[Finding]:
    texts: dict[str, str] = {card.change_id: card.text for card in ledgers.cards}
    tokens = {one.token for one in ledgers.asked}
    for entry in ledgers.entries:
        text = texts.get(entry.id)
        in_channel = entry.state in WORDS or entry.state in ENDS or entry.asked_others
        if in_channel and entry.state != "shown":
            if text is None:
                yield Finding(Kind.UNANNOUNCED, f"change {entry.id} ({entry.state}) has no card")
            elif WORDS.get(entry.state, "") not in text:
                yield Finding(Kind.UNANNOUNCED, f"change {entry.id} is {entry.state}: {text!r}")
        theirs = entry.token in tokens and entry.why not in ("stale", "cancelled")
        over = entry.state in ENDS | QUIET_ENDS
        if theirs and over and entry.told and entry.id not in ledgers.answered:
            yield Finding(Kind.UNANNOUNCED, f"change {entry.id} ({entry.state}): no answer")


def _told_wrongly(ledgers: Ledgers) -> Iterator[Finding]:
    for entry in ledgers.entries:
        wrong = _wrong(entry, ledgers.sent_by.get(entry.id, ()))
        if wrong:
            yield Finding(Kind.TOLD_WRONGLY, f"change {entry.id} is {entry.state}: {wrong}")


def _wrong(entry: Entry, sent: tuple[Sent, ...]) -> str:
    """What Uplynk's journal says against the state of a change; empty where it agrees."""
    applied = {one.step for one in sent if one.applied}
    last = entry.steps in applied
    match entry.state:
        case "verified":
            missing = set(range(1, entry.steps + 1)) - applied
            return f"writes {sorted(missing)} were never applied" if missing else ""
        case "failed":
            return f"writes {sorted(applied)} were applied" if applied else ""
        case "unverified":
            done = last or any(one.done for one in sent if one.step == entry.steps)
            return "" if done else "Uplynk neither did it nor said so"
        case "unsettled":
            return "a state that could be read was left unknown"
        case "halfway":
            stood = entry.why in BETWEEN
            earlier = set(range(1, entry.steps)) <= applied
            return "" if earlier and last == stood else f"only {sorted(applied)} were applied"
        case "sending" | "unknown" | "shown":
            return ""
    return f"{len(sent)} writes were sent" if sent else ""


def _open(ledgers: Ledgers) -> Iterator[Finding]:
    for entry in ledgers.entries:
        if entry.state not in ENDS | QUIET_ENDS | {"awaiting", "shown"}:
            yield Finding(Kind.OPEN, f"change {entry.id} is still {entry.state}")
        if not entry.told:
            yield Finding(Kind.OPEN, f"change {entry.id}: a message is outstanding")
