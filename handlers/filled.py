"""What stands in a form that Slack has sent, as values: nothing of it is trusted."""

from blocks.change_form import FormMemory
from blocks.ids import REASON, WHAT
from failover.draft import FIELDS, TYPED, Field, Filled
from failover.option_grammar import REASON_LIMIT
from failover.roles import Action
from handlers.payload import Malformed, View


def memory_of(view: View) -> FormMemory:
    """What the form carries along. Raises Malformed."""
    try:
        return FormMemory.read(view.metadata)
    except ValueError:
        raise Malformed("private metadata") from None


def filled_of(view: View, memory: FormMemory) -> Filled:
    """The chosen action and its inputs, as they start where another action was drawn so far.

    Raises Malformed.
    """
    named = view.chosen(WHAT) or memory.action
    if named is None or named not in FIELDS:
        raise Malformed("an action that was not offered")
    action = Action(named)
    if action is not memory.action:
        return Filled(action)
    found = {field: _entry(view, field) for field in FIELDS[action]}
    return Filled(action, {field: entry for field, entry in found.items() if entry is not None})


def reason_of(view: View) -> str | None:
    """The reason, as far as one is kept. Raises Malformed."""
    reason = view.typed(REASON)
    return None if reason is None else reason[:REASON_LIMIT]


def _entry(view: View, field: Field) -> str | None:
    return view.typed(field) if field in TYPED else view.chosen(field)
