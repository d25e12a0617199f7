"""Help, roles, lists, one group: as people read them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from blocks import groups, help
from blocks.ids import MORE_GROUPS, OPEN_FORM
from failover.errors import Unavailable
from failover.grammar import parse
from failover.intents import GrammarError, Problem
from failover.model import Mode, Reading
from failover.pictures import Page
from failover.policy import Grant
from failover.roles import Action, Role, allows
from failover.rows import ROWS
from failover.standing import Standing
from tests.blocks import examine
from tests.blocks.samples import FINALS, NOW

VIEWER = Standing((), Role.VIEWER, ())
OPERATOR = Standing(
    (
        Grant(Role.OPERATOR, frozenset({"U0OPERATOR"}), groups=("sports-*", "NBA*")),
        Grant(Role.APPROVER, usergroups=frozenset({"S0SPORTS"})),
    ),
    Role.VIEWER,
    ("S0OTHER",),
    "ratelimited",
)
ADMIN = Standing((Grant(Role.ADMIN, frozenset({"U0ADMIN"})),), Role.VIEWER, ())
ADMINS = (("U0ADMIN",), ())
OPERATORS = (("U0ADMIN", "U0OPERATOR"), ("S0SPORTS",))
HOLDERS = {
    action: OPERATORS if allows(Role.OPERATOR, action) else ADMINS
    for action in Action
    if action is not Action.APPROVE
}
UNREAD = (
    "  ⚠️ Slack did not list the members of 1 user group (ratelimited), "
    "so you may have more rights than shown here."
)
SET = "/failover set GROUP [MODE] [failback on|off] [now] [override RULE] [because REASON]"
FORM = """\
# /failover: what you can do
`/failover`
Open the form.
`/failover GROUP`
Open the form with a group chosen. A name with spaces may go in quotes.
"""
CHANGE = f"""\
`{SET}`
Change the mode (flat or prioritized), the automatic failback, or both. \
You see a preview first; now skips it. \
For set, slate, undo, lock and unlock GROUP may be a pattern: one table and one \
confirmation for all.
Example: `/failover set "NBA Finals" prioritized failback on because rehearsal`
`/failover activate GROUP SLICER`
Make this slicer the one that viewers see.
Example: `/failover activate "NBA Finals" nba-b because nba-a froze`
`/failover slate GROUP on|off`
Show viewers the missing-content slate, or end it.
Example: `/failover slate sports-1 off now`
`/failover order GROUP SLICER, SLICER, …`
Say which slicers come first. One with a minus in front is not to be eligible.
Example: `/failover order "NBA Finals" nba-b, "studio 2", -nba-a`
`/failover undo [GROUP]`
Take back your own last change, or the last one of a group.
Example: `/failover undo sports-1`
"""
MEMBERS = """\
`/failover channels GROUP add|remove ID, ID, …`
Add channels to the group, or remove them.
Example: `/failover channels "NBA Finals" remove finals-hd, finals-sd because moved`
`/failover owners GROUP add|remove ID, …`
Let Uplynk users use the group, or no longer.
Example: `/failover owners "NBA Finals" remove sports-east, sports-west`
"""
LOCKS = """\
`/failover lock GROUP [for 2h] because REASON`
Keep everybody but you from changing the group: for 30m, 2h or 1d, or until unlocked.
Example: `/failover lock "NBA Finals" for 2h because on air`
`/failover unlock GROUP`
Take your own lock away; an admin may take away any.
Example: `/failover unlock "NBA Finals" because off air`
"""
PAUSE = """\
`/failover pause because REASON`
Refuse all changes of all groups, until resume.
Example: `/failover pause because we switch the encoders`
`/failover resume`
Let changes go on again after a pause.
Example: `/failover resume because Uplynk is done`
"""
OTHERS_CHANGE = f"""\
Others may also:
{SET}
/failover activate GROUP SLICER
/failover slate GROUP on|off
/failover order GROUP SLICER, SLICER, …
/failover undo [GROUP]
/failover lock GROUP [for 2h] because REASON
/failover unlock GROUP
  Who may: @Admin, @Operator, @sports
