"""Three groups that one pattern hits, and what became of the newest set."""

from __future__ import annotations

from failover.lifecycle import State
from tests.builders import flat
from tests.handlers.acting import types
from tests.handlers.conftest import Desk

SET = "/failover set sports* prioritized"
NAMES = ("Sports East", "Sports North", "Sports South")


def sports_desk(desk: Desk) -> Desk:
    """The desk with these groups and no others."""
    desk.stage.uplynk.groups.clear()
    for name in NAMES:
        desk.stage.uplynk.groups[name] = flat(id=name, name=name)
    return desk


def set_id(desk: Desk) -> str:
    """Of the newest set."""
    return list(desk.stage.set_store.sets)[-1]


def ends(desk: Desk) -> list[State]:
    known = desk.stage.set_store.sets[set_id(desk)]
    return [one.state for one in desk.stage.set_store.records(known)]


def previewed(desk: Desk, line: str = SET) -> str:
    assert types(desk, line) == {}
    desk.works()
    return set_id(desk)
