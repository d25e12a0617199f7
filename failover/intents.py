"""What a line after ``/failover`` can mean, and what can be wrong with it: facts, no sentences."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from failover.change import Change
from failover.measures import Pause, Resume
from failover.roles import Rule


@dataclass(frozen=True, slots=True)
class OpenForm:
    """Open the form, with a group chosen or without."""

    group: str | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """Make a change of a group.

    ``now`` skips the preview; ``override`` names the rule that an admin sets aside.
    """

    group: str
    change: Change
    now: bool = False
    override: Rule | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class AskAll:
    """Put a measure for all groups in force, or end it."""

    change: Pause | Resume
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Undo:
    """Take back the last change of a group, or the caller's own last one."""

    group: str | None = None
    now: bool = False
    override: Rule | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class History:
    """Show the last changes, of one group or of all."""

    group: str | None = None


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


Intent: TypeAlias = OpenForm | Ask | AskAll | Undo | Status | ListGroups | History | Whoami | Help


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
    MISSING_REASON = "missing_reason"
    NO_OVERRIDE = "no_override"
    BAD_DURATION = "bad_duration"
    DURATION_OUT_OF_RANGE = "duration_out_of_range"
    MISSING_SLICER = "missing_slicer"
    MISSING_ID = "missing_id"
    MISSING_COMMA = "missing_comma"
    EXTRA_COMMA = "extra_comma"
    EMPTY_ID = "empty_id"
    ID_TOO_LONG = "id_too_long"
    REPEATED_ID = "repeated_id"
    TOO_MANY_IDS = "too_many_ids"
    ADD_OR_REMOVE = "add_or_remove"


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