"""
OTHERS_MEMBERS = """\
Others may also:
/failover channels GROUP add|remove ID, ID, …
/failover owners GROUP add|remove ID, …
/failover pause because REASON
/failover resume
  Who may: @Admin"""
ANY_CHANGE = "  Any change takes [now] [override RULE] [because REASON] at the end.\n"
LOOK = """\
`/failover status [GROUP]`
Show a group as it is now, or all groups in short.
`/failover list [FILTER]`
List the groups, or those whose name or ID fits.
`/failover history [GROUP]`
Show the last changes, of a group or of all.
`/failover whoami`
Show your roles.
`/failover help`
Show what you can type.
"""


def test_help_for_a_viewer() -> None:
    assert examine.shown(help.usage(VIEWER, HOLDERS)) == (
        f"{FORM}{LOOK}{OTHERS_CHANGE}{OTHERS_MEMBERS}"
    )


def test_help_for_an_operator() -> None:
    assert examine.shown(help.usage(OPERATOR, HOLDERS)) == (
        f"{FORM}{CHANGE}{LOCKS}{LOOK}{ANY_CHANGE}{OTHERS_MEMBERS}\n{UNREAD}"
    )


def test_help_for_an_admin() -> None:
    drawn = help.usage(ADMIN, HOLDERS)
    told = f"{FORM}{CHANGE}{MEMBERS}{LOCKS}{PAUSE}{LOOK}{ANY_CHANGE}"
    assert examine.shown(drawn) == told.rstrip()
    examine.message(drawn, private=True)


def test_help_for_nobody() -> None:
    text = examine.shown(help.usage(Standing((), Role.NONE, ()), {}))
    assert text.startswith("# /failover: what you can do\n`/failover whoami`\n")
    assert "Others may also:\n/failover\n/failover GROUP\n/failover set " in text
    assert "Nobody has that role at present." in text


@pytest.mark.parametrize("row", ROWS)
def test_every_row_is_shown_to_somebody_and_told_of_to_the_rest(row: help.Row) -> None:
    for standing in (ADMIN, VIEWER):
        assert f"/failover {row.usage}".rstrip() in examine.shown(help.usage(standing, HOLDERS))


def test_whoami() -> None:
    assert examine.shown(help.whoami("U0OPERATOR", OPERATOR)) == (
        "You are @Operator, known to me as `U0OPERATOR`.\n"
        "• viewer (everybody, all groups)\n"
        "• operator for sports-*, NBA* (by name)\n"
        f"• approver for * (through a user group)\n{UNREAD}"
    )


def test_whoami_for_somebody_without_a_role() -> None:
    assert examine.shown(help.whoami("U0VIEWER", Standing((), Role.NONE, ()))) == (
        "You are @Viewer, known to me as `U0VIEWER`.\n"
        "You have no role here, so you can neither look nor change."
    )


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("set sports-1 flatt",
         "⛔ Not understood, so nothing was changed. I do not know this mode.\n"
         "/failover set sports-1 ▶flatt◀\n"
         "Did you mean: /failover set sports-1 flat\n"
         "Possible here: flat, prioritized, failback, now, override, because, mode"),
        ("sett x flat",
         "⛔ Not understood, so nothing was changed. This is not a command.\n"
         "/failover ▶sett◀ x flat\n"
         "Did you mean: /failover set x flat\nPossible here: set"),
        ("set x flat override freeze",
         "⛔ Not understood, so nothing was changed. "
         "An override needs a reason: end with “because …”.\n"
         "/failover set x flat ▶override freeze◀\nPossible here: because REASON"),
        ("activate NBA Finals nba-a",
         "⛔ Not understood, so nothing was changed. A name with blanks needs quotation marks.\n"
         "/failover activate NBA Finals ▶nba-a◀\n"
         'Did you mean: /failover activate "NBA Finals" nba-a\n'
         "Possible here: now, override, because"),
        ("order sports-1 nba-a, nba-b -nba-c",
         "⛔ Not understood, so nothing was changed. A comma is missing.\n"
         "/failover order sports-1 nba-a, nba-b ▶-nba-c◀\n"
         "Did you mean: /failover order sports-1 nba-a, nba-b, -nba-c\n"
         "Possible here: a comma, now, override, because"),
        ("channels sports-1 c1, c2",
         "⛔ Not understood, so nothing was changed. "
         "It does not say whether to add or to remove.\n"
         "/failover channels sports-1 ▶c1,◀ c2\nPossible here: add, remove"),
        ("lock sports-1 for 90s because x",
         "⛔ Not understood, so nothing was changed. "
         "This is no duration like 30m, 2h, 1d or 1h30m.\n"
         "/failover lock sports-1 for ▶90s◀ because x\nPossible here: 30m, 2h, 1d"),
        ("pause",
         "⛔ Not understood, so nothing was changed. "
         "This needs a reason, for the others: end with “because …”.\n"
         "/failover ▶pause◀\nPossible here: because REASON"),
        ("slate sports-1",
         "⛔ Not understood, so nothing was changed. Something is missing after this word.\n"
         "/failover slate ▶sports-1◀\nPossible here: on, off"),
        ("order sports-1 now",
         "⛔ Not understood, so nothing was changed. A slicer is missing.\n"
         "/failover order sports-1 ▶now◀\n"
         'Did you mean: /failover order sports-1 "now"\nPossible here: SLICER'),
    ],
)  # fmt: skip
def test_a_line_that_was_not_understood(line: str, told: str) -> None:
    read = parse(line)
    assert isinstance(read, GrammarError)
    drawn = help.misread(read)
    assert examine.shown(drawn) == f"{told}\n  /failover help shows what can be typed."


@pytest.mark.parametrize("problem", Problem)
def test_every_problem_has_words(problem: Problem) -> None:
    told = help.misread(GrammarError(problem, "set x", 4, 5, "x"))["text"]
    assert told.startswith("Not understood, so nothing was changed. ")
    assert told.endswith(".")
    assert len(told) > 50


ROW_PAGE = Page(
    (
        FINALS,
        replace(FINALS, name="Sports West", mode=Mode.PRIORITIZED, auto_failback=True),
        replace(FINALS, name="Golf", active_slicer_id="no_slicer", failover_time=None),
        replace(FINALS, name="Chess", active_slicer_id=None, slicers=FINALS.slicers[:1]),
    ),
    0, 40, "", NOW, NOW,
)  # fmt: skip


def test_a_list_page() -> None:
    drawn = groups.listing(ROW_PAGE)
    assert examine.shown(drawn) == (
        "Failover groups: 1–4 of 40\n"
        "• NBA Finals: flat · viewers see main · last failover 2 min ago\n"
        "• Sports West: prioritized, auto failback on · viewers see main"
        " · last failover 2 min ago\n"
        "⚠️ Golf: flat · viewers see the missing-content slate\n"
        "⚠️ Chess: flat · viewers see (not reported) · last failover 2 min ago\n"
        "  Read from Uplynk at 12:00:00 UTC\n"
        "  [Next 15]"
    )
    (button,) = drawn["blocks"][-1]["elements"]
    assert button["action_id"] == MORE_GROUPS
    assert json.loads(button["value"]) == {"filter": "", "start": 4}


def test_the_last_page_has_no_next() -> None:
    assert "[Next" not in examine.shown(groups.listing(replace(ROW_PAGE, offset=36)))


def test_an_old_list_says_how_old_it_is() -> None:
    old = replace(
        ROW_PAGE, read_at=NOW - timedelta(minutes=3), problem=Unavailable("GET /x", status=503)
    )
    assert "⚠️ Uplynk does not answer now: this is 3 min old." in examine.shown(groups.listing(old))


def test_a_filter_that_hits_nothing_leads_on() -> None:
    assert examine.shown(groups.listing(Page((), 0, 0, "golf", NOW, NOW))) == (
        "No failover groups matching “golf”.\n“/failover list” shows all groups.\n"
        "  Read from Uplynk at 12:00:00 UTC"
    )
    nothing = examine.shown(groups.listing(Page((), 0, 0, "", NOW, NOW)))
    assert nothing == "No failover groups.\n  Read from Uplynk at 12:00:00 UTC"


def test_status() -> None:
    drawn = groups.status(Reading(FINALS, NOW))
    assert examine.shown(drawn) == (
        "# NBA Finals\n| *Viewers see*\n| main\n| *Mode*\n| flat\n| *Slicers*\n| • backup\n"
        "| • main (active)\n| • lab (not eligible)\n| *Channels*\n| Finals HD, c2\n"
        "| *Last failover*\n| 2 min ago\n"
        "  Read from Uplynk at 12:00:00 UTC. · ID 0f3c1d2e4b5a69788796a5b4c3d2e1f0\n"
        "  [Change…]"
    )
    (button,) = drawn["blocks"][-1]["elements"]
    assert (button["action_id"], button["value"]) == (OPEN_FORM, FINALS.id)
