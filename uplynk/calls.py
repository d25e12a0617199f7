"""From a write to the call that makes it."""

from typing import assert_never

from failover.writes import (
    Patch,
    PutActive,
    PutChannels,
    PutOwners,
    PutSlate,
    PutSlicers,
    Write,
)
from uplynk import endpoints
from uplynk.endpoints import Call


def of(group_id: str, write: Write) -> Call:
    """The one request of a write. Raises Rejected for what cannot be a group's ID."""
    match write:
        case Patch(mode, auto_failback):
            return endpoints.configure(group_id, mode, auto_failback)
        case PutSlicers(slicers):
            return endpoints.set_slicers(group_id, slicers)
        case PutActive(slicer_id):
            return endpoints.activate_slicer(group_id, slicer_id)
        case PutSlate(on):
            return endpoints.set_no_slicer(group_id, on)
        case PutChannels(add, remove):
            return endpoints.change_channels(group_id, add, remove)
        case PutOwners(add, remove):
            return endpoints.change_owners(group_id, add, remove)
        case _:
            assert_never(write)
