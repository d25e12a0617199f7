"""How Slack's client keeps what a person typed: fields of a surface and their state entries.

Value keys per element type are those of the payload reference ("view-interactions payload").
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from sandbox.slack.model import Json

VALUE_KEYS = {
    "plain_text_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "number_input": "value",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "checkboxes": "selected_options",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "conversations_select": "selected_conversation",
    "multi_conversations_select": "selected_conversations",
    "channels_select": "selected_channel",
    "multi_channels_select": "selected_channels",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "rich_text_input": "rich_text_value",
    "file_input": "files",
}
TEXT_INPUTS = frozenset(kind for kind, key in VALUE_KEYS.items() if key == "value")
OPTION_PICKERS = frozenset(
    kind for kind, key in VALUE_KEYS.items() if key in ("selected_option", "selected_options")
)


@dataclass(frozen=True, slots=True)
class Field:
    """An interactive element where it stands: its block and itself."""

    block: Json
    element: Json

    @property
    def block_id(self) -> str:
        """The id of the block around it."""
        return str(self.block["block_id"])

    @property
    def action_id(self) -> str:
        """Its own id."""
        return str(self.element.get("action_id", ""))

    @property
    def kind(self) -> str:
        """Its element type."""
        return str(self.element["type"])

    @property
    def is_input(self) -> bool:
        """Whether it sits in an ``input`` block."""
        return bool(self.block["type"] == "input")

    @property
    def label(self) -> str:
        """What a person calls it: the button's text or the input's label."""
        source = self.element.get("text") or self.block.get("label") or {}
        return str(source.get("text", "")) if isinstance(source, dict) else ""

    def fires(self) -> bool:
        """Whether a choice in it sends ``block_actions``."""
        return not self.is_input or bool(self.block.get("dispatch_action"))

    def fires_on(self, trigger: str) -> bool:
        """Whether typing fires on ``on_enter_pressed`` or ``on_character_entered``."""
        config: Json = self.element.get("dispatch_action_config") or {}
        triggers: list[str] = config.get("trigger_actions_on") or ["on_enter_pressed"]
        return self.fires() and trigger in triggers


def fields(blocks: Iterable[Json]) -> Iterator[Field]:
    """Every interactive element in the order shown."""
    for block in blocks:
        inside = list(block.get("elements") or ()) if block["type"] == "actions" else []
        for single in (block.get("accessory"), block.get("element")):
            inside += [single] if single else []
        for element in inside:
            if element.get("type") != "image":
                yield Field(block, element)


def with_ids(blocks: Iterable[Json], new_id: Callable[[str], str]) -> list[Json]:
    """A copy in which every block and element has its id, as Slack fills in missing ones."""
    done = copy.deepcopy(list(blocks))
    for block in done:
        block.setdefault("block_id", new_id("b"))
    for found in fields(done):
        found.element.setdefault("action_id", new_id("a"))
    return done


def options_of(element: Json) -> list[Json]:
    """The options of a menu, groups flattened."""
    options = list(element.get("options") or ())
    for group in element.get("option_groups") or ():
        options += group.get("options") or ()
    return options


def entry(element: Json, value: object) -> Json:
    """A state entry of this element holding ``value``."""
    return {"type": element["type"], VALUE_KEYS[element["type"]]: value}


def initial(element: Json) -> Json:
    """The state entry of an element nobody has touched."""
    key = VALUE_KEYS[element["type"]]
    value = element.get(key.replace("selected_", "initial_", 1) if "_" in key else "initial_value")
    if value is None and key.endswith("s"):
        value = []
    return entry(element, value)


def first_values(blocks: Iterable[Json]) -> Json:
    """``state.values`` of a first rendering."""
    return carried([], {}, blocks)


def carried(before: Iterable[Json], values: Json, after: Iterable[Json]) -> Json:
    """``state.values`` after an update: kept where block id, action id and type are the same."""
    known = {(f.block_id, f.action_id, f.kind) for f in fields(before)}
    result: Json = {}
    for found in fields(after):
        if found.kind not in VALUE_KEYS:
            continue
        kept = values.get(found.block_id, {}).get(found.action_id)
        same = (found.block_id, found.action_id, found.kind) in known and kept is not None
        result.setdefault(found.block_id, {})[found.action_id] = (
            kept if same else initial(found.element)
        )
    return result


def with_entry(values: Json, found: Field, value: object) -> Json:
    """``state.values`` with one entry replaced."""
    block = {**values.get(found.block_id, {}), found.action_id: entry(found.element, value)}
    return {**values, found.block_id: block}


def is_filled(found: Field, values: Json) -> bool:
    """Whether the field holds something."""
    state = values.get(found.block_id, {}).get(found.action_id, {})
    return state.get(VALUE_KEYS[found.kind]) not in (None, "", [])
