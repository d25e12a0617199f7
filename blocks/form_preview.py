"""What the form says below its inputs: what would follow, or what is still missing or wrong."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from blocks import consequences, second_person
from blocks.kit import Block, context, cut, mrkdwn, section
from blocks.pieces import listing, short
from blocks.words import before_after, planned
from failover.change import Change, Configure, Inapplicable
from failover.draft import Fault, Field
from failover.intents import Problem
from failover.list_grammar import ITEMS_LIMIT
from failover.model import FailoverGroup
from failover.pictures import FormPicture

LINE_LIMIT = 400
"""The most that is shown of one of several steps."""

CHOSEN_SINCE = "Chosen, but not shown yet: look at it first, then press the button again."
TYPED_SINCE = "Not done yet: look at the preview of this first, then press the button again."


def preview(picture: FormPicture) -> list[Block]:
    """What the change would mean, or why there is none yet."""
    group, draft = picture.reading.group, picture.draft
    if draft.change is None:
        blocks = [section(f"Preview: {' '.join(map(fault, draft.faults))}")]
    else:
        blocks = [
            _line(group, draft.change),
            *_steps(group, draft.change),
            section(consequences.sentences(picture.foreseen, picture.now)),
        ]
    if picture.asks is None:
        told = f"Nothing is changed until you press {press(picture)}."
    else:
        blocks.append(section(second_person.asked_first(picture.asks)))
        told = "Nothing is changed until they have approved."
    if draft.is_typed:
        told += " What you type is previewed on Enter, and before it is applied."
    return [*blocks, context(told)]


def press(picture: FormPicture) -> str:
    """What the button says that submits the form."""
    return "Apply change" if picture.asks is None else second_person.ASK


def field_errors(faults: Iterable[Fault]) -> dict[Field, str]:
    """What is wrong with each input; literal text, foreign words neutral."""
    found: dict[Field, str] = {}
    for one in faults:
        found[one.field] = f"{found[one.field]} {fault(one)}" if one.field in found else fault(one)
    return found


def fault(one: Fault) -> str:
    """The sentence for what is wrong with an input; literal text, foreign words neutral."""
    if one.problem is Problem.MISSING_SLICER and one.field is Field.SLICER:
        return "Choose a slicer."
    if one.problem is Problem.MISSING_SLICER and one.names:
        return "No slicer stands behind a minus."
    names = listing([short(name) for name in one.names])
    return _FAULTS[one.problem].format(names=names, limit=ITEMS_LIMIT)


def _line(group: FailoverGroup, change: Change) -> Block:
    told = before_after(group, change)
    # Formatted only where every word of it is the bot's own.
    bare = isinstance(change, Configure)
    return section(mrkdwn(f"Preview: *{told}*") if bare else f"Preview: {told}")


def _steps(group: FailoverGroup, change: Change) -> list[Block]:
    lines = planned(group, change)
    if len(lines) < 2:
        return []
    told = [f"{place}. {cut(line, LINE_LIMIT)}" for place, line in enumerate(lines, start=1)]
    return [section("\n".join(["In steps, each read back before the next:", *told]))]


_FAULTS: Mapping[Problem | Inapplicable, str] = MappingProxyType(
    {
        Inapplicable.UNKNOWN_SLICERS: "Not a slicer of this group: {names}.",
        Problem.MISSING_SLICER: "Name a slicer at least.",
        Problem.MISSING_ID: "Type an ID to add, or one to remove.",
        Problem.MISSING_COMMA: "A comma or a new line is missing in: {names}.",
        Problem.REPEATED_ID: "More than once: {names}.",
        Problem.CONTRADICTION: "To be added and removed at once: {names}.",
        Problem.UNCLOSED_QUOTE: "A quotation mark is never closed: {names}.",
        Problem.EMPTY_ID: "An ID is empty.",
        Problem.ID_TOO_LONG: "Too long for an ID: {names}.",
        Problem.TOO_MANY_IDS: "At most {limit} IDs at once.",
        Problem.CONTROL_CHARACTER: "There is a character in it that nobody types: type it anew.",
    }
)
