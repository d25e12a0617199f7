"""Reading answers: what is spared, what is insisted upon, and that nothing else ever happens."""

import contextlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from failover.model import Channel, FailoverGroup, Mode, Slicer
from uplynk import wire

ID = "0123456789abcdef0123456789abcdef"


def plain(**changes: Any) -> dict[str, Any]:
    """A group as Uplynk's pages show it; a change to ``...`` takes the field away."""
    full = {
        "@id": f"/api/v4/failover-groups/{ID}",
        "@type": "FailoverGroup",
        "id": ID,
        "owner": "owner-1",
        "name": "NBA Finals",
        "hot_warm": 1,
        "mode": "prioritized",
        "auto_failback": True,
        "failover_time": 1_700_000_000_123,
        "active_slicer_id": "a",
        "slicers": [
            {"slicer_id": "b", "enabled": True, "order": 2, "health": "down"},
            {"slicer_id": "a", "enabled": False, "order": 1},
        ],
        "channels": [{"id": "c1", "desc": "Main"}, {"id": "c2"}],
    } | changes
    return {name: value for name, value in full.items() if value is not ...}


def read(**changes: Any) -> FailoverGroup:
    return wire.group(json.dumps(plain(**changes)).encode(), ID)


def collection(*items: Any) -> bytes:
    answer = {"@type": "Collection", "items": items, "total_items": str(len(items))}
    return json.dumps(answer).encode()


def test_a_group_as_documented() -> None:
    group = read()
    assert group == FailoverGroup(
        id=ID,
        name="NBA Finals",
        mode=Mode.PRIORITIZED,
        auto_failback=True,
        slicers=(Slicer("b", True, 2), Slicer("a", False, 1)),
        active_slicer_id="a",
        channels=(Channel("c1", "Main"), Channel("c2", "")),
        failover_time=datetime(2023, 11, 14, 22, 13, 20, 123_000, tzinfo=UTC),
        hot_warm=1,
        owner="owner-1",
    )
    assert group.extra == {}


@pytest.mark.parametrize("value", [..., None])
@pytest.mark.parametrize(
    ("field", "read_as"),
    [
        ("owner", None),
        ("hot_warm", None),
        ("failover_time", None),
        ("active_slicer_id", None),
        ("slicers", ()),
        ("channels", ()),
    ],
)
def test_what_may_be_missing(field: str, read_as: object, value: object) -> None:
    group = read(**{field: value})
    assert getattr(group, field) == read_as
    assert group.extra == {}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("failover_time", "yesterday"),
        ("failover_time", True),
        ("failover_time", -5),
        ("failover_time", 10**30),
        ("failover_time", 1.5),
        ("hot_warm", "1"),
        ("hot_warm", True),
        ("hot_warm", 10**12),
        ("owner", 17),
        ("owner", ["o"]),
    ],
)
def test_what_is_only_shown_may_be_odd_and_is_kept(field: str, value: object) -> None:
    group = read(**{field: value})
    assert getattr(group, field) is None
    assert group.extra == {field: value}


def test_no_failover_yet_may_be_a_zero() -> None:
    group = read(failover_time=0)
    assert (group.failover_time, group.extra) == (None, {})


def test_unknown_fields_are_kept_and_take_no_part() -> None:
    group = read(region="eu", health={"a": [1]})
    assert group.extra == {"region": "eu", "health": {"a": [1]}}
    assert group == read()


@pytest.mark.parametrize(
    "name", ["", "<!channel> & *x*", "ニュース\n24", "🏀", "x" * 5000, "a\u0000b"]
)
def test_any_name_is_a_name(name: str) -> None:
    assert read(name=name).name == name


def test_half_a_surrogate_is_replaced_since_nothing_else_can_carry_it() -> None:
    assert read(name="a\ud800b", channels=[{"id": "c", "desc": "\udfff"}]).name == "a?b"


SLICER = {"slicer_id": "a", "enabled": True, "order": 1}


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"id": ...}, "'id'"),
        ({"id": 17}, "'id'"),
        ({"id": ""}, "'id'"),
        ({"id": "another"}, "'id'"),
        ({"name": ...}, "'name'"),
        ({"name": None}, "'name'"),
        ({"name": ["x"]}, "'name'"),
        ({"mode": ...}, "'mode'"),
        ({"mode": "round-robin"}, "'mode'"),
        ({"mode": {}}, "'mode'"),
        ({"mode": True}, "'mode'"),
        ({"auto_failback": ...}, "'auto_failback'"),
        ({"auto_failback": None}, "'auto_failback'"),
        ({"auto_failback": 1}, "'auto_failback'"),
        ({"auto_failback": "false"}, "'auto_failback'"),
        ({"active_slicer_id": 5}, "'active_slicer_id'"),
        ({"slicers": {}}, "'slicers'"),
        ({"slicers": ["a"]}, "'slicers'"),
        ({"slicers": [SLICER | {"slicer_id": None}]}, "'slicers.slicer_id'"),
        ({"slicers": [SLICER | {"slicer_id": "\ud800"}]}, "'slicers.slicer_id'"),
        ({"slicers": [SLICER | {"enabled": "yes"}]}, "'slicers.enabled'"),
        ({"slicers": [SLICER | {"enabled": 0}]}, "'slicers.enabled'"),
        ({"slicers": [SLICER | {"order": True}]}, "'slicers.order'"),
        ({"slicers": [SLICER | {"order": 1.0}]}, "'slicers.order'"),
        ({"slicers": [SLICER | {"order": "1"}]}, "'slicers.order'"),
        ({"slicers": [SLICER | {"order": 10**300}]}, "'slicers.order'"),
        ({"channels": "c"}, "'channels'"),
        ({"channels": [None]}, "'channels'"),
        ({"channels": [{"desc": "x"}]}, "'channels.id'"),
    ],
)
def test_what_the_bot_decides_by_must_be_right(changes: dict[str, Any], named: str) -> None:
    with pytest.raises(wire.MalformedError, match=named) as caught:
        read(**changes)
    if "id" not in changes:
        assert ID in str(caught.value)


