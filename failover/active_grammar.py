"""``activate GROUP SLICER`` and ``slate GROUP on|off``, read and written: what viewers see."""

from failover.change import Activate, Slate
from failover.intents import Ask, Problem
from failover.name_grammar import checked_id, missing_id, read_group, read_keyword, typed
from failover.option_grammar import OPTIONS, Choices, Tries, read_ending
from failover.words import MisreadError, Word, put, quote, word_at

_ON_OFF = Choices(Problem.UNKNOWN_VALUE, ("on", "off"))


def read_activate(text: str, command: Word) -> Ask:
    """The change that stands after the word ``activate``. Raises ``MisreadError``."""
    group = read_group(text, command, OPTIONS)
    slicer = word_at(text, group.end)
    if slicer is None:
        raise MisreadError(Problem.MISSING_SLICER, group.span, expected=("SLICER",))
    if OPTIONS.opens(slicer):
        raise missing_id(text, Problem.MISSING_SLICER, slicer, "SLICER")
    change = Activate(checked_id(slicer))
    ending = read_ending(text, slicer.end, lambda word: _unquoted(text, group, slicer, word))
    return ending.asked(group.text, change)


def read_slate(text: str, command: Word) -> Ask:
    """The change that stands after the word ``slate``. Raises ``MisreadError``."""
    group = read_group(text, command, OPTIONS, _ON_OFF.words)
    value = read_keyword(text, group, _ON_OFF, Problem.MISSING_VALUE)
    return read_ending(text, value.end).asked(group.text, Slate(value.text == "on"))


def activate_text(change: Activate) -> str:
    """What stands between the group and the options.

    Raises ``ValueError`` where auto failback is to be turned off too: a button asks for that.
    """
    if change.failback_off:
        raise ValueError("no line turns auto failback off and activates a slicer")
    return typed(change.slicer_id)


def slate_text(change: Slate) -> str:
    """What stands between the group and the options."""
    return "on" if change.on else "off"


def _unquoted(text: str, group: Word, slicer: Word, word: Word) -> Tries:
    """The line with quotes, where the word belongs to the name of the group or of the slicer."""
    if word_at(text, slicer.end) != word or (group.quoted and slicer.quoted):
        return ()
    words = [group, slicer]
    later: Word | None = word
    while later is not None and not OPTIONS.opens(later):
        slipped = OPTIONS.slipped(later)
        if not slipped or later == word:
            words.append(later)
        # Behind a slip of `because` stands a reason, with apostrophes that open no quotation.
        later = None if slipped else word_at(text, later.end)
    # IDs seldom hold blanks, names do: the last word is the slicer, unless the group has quotes.
    parts = words[1:] if group.quoted else words[:-1]
    span = (parts[0].start, parts[-1].end)
    quoted = put(text, span, quote(" ".join(part.text for part in parts)))
    return ((Problem.UNQUOTED_NAME, quoted),)
