"""The forms of ``/failover``, a row for each: what the grammar reads is what the help shows."""

from dataclasses import dataclass

from failover.intents import (
    Ask,
    AskAll,
    Help,
    History,
    Intent,
    ListGroups,
    OpenForm,
    Status,
    Undo,
    Whoami,
)
from failover.roles import Action


@dataclass(frozen=True, slots=True)
class Row:
    """One form of the command: its first word ("" for the bare command), and what help shows.

    ``usage`` and ``examples`` are without ``/failover``; ``needs`` is what the caller must be
    allowed; ``intent`` is the type that the examples parse to.
    """

    word: str
    usage: str
    summary: str
    examples: tuple[str, ...]
    needs: Action
    intent: type[Intent]


ROWS: tuple[Row, ...] = (
    Row("", "", "Open the form.", ("",), Action.VIEW, OpenForm),
    Row(
        "GROUP",
        "GROUP",
        "Open the form with a group chosen. A name with spaces may go in quotes.",
        ("sports-1", '"NBA Finals"'),
        Action.VIEW,
        OpenForm,
    ),
    Row(
        "set",
        "set GROUP [MODE] [failback on|off] [now] [override RULE] [because REASON]",
        "Change the mode (flat or prioritized), the automatic failback, or both. "
        "You see a preview first; now skips it. "
        "For set, slate, undo, lock and unlock GROUP may be a pattern: one table and one "
        "confirmation for all.",
        (
            "set sports-1 flat",
            'set "NBA Finals" prioritized failback on because rehearsal',
            "set sports-1 mode=flat failback=off now",
            "set sports-1 failback off override freeze because the primary is down",
            "set sports-* prioritized",
        ),
        Action.CONFIGURE,
        Ask,
    ),
    Row(
        "activate",
        "activate GROUP SLICER",
        "Make this slicer the one that viewers see.",
        ("activate sports-1 nba-b", 'activate "NBA Finals" nba-b because nba-a froze'),
        Action.ACTIVATE,
        Ask,
    ),
    Row(
        "slate",
        "slate GROUP on|off",
        "Show viewers the missing-content slate, or end it.",
        ("slate sports-1 on", "slate sports-1 off now"),
        Action.SLATE,
        Ask,
    ),
    Row(
        "order",
        "order GROUP SLICER, SLICER, …",
        "Say which slicers come first. One with a minus in front is not to be eligible.",
        ("order sports-1 nba-a, nba-b, -nba-c", 'order "NBA Finals" nba-b, "studio 2", -nba-a'),
        Action.ORDER,
        Ask,
    ),
    Row(
        "undo",
        "undo [GROUP]",
        "Take back your own last change, or the last one of a group.",
        (
            "undo",
            "undo sports-1",
            'undo "NBA Finals" now because wrong group',
            "undo sports-* because wrong groups",
        ),
        Action.UNDO,
        Undo,
    ),
    Row(
        "channels",
        "channels GROUP add|remove ID, ID, …",
        "Add channels to the group, or remove them.",
        (
            "channels sports-1 add 0f3c1d2e4b5a69788796a5b4c3d2e1f0",
            'channels "NBA Finals" remove finals-hd, finals-sd because moved',
        ),
        Action.CHANNELS,
        Ask,
    ),
    Row(
        "owners",
        "owners GROUP add|remove ID, …",
        "Let Uplynk users use the group, or no longer.",
        (
            "owners sports-1 add 5b1d2e4b5a69788796a5b4c3d2e1f00c",
            'owners "NBA Finals" remove sports-east, sports-west',
        ),
        Action.OWNERS,
        Ask,
    ),
    Row(
        "lock",
        "lock GROUP [for 2h] because REASON",
        "Keep everybody but you from changing the group: for 30m, 2h or 1d, or until unlocked.",
        (
            "lock sports-1 because rehearsal",
            'lock "NBA Finals" for 2h because on air',
            "lock final-* for 2h because on air",
        ),
        Action.LOCK,
        Ask,
    ),
    Row(
        "unlock",
        "unlock GROUP",
        "Take your own lock away; an admin may take away any.",
        ("unlock sports-1", 'unlock "NBA Finals" because off air', "unlock final-*"),
        Action.LOCK,
        Ask,
    ),
    Row(
        "pause",
        "pause because REASON",
        "Refuse all changes of all groups, until resume.",
        ("pause because Uplynk works on it", "pause because we switch the encoders"),
        Action.PAUSE,
        AskAll,
    ),
    Row(
        "resume",
        "resume",
        "Let changes go on again after a pause.",
        ("resume", "resume because Uplynk is done"),
        Action.PAUSE,
        AskAll,
    ),
    Row(
        "status",
        "status [GROUP]",
        "Show a group as it is now, or all groups in short.",
        ("status", 'status "NBA Finals"'),
        Action.VIEW,
        Status,
    ),
    Row(
        "list",
        "list [FILTER]",
        "List the groups, or those whose name or ID fits.",
        ("list", "list sports"),
        Action.VIEW,
        ListGroups,
    ),
    Row(
        "history",
        "history [GROUP]",
        "Show the last changes, of a group or of all.",
        ("history", 'history "NBA Finals"'),
        Action.VIEW,
        History,
    ),
    Row("whoami", "whoami", "Show your roles.", ("whoami",), Action.VIEW, Whoami),
    Row("help", "help", "Show what you can type.", ("help",), Action.VIEW, Help),
)
"""Every form of the command, in the order of the help."""
