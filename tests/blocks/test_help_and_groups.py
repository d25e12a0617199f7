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
from failover.roles import Action, Role
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
HOLDERS = {Action.CONFIGURE: (("U0ADMIN", "U0OPERATOR"), ("S0SPORTS",))}
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
Example: `/failover "NBA Finals"`
"""
CHANGE = f"""\
`{SET}`
Change the mode (flat or prioritized), the automatic failback, or both. \
You see a preview first; now skips it.
Example: `/failover set "NBA Finals" prioritized failback on because rehearsal`
"""
LOOK = """\
`/failover status [GROUP]`
Show a group as it is now, or all groups in short.
Example: `/failover status "NBA Finals"`
`/failover list [FILTER]`
List the groups, or those whose name or ID fits.
Example: `/failover list sports`
`/failover whoami`
Show your roles.
`/failover help`
Show what you can type.
"""


def test_help_for_a_viewer() -> None:
    assert examine.shown(help.usage(VIEWER, HOLDERS)) == (
        f"{FORM}{LOOK}Others may also: {SET}\n  Who may: @Admin, @Operator, @sports"
    )


def test_help_for_an_operator() -> None:
    assert examine.shown(help.usage(OPERATOR, HOLDERS)) == f"{FORM}{CHANGE}{LOOK}{UNREAD}"


def test_help_for_nobody() -> None:
    text = examine.shown(help.usage(Standing((), Role.NONE, ()), {}))
    assert text.startswith("# /failover: what you can do\n`/failover whoami`\n")
    assert "Others may also: /failover, /failover GROUP" in text
    assert "Nobody has that role at present." in text


@pytest.mark.parametrize("row", ROWS)
def test_every_row_is_shown_to_somebody_and_told_of_to_the_rest(row: help.Row) -> None:
    admin = Standing((Grant(Role.ADMIN, frozenset({"U0ADMIN"})),), Role.VIEWER, ())
    for standing in (admin, VIEWER):
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
