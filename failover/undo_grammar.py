"""``undo [GROUP] [now] [override RULE] [because REASON]``, read and written.

The name may do without quotes, as after ``status``: it ends where an option begins.
"""

from failover.intents import Problem, Undo
from failover.name_grammar import checked_name, typed
from failover.option_grammar import OPTIONS, OVERRIDE, ending_text, read_ending
from failover.words import MisreadError, Word, put, resembles, word_at


def read_undo(text: str, command: Word) -> Undo:
    """What stands after the word ``undo``. Raises ``MisreadError``."""
    words = _name(text, command)
    group = None
    if words:
        whole = " ".join(word.text for word in words)
        group = checked_name(Word(whole, words[0].start, words[-1].end))
    ending = read_ending(text, words[-1].end if words else command.end)
    return Undo(group, ending.now, ending.override, ending.reason)


def undo_text(intent: Undo) -> str:
    """The line that ``read_undo`` reads back."""
    group = "" if intent.group is None else f" {typed(intent.group)}"
    return f"undo{group}{ending_text(intent)}"


def _name(text: str, command: Word) -> list[Word]:
    """The words of the group's name: one in quotes, or those up to the options."""
    words: list[Word] = []
    at = command.end
    while (word := word_at(text, at)) is not None and not OPTIONS.opens(word):
        if word.quoted and words:
            raise MisreadError(Problem.UNEXPECTED_WORD, word.span)
        _refuse_slip(text, word)
        words.append(word)
        at = word.end
        if word.quoted:
            break
    return words


def _refuse_slip(text: str, word: Word) -> None:
    """A slip of an option is asked about where what follows fits, not taken for part of a name."""
    later = word_at(text, word.end)
    meant = OPTIONS.meant(word) if later and OPTIONS.slipped(word) else None
    if later is None or meant is None:
        return
    if meant == "override" and resembles(later.key, OVERRIDE.words) is None:
        return
    tries = ((Problem.UNKNOWN_WORD, put(text, word.span, meant)),)
    raise MisreadError(
        Problem.UNKNOWN_WORD, word.span, expected=OPTIONS.words, meant=meant, tries=tries
    )
