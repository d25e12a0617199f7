"""What lines about changes are made of: names in a row, orders, deltas. Foreign names neutral."""

from collections.abc import Iterable, Sequence

from blocks.kit import neutral
from failover.model import FailoverGroup, Mode, Slicer

NAMES_SHOWN = 12
"""How many slicers or channels a line names before it only counts the rest."""

SHORT_NAME = 60
"""A name longer than this is cut where several stand in a row."""


def short(name: str) -> str:
    """A foreign name for a row of names."""
    return neutral(name, SHORT_NAME)


def listing(names: list[str]) -> str:
    """Names in a row, and how many more there are."""
    more = len(names) - NAMES_SHOWN
    return ", ".join(names[:NAMES_SHOWN]) + (f" and {more} more" if more > 0 else "")


def served(group: FailoverGroup) -> str:
    """What viewers see, in a word."""
    if group.active_slicer_id is None:
        return "(not reported)"
    return "slate" if group.on_slate else short(group.active_slicer_id)


def live(group: FailoverGroup) -> str:
    """Whether the group is on slate, or live with which slicer."""
    if group.on_slate:
        return "slate"
    return "live" if group.active_slicer_id is None else f"live ({served(group)})"


def ranking(group: FailoverGroup) -> str:
    """Who may take over: in flat without an order, which counts for nothing there."""
    if group.mode is Mode.FLAT:
        return f"eligible {listing([short(one.id) for one in group.eligible]) or 'nobody'}"
    return f"order {ranked(group.by_priority)}"


def ranked(slicers: Sequence[Slicer]) -> str:
    """Slicers in order, and which of them are not eligible."""
    barred = [short(one.id) for one in slicers if not one.enabled]
    note = f" ({listing(barred)} not eligible)" if barred else ""
    return (listing([short(one.id) for one in slicers]) or "(no slicers)") + note


def reordered(was: FailoverGroup, will: FailoverGroup) -> str:
    """One ranking, an arrow, the other one of the same mode."""
    return f"{ranking(was)} \u2192 {ranking(will).partition(' ')[2]}"


def delta(add: Iterable[str], remove: Iterable[str]) -> str:
    """What is added and what is removed; the names as they shall be shown."""
    added, removed = listing(list(add)), listing(list(remove))
    parts = [f"+ {added}"] if added else []
    return ", ".join(parts + ([f"\u2212 {removed}"] if removed else []))


def owners_delta(was: FailoverGroup, will: FailoverGroup) -> str:
    """Who may use the group from now on, and who no longer; empty where nothing differs."""
    held, given = was.allowed_owners or (), will.allowed_owners or ()
    return _compared([(one, "") for one in held], [(one, "") for one in given])


def channels_delta(was: FailoverGroup, will: FailoverGroup) -> str:
    """Which channels come and which go; empty where nothing differs."""
    return _compared(
        [(one.id, one.description) for one in was.channels],
        [(one.id, one.description) for one in will.channels],
    )


def _compared(was: list[tuple[str, str]], will: list[tuple[str, str]]) -> str:
    held, wanted = {one for one, _ in was}, {one for one, _ in will}
    come = [_with_description(*one) for one in will if one[0] not in held]
    return delta(come, [_with_description(*one) for one in was if one[0] not in wanted])


def _with_description(name: str, about: str) -> str:
    return f"{short(name)} ({short(about)})" if about.strip() else short(name)
