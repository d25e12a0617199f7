"""A channel that belongs elsewhere is named together with the group that holds it."""

from dataclasses import replace

from failover.change import Channels
from failover.errors import Conflict
from failover.lifecycle import State, Why
from failover.model import Channel
from tests.builders import ADMIN, ID_B, flat, group
from tests.fakes import Write
from tests.stage import Stage

OTHER = replace(group(id=ID_B, name="Cup Final"), channels=(Channel("cup-1", "Cup"),))
CLAIMED = Write(Conflict("PUT /failover-groups/{id}/channels", status=409), late=None)


def test_who_holds_a_channel_is_told_from_memory() -> None:
    stage = Stage(flat(), OTHER)
    stage.uplynk.writes.append(CLAIMED)
    ended = stage.does(actor=ADMIN, change=Channels(("cup-1", "free-1")))
    assert (ended.state, ended.why) == (State.FAILED, Why.CONFLICT)
    assert ended.facts["held"] == [["cup-1", "Cup Final"]]


def test_what_nobody_is_known_to_hold_is_not_made_up() -> None:
    stage = Stage(flat())
    stage.uplynk.writes.append(CLAIMED)
    ended = stage.does(actor=ADMIN, change=Channels(("cup-1",)))
    assert "held" not in ended.facts
