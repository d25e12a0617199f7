"""From the bytes of Uplynk's answers to the bot's own values: lenient in what it can spare. Pure.

What the bot decides by (id, name, mode, auto_failback, active_slicer_id, the slicers and the
channels' IDs) must have its documented type. What it only shows (owner, hot_warm, failover_time,
a channel's description) is None or empty when it has not, and then stays readable in ``extra``.
Vendor pages: "get-all-failover-groups", "get-failover-group", "get-allowed-users".
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

from failover.model import Channel, FailoverGroup, Mode, Slicer

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST_MS = 253_402_300_799_000  # the end of the year 9999, where datetime ends
_LARGEST = 2**31 - 1
_MODES: Mapping[object, Mode] = {mode.value: mode for mode in Mode}
_NOTHING: Mapping[str, object] = MappingProxyType({})
_SHOWN = ("failover_time", "hot_warm", "owner")
_DECIDING = ("id", "name", "mode", "auto_failback", "slicers", "channels", "active_slicer_id")
_KNOWN = frozenset(("@id", "@type", *_DECIDING, *_SHOWN))


class MalformedError(ValueError):
    """The body is no answer to the question; the text names the field."""


def groups(body: bytes) -> tuple[FailoverGroup, ...]:
    """All groups of a Collection. Raises MalformedError naming the group and the field.

    One broken group spoils the list: to leave it out would be to show a list that is not true.
    """
    return tuple(
        [_group(item, index) for index, item in enumerate(_items(body))]  # faster than a generator
    )


def group(body: bytes, group_id: str) -> FailoverGroup:
    """The one group that was asked for. Raises MalformedError naming the field."""
    found = _group(_load(body), None)
    if found.id.lower() != group_id.lower():
        raise MalformedError("field 'id' is not the ID that was asked for")
    return found


def owners(body: bytes) -> tuple[str, ...]:
    """The user IDs of a Collection of allowed users. Raises MalformedError naming the field."""
    found = []
    for index, item in enumerate(_items(body)):
        owner = item.get("owner") if isinstance(item, dict) else None
        if not isinstance(owner, str) or not owner:
            raise MalformedError(f"items[{index}]: field 'owner' is not a user ID")
        found.append(_tidy(owner))
    return tuple(found)


def says_error(body: bytes) -> bool:
    """Whether the body of a success is none: not JSON, or JSON that reports an error.

    An empty body is fine (204), and so is any JSON without a truthy ``error``.
    """
    if not body.strip():
        return False
    try:
        answer = _load(body)
    except MalformedError:
        return True
    return isinstance(answer, dict) and bool(answer.get("error"))


def _load(body: bytes) -> Any:
    try:
        return json.loads(body.decode("utf-8-sig"), parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise MalformedError("the answer is not JSON") from None


def _refuse(constant: str) -> object:
    raise ValueError(f"{constant} is not JSON")


def _items(body: bytes) -> list[Any]:
    answer = _load(body)
    items = answer.get("items") if isinstance(answer, dict) else None
    if not isinstance(items, list):
        raise MalformedError("field 'items' is not a list")
    return items


def _group(plain: Any, index: int | None) -> FailoverGroup:
    try:
        return _read_group(plain)
    except MalformedError as error:
        complaint = str(error)
    known = plain.get("id") if isinstance(plain, dict) else None
    where = "" if index is None else f"items[{index}]: "
    who = f"group {known[:64]}: " if isinstance(known, str) and known else ""
    raise MalformedError(where + who + complaint)


def _read_group(plain: Any) -> FailoverGroup:
    if not isinstance(plain, dict):
        raise MalformedError("a group is not an object")
    auto_failback, mode = plain.get("auto_failback"), plain.get("mode")
    if auto_failback is not True and auto_failback is not False:
        raise MalformedError("field 'auto_failback' is not true or false")
    if not isinstance(mode, str) or mode not in _MODES:
        raise MalformedError("field 'mode' is neither flat nor prioritized")
    active = plain.get("active_slicer_id")
    moment, hot_warm, owner = shown = _shown(plain)
    return FailoverGroup(
        _identifier(plain, "id"),
        _text(plain, "name"),
        _MODES[mode],
        auto_failback,
        tuple([_slicer(item) for item in _list(plain, "slicers")]),
        None if active is None else _text(plain, "active_slicer_id"),
        tuple([_channel(item) for item in _list(plain, "channels")]),
        moment,
        hot_warm,
        owner,
        _NOTHING if None not in shown and _KNOWN.issuperset(plain) else _extra(plain, shown),
    )


def _shown(plain: dict[str, Any]) -> tuple[datetime | None, int | None, str | None]:
    hot_warm, owner = plain.get("hot_warm"), plain.get("owner")
    return (
        _moment(plain.get("failover_time")),
        hot_warm if type(hot_warm) is int and 0 <= hot_warm <= _LARGEST else None,
        None if not isinstance(owner, str) else owner if owner.isascii() else _tidy(owner),
    )


def _extra(plain: dict[str, Any], shown: tuple[object, ...]) -> Mapping[str, object]:
    """What is unknown or unreadable; groups without any share one empty mapping."""
    extra = {name: value for name, value in plain.items() if name not in _KNOWN}
    for name, value in zip(_SHOWN, shown, strict=True):
        if value is None and plain.get(name):
            extra[name] = plain[name]
    return MappingProxyType(extra) if extra else _NOTHING


def _moment(milliseconds: object) -> datetime | None:
    if type(milliseconds) is not int or not 0 < milliseconds <= _LATEST_MS:
        return None
    return _EPOCH + timedelta(milliseconds=milliseconds)


def _slicer(plain: Any) -> Slicer:
    if not isinstance(plain, dict):
        raise MalformedError("field 'slicers' holds something that is not an object")
    enabled, order = plain.get("enabled"), plain.get("order")
    if enabled is not True and enabled is not False:
        raise MalformedError("field 'slicers.enabled' is not true or false")
    if type(order) is not int or not -_LARGEST <= order <= _LARGEST:
        raise MalformedError("field 'slicers.order' is not a whole number")
    return Slicer(_identifier(plain, "slicer_id", "slicers."), enabled, order)


def _channel(plain: Any) -> Channel:
    if not isinstance(plain, dict):
        raise MalformedError("field 'channels' holds something that is not an object")
    description = plain.get("desc")
    shown = _tidy(description) if isinstance(description, str) else ""
    return Channel(_identifier(plain, "id", "channels."), shown)


def _list(plain: dict[str, Any], name: str) -> list[Any]:
    value = plain.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise MalformedError(f"field '{name}' is not a list")
    return value


def _identifier(plain: dict[str, Any], name: str, within: str = "") -> str:
    value = plain.get(name)
    if isinstance(value, str) and value and (value.isascii() or _tidy(value) == value):
        return value
    raise MalformedError(f"field '{within}{name}' is not an ID")


def _text(plain: dict[str, Any], name: str) -> str:
    value = plain.get(name)
    if not isinstance(value, str):
        raise MalformedError(f"field '{name}' is not text")
    return value if value.isascii() else _tidy(value)


def _tidy(text: str) -> str:
    """The text with half surrogates (legal in JSON, impossible in UTF-8) replaced."""
    return text.encode("utf-8", "replace").decode()
