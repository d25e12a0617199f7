"""What takes a change back, made from the group as it was before."""

from failover.change import Activate, Change, needed
from failover.lifecycle import BETWEEN, TAKEN_BACK, Record, State
from failover.model import FailoverGroup
from failover.restore import Restore
from failover.roles import Action
from failover.writes import after, same_settings

_ADMINS = frozenset({Action.CHANNELS, Action.OWNERS})


def left_by(record: Record) -> FailoverGroup | None:
    """The group as a change left it, without what others did meanwhile; None: it is not known.

    Where somebody else's hand shows in what was read at the end, that is left out: undoing the
    change would undo their work, too, so it has to be seen as a change in between.
    """
    if record.state not in TAKEN_BACK or record.after is None or record.base is None:
        return None
    took_effect = record.state is State.VERIFIED or record.why in BETWEEN
    left = after(record.base, record.written[-1]) if took_effect else record.base
    return record.after if same_settings(left, record.after) else left


def taking_back(before: FailoverGroup, change: Change, change_id: str) -> Restore:
    """The change that leads back to ``before``.

    The active slicer goes back only where a person moved it: after an automatic failover the
    slicer that was left may be dead.
    """
    touched = needed(change)
    moved = isinstance(change, Activate) or (isinstance(change, Restore) and change.active)
    return Restore(
        target=before,
        active=moved and before.active_slicer_id is not None,
        needs=touched if touched in _ADMINS else Action.UNDO,
        change_id=change_id,
    )
