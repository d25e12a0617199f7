"""The inputs of the form: what to do, and what each of these actions asks for."""

from collections.abc import Mapping
from types import MappingProxyType

from blocks.ids import REASON, WHAT
from blocks.kit import (
    OPTION_LIMIT,
    OPTION_VALUE_LIMIT,
    SECTION_LIMIT,
    Block,
    context,
    cut,
    input_block,
    neutral,
    option,
    plain,
    radio,
    section,
)
from blocks.pieces import short
from failover.draft import Field
from failover.list_text import TEXT_LIMIT
from failover.model import Channel, FailoverGroup, Mode, Slicer
from failover.option_grammar import REASON_LIMIT
from failover.pictures import FormPicture
from failover.roles import Action

OPTIONS_LIMIT = 100
"""Options of a select ("static-select-element")."""

ACTIONS: Mapping[Action, tuple[str, str]] = MappingProxyType(
    {
        Action.CONFIGURE: ("Mode and auto failback", "how the next slicer is chosen"),
        Action.ACTIVATE: ("Activate a slicer", "viewers move to it at once"),
        Action.SLATE: ("Slate", "show the missing-content slate, or end it"),
        Action.ORDER: ("Order and eligibility", "who may take over, and who first"),
        Action.CHANNELS: ("Channels", "which channels the group feeds"),
        Action.OWNERS: ("Allowed owners", "which Uplynk users may use the group"),
    }
)
"""What each action is called, and a few words about it."""

FAILBACK_OFF_FIRST = "Auto failback is on: it is turned off first, and stays off."
"""Stands there before any slicer is chosen: nobody can submit without having seen it."""


def inputs(picture: FormPicture) -> list[Block]:
    """What to do, what that asks for, and the reason."""
    return [_what(picture), *_DRAWN[picture.draft.action](picture), reason_input()]


def what_id(mark: str, action: Action) -> str:
    """The block ID of the choice of the action."""
    return f"{WHAT}:{mark[:12]}:{action}"


def block_id(field: Field, mark: str, action: Action) -> str:
    """The block ID of an input: another one for another state or action, so that it starts anew."""
    return f"{field}:{mark[:12]}:{action}"


def _what(picture: FormPicture) -> Block:
    action = picture.draft.action
    options = [option(ACTIONS[one][0], one, ACTIONS[one][1]) for one in picture.offered]
    chosen = _select(WHAT, options, action)
    return input_block(what_id(picture.mark, action), "What", chosen, dispatch=True)


def _configure(picture: FormPicture) -> list[Block]:
    group, entries = picture.reading.group, picture.draft.entries
    mode = entries[Field.MODE]
    modes = [
        option("prioritized", Mode.PRIORITIZED, "the next healthy slicer in order takes over"),
        option("flat", Mode.FLAT, "any healthy slicer takes over, at random"),
    ]
    blocks = [_input(picture, Field.MODE, "Mode", radio(Field.MODE, modes, mode))]
    if mode == Mode.PRIORITIZED:
        ways = [
            option("on", "on", "back to the higher one as soon as it is healthy"),
            option("off", "off", "stay until somebody moves it"),
        ]
        held = "on" if group.auto_failback else "off"
        chosen = radio(Field.FAILBACK, ways, entries.get(Field.FAILBACK, held))
        blocks.append(_input(picture, Field.FAILBACK, "Auto failback", chosen))
    return blocks


def _activate(picture: FormPicture) -> list[Block]:
    group = picture.reading.group
    fitting = [one for one in group.by_priority if 0 < len(one.id) <= OPTION_VALUE_LIMIT]
    shown = fitting[:OPTIONS_LIMIT]
    blocks = []
    if shown:
        options = [option(_slicer(one, group), one.id) for one in shown]
        chosen = _select(Field.SLICER, options, picture.draft.entries.get(Field.SLICER))
        chosen["placeholder"] = plain("Choose a slicer")
        hint = FAILBACK_OFF_FIRST if group.auto_failback else ""
        blocks.append(_input(picture, Field.SLICER, "Slicer", chosen, hint))
    if len(shown) < len(group.slicers):
        missing = f"{len(group.slicers) - len(shown)} more cannot be listed here: type"
        blocks.append(context(f"{missing} \u201c/failover activate GROUP SLICER\u201d."))
    return blocks


