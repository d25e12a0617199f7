"""The words of ``audit verify``: what is wrong, what it means, what to do."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from failover.audit_chain import Break, Fault
from services.verifying import Finding, Heard

UNREADABLE = (
    "The audit record could not be read ({}). Nothing was checked or written. See that "
    "DATABASE_URL names the bot's database, that the bot has run on it, and try again."
)
UNWITNESSED = (
    "NOT COMPARED with the channel: Slack could not be read ({}). What is said above holds for "
    "the database alone. The app needs channels:history or groups:history; try again."
)
WHAT_TO_DO = (
    "What to do: keep a copy of the database as it is, compare it with a backup and with the "
    "messages in the audit channel, and find out who could write to the database."
)

UNGUARDED = (
    "UNGUARDED: triggers that keep the record from being changed are missing in the database. "
    "Somebody took them away. Find out who could, and compare with the audit channel; the bot's "
    "next start puts them up again."
)

_FAULTS: Mapping[Fault, str] = MappingProxyType(
    {
        Fault.MISSING: (
            "BROKEN at entry {n}: it is not there; what follows goes on with {other}. "
            "One or more entries were deleted."
        ),
        Fault.ALTERED: (
            "BROKEN at entry {n}: its text does not go with its hash. "
            "The entry was altered after it was written."
        ),
        Fault.MISPLACED: (
            "BROKEN at entry {n}: what stands there was written as another entry. "
            "Entries were moved, or put in."
        ),
        Fault.MISLABELLED: (
            "BROKEN at entry {n}: the columns beside it say other than the entry itself. "
            "They were altered after it was written."
        ),
        Fault.REPLACED: (
            "BROKEN at entry {n}: entry {other} was written after another text than stands there "
            "now. The entry was replaced, its hash made anew."
        ),
        Fault.HEADLESS: (
            "BROKEN after entry {n}: the database does not say where the chain ends. "
            "The row of audit_head was deleted."
        ),
        Fault.UNEXPECTED: (
            "BROKEN at entry {n}: the chain ended at {other} when the bot last wrote. "
            "Entries were added by another hand."
        ),
        Fault.CUT_OFF: (
            "BROKEN at entry {n}: it is not there, although the channel holds the head of {other} "
            "entries. The end of the record was cut off, or an entry was taken out and those "
            "after it numbered anew."
        ),
        Fault.REWRITTEN: (
            "BROKEN from entry {n} on: the head of {other} entries in the channel is another. "
            "An entry from {n} to {other} was altered, and all hashes after it made anew."
        ),
    }
)
_LAST_REPLACED = (
    "BROKEN at entry {n}: the database keeps another hash for the end of the chain. "
    "The entry was replaced."
)


def verdict(finding: Finding, now: datetime) -> list[str]:
    """What ``verify`` says, a line each; ``now`` is UTC."""
    last = finding.last
    if finding.broken is None:
        lines = [f"The chain is whole: {_entries(last.n)}, head {last.hash}."]
    else:
        lines = [_broken(finding.broken), WHAT_TO_DO]
    if not finding.guarded:
        lines.append(UNGUARDED)
    if finding.heard is not None:
        lines += _heard(finding.heard, now)
    return lines


def _broken(found: Break) -> str:
    if found.fault is Fault.REPLACED and found.other is None:
        return _LAST_REPLACED.format(n=found.n)
    return _FAULTS[found.fault].format(n=found.n, other=found.other)


def _heard(heard: Heard, now: datetime) -> list[str]:
    evidence = heard.evidence
    among = f"{evidence.searched:,} messages"
    if not evidence.whole:
        among = f"the newest {among}; older ones were not looked at"
    lines = []
    if evidence.marks and heard.newest is not None:
        lines.append(
            f"The channel holds {_heads(len(evidence.marks))} (among {among}); {heard.agreed} "
            f"of them agree. The newest was posted {_age(now - heard.newest)} ago."
        )
    elif heard.missing:
        lines.append(
            f"NOT WITNESSED: the channel holds no head (among {among}), although one is posted "
            "after each day with new entries. The messages were deleted, or the bot could not "
            "post: its log says so."
        )
    else:
        lines.append("The channel holds no head yet: the first is posted after midnight UTC.")
    if heard.stale is not None:
        lines.append(
            f"NOT WITNESSED since then: the first entry after it is {_age(now - heard.stale)} old, "
            "and a head is posted after each day with new entries. Newer messages were deleted, "
            "or the bot could not post: its log says so."
        )
    if heard.gone is not None:
        lines.append(
            f"BROKEN: the head of {_entries(heard.gone.head.n)} was posted on {heard.gone.day}, "
            "and the channel does not hold it. The message was deleted, or the database altered."
        )
    if heard.elsewhere:
        lines.append(f"{_heads(heard.elsewhere)} in another channel were not looked at.")
    lines += [
        f"BROKEN: 1 head in the channel was edited, that of {_entries(head.n)}. "
        "The bot never edits one: the message was altered."
        for head in evidence.edited
    ]
    if evidence.garbled:
        lines.append(
            f"BROKEN: {_heads(evidence.garbled)} in the channel can't be understood. "
            "The messages were altered."
        )
    return lines


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count:,} entries"


def _heads(count: int) -> str:
    return "1 head" if count == 1 else f"{count:,} heads"


def _age(age: timedelta) -> str:
    minutes = max(0, int(age.total_seconds() // 60))
    for size, name in ((24 * 60, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size:
            count = minutes // size
            return f"{count} {name}" if count == 1 else f"{count} {name}s"
    return "less than a minute"
