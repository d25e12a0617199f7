"""Strict reading of the bodies of Uplynk's six writes: JSON values in, checked values out."""

from typing import Any

from sandbox.uplynk.model import FLAT, PRIORITIZED, Json, RefusedError

_SLICER_FIELDS: dict[str, type] = {"slicer_id": str, "enabled": bool, "order": int}


def config(body: object) -> Json:
    """Check `update-failover-group-configuration`: mode, auto_failback, or both."""
    fields = _fields(body, {"mode": str, "auto_failback": bool})
    if not fields:
        raise RefusedError(400, "mode or auto_failback is required")
    if fields.get("mode", FLAT) not in (FLAT, PRIORITIZED):
        raise RefusedError(400, "mode must be flat or prioritized")
    return fields


def slicers(body: object) -> list[Json]:
    """Check `update-live-slicer-failover-eligibility`: a list of complete slicer items."""
    items = _required(_fields(body, {"slicers": list}), "slicers")
    return [_slicer(item) for item in items]


def slicer_id(body: object) -> str:
    """Check the body of `activate_slicer`; the field's name is assumed."""
    return str(_required(_fields(body, {"slicer_id": str}), "slicer_id"))


def no_slicer(body: object) -> bool:
    """Check `toggle-source-feed`."""
    return bool(_required(_fields(body, {"no_slicer": bool}), "no_slicer"))


def delta(body: object, add: str, remove: str) -> tuple[list[str], list[str]]:
    """Check a delta of IDs, of which at least one list is there: (to add, to remove)."""
    fields = _fields(body, {add: list, remove: list})
    if not fields:
        raise RefusedError(400, f"{add} or {remove} is required")
    for name, values in fields.items():
        if not all(isinstance(value, str) and value for value in values):
            raise RefusedError(400, f"{name} must hold strings")
    return fields.get(add, []), fields.get(remove, [])


def _slicer(item: object) -> Json:
    fields = _fields(item, _SLICER_FIELDS)
    for name in _SLICER_FIELDS:
        _required(fields, name)
    if fields["order"] < 1:
        raise RefusedError(400, "order counts from 1")
    return fields


def _fields(body: object, allowed: dict[str, type]) -> Json:
    if not isinstance(body, dict):
        raise RefusedError(400, "an object is expected")
    for name, value in body.items():
        if name not in allowed:
            raise RefusedError(400, f"unknown field {name}")
        # bool is an int in Python, not in JSON
        if type(value) is not allowed[name]:
            raise RefusedError(400, f"{name} must be of type {allowed[name].__name__}")
    return body


def _required(fields: Json, name: str) -> Any:
    if name not in fields:
        raise RefusedError(400, f"{name} is required")
    return fields[name]
