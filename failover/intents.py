"""What a line after ``/failover`` can mean, and what can be wrong with it: facts, no sentences."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from failover.model import Mode
from failover.roles import Rule


@dataclass(frozen=True, slots=True)
class OpenForm:
    """Open the form, with a group chosen or without."""

    group: str | None = None


@dataclass(frozen=True, slots=True)
class Set:
    """Change a group's mode, its automatic failback or both; None leaves a setting alone.

    ``now`` skips the preview; ``override`` names the rule that an admin sets aside.
    """

    group: str
    mode: Mode | None = None
    auto_failback: bool | None = None
    now: bool = False
    override: Rule | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """Show one group, or all in short."""

    group: str | None = None


@dataclass(frozen=True, slots=True)
class ListGroups:
    """List the groups, or those that a filter leaves."""

    filter: str | None = None


@dataclass(frozen=True, slots=True)
class Whoami:
    """Show the caller's own roles."""


@dataclass(frozen=True, slots=True)
class Help:
    """Show what can be typed."""


Intent: TypeAlias = OpenForm | Set | Status | ListGroups | Whoami | Help


class Problem(StrEnum):
    """Why a line was not understood."""

    TEXT_TOO_LONG = "text_too_long"
    CONTROL_CHARACTER = "control_character"
    UNCLOSED_QUOTE = "unclosed_quote"
    UNKNOWN_COMMAND = "unknown_command"
    UNEXPECTED_WORD = "unexpected_word"
    MISSING_GROUP = "missing_group"
    EMPTY_NAME = "empty_name"
    NAME_TOO_LONG = "name_too_long"
    UNQUOTED_NAME = "unquoted_name"
    UNKNOWN_WORD = "unknown_word"
    UNKNOWN_MODE = "unknown_mode"
    UNKNOWN_VALUE = "unknown_value"
    UNKNOWN_RULE = "unknown_rule"
    MISSING_VALUE = "missing_value"
    REPEATED_OPTION = "repeated_option"
    CONTRADICTION = "contradiction"
    NOTHING_TO_CHANGE = "nothing_to_change"
    EMPTY_REASON = "empty_reason"
    REASON_TOO_LONG = "reason_too_long"
    OVERRIDE_WITHOUT_REASON = "override_without_reason"


@dataclass(frozen=True, slots=True)
class GrammarError:
    """A line that was not understood, and where.

    ``word`` is ``text[start:end]``, in characters: what was not understood, or the word after which
    something is missing. ``suggestion`` is a whole line, without ``/failover``, that does parse.
    ``meant`` is the single word that ``word`` resembles. ``expected`` lists what could stand there.
    """

    problem: Problem
    text: str
    start: int
    end: int
    word: str
    suggestion: str | None = None
    expected: tuple[str, ...] = ()
    meant: str | None = None
