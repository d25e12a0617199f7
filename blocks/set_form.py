"""The form for several groups: pick them, say what, look at what would become of each, submit."""

import json
from dataclasses import dataclass

from blocks import sets
from blocks.change_form import TITLE, FormMemory, choice
from blocks.form_inputs import ACTIONS, reason_input
from blocks.ids import (
    GROUPS,
    NOTICE,
    PICK_FAILBACK,
    PICK_FORM,
    PICK_MODE,
    PICK_SLATE,
    PICK_WHAT,
    RELOAD_FORM,
    REPICK,
    SET_FORM,
    TROUBLE,
)
from blocks.kit import (
    OPTION_VALUE_LIMIT,
    Block,
    actions,
    button,
    context,
    divider,
    input_block,
    modal,
    neutral,
    option,
    plain,
    radio,
    section,
)
from failover.model import Mode
from failover.picking import KEEP, Matching, Pick, Picking, PickPicture
from failover.roles import Action
from failover.sets import MOST, SetPicture, SetProgress

METADATA_LIMIT = 3000
"""Characters of a view's private metadata ("modal views")."""

STOP, GO_ON = "stop", "go_on"
"""What to do once a group does not come out as asked."""

NOTHING_CHOSEN = "Choose a mode, auto failback, or both."


@dataclass(frozen=True, slots=True)
class SetMemory:
    """What the preview of a set in a form carries along: the set's ID, the channel that the person
    came from, and what they had picked, empty where that cannot be picked anew.
    """

    set_id: str
    channel_id: str | None = None
    values: tuple[str, ...] = ()

    def write(self) -> str:
        """As private metadata; without the picked where these are too long for it."""
        text = json.dumps([self.set_id, self.channel_id, self.values], ensure_ascii=False)
        return (
            text if len(text) <= METADATA_LIMIT else json.dumps([self.set_id, self.channel_id, []])
        )

    @classmethod
    def read(cls, text: str) -> "SetMemory":
        """From private metadata. Raises ValueError for text that ``write`` cannot have made."""
        try:
            parts = json.loads(text)
        except RecursionError:
            raise ValueError("nested too deeply") from None
        match parts:
            case [str(set_id), None | str() as channel_id, [*values]]:
                if all(isinstance(one, str) for one in values):
                    return cls(set_id, channel_id, tuple(values))
        raise ValueError("not what the preview of a set carries along")


def picking(picture: PickPicture, channel_id: str | None, told: str | None = None) -> Block:
    """The form of several groups; ``told``: what has to be said first."""
    blocks = [] if told is None else [section(told), divider()]
    blocks += [_groups(picture.picks), _what(picture), *_settings(picture.picking)]
    blocks.append(reason_input(picture.picking.reason))
    blocks.append(context("Next you see what would become of each group. Nothing is changed yet."))
    blocks.append(actions(button("One group only", RELOAD_FORM, "-")))
    memory = FormMemory(channel_id=channel_id, action=picture.picking.action)
    view = modal(TITLE, blocks, callback_id=PICK_FORM, metadata=memory.write())
    return view | {"submit": plain("Show preview"), "close": plain("Cancel")}


def confirming(picture: SetPicture, memory: SetMemory) -> Block:
    """The preview of a set as a form: submitting is the confirmation."""
    count = sum(row.taken for row in picture.rows)
    blocks = sets.looked_at(picture)
    if count > 1:
        blocks.append(_trouble())
    written = memory.write()
    if SetMemory.read(written).values:
        blocks.append(actions(button("Change the selection", REPICK, memory.set_id)))
    view = modal(TITLE, blocks, callback_id=SET_FORM, metadata=written)
    if not count:
        return view
    press = plain(f"Apply to {sets.so_many(count)}")
    return view | {"submit": press, "close": plain("Cancel")}


def reading() -> Block:
    """What stands there until the groups are read."""
    told = "\u23f3 Reading the failover groups from Uplynk\u2026\nNothing is changed by looking."
    return modal(TITLE, [section(told)], callback_id=NOTICE)


def begun() -> Block:
    """What the submitted form turns into until the first group has had its turn."""
    told = (
        "\u23f3 Working on it, one group after the other\u2026\nHow it goes will stand here, and "
        "each change in the channel. You may close this: then you are told in a direct message."
    )
    return modal(TITLE, [section(told)], callback_id=NOTICE)


def progress_view(picture: SetProgress) -> Block:
    """How a set goes, and how it came out, where its form stands open."""
    return modal(TITLE, sets.progress(picture)["blocks"], callback_id=NOTICE)


def pick_option(pick: Pick) -> Block | None:
    """One choice among the groups; None: it is too long to be one."""
    value = pick.value if isinstance(pick, Matching) else pick.id
    if not 0 < len(value) <= OPTION_VALUE_LIMIT:
        return None
    if isinstance(pick, Matching):
        told = f"All {pick.count} that match \u201c{neutral(pick.typed, 40)}\u201d"
        return option(told, value, "the preview names each of them")
    return choice(pick)


def _groups(picks: tuple[Pick, ...]) -> Block:
    element: Block = {
        "type": "multi_external_select",
        "action_id": GROUPS,
        "placeholder": plain("Type a part of a name"),
        "min_query_length": 0,
        "max_selected_items": MOST,
    }
    options = [one for one in map(pick_option, picks) if one is not None]
    if options:
        element["initial_options"] = options
    block = input_block(GROUPS, "Failover groups", element)
    return block | {"hint": plain("One by one, or all at once that match what you type.")}


def _what(picture: PickPicture) -> Block:
    options = [option(ACTIONS[one][0], one, ACTIONS[one][1]) for one in picture.offered]
    chosen = radio(PICK_WHAT, options, picture.picking.action) | {"type": "static_select"}
    return input_block(PICK_WHAT, "What", chosen, dispatch=True)


def _settings(asked: Picking) -> list[Block]:
    if asked.action is Action.SLATE:
        return [_ways(PICK_SLATE, "Slate", _SLATE, asked.slate)]
    blocks = [_ways(PICK_MODE, "Mode", _MODES, asked.mode, dispatch=True)]
    if asked.mode != Mode.FLAT:
        blocks.append(_ways(PICK_FAILBACK, "Auto failback", _FAILBACK, asked.failback))
    return blocks


def _ways(
    name: str,
    label: str,
    ways: tuple[tuple[str, str, str], ...],
    chosen: str | None,
    *,
    dispatch: bool = False,
) -> Block:
    options = [option(text, value, about) for text, value, about in ways]
    return input_block(name, label, radio(name, options, chosen), dispatch=dispatch)


def _trouble() -> Block:
    label = "If a group does not come out as asked"
    return _ways(TROUBLE, label, _AFTER_TROUBLE, STOP)


_SLATE = (
    ("on", "on", "viewers see the missing-content slate at once"),
    ("off", "off", "viewers see the active slicer"),
)
_MODES = (
    ("prioritized", Mode.PRIORITIZED.value, "the next healthy slicer in order takes over"),
    ("flat", Mode.FLAT.value, "any healthy slicer takes over, at random"),
    ("as it is", KEEP, "each group keeps its mode"),
)
_FAILBACK = (
    ("on", "on", "back to the higher one as soon as it is healthy"),
    ("off", "off", "stay until somebody moves it"),
    ("as it is", KEEP, "each group keeps what it has"),
)
_AFTER_TROUBLE = (
    ("stop there", STOP, "the groups after it are not begun"),
    ("go on", GO_ON, "with the groups after it"),
)
