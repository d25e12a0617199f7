"""Groups and consequences that the tables of what is foreseen share."""

from typing import TypeAlias

from failover.change import Change, Configure
from failover.foresight import Code, Consequence
from failover.model import NO_SLICER, FailoverGroup
from tests.builders import channels, failback, group, slicers

Rows: TypeAlias = list[tuple[str, FailoverGroup, Change, tuple[Consequence, ...]]]

C = Consequence
FAILBACK = failback()
ON = Configure(auto_failback=True)
STAYS = C(Code.VIEWERS_STAY, ("s1",))
STAYS_2 = C(Code.VIEWERS_STAY, ("s2",))
NEXT = C(Code.NEXT_IN_ORDER, ("s2",))
NEXT_1 = C(Code.NEXT_IN_ORDER, ("s1",))
TODAY = C(Code.TODAY_IN_ORDER, ("s2",))
SLATED = group(active_slicer_id=NO_SLICER)
THREE = group(slicers=slicers("a", "b", "c"), active_slicer_id="a")
HOSTILE = "<!channel> *x*\n{names}\u202e"
FED = group(channels=channels(3))
