"""Where a change of several writes stands once one of them is settled."""

from dataclasses import dataclass

from failover.change import WRITES_LIMIT, next_write
from failover.lifecycle import Record, State, Why
from failover.writes import Write, after, same_settings
from services.settling import Settled


@dataclass(frozen=True, slots=True)
class Onward:
    """The state that the change moves to, why, and the write that is opened by it, if any."""

    state: State
    why: Why | None = None
    write: Write | None = None


def onward(record: Record, found: Settled, *, ready: bool) -> Onward:
    """What follows from a settled write; ``ready``: whether a further one may begin now.

    A write that was not needed before shows somebody else's hand: the bot stops rather than
    write over it.
    """
    if found.state is State.FAILED and len(record.written) > 1:
        return Onward(State.HALFWAY, found.why)
    if found.state is not State.VERIFIED:
        return Onward(found.state, found.why)
    assert found.after is not None
    assert record.base is not None
    write = next_write(found.after, record.request.change)
    if write is None:
        return Onward(State.VERIFIED)
    foreseen = after(record.base, record.written[-1])
    if not same_settings(foreseen, found.after) or len(record.written) >= WRITES_LIMIT:
        return Onward(State.HALFWAY, Why.OTHER_HAND)
    if not ready:
        return Onward(State.HALFWAY, Why.INTERRUPTED)
    return Onward(State.SENDING, write=write)
