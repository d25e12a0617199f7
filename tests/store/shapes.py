"""Any value that the store may be given."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from failover.change import Activate, Change, Channels, Configure, Order, Owners, Slate
from failover.measures import Lock, Pause, Resume, Unlock
from failover.model import Channel, FailoverGroup, Mode, Slicer
from failover.restore import Restore
from failover.roles import Action
from failover.writes import (
    Patch,
    PutActive,
    PutChannels,
    PutOwners,
    PutSlate,
    PutSlicers,
    Write,
)

text = st.text(st.characters(), max_size=30)
maybe_text = st.none() | text
texts = st.lists(text, max_size=3).map(tuple)
utc = st.datetimes(timezones=st.just(UTC))
moments = st.integers(-6 * 10**10, 2 * 10**11).map(
    lambda seconds: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds, microseconds=7)
)
modes = st.none() | st.sampled_from(Mode)
flags = st.none() | st.booleans()
slicers = st.lists(st.builds(Slicer, text, st.booleans(), st.integers()), max_size=3).map(tuple)
groups = st.builds(
    FailoverGroup,
    id=text,
    name=text,
    mode=st.sampled_from(Mode),
    auto_failback=st.booleans(),
    slicers=slicers,
    active_slicer_id=maybe_text,
    channels=st.lists(st.builds(Channel, text, text), max_size=3).map(tuple),
    failover_time=st.none() | utc,
    hot_warm=st.none() | st.integers(),
    allowed_owners=st.none() | texts,
)
BY_CHANGE: dict[type, st.SearchStrategy[Change]] = {
    Configure: st.builds(Configure, modes, flags),
    Activate: st.builds(Activate, text, st.booleans()),
    Slate: st.builds(Slate, st.booleans()),
    Order: st.builds(
        Order, st.lists(st.tuples(text, st.booleans()), max_size=3).map(tuple)
    ),
    Channels: st.builds(Channels, texts, texts),
    Owners: st.builds(Owners, texts, texts),
    Restore: st.builds(Restore, groups, st.booleans(), st.sampled_from(Action), text),
    Lock: st.builds(Lock, st.none() | st.integers()),
    Unlock: st.builds(Unlock, st.none() | st.text()),
    Pause: st.just(Pause()),
    Resume: st.just(Resume()),
}  # fmt: skip
BY_WRITE: dict[type, st.SearchStrategy[Write]] = {
    Patch: st.builds(Patch, modes, flags),
    PutSlicers: st.builds(PutSlicers, slicers),
    PutActive: st.builds(PutActive, text),
    PutSlate: st.builds(PutSlate, st.booleans()),
    PutChannels: st.builds(PutChannels, texts, texts),
    PutOwners: st.builds(PutOwners, texts, texts),
}
changes = st.one_of(*BY_CHANGE.values())
writes = st.one_of(*BY_WRITE.values())
