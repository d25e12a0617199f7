"""What is foreseen of channels, of owners, and of taking a change back."""

from dataclasses import replace

from failover.change import (
    Channels,
    Owners,
)
from failover.foresight import Code
from failover.model import NO_SLICER
from failover.restore import Restore
from tests.builders import channels, failback, flat, group, slicers
from tests.failover.foreseen import (
    FAILBACK,
    FED,
    HOSTILE,
    NEXT,
    NEXT_1,
    SLATED,
    STAYS,
    THREE,
    C,
    Rows,
)

# What it is; the group; the change; everything that is said, in order.
ALLOWED = group(allowed_owners=("o1", "o2"))
MEMBERS: Rows = [
    (
        "a channel joins",
        group(),
        Channels(("ch1", "ch1")),
        (
            STAYS,
            NEXT,
            C(Code.CHANNELS_JOIN, ("s1",), 1),
            C(Code.CHANNELS_MAY_CONFLICT, count=1),
        ),
    ),
    (
        "a channel joins a group without backup",
        group(slicers=slicers("s1")),
        Channels(("ch1",)),
        (
            STAYS,
            C(Code.NO_BACKUP),
            C(Code.CHANNELS_JOIN, ("s1",), 1),
            C(Code.CHANNELS_MAY_CONFLICT, count=1),
        ),
    ),
    (
        "a channel joins on slate",
        SLATED,
        Channels(("ch1",)),
        (
            C(Code.ON_SLATE),
            C(Code.NEXT_IN_ORDER, ("s1", "s2")),
            C(Code.CHANNELS_JOIN_SLATE, (), 1),
            C(Code.CHANNELS_MAY_CONFLICT, count=1),
        ),
    ),
    (
        "a channel joins, nobody knows what is active",
        group(active_slicer_id=None),
        Channels(("ch1",)),
        (
            C(Code.NEXT_IN_ORDER, ("s1", "s2")),
            C(Code.CHANNELS_JOIN, (), 1),
            C(Code.CHANNELS_MAY_CONFLICT, count=1),
        ),
    ),
    (
        "a channel leaves, another was never there",
        FED,
        Channels((), ("ch1", HOSTILE)),
        (STAYS, NEXT, C(Code.CHANNELS_LEAVE, (), 1), C(Code.CHANNELS_ABSENT, (HOSTILE,))),
    ),
    (
        "all channels leave",
        FED,
        Channels((), ("ch1", "ch2", "ch3")),
        (STAYS, NEXT, C(Code.CHANNELS_ALL_LEAVE, (), 3)),
    ),
    (
        "one joins, one is there, one leaves",
        FED,
        Channels(("ch4", "ch2"), ("ch3",)),
        (
            STAYS,
            NEXT,
            C(Code.CHANNELS_JOIN, ("s1",), 1),
            C(Code.CHANNELS_MAY_CONFLICT, count=1),
            C(Code.CHANNELS_LEAVE, (), 1),
            C(Code.CHANNELS_THERE, ("ch2",)),
        ),
    ),
    (
        "nothing to remove",
        FED,
        Channels((), ("ch9",)),
        (C(Code.NO_CHANGE), C(Code.CHANNELS_ABSENT, ("ch9",))),
    ),
    (
        "owners come and go",
        ALLOWED,
        Owners(("o3", "o1"), ("o2", "o9")),
        (
            C(Code.OWNERS_GAIN, ("o3",)),
            C(Code.OWNERS_LOSE, ("o2",)),
            C(Code.OWNERS_THERE, ("o1",)),
            C(Code.OWNERS_ABSENT, ("o9",)),
        ),
    ),
    (
        "an owner named to harm",
        ALLOWED,
        Owners((HOSTILE,)),
        (C(Code.OWNERS_GAIN, (HOSTILE,)),),
    ),
    (
        "no owner to forbid",
        ALLOWED,
        Owners((), ("o9",)),
        (C(Code.NO_CHANGE), C(Code.OWNERS_ABSENT, ("o9",))),
    ),
    ("owners that nobody asked for", group(), Owners((), ("o9",)), (C(Code.NO_CHANGE),)),
]
RESTORED: Rows = [
    ("nothing to take back", group(), Restore(group(), active=False), (C(Code.NO_CHANGE),)),
    (
        "back to prioritized with the order that it had",
        flat(slicers=slicers("a", "b", "c", orders=(1, 1, 1)), active_slicer_id="a"),
        Restore(replace(THREE, slicers=slicers("a", "b", "c", orders=(3, 1, 2))), active=False),
        (
            C(Code.VIEWERS_STAY, ("a",)),
            C(Code.ORDER_REWRITTEN, ("b", "c", "a")),
            C(Code.TODAY_BY_CHANCE, ("b", "c")),
            C(Code.NEXT_IN_ORDER, ("b", "c")),
        ),
    ),
    (
        "the order goes back",
        THREE,
        Restore(replace(THREE, slicers=slicers("a", "b", "c", orders=(1, 3, 2))), active=False),
        (
            C(Code.VIEWERS_STAY, ("a",)),
            C(Code.ORDER_BECOMES, ("a", "c", "b")),
            C(Code.TODAY_IN_ORDER, ("b", "c")),
            C(Code.NEXT_IN_ORDER, ("c", "b")),
        ),
    ),
    (
        "an activation in two steps is taken back",
        group(active_slicer_id="s2"),
        Restore(FAILBACK, active=True),
        (
            C(Code.VIEWERS_MOVE, ("s2", "s1")),
            C(Code.TODAY_IN_ORDER, ("s1",)),
            NEXT,
            C(Code.NO_MANUAL_SWITCH),
        ),
    ),
    (
        "an activation is taken back under failback",
        failback(active_slicer_id="s2"),
        Restore(FAILBACK, active=True),
        (
            C(Code.VIEWERS_MOVE, ("s2", "s1")),
            C(Code.FAILBACK_PAUSED),
            C(Code.TODAY_IN_ORDER, ("s1",)),
            NEXT,
        ),
    ),
    (
        "a failover in between is not taken back",
        group(active_slicer_id="s2"),
        Restore(FAILBACK, active=False),
        (
            C(Code.LOST_ACTIVE, ("s1", "s2")),
            NEXT_1,
            C(Code.SWITCHES_BACK, ("s1", "s2")),
            C(Code.NO_MANUAL_SWITCH),
        ),
    ),
    (
        "what was active then is not known",
        FAILBACK,
        Restore(group(active_slicer_id=None), active=False),
        (
            C(Code.LOST_ACTIVE),
            STAYS,
            NEXT,
            C(Code.STAYS_AFTER_FAILOVER),
            C(Code.MANUAL_SWITCH_AGAIN),
        ),
    ),
    (
        "slicers have come and gone",
        replace(FAILBACK, slicers=slicers("s1", "s2", "new")),
        Restore(group(slicers=slicers("s1", "s2", HOSTILE)), active=False),
        (
            C(Code.LOST_SLICERS, (HOSTILE,)),
            C(Code.NEW_SLICERS, ("new",)),
            STAYS,
            C(Code.NEXT_IN_ORDER, ("s2", "new")),
            C(Code.STAYS_AFTER_FAILOVER),
            C(Code.MANUAL_SWITCH_AGAIN),
        ),
    ),
    (
        "back onto the slate",
        FED,
        Restore(replace(FED, active_slicer_id=NO_SLICER), active=False),
        (C(Code.SLATE_BEGINS, ("s1",), 3),),
    ),
    (
        "channels and owners go back",
        replace(FED, allowed_owners=("o2",)),
        Restore(replace(FED, channels=channels(4)[1:], allowed_owners=("o1",)), active=False),
        (
            STAYS,
            NEXT,
            C(Code.CHANNELS_JOIN, ("s1",), 1),
            C(Code.CHANNELS_MAY_CONFLICT, count=1),
            C(Code.CHANNELS_LEAVE, (), 1),
            C(Code.OWNERS_GAIN, ("o1",)),
            C(Code.OWNERS_LOSE, ("o2",)),
        ),
    ),
]