def test_a_list_of_groups() -> None:
    groups = wire.groups(collection(plain(), plain(id="f" * 32, name="Other")))
    assert [group.name for group in groups] == ["NBA Finals", "Other"]
    assert wire.groups(collection()) == ()


def test_a_broken_group_in_a_list_is_named() -> None:
    with pytest.raises(wire.MalformedError, match=rf"items\[1\]: group {ID}: field 'mode'"):
        wire.groups(collection(plain(id="f" * 32), plain(mode=1)))
    with pytest.raises(wire.MalformedError, match=r"items\[0\]: a group is not an object"):
        wire.groups(collection("x"))


def test_owners() -> None:
    rows = [{"id": "", "owner": owner, "failover_group_id": ID} for owner in ("u1", "u2")]
    assert wire.owners(collection(*rows)) == ("u1", "u2")
    for row in ({}, {"owner": 5}, {"owner": ""}, "u1", None):
        with pytest.raises(wire.MalformedError, match=r"items\[0\]: field 'owner'"):
            wire.owners(collection(row))


HOSTILE = [
    pytest.param(b"", id="nothing"),
    pytest.param(b"<html>hello</html>", id="HTML"),
    pytest.param(b"\xff\xfe\x00", id="not UTF-8"),
    pytest.param(b'{"items": [', id="half"),
    pytest.param(b"[" * 200_000, id="deep, open"),
    pytest.param(b"[" * 200_000 + b"]" * 200_000, id="deep, closed"),
    pytest.param(b'{"items": ' + b'{"a":' * 100_000 + b"1" + b"}" * 100_001, id="deep objects"),
    pytest.param(b'{"items": ' + b"9" * 10_000 + b"}", id="a number beyond bounds"),
    pytest.param(b'{"items": [NaN]}', id="NaN"),
    pytest.param(b'{"items": [-Infinity]}', id="Infinity"),
    pytest.param(b'{"items": {"0": {}}}', id="an object for a list"),
    pytest.param(b'{"error": 1, "msg": "no"}', id="an error in a success"),
    pytest.param(b"[]", id="a bare list"),
    pytest.param(b"null", id="null"),
    pytest.param(b'"items"', id="a text"),
    pytest.param(b'{"items": [], "items": 5}', id="a key twice, the last wrong"),
]


@pytest.mark.parametrize("body", HOSTILE)
@pytest.mark.parametrize("parse", [wire.groups, wire.owners, lambda body: wire.group(body, ID)])
def test_no_answer_to_the_question(parse: Callable[[bytes], object], body: bytes) -> None:
    with pytest.raises(wire.MalformedError):
        parse(body)


def test_a_byte_order_mark_does_no_harm() -> None:
    assert wire.groups(b"\xef\xbb\xbf" + collection(plain()))[0].id == ID


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", False),
        (b" \r\n", False),
        (b"{}", False),
        (b"null", False),
        (b'{"error": 0, "msg": "ok"}', False),
        (b'{"error": null}', False),
        (b"[1]", False),
        (b'{"error": 1, "msg": "no"}', True),
        (b'{"error": "no"}', True),
        (b"<html>", True),
        (b"\x00\xff", True),
        (b"[" * 100_000, True),
    ],
)
def test_success_that_is_none(body: bytes, error: bool) -> None:
    assert wire.says_error(body) is error


leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
anything = st.recursive(
    leaves, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8
)
slicers = st.fixed_dictionaries(
    {"slicer_id": st.text(min_size=1) | leaves, "enabled": st.booleans(), "order": st.integers()}
)
groupish = st.fixed_dictionaries(
    {"id": st.just(ID) | leaves, "name": st.text() | leaves, "mode": st.just("flat") | leaves},
    optional={
        "auto_failback": st.booleans() | leaves,
        "slicers": st.lists(slicers) | anything,
        "channels": st.lists(st.fixed_dictionaries({"id": st.text(), "desc": leaves})) | anything,
        "active_slicer_id": leaves,
        "failover_time": st.integers() | leaves,
        "hot_warm": leaves,
        "owner": leaves,
    },
)


@given(anything | groupish | st.fixed_dictionaries({"items": st.lists(groupish) | anything}))
def test_any_json_is_groups_or_malformed(value: Any) -> None:
    body = json.dumps(value).encode()
    for parse in (wire.groups, wire.owners, lambda body: wire.group(body, ID)):
        with contextlib.suppress(wire.MalformedError):
            assert str(parse(body)).encode()  # and can be shown


@given(st.binary())
def test_any_bytes_are_groups_or_malformed(body: bytes) -> None:
    with contextlib.suppress(wire.MalformedError):
        wire.groups(body)
    assert wire.says_error(body) in (True, False)


@given(
    st.text(),
    st.sampled_from(Mode),
    st.booleans(),
    st.lists(st.tuples(st.text("abc-1", min_size=1), st.booleans(), st.integers(1, 99))),
)
def test_what_was_written_is_what_is_read(
    name: str, mode: Mode, failback: bool, rows: list[tuple[str, bool, int]]
) -> None:
    items = [{"slicer_id": row[0], "enabled": row[1], "order": row[2]} for row in rows]
    group = read(name=name, mode=mode.value, auto_failback=failback, slicers=items)
    assert (group.name, group.mode, group.auto_failback) == (name, mode, failback)
    assert group.slicers == tuple(Slicer(*row) for row in rows)