def _slate(picture: FormPicture) -> list[Block]:
    ways = [
        option("on", "on", "viewers see the missing-content slate at once"),
        option("off", "off", "viewers see the active slicer"),
    ]
    chosen = radio(Field.SLATE, ways, picture.draft.entries[Field.SLATE])
    return [_input(picture, Field.SLATE, "Slate", chosen)]


def _order(picture: FormPicture) -> list[Block]:
    flat = picture.reading.group.mode is Mode.FLAT
    rest = "In flat the order counts for nothing." if flat else "Any left out follow behind."
    hint = f"A line or a comma for each; - before it: not eligible. {rest}"
    return [_text(picture, Field.ORDER, "Order and eligibility", hint)]


def _channels(picture: FormPicture) -> list[Block]:
    channels = picture.reading.group.channels
    return _members(picture, "Channels now", [_channel(one) for one in channels])


def _owners(picture: FormPicture) -> list[Block]:
    owners = picture.reading.group.allowed_owners or ()
    return _members(picture, "Allowed owners now", [neutral(one) for one in owners])


def _members(picture: FormPicture, title: str, names: list[str]) -> list[Block]:
    return [
        section(cut(f"{title}: {', '.join(names) or 'none'}", SECTION_LIMIT)),
        _text(picture, Field.ADD, "Add", "IDs, a line or a comma for each."),
        _text(picture, Field.REMOVE, "Remove"),
    ]


def _channel(channel: Channel) -> str:
    about = f" ({short(channel.description)})" if channel.description.strip() else ""
    return neutral(channel.id) + about


def reason_input(given: str | None = None) -> Block:
    """Where a reason may be written; ``given``: what stands in it."""
    reason: Block = {
        "type": "plain_text_input",
        "action_id": REASON,
        "max_length": REASON_LIMIT,
        "placeholder": plain("Shown in the channel"),
    }
    if given:
        reason["initial_value"] = given[:REASON_LIMIT]
    return input_block(REASON, "Reason", reason, optional=True)


def _slicer(slicer: Slicer, group: FailoverGroup) -> str:
    notes = ["active"] if slicer.id == group.active_slicer_id else []
    notes += [] if slicer.enabled else ["not eligible"]
    note = f" ({', '.join(notes)})" if notes else ""
    return neutral(slicer.id, OPTION_LIMIT - len(note)) + note


def _select(action_id: str, options: list[Block], chosen: str | None) -> Block:
    return radio(action_id, options, chosen) | {"type": "static_select"}


def _text(picture: FormPicture, field: Field, label: str, hint: str = "") -> Block:
    element: Block = {
        "type": "plain_text_input",
        "action_id": field,
        "multiline": True,
        "max_length": TEXT_LIMIT,
        "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
    }
    entered = picture.draft.entries.get(field)
    if entered:
        element["initial_value"] = entered[:TEXT_LIMIT]
    # Either list may be empty, so that Slack must not ask for it.
    block = _input(picture, field, label, element, hint)
    return block | {"optional": field is not Field.ORDER}


def _input(picture: FormPicture, field: Field, label: str, element: Block, hint: str = "") -> Block:
    name = block_id(field, picture.mark, picture.draft.action)
    block = input_block(name, label, element, dispatch=True)
    return block | ({"hint": plain(hint)} if hint else {})


_DRAWN = {
    Action.CONFIGURE: _configure,
    Action.ACTIVATE: _activate,
    Action.SLATE: _slate,
    Action.ORDER: _order,
    Action.CHANNELS: _channels,
    Action.OWNERS: _owners,
}
