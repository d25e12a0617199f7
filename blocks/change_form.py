"""The form: choose a group, see how it is, choose a change, see what would follow, submit."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from blocks import consequences, reasons
from blocks.answers import state_pairs
from blocks.ids import FAILBACK, FORM, GROUP, MODE, NOTICE, OPEN_FORM, REASON, RELOAD_FORM
from blocks.kit import (
    OPTION_LIMIT,
    Block,
    actions,
    button,
    context,
    divider,
    fields,
    header,
    input_block,
    message,
    modal,
    mrkdwn,
    neutral,
    option,
    plain,
    radio,
    section,
)
from blocks.words import before_after, clock_time, settings
from failover.lifecycle import Why
from failover.model import FailoverGroup, Mode
from failover.pictures import FormPicture
from failover.set_grammar import REASON_LIMIT
from failover.standing import Allowed, Denied, Uncertain

TITLE = "Failover"


@dataclass(frozen=True, slots=True)
class FormMemory:
    """What a form carries along: the group shown, its fingerprint, when (UTC) it was read, and
    the channel that the person came from.
    """

    group_id: str | None = None
    mark: str | None = None
    read_at: datetime | None = None
    channel_id: str | None = None

    def write(self) -> str:
        """As private metadata."""
        moment = None if self.read_at is None else self.read_at.isoformat()
        return json.dumps([self.group_id, self.mark, moment, self.channel_id])

    @classmethod
    def read(cls, text: str) -> "FormMemory":
        """From private metadata; empty where there is none.

        Raises ValueError for text that ``write`` cannot have made.
        """
        if not text:
            return cls()
        parts = _four_texts(text)
        read_at = None if parts[2] is None else datetime.fromisoformat(parts[2])
        if read_at is not None and read_at.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return cls(parts[0], parts[1], read_at, parts[3])


def _four_texts(text: str) -> list[str | None]:
    try:
        parts = json.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    known = isinstance(parts, list) and len(parts) == 4
    if not known or not all(part is None or isinstance(part, str) for part in parts):
        raise ValueError("not what a form carries along")
    return list(parts)


def loading(memory: FormMemory) -> Block:
    """What opens at once, whatever Uplynk does."""
    told = "\u23f3 Reading the failover groups from Uplynk\u2026\nNothing is changed by looking."
    return modal(TITLE, [section(told)], callback_id=FORM, metadata=memory.write())


def choosing(memory: FormMemory) -> Block:
    """The form before a group is chosen."""
    blocks = [_chooser(None), section("Choose a failover group to see how it is.")]
    return modal(TITLE, blocks, callback_id=FORM, metadata=memory.write())


def unavailable(title: str, told: str, memory: FormMemory) -> Block:
    """What went wrong, and a way on."""
    blocks = [section(f"{title}\n{told}")]
    blocks.append(actions(button("Try again", RELOAD_FORM, memory.group_id or "-")))
    return modal(TITLE, blocks, callback_id=FORM, metadata=memory.write())


def not_one(word: str, told: str, memory: FormMemory) -> Block:
    """What was typed means no group, or several: why, and the way to the chooser."""
    blocks = [section(f"\u26d4 {neutral(word)}\n{told}")]
    blocks.append(actions(button("Choose a group", RELOAD_FORM, "-")))
    return modal(TITLE, blocks, callback_id=FORM, metadata=memory.write())


def form(picture: FormPicture, channel_id: str | None) -> Block:
    """The form with a chosen group; without inputs for those who may not change it."""
    reading = picture.reading
    memory = FormMemory(reading.group.id, picture.mark, reading.read_at, channel_id)
    blocks = [_chooser(reading.group), *_state(picture)]
    if not isinstance(picture.access, Allowed):
        look = section("You can look, but not change this group.")
        blocks += [divider(), look, *reasons.refusal(*_missing(picture.access))]
        return modal(TITLE, blocks, callback_id=FORM, metadata=memory.write())
    blocks += [divider(), *_inputs(picture), divider(), *_preview(picture)]
    view = modal(TITLE, blocks, callback_id=FORM, metadata=memory.write())
    return view | {"submit": plain("Apply change"), "close": plain("Cancel")}


def working() -> Block:
    """What a submitted form turns into until the outcome is known."""
    told = "\u23f3 Working on it\u2026\nThe outcome will stand here, and in the channel."
    return modal(TITLE, [section(told)], callback_id=NOTICE)


def notice(told: str) -> Block:
    """A view with nothing but words."""
    return modal(TITLE, [section(told)], callback_id=NOTICE)


def barred(access: Denied | Uncertain) -> Block:
    """What the form turns into for somebody who may not even look."""
    return modal(TITLE, reasons.refusal(*_missing(access)), callback_id=NOTICE)


def reopen(group: str | None) -> Block:
    """A message with a fresh button where the press was too old to open the form."""
    told = "The form could not be opened in time. Nothing was changed. Press to open it."
    blocks = [section(told), actions(button("Open the form", OPEN_FORM, group or "-", "primary"))]
    return message(told, blocks)


def choice(group: FailoverGroup) -> Block:
    """A group as an option of the chooser."""
    about = f"{settings(group)} \u00b7 {neutral(group.id, 9)}"
    return option(neutral(group.name, OPTION_LIMIT), group.id, about)


def block_ids(mark: str) -> tuple[str, str]:
    """Block IDs of mode and failback: other ones for another state, so that both start anew."""
    return f"{MODE}:{mark[:12]}", f"{FAILBACK}:{mark[:12]}"


def _chooser(group: FailoverGroup | None) -> Block:
    element: Block = {
        "type": "external_select",
        "action_id": GROUP,
        "placeholder": plain("Type a part of its name"),
        "min_query_length": 0,
    }
    if group is not None:
        element["initial_option"] = choice(group)
    return actions(element) | {"block_id": GROUP}


def _state(picture: FormPicture) -> list[Block]:
    group = picture.reading.group
    return [
        header(neutral(group.name, 100)),
        fields(state_pairs(group, picture.now)),
        context(clock_time(picture.reading.read_at, "Read from Uplynk at ", ".")),
    ]


def _inputs(picture: FormPicture) -> list[Block]:
    mode_block, failback_block = block_ids(picture.mark)
    mode = picture.draft.mode or picture.reading.group.mode
    modes = [
        option("prioritized", Mode.PRIORITIZED, "the next healthy slicer in order takes over"),
        option("flat", Mode.FLAT, "any healthy slicer takes over, at random"),
    ]
    blocks = [input_block(mode_block, "Mode", radio(MODE, modes, mode), dispatch=True)]
    if mode is Mode.PRIORITIZED:
        ways = [
            option("on", "on", "back to the higher one as soon as it is healthy"),
            option("off", "off", "stay until somebody moves it"),
        ]
        wanted = picture.draft.auto_failback
        held = picture.reading.group.auto_failback if wanted is None else wanted
        chosen = radio(FAILBACK, ways, "on" if held else "off")
        blocks.append(input_block(failback_block, "Auto failback", chosen, dispatch=True))
    reason: Block = {
        "type": "plain_text_input",
        "action_id": REASON,
        "max_length": REASON_LIMIT,
        "placeholder": plain("Shown in the channel"),
    }
    return [*blocks, input_block(REASON, "Reason", reason, optional=True)]


def _preview(picture: FormPicture) -> list[Block]:
    group = picture.reading.group
    return [
        section(mrkdwn(f"Preview: *{before_after(group, picture.draft)}*")),
        section(consequences.sentences(picture.foreseen, picture.now)),
        context("Nothing is changed until you press Apply change."),
    ]


def _missing(access: Denied | Uncertain) -> tuple[Why, dict[str, Any]]:
    if isinstance(access, Uncertain):
        facts = {"usergroups": access.usergroups, "problem": access.problem}
        return Why.ROLE_UNCERTAIN, facts
    return Why.ROLE, {
        "roles": list(access.roles) or ["operator", "admin"],
        "users": access.users,
        "usergroups": access.usergroups,
        "stranger": access.stranger,
    }
