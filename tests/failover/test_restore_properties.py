"""Any group, any change: there, back, and there again, at the simulated Uplynk."""

import json
from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from failover.change import (
    Activate,
    Change,
    Channels,
    Configure,
    Order,
    Owners,
    Slate,
    holds,
    inapplicable,
    next_write,
    writes,
)
from failover.model import FailoverGroup, Mode
from failover.restore import lost
from failover.undo import taking_back
from failover.writes import Verdict, Write, judge, same_settings
from sandbox.uplynk.model import NO_SLICER, OnFlat, OnSameMode, SimGroup, SimSlicer, WorldOptions
from sandbox.uplynk.routes import Endpoint
from sandbox.uplynk.world import UplynkWorld
from uplynk import endpoints, wire
from uplynk.calls import of

NAMES = ("s-1", "s-2", "s-3", "s-4")
CHANNELS = ("c-1", "c-2", "c-3")
OWNERS = ("o-1", "o-2")
GROUP = "a" * 32


@st.composite
def groups(draw: st.DrawFn) -> SimGroup:
    names = draw(st.permutations(NAMES).map(lambda all_of: all_of[: draw(st.integers(1, 4))]))
    mode = draw(st.sampled_from(["flat", "prioritized"]))
    orders = draw(st.permutations(range(1, len(names) + 1)))
    slicers = tuple(
        SimSlicer(name, draw(st.booleans()), 1 if mode == "flat" else order)
        for name, order in zip(names, orders, strict=True)
    )
    failback = draw(st.booleans()) and mode == "prioritized"
    active, resting = draw(st.sampled_from(names)), ""
    if draw(st.booleans()):
        active, resting = NO_SLICER, active
    return SimGroup(
        GROUP, "owner", "Group", slicers, mode, failback, active, resting_slicer_id=resting
    )


def subsets(of_these: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(of_these), unique=True).map(tuple)


deltas = st.tuples(subsets(CHANNELS), subsets(CHANNELS)).filter(lambda d: not set(d[0]) & set(d[1]))
rights = st.tuples(subsets(OWNERS), subsets(OWNERS)).filter(lambda d: not set(d[0]) & set(d[1]))
changes: st.SearchStrategy[Change] = st.one_of(
    st.builds(Configure, st.sampled_from([None, *Mode]), st.sampled_from([None, True, False])),
    st.builds(Activate, st.sampled_from(NAMES), st.booleans()),
    st.builds(Slate, st.booleans()),
    st.builds(
        Order,
        st.lists(
            st.tuples(st.sampled_from(NAMES), st.booleans()),
            unique_by=lambda one: one[0],
            min_size=1,
        ).map(tuple),
    ),
    st.builds(lambda d: Channels(*d), deltas),
    st.builds(lambda d: Owners(*d), rights),
)
worlds = st.builds(WorldOptions, st.sampled_from(OnFlat), st.sampled_from(OnSameMode))


class Bench:
    """A simulated group, read and written as the bot does, but without HTTP."""

    def __init__(self, group: SimGroup, options: WorldOptions) -> None:
        self.world = UplynkWorld((group,), options)

    def read(self) -> FailoverGroup:
        body = json.dumps(self.world.read(Endpoint.GROUP, GROUP)).encode()
        owners = json.dumps(self.world.read(Endpoint.OWNERS, GROUP)).encode()
        return replace(wire.group(body, GROUP), allowed_owners=wire.owners(owners))

    def write(self, write: Write) -> None:
        call = of(GROUP, write)
        suffix = call.path.removeprefix(f"{endpoints.ROOT}/{GROUP}")
        writable = [one for one in Endpoint if one is not Endpoint.GROUPS and one.write_method]
        endpoint = next(one for one in writable if one.suffix == suffix)
        self.world.apply(endpoint, GROUP, json.loads(call.body or b""))

    def make(self, change: Change) -> FailoverGroup:
        """Write, read, judge, go on, as the bot does; the group afterwards."""
        now = self.read()
        for _ in range(12):
            write = next_write(now, change)
            if write is None:
                return now
            before, now = now, self._written(write)
            assert judge(before, write, now) is Verdict.APPLIED
        raise AssertionError(f"no end: {change}")

    def _written(self, write: Write) -> FailoverGroup:
        self.write(write)
        return self.read()


@given(groups(), worlds, changes)
def test_a_change_undone_leaves_the_group_as_it_was(
    group: SimGroup, options: WorldOptions, change: Change
) -> None:
    bench = Bench(group, options)
    before = bench.read()
    assume(inapplicable(before, change) is None and not holds(before, change))
    after = bench.make(change)
    back = taking_back(before, change, "c1")
    assert lost(after, back) == ()
    assert same_group(bench.make(back), before)


@given(groups(), worlds, changes)
def test_undo_of_undo_gives_the_change(
    group: SimGroup, options: WorldOptions, change: Change
) -> None:
    bench = Bench(group, options)
    before = bench.read()
    assume(inapplicable(before, change) is None and not holds(before, change))
    after = bench.make(change)
    back = taking_back(before, change, "c1")
    bench.make(back)
    again = taking_back(after, back, "c2")
    assert same_group(bench.make(again), after)


@given(groups(), worlds, changes)
def test_the_plan_foretells_the_writes(
    group: SimGroup, options: WorldOptions, change: Change
) -> None:
    bench = Bench(group, options)
    before = bench.read()
    assume(inapplicable(before, change) is None)
    plan = writes(before, change)
    bench.make(change)
    assert len(bench.world.journal.writes()) == len(plan) <= 2


def same_group(one: FailoverGroup, other: FailoverGroup) -> bool:
    """Auto failback in flat means nothing; off it comes back all the same, on it can't."""
    unused = other.mode is Mode.FLAT and other.auto_failback
    return (
        same_settings(one, other)
        and one.active_slicer_id == other.active_slicer_id
        and (one.auto_failback == other.auto_failback or unused)
    )
