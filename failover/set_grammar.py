"""``set GROUP [MODE] [failback on|off] [now] [override RULE] [because REASON]``, read and written.

The options stand in any order, ``mode=flat`` and ``failback=off`` included; ``because`` takes the
rest of the line as it is, so it comes last.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeAlias

from failover.intents import Problem, Set
from failover.model import Mode
from failover.roles import Rule
from failover.words import SPACES, MisreadError, Word, quote, resembles, word_at

NAME_LIMIT = 200
"""Characters in the name of a group, a pattern or a filter."""

REASON_LIMIT = 500
"""Characters in a reason."""

_MODE_WORDS = tuple(mode.value for mode in Mode)

OPTION_WORDS = (*_MODE_WORDS, "failback", "now", "override", "because", "mode")
"""What opens an option."""

_LONG_OPTION_WORDS = tuple(word for word in OPTION_WORDS if len(word) > 4)
"""Long enough that a name is hardly a slip of one."""

_Choices: TypeAlias = tuple[Problem, tuple[str, ...]]
_VALUES: Mapping[str, _Choices] = MappingProxyType(
    {
        "mode": (Problem.UNKNOWN_MODE, _MODE_WORDS),
        "failback": (Problem.UNKNOWN_VALUE, ("on", "off")),
        "override": (Problem.UNKNOWN_RULE, tuple(rule.value for rule in Rule)),
    }
)
_CHANGES = (*_MODE_WORDS, "failback on", "failback off")

_Options: TypeAlias = dict[str, Word]
"""By option: its value, with the span of the whole option."""


def read_set(text: str, command: Word) -> Set:
    """The change that stands after the word ``set``. Raises ``MisreadError``."""
    group = _group(text, command)
    options = _read_options(text, group)
    _check(group, options)
    mode, failback = options.get("mode"), options.get("failback")
    override, reason = options.get("override"), options.get("because")
    return Set(
        group=group.text,
        mode=Mode(mode.text) if mode else None,
        auto_failback=failback.text == "on" if failback else None,
        now="now" in options,
        override=Rule(override.text) if override else None,
        reason=reason.text if reason else None,
    )


def set_text(intent: Set, group: str) -> str:
    """The line that ``read_set`` reads back; ``group`` is the group's name as it is to be typed."""
    parts = ["set", group]
    if intent.mode is not None:
        parts.append(intent.mode)
    if intent.auto_failback is not None:
        parts.append("failback on" if intent.auto_failback else "failback off")
    if intent.now:
        parts.append("now")
    if intent.override is not None:
        parts.append(f"override {intent.override}")
    if intent.reason is not None:
        parts.append(f"because {intent.reason}")
    return " ".join(parts)


def checked_name(name: Word) -> str:
    """The text of a name. Raises ``MisreadError`` where it is blank or too long."""
    if not name.text.strip(SPACES):
        raise MisreadError(Problem.EMPTY_NAME, name.span)
    if len(name.text) > NAME_LIMIT:
        raise MisreadError(Problem.NAME_TOO_LONG, name.span)
    return name.text


def _group(text: str, command: Word) -> Word:
    group = word_at(text, command.end)
    if group is None:
        raise MisreadError(Problem.MISSING_GROUP, command.span, expected=("GROUP",))
    if _opens_option(group):
        quoted = _put(text, group.span, quote(group.text))
        raise MisreadError(
            Problem.MISSING_GROUP,
            group.span,
            expected=("GROUP",),
            tries=((Problem.MISSING_GROUP, quoted),),
        )
    checked_name(group)
    return group


def _opens_option(word: Word) -> bool:
    return word.key.partition("=")[0] in OPTION_WORDS


def _read_options(text: str, group: Word) -> _Options:
    found: _Options = {}
    at = group.end
    while (word := word_at(text, at)) is not None:
        if word.key == "because":
            found["because"] = _reason(text, word)
            break
        name, value = _option(text, word, group)
        if name in found:
            raise MisreadError(Problem.REPEATED_OPTION, value.span)
        found[name] = value
        at = value.end
    return found


def _option(text: str, word: Word, group: Word) -> tuple[str, Word]:
    if word.key in _MODE_WORDS:
        return "mode", Word(word.key, word.start, word.end)
    if word.key == "now":
        return "now", word
    name, equals, rest = word.key.partition("=")
    if name not in _VALUES:
        raise _unknown(text, word, group)
    # Folding may lengthen a word, so the value is taken from the text as typed.
    inline = word.text.partition("=")[2]
    given = Word(inline, word.end - len(inline), word.end) if equals else word_at(text, word.end)
    if given is None or (equals and not rest):
        raise MisreadError(Problem.MISSING_VALUE, word.span, expected=_VALUES[name][1])
    value = _value(text, given, _VALUES[name])
    return name, Word(value, word.start, given.end)


def _value(text: str, given: Word, choices: _Choices) -> str:
    problem, words = choices
    if given.key in words:
        return given.key
    meant = resembles(given.text.casefold(), words)
    tries = ((problem, _put(text, given.span, meant)),) if meant else ()
    raise MisreadError(problem, given.span, expected=words, meant=meant, tries=tries)


def _unknown(text: str, word: Word, group: Word) -> MisreadError:
    """A word that is no option: misspelt, or the second word of a name without quotes."""
    meant = resembles(word.key, OPTION_WORDS)
    problem = Problem.UNKNOWN_MODE if meant in _MODE_WORDS else Problem.UNKNOWN_WORD
    tries = [(problem, _put(text, word.span, meant))] if meant else []
    if not group.quoted and word_at(text, group.end) == word:
        quoted = (Problem.UNQUOTED_NAME, _with_quoted_name(text, group))
        # Short words are within a slip of many a name: "New" must not turn into "now".
        tries.insert(1 if meant and len(meant) > 4 else 0, quoted)
    return MisreadError(problem, word.span, expected=OPTION_WORDS, meant=meant, tries=tuple(tries))


def _with_quoted_name(text: str, group: Word) -> str:
    """The line with everything from the group to the next option, even a slip of one, in quotes."""
    name, end = [group.text], group.end
    while (word := word_at(text, end)) is not None and not _opens_option(word):
        if len(name) > 1 and resembles(word.key, _LONG_OPTION_WORDS):
            break
        name.append(word.text)
        end = word.end
    return _put(text, (group.start, end), quote(" ".join(name)))


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


def _check(group: Word, options: _Options) -> None:
    """What each option allows by itself but not together. Raises ``MisreadError``."""
    mode, failback, override = (options.get(name) for name in ("mode", "failback", "override"))
    if mode is None and failback is None:
        raise MisreadError(Problem.NOTHING_TO_CHANGE, group.span, expected=_CHANGES)
    if mode and failback and (mode.text, failback.text) == (Mode.FLAT, "on"):
        raise MisreadError(Problem.CONTRADICTION, max(mode.span, failback.span))
    if override and "because" not in options:
        raise MisreadError(
            Problem.OVERRIDE_WITHOUT_REASON, override.span, expected=("because REASON",)
        )


def _put(text: str, span: tuple[int, int], words: str) -> str:
    return f"{text[: span[0]]}{words}{text[span[1] :]}".strip(SPACES)
