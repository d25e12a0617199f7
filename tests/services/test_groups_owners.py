"""Groups read together with those who may use them."""

import pytest

from failover.errors import GroupGone
from tests.builders import group
from tests.services.test_groups import IDS, Reader


def test_the_owners_are_read_only_if_asked_for() -> None:
    reader = Reader(group(id=IDS[0], allowed_owners=("u1",)))
    assert reader.groups.read(IDS[0]).group.allowed_owners is None
    assert reader.groups.read(IDS[0], owners=True).group.allowed_owners == ("u1",)
    assert reader.uplynk.log == [f"get {IDS[0]}", f"get {IDS[0]}", f"owners {IDS[0]}"]


@pytest.mark.parametrize(
    ("within", "takes", "left"),
    [(8.0, 0.0, 8.0), (8.0, 3.0, 5.0), (8.0, 8.0, 0.5), (8.0, 20.0, 0.5), (None, 3.0, None)],
)
def test_both_readings_share_one_time(
    within: float | None, takes: float, left: float | None
) -> None:
    reader = Reader(group(id=IDS[0]))
    reader.uplynk.read_takes = takes
    reader.groups.read(IDS[0], owners=True, within=within)
    assert reader.uplynk.withins == [within, left]


def test_a_clock_that_was_set_back_gives_no_more_time() -> None:
    reader = Reader(group(id=IDS[0]))
    reader.uplynk.read_takes = -3600.0
    reader.groups.read(IDS[0], owners=True, within=8.0)
    assert reader.uplynk.withins == [8.0, 0.5]


def test_a_group_whose_owners_are_gone_is_gone() -> None:
    reader = Reader(group(id=IDS[0]))
    reader.groups.all()
    reader.uplynk.trip = lambda point: reader.uplynk.groups.clear()
    with pytest.raises(GroupGone):
        reader.groups.read(IDS[0], owners=True)
    assert reader.groups.known(fresh_only=False) is not None
    assert reader.groups.find_remembered(IDS[0]) is None
