"""What ends every typed change: ``[now] [override RULE] [because REASON]``, read and written.

The options stand in any order, ``override=freeze`` included; ``because`` takes the rest of the line
as it is, so it comes last.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias

from failover.change import Change
from failover.intents import Ask, Problem, Undo
from failover.model import Mode
from failover.roles import Rule
from failover.words import SPACES, MisreadError, Word, put, resembles, word_at

REASON_LIMIT = 500
"""Characters in a reason."""

Tries: TypeAlias = tuple[tuple[Problem, str], ...]
"""Lines that may have been meant, each with the problem to name if that line parses."""

Found: TypeAlias = dict[str, Word]
"""By option: its value, with the span of the whole option."""


@dataclass(frozen=True, slots=True)
class Choices:
    """The words of which one must stand somewhere, and what is wrong if another does."""

    problem: Problem
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OptionTable:
    """The options of a command.

    ``words``: what opens one; ``flags``: words that are an option's value by themselves, with that
    option; ``values``: options that one of a few values follows, after a blank or ``=``;
    ``readers``: options that read their own value, given the line and the option's word.
    """

    words: tuple[str, ...]
    flags: Mapping[str, str]
    values: Mapping[str, Choices]
    readers: Mapping[str, Callable[[str, Word], Word]] = field(
        default_factory=lambda: MappingProxyType({})
    )

    def opens(self, word: Word) -> bool:
        """Whether the word begins an option."""
        return word.key.partition("=")[0] in self.words

    def meant(self, word: Word) -> str | None:
        """The option word of which this one is a slip, if it is one."""
        return resembles(word.key, self.words)

    def slipped(self, word: Word) -> bool:
        """Whether the word is a slip of an option so long that a name is hardly one."""
        return resembles(word.key, tuple(one for one in self.words if len(one) > 4)) is not None


OVERRIDE = Choices(Problem.UNKNOWN_RULE, tuple(rule.value for rule in Rule))

OPTIONS = OptionTable(
    ("now", "override", "because"),
    MappingProxyType({"now": "now"}),
    MappingProxyType({"override": OVERRIDE}),
)
"""The options that go with any change."""


@dataclass(frozen=True, slots=True)
class Ending:
    """What the options say."""

    now: bool = False
    override: Rule | None = None
    reason: str | None = None

    def asked(self, group: str, change: Change) -> Ask:
        """The change of the group, asked for in this way."""
        return Ask(group, change, self.now, self.override, self.reason)


def read_options(
    text: str, at: int, table: OptionTable, unknown: Callable[[Word], MisreadError]
) -> Found:
    """The options from ``at`` to the end; ``unknown`` makes the error for any other word."""
    found: Found = {}
    while (word := word_at(text, at)) is not None:
        if word.key == "because":
            found["because"] = _reason(text, word)
            break
        if not table.opens(word):
            raise unknown(word)
        name, value = _option(text, word, table)
        if name in found:
            raise MisreadError(Problem.REPEATED_OPTION, value.span)
        found[name] = value
        at = value.end
    return found


def read_ending(text: str, at: int, names: Callable[[Word], Tries] = lambda word: ()) -> Ending:
    """The options that go with any change; ``names``: what else an unknown word may be part of."""
    found = read_options(
        text, at, OPTIONS, lambda word: unknown_word(text, word, OPTIONS, names(word))
    )
    return ending(found)


def ending(found: Found) -> Ending:
    """What the options say together. Raises ``MisreadError`` for an override without a reason."""
    override, reason = found.get("override"), found.get("because")
    if override and not reason:
        raise MisreadError(
            Problem.OVERRIDE_WITHOUT_REASON, override.span, expected=("because REASON",)
        )
    return Ending(
        now="now" in found,
        override=Rule(override.text) if override else None,
        reason=reason.text if reason else None,
    )


def ending_text(intent: Ask | Undo) -> str:
    """The options that read back as those of the intent, each after a blank."""
    now = " now" if intent.now else ""
    override = f" override {intent.override}" if intent.override is not None else ""
    because = f" because {intent.reason}" if intent.reason is not None else ""
    return f"{now}{override}{because}"


def choose(text: str, given: Word, choices: Choices, names: Tries = ()) -> str:
    """The choice that stands there; ``names``: what else may have been meant."""
    if given.key in choices.words:
        return given.key
    meant = resembles(given.text.casefold(), choices.words)
    tries = ((choices.problem, put(text, given.span, meant)),) if meant else ()
    raise MisreadError(
        choices.problem, given.span, expected=choices.words, meant=meant, tries=names + tries
    )


def unknown_word(
    text: str, word: Word, table: OptionTable, names: Tries = (), *, likelier: bool = False
) -> MisreadError:
    """The error for a word that is no option: misspelt, or part of something without quotes.

    ``names``: the lines with those quotes; ``likelier``: than a slip of a short option, for such
    words are within a slip of many a name.
    """
    meant = table.meant(word)
    problem = Problem.UNKNOWN_MODE if meant in tuple(Mode) else Problem.UNKNOWN_WORD
    slip = ((problem, put(text, word.span, meant)),) if meant else ()
    tries = names + slip if likelier and meant and len(meant) <= 4 else slip + names
    return MisreadError(problem, word.span, expected=table.words, meant=meant, tries=tries)


def _option(text: str, word: Word, table: OptionTable) -> tuple[str, Word]:
    if word.key in table.flags:
        return table.flags[word.key], Word(word.key, word.start, word.end)
    name, equals, rest = word.key.partition("=")
    if name in table.readers:
        return name, table.readers[name](text, word)
    choices = table.values.get(name)
    if choices is None:
        raise unknown_word(text, word, table)
    # Folding may lengthen a word, so the value is taken from the text as typed.
    inline = word.text.partition("=")[2]
    given = Word(inline, word.end - len(inline), word.end) if equals else word_at(text, word.end)
    if given is None or (equals and not rest):
        raise MisreadError(Problem.MISSING_VALUE, word.span, expected=choices.words)
    return name, Word(choose(text, given, choices), word.start, given.end)


def _reason(text: str, because: Word) -> Word:
    rest = text[because.end :]
    reason = rest.strip(SPACES)
    if not reason:
        raise MisreadError(Problem.EMPTY_REASON, because.span, expected=("REASON",))
    start = because.end + len(rest) - len(rest.lstrip(SPACES))
    end = start + len(reason)
    if len(reason) > REASON_LIMIT:
        raise MisreadError(Problem.REASON_TOO_LONG, (start + REASON_LIMIT, end))
    return Word(reason, start, end)
