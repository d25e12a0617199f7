"""What ``check`` looks for besides Slack: settings, policy, database, Uplynk, the clock."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from cli.check import Finding
from failover.errors import (
    Forbidden,
    LedgerUnavailable,
    Unauthorized,
    UplynkError,
)
from failover.model import FailoverGroup
from failover.notices import Backlog
from failover.policy import Freeze, Grant, Policy, PolicyError, Protect, Require, covers
from failover.trouble import clock_off

Listed = tuple[Sequence[FailoverGroup], float]
"""All groups, and after how many seconds Uplynk had listed them."""


class Store(Protocol):
    """The database as it is tried."""

    def write(self) -> str:
        """Open it and take a write; which tables it has. Those of an older bot are left alone.

        Raises LedgerUnavailable.
        """
        ...

    def guarded(self) -> bool:
        """Whether the triggers stand that keep the audit record; an older bot's tables may have
        none. Raises LedgerUnavailable.
        """
        ...

    def backlog(self) -> Backlog | None:
        """What has not been told yet; None: an older bot's tables. Raises LedgerUnavailable."""
        ...


def policy(path: Path, load: Callable[[], Policy], groups: Callable[[], Listed]) -> Finding:
    """Whether the file can be read, and what in it hits no group."""
    try:
        read = load()
    except PolicyError as error:
        return Finding(_one_line(str(error)), wrong=True, advice="nobody can change anything")
    told = f"{path} can be read, {len(read.grants)} grants"
    try:
        there, _ = groups()
    except UplynkError:
        return Finding(told)
    keys = [(group.id, group.name) for group in there]
    idle = [
        f"\u201c{pattern}\u201d under [[{table}]] matches no group"
        for table, pattern in _patterns(read)
        if not any(covers((pattern,), key) for key in keys)
    ]
    return Finding(told, hints=tuple(idle))


def database(url: str, store: Store) -> Finding:
    """Whether it opens and takes records, and what it still holds back."""
    try:
        schema, waiting, guarded = store.write(), store.backlog(), store.guarded()
    except LedgerUnavailable as error:
        advice = "correct DATABASE_URL; the folder must exist and be writable"
        return Finding(f"{url} takes no records ({error})", wrong=True, advice=advice)
    told = f"{url} opens and takes writes, {schema}"
    if not guarded:
        told = f"{told}, but triggers that keep the audit record from being changed are missing"
        advice = "run python bot.py audit verify --witness; the bot's next start puts them up again"
        return Finding(told, wrong=True, advice=advice)
    if waiting is None:
        return Finding(told)
    if waiting.overdue:
        told = f"{told}, but {waiting.overdue} messages have waited for more than 24 h"
        advice = "look what the log says of them; the record itself is whole"
        return Finding(told, wrong=True, advice=advice)
    return Finding(f"{told}, {waiting.count} messages wait")


def uplynk(groups: Callable[[], Listed]) -> Finding:
    """Whether Uplynk takes the bot's signature and shows its groups."""
    try:
        there, seconds = groups()
    except UplynkError as error:
        return _refused(error)
    count = f"{len(there)} failover group{'' if len(there) == 1 else 's'}"
    hints = () if there else ("the account has no failover groups that this user may see",)
    return Finding(f"{count}, listed in {seconds:.2f} s", hints=hints)


def clock(ahead: Mapping[str, float]) -> Finding:
    """Whether this host's clock agrees with theirs; ``ahead``: in seconds, by whose it is."""
    if not ahead:
        told = "neither Slack nor Uplynk has told the time"
        return Finding(told, wrong=True, advice="see what stands against them above")
    told = ", ".join(_off(whose, one) for whose, one in sorted(ahead.items()))
    if any(clock_off(one) for one in ahead.values()):
        advice = "set this host's clock: signatures and presses are refused by its time"
        return Finding(told, wrong=True, advice=advice)
    return Finding(told)


def _refused(error: UplynkError) -> Finding:
    said = f" ({error.words})" if error.words else ""
    if clock_off(error.ahead):
        off = _off("Uplynk", error.ahead or 0.0)
        told = f"Uplynk refuses the signature{said}, and this host's clock is {off}"
        return Finding(told, wrong=True, advice="set this host's clock")
    if isinstance(error, Unauthorized | Forbidden):
        told = f"Uplynk refuses the credentials, {error.status}{said}"
        advice = "check UPLYNK_OWNER and UPLYNK_API_KEY (CMS: User Settings, Integration Keys)"
        return Finding(told, wrong=True, advice=advice)
    status = f" {error.status}" if error.status else ""
    told = f"Uplynk gave no list of groups: {type(error).__name__}{status}{said}"
    return Finding(told, wrong=True, advice="check UPLYNK_BASE_URL and the network, then try again")


def _off(whose: str, ahead: float) -> str:
    # Dates are in whole seconds.
    if abs(ahead) < 2:
        return f"agrees with {whose}'s"
    size = f"{abs(ahead):.0f} s" if abs(ahead) < 90 else f"{abs(ahead) / 60:.0f} min"
    return f"{size} {'ahead of' if ahead > 0 else 'behind'} {whose}'s"


def _patterns(policy: Policy) -> Iterator[tuple[str, str]]:
    """The table and the pattern of each that is written in the policy, once."""
    tables: Mapping[str, Sequence[Grant | Protect | Freeze | Require]] = {
        "grant": policy.grants,
        "protect": policy.protects,
        "freeze": policy.freezes,
        "require": policy.requires,
    }
    pairs = [
        (table, pattern)
        for table, entries in tables.items()
        for entry in entries
        for pattern in entry.groups
    ]
    yield from dict.fromkeys(pairs)


def _one_line(text: str) -> str:
    return "; ".join(text.splitlines())
