"""The form: choose a group, see how it is, choose what to do, see what would follow, submit."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from blocks import reasons
from blocks.answers import state_pairs
from blocks.form_inputs import inputs
from blocks.form_preview import press, preview
from blocks.from_uplynk import troubled
from blocks.ids import FORM, GROUP, NOTICE, OPEN_FORM, RELOAD_FORM, SEVERAL
from blocks.kit import (
    OPTION_LIMIT,
    Block,
    actions,
    button,
    context,
    divider,
    fields,
    header,
    message,
    modal,
    neutral,
    option,
    plain,
    section,
)
from blocks.words import clock_time, settings
from failover.draft import FIELDS
from failover.lifecycle import Why
from failover.model import FailoverGroup
from failover.pictures import FormPicture
from failover.roles import Action
from failover.standing import Allowed, Denied, Uncertain
from failover.trouble import Trouble

TITLE = "Failover"


@dataclass(frozen=True, slots=True)
class FormMemory:
    """What a form carries along: the group shown, its fingerprint, when (UTC) it was read, the
    channel that the person came from, the action whose inputs are drawn, and the digest of the
    draft whose preview is.
    """

    group_id: str | None = None
    mark: str | None = None
    read_at: datetime | None = None
    channel_id: str | None = None
    action: Action | None = None
    previewed: str | None = None

    def write(self) -> str:
        """As private metadata."""
        moment = None if self.read_at is None else self.read_at.isoformat()
        rest = [self.channel_id, self.action, self.previewed]
        return json.dumps([self.group_id, self.mark, moment, *rest])

    @classmethod
    def read(cls, text: str) -> "FormMemory":
        """From private metadata; empty where there is none.

        Raises ValueError for text that ``write`` cannot have made.
        """
        if not text:
            return cls()
        group_id, mark, moment, channel_id, named, previewed = _six_texts(text)
        read_at = None if moment is None else datetime.fromisoformat(moment)
        if read_at is not None and read_at.tzinfo is None:
            raise ValueError("a moment without a time zone")
        action = None if named is None else Action(named)
        if action is not None and action not in FIELDS:
            raise ValueError("an action that no form has")
        return cls(group_id, mark, read_at, channel_id, action, previewed)


def _six_texts(text: str) -> list[str | None]:
    try:
        parts = json.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    known = isinstance(parts, list) and len(parts) == 6
    if not known or not all(part is None or isinstance(part, str) for part in parts):
        raise ValueError("not what a form carries along")
    return list(parts)


def loading(memory: FormMemory, trouble: Trouble | None = None) -> Block:
    """What opens at once, whatever Uplynk does, with the ``trouble`` there is with it."""
    told = "\u23f3 Reading the failover groups from Uplynk\u2026\nNothing is changed by looking."
    blocks = [section(told)]
    if trouble is not None:
        blocks.insert(0, section(f"\u26a0\ufe0f {troubled(trouble)}"))
    return modal(TITLE, blocks, callback_id=FORM, metadata=memory.write())


def choosing(memory: FormMemory) -> Block:
    """The form before a group is chosen."""
    blocks = [_chooser(None, _several(None)), section("Choose a failover group to see how it is.")]
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
    reading, draft = picture.reading, picture.draft
    memory = FormMemory(
        group_id=reading.group.id,
        mark=picture.mark,
        read_at=reading.read_at,
        channel_id=channel_id,
        action=draft.action,
        previewed=draft.digest,
    )
    beside = [_several(reading.group)] if isinstance(picture.access, Allowed) else []
    blocks = [_chooser(reading.group, *beside), *_state(picture)]
    if not isinstance(picture.access, Allowed):
        look = section("You can look, but not change this group.")
        blocks += [divider(), look, *reasons.refusal(*_missing(picture.access))]
        return modal(TITLE, blocks, callback_id=FORM, metadata=memory.write())
    blocks += [divider(), *inputs(picture), divider(), *preview(picture)]
    view = modal(TITLE, blocks, callback_id=FORM, metadata=memory.write())
    return view | {"submit": plain(press(picture)), "close": plain("Cancel")}


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


def _chooser(group: FailoverGroup | None, *beside: Block) -> Block:
    element: Block = {
        "type": "external_select",
        "action_id": GROUP,
        "placeholder": plain("Type a part of its name"),
        "min_query_length": 0,
    }
    if group is not None:
        element["initial_option"] = choice(group)
    return actions(element, *beside) | {"block_id": GROUP}


def _several(group: FailoverGroup | None) -> Block:
    return button("Several groups\u2026", SEVERAL, "-" if group is None else group.id)


def _state(picture: FormPicture) -> list[Block]:
    group = picture.reading.group
    return [
        header(neutral(group.name, 100)),
        fields(state_pairs(group, picture.now)),
        context(clock_time(picture.reading.read_at, "Read from Uplynk at ", ".")),
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
