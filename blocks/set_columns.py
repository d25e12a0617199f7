"""Groups that a set leaves out because somebody changed them since: three columns for each."""

from collections.abc import Sequence

from blocks.kit import Block, fields, neutral, section
from blocks.words import active, order, settings, standing
from failover.change import Change, Channels, Owners, expected
from failover.model import FailoverGroup
from failover.name_grammar import typed
from failover.sets import Row

SHOWN = 3
"""So many groups are shown in columns; the table names them all."""


def stale(rows: Sequence[Row]) -> list[Block]:
    """How the change had left each group, how it is now, and what would be taken back."""
    blocks: list[Block] = []
    for row in rows[:SHOWN]:
        name = neutral(row.group.name, 60)
        line = neutral(f"undo {typed(row.group.name)}", 250)
        told = (
            f"{name}: somebody changed it after the change that would be taken back, so it is left "
            f"out, and nothing is sent. \u201c/failover {line}\u201d asks for it by itself."
        )
        blocks += [section(told), _columns(row)]
    return blocks


def _columns(row: Row) -> Block:
    wanted = expected(row.group, row.change)
    states = [row.group, wanted] if row.seen is None else [row.seen, row.group, wanted]
    about = _differing(states)
    left = "(no longer known)" if row.seen is None else _column(row.seen, about)
    return fields(
        [
            ("The change left", left),
            ("It is now", _column(row.group, about)),
            ("Undo would make", _column(wanted, about)),
        ]
    )


def _column(group: FailoverGroup, about: tuple[Change, ...]) -> str:
    lines = [settings(group), f"viewers see {active(group)}", order(group)]
    return "\n".join([*lines, *(standing(group, one) for one in about)])


def _differing(states: Sequence[FailoverGroup]) -> tuple[Change, ...]:
    """What else has to be shown to tell these states apart."""
    fed = {frozenset(channel.id for channel in state.channels) for state in states}
    allowed = {frozenset(state.allowed_owners or ()) for state in states}
    return (*([Channels()] if len(fed) > 1 else []), *([Owners()] if len(allowed) > 1 else []))
