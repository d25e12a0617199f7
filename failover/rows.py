"""The forms of ``/failover``, a row for each: what the grammar reads is what the help shows."""

from dataclasses import dataclass

from failover.intents import Help, Intent, ListGroups, OpenForm, Set, Status, Whoami
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
        "You see a preview first; now skips it.",
        (
            "set sports-1 flat",
            'set "NBA Finals" prioritized failback on because rehearsal',
            "set sports-1 mode=flat failback=off now",
            "set sports-1 failback off override freeze because the primary is down",
        ),
        Action.CONFIGURE,
        Set,
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
    Row("whoami", "whoami", "Show your roles.", ("whoami",), Action.VIEW, Whoami),
    Row("help", "help", "Show what you can type.", ("help",), Action.VIEW, Help),
)
"""Every form of the command, in the order of the help."""
