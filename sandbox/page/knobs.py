"""The knobs of the Uplynk side: what a hand may turn there, checked before it is turned."""

from dataclasses import replace
from typing import Any

from sandbox.rig import Rig
from sandbox.slack.model import Json
from sandbox.uplynk.model import FLAT, NO_SLICER, PRIORITIZED, SimGroup, SimSlicer

_LONGEST_NAME = 255


def text(body: Json, name: str) -> str:
    """A text that a knob needs. ValueError where there is none."""
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise ValueError(f"“{name}” is missing, or no text.")
    return value


def change_in_cms(rig: Rig, body: Json) -> None:
    """Change a group behind the bot's back: ``group`` and ``fields``. ValueError, KeyError."""
    group = rig.world.group(text(body, "group"))
    fields = body.get("fields")
    if not isinstance(fields, dict) or not fields:
        raise ValueError("“fields” must name what to change.")
    checked = {name: _checked(group, name, value) for name, value in fields.items()}
    rig.world.change_in_cms(group.id, **checked)
    if "name" in checked:
        rig.slack_world.foreign.add(checked["name"])


def _checked(group: SimGroup, name: str, value: object) -> Any:
    match name:
        case "mode" if value in (FLAT, PRIORITIZED):
            return value
        case "mode":
            raise ValueError("The mode is flat or prioritized.")
        case "auto_failback" if isinstance(value, bool):
            return value
        case "auto_failback":
            raise ValueError("Auto failback is true or false.")
        case "active_slicer_id" if value == NO_SLICER or group.find(str(value)):
            return value
        case "active_slicer_id":
            raise ValueError(f"{group.name} has no such slicer.")
        case "name" if isinstance(value, str) and 0 < len(value.strip()) <= _LONGEST_NAME:
            return value
        case "name":
            raise ValueError(f"A name has 1 to {_LONGEST_NAME} characters.")
        case "slicers":
            return _slicers(group, value)
    raise ValueError(f"“{name}” can't be changed here.")


def _slicers(group: SimGroup, value: object) -> tuple[SimSlicer, ...]:
    """Order and eligibility of slicers that the group has; the others stay as they are."""
    items = value if isinstance(value, list) else [value]
    wanted = {item.get("slicer_id"): item for item in items if isinstance(item, dict)}
    if len(wanted) != len(items) or not all(group.find(str(ident)) for ident in wanted):
        raise ValueError(f"“slicers” must be a list of slicers of {group.name}, each of them once.")
    return tuple(_slicer(slicer, wanted.get(slicer.slicer_id, {})) for slicer in group.slicers)


def _slicer(slicer: SimSlicer, wanted: Json) -> SimSlicer:
    enabled, order = wanted.get("enabled", slicer.enabled), wanted.get("order", slicer.order)
    if type(enabled) is not bool or type(order) is not int or order < 1:
        raise ValueError("A slicer's “enabled” is true or false, its “order” counts from 1.")
    return replace(slicer, enabled=enabled, order=order)
