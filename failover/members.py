"""What a change means for the channels of a group, and for those who may use it."""

from failover.change import Change, Channels, Owners
from failover.foresight import Code, Consequence
from failover.model import FailoverGroup


def joining_and_leaving(before: FailoverGroup, after: FailoverGroup) -> list[Consequence]:
    """What channels get that are added, and that nothing is known of those that are removed.

    A channel that is added gets the active slicer of the group; one that belongs to a group already
    makes Uplynk refuse [Live-Slicer-Failover-API].
    """
    was, will = _channels(before), _channels(after)
    added = tuple(one for one in will if one not in was)
    gone = tuple(one for one in was if one not in will)
    said = []
    if added:
        active = after.active_slicer_id
        served = () if active is None or after.on_slate else (active,)
        code = Code.CHANNELS_JOIN_SLATE if after.on_slate else Code.CHANNELS_JOIN
        said += [
            Consequence(code, served, len(added)),
            Consequence(Code.CHANNELS_MAY_CONFLICT, count=len(added)),
        ]
    if gone:
        code = Code.CHANNELS_LEAVE if will else Code.CHANNELS_ALL_LEAVE
        said.append(Consequence(code, count=len(gone)))
    return said


def who_may_use(before: FailoverGroup, after: FailoverGroup) -> list[Consequence]:
    """Who is granted the use of the group, and who is denied it."""
    was, will = before.allowed_owners or (), after.allowed_owners or ()
    added = tuple(one for one in will if one not in was)
    gone = tuple(one for one in was if one not in will)
    said = [Consequence(Code.OWNERS_GAIN, added)] if added else []
    return said + ([Consequence(Code.OWNERS_LOSE, gone)] if gone else [])


def misnamed(group: FailoverGroup, change: Change) -> list[Consequence]:
    """What is named to be added and is there already, or to be removed and is not there."""
    match change:
        case Channels(add, remove):
            held, codes = _channels(group), (Code.CHANNELS_THERE, Code.CHANNELS_ABSENT)
        case Owners(add, remove) if group.allowed_owners is not None:
            held, codes = group.allowed_owners, (Code.OWNERS_THERE, Code.OWNERS_ABSENT)
        case _:
            return []
    there = tuple(one for one in dict.fromkeys(add) if one in held)
    absent = tuple(one for one in dict.fromkeys(remove) if one not in held)
    pairs = zip(codes, (there, absent), strict=True)
    return [Consequence(code, names) for code, names in pairs if names]


def _channels(group: FailoverGroup) -> tuple[str, ...]:
    return tuple(channel.id for channel in group.channels)
