"""Groups as values: what they tell of themselves, their plain form, their fingerprint."""

import json
from dataclasses import replace
from datetime import UTC, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from failover.model import (
    NO_SLICER,
    Channel,
    FailoverGroup,
    Mode,
    Slicer,
    fingerprint,
    from_plain,
    to_plain,
)
from tests.builders import channels, group, later, slicers

MOMENTS = st.datetimes(timezones=st.just(UTC))
GROUPS = st.builds(
    FailoverGroup,
    id=st.text(min_size=1),
    name=st.text(),
    mode=st.sampled_from(Mode),
    auto_failback=st.booleans(),
    slicers=st.lists(
        st.builds(Slicer, id=st.text(), enabled=st.booleans(), order=st.integers(1, 9)), max_size=3
    ).map(tuple),
    active_slicer_id=st.none() | st.text(),
    channels=st.lists(st.builds(Channel, id=st.text(), description=st.text()), max_size=2).map(
        tuple
    ),
    failover_time=st.none() | MOMENTS,
    hot_warm=st.none() | st.integers(0, 5),
)


@pytest.mark.parametrize(
    ("active", "expected"), [("s1", False), (None, False), ("", False), (NO_SLICER, True)]
)
def test_the_slate(active: str | None, expected: bool) -> None:
    assert group(active_slicer_id=active).on_slate is expected


@pytest.mark.parametrize(
    ("orders", "expected"),
    [
        ((1, 2, 3), ["b", "a", "c"]),
        ((3, 1, 2), ["a", "c", "b"]),
        ((1, 1, 1), ["b", "a", "c"]),
        ((2, 1, 1), ["a", "c", "b"]),
    ],
)
def test_priority_goes_by_order_and_equals_stay_as_listed(
    orders: tuple[int, ...], expected: list[str]
) -> None:
    listed = group(slicers=slicers("b", "a", "c", orders=orders))
    assert [one.id for one in listed.by_priority] == expected


def test_only_enabled_slicers_may_take_over_and_in_their_order() -> None:
    listed = group(slicers=slicers("a", "b", "c", orders=(3, 2, 1), off=["b"]))
    assert [one.id for one in listed.eligible] == ["c", "a"]
    assert group(slicers=()).eligible == ()


@given(GROUPS)
def test_the_plain_form_survives_json_and_comes_back(one: FailoverGroup) -> None:
    again = from_plain(json.loads(json.dumps(to_plain(one))))
    assert again == one
    assert fingerprint(again) == fingerprint(one)


@given(GROUPS, GROUPS)
def test_fingerprints_are_equal_exactly_when_groups_are(
    one: FailoverGroup, other: FailoverGroup
) -> None:
    assert (fingerprint(one) == fingerprint(other)) is (one == other)


SHOWN = group(channels=channels(1), failover_time=later(-60), hot_warm=1, name="NBA")


@pytest.mark.parametrize(
    "new",
    [
        {"name": "NBA "},
        {"mode": Mode.FLAT},
        {"auto_failback": True},
        {"slicers": slicers("s2", "s1")},
        {"slicers": slicers("s1", "s2", orders=(2, 1))},
        {"slicers": slicers("s1", "s2", off=["s2"])},
        {"active_slicer_id": "s2"},
        {"active_slicer_id": None},
        {"channels": channels(2)},
        {"channels": (Channel("ch1", "renamed"),)},
        {"failover_time": later(-59)},
        {"failover_time": None},
        {"hot_warm": 0},
        {"hot_warm": None},
        {"id": "b" * 32},
    ],
    ids=str,
)
def test_whatever_a_person_is_shown_is_in_the_fingerprint(new: dict[str, object]) -> None:
    assert fingerprint(replace(SHOWN, **new)) != fingerprint(SHOWN)  # type: ignore[arg-type]


def test_the_fingerprint_is_32_hex_digits_and_the_same_in_every_process() -> None:
    plain = group()
    assert fingerprint(plain) == "3df039c0161e71cbe8499e983c60b934"
    assert len(fingerprint(plain)) == 32


@pytest.mark.parametrize("new", [{"extra": {"health": "canary"}}, {"owner": "canary"}])
def test_unknown_fields_and_the_owner_are_not_compared_kept_or_shown(
    new: dict[str, Any],
) -> None:
    richer = group(**new)
    assert richer == group()
    assert fingerprint(richer) == fingerprint(group())
    assert "canary" not in json.dumps(to_plain(richer))
    assert "canary" not in repr(richer)


def test_the_moment_of_a_failover_comes_back_as_utc() -> None:
    elsewhere = timezone(timedelta(hours=5, minutes=30))
    moment = later(0).astimezone(elsewhere)
    again = from_plain(to_plain(group(failover_time=moment)))
    assert again.failover_time == moment
    assert again.failover_time is not None
    assert again.failover_time.utcoffset() == timedelta(0)
