"""What the form shows: drawn anew from what was read, or from what was shown and is entered now."""

from dataclasses import replace
from typing import Any

from blocks import change_form, errors
from blocks.change_form import FormMemory, barred, choosing, form, notice, unavailable
from blocks.opening import Opening
from blocks.reasons import explain
from failover.audit import Attempt, Doing
from failover.change import Change
from failover.draft import Filled
from failover.errors import UplynkError
from failover.lifecycle import Actor, Why
from failover.model import FailoverGroup
from failover.roles import Action
from failover.standing import Allowed, Uncertain
from handlers.payload import Malformed
from services.attempts import Attempts
from services.groups import Ambiguous, NoSuchGroup
from services.overview import Overview

Drawn = dict[str, Any]

NOT_READ = "\u26a0\ufe0f This could not be read."


class FormViews:
    """Each method draws a whole view, with words of what went wrong where Uplynk cannot be read.

    Whoever may not even look is shown nothing else than that.
    """

    def __init__(self, overview: Overview, attempts: Attempts) -> None:
        """``overview``: for the groups, and for who may see them; ``attempts``: who may not."""
        self._overview = overview
        self._attempts = attempts

    def opened(self, actor: Actor, opening: Opening, memory: FormMemory) -> Drawn:
        """The group that is meant, or the chooser."""
        try:
            return self._barred(actor, memory) or self._filled(actor, opening, memory)
        except UplynkError as error:
            return _unavailable(error, replace(memory, group_id=opening.word))

    def of_group(self, actor: Actor, group_id: str, memory: FormMemory) -> Drawn:
        """Another group, with the action that was chosen for the last one."""
        try:
            return self._barred(actor, memory) or self._pictured(actor, group_id, memory)
        except UplynkError as error:
            return _unavailable(error, replace(memory, group_id=group_id))

    def edited(self, actor: Actor, filled: Filled, memory: FormMemory) -> Drawn:
        """The same group with what is entered now. Raises Malformed."""
        try:
            return self._barred(actor, memory) or self._redrawn(actor, filled, memory)
        except UplynkError as error:
            return _unavailable(error, replace(memory, action=filled.action))

    def _filled(self, actor: Actor, opening: Opening, memory: FormMemory) -> Drawn:
        word = opening.word
        if word is None:
            self._overview.listing()
            return choosing(memory)
        found = self._overview.find(word)
        if isinstance(found, FailoverGroup):
            return self._pictured(actor, found.id, memory, opening.begin)
        return change_form.not_one(word, not_one(found), memory)

    def _pictured(
        self, actor: Actor, group_id: str, memory: FormMemory, begin: str | Change | None = None
    ) -> Drawn:
        picture = self._overview.picture(actor, group_id, memory.action, begin)
        return form(picture, memory.channel_id)

    def _redrawn(self, actor: Actor, filled: Filled, memory: FormMemory) -> Drawn:
        if memory.mark is None or memory.read_at is None:
            raise Malformed("a choice without a group")
        try:
            picture = self._overview.edited(actor, memory.mark, memory.read_at, filled)
        except ValueError:
            raise Malformed("a choice that was not offered") from None
        return notice(errors.GONE) if picture is None else form(picture, memory.channel_id)

    def _barred(self, actor: Actor, memory: FormMemory) -> Drawn | None:
        access = self._overview.allowed(actor, Action.VIEW)
        if isinstance(access, Allowed):
            return None
        why = Why.ROLE_UNCERTAIN if isinstance(access, Uncertain) else Why.ROLE
        self._attempts.note(looking(actor, why, "form", memory.channel_id))
        return barred(access)


def looking(actor: Actor, why: Why, at: str, channel_id: str | None) -> Attempt:
    """Somebody who lacks the role wanted to look ``at`` something."""
    return Attempt(actor, Doing.LOOK, why, channel_id, details={"at": at})


def not_one(found: NoSuchGroup | Ambiguous) -> str:
    """The paragraph for a word that means no group, or several."""
    if isinstance(found, NoSuchGroup):
        return explain(Why.NO_SUCH_GROUP, {"near": found.near})
    names = [(group.name, group.id) for group in found.candidates]
    return explain(Why.AMBIGUOUS_GROUP, {"candidates": names})


def _unavailable(error: UplynkError, again: FormMemory) -> Drawn:
    return unavailable(NOT_READ, errors.told(error), again)
