"""Words for an Uplynk that does not answer, and for a clock that is wrong."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from blocks import change_form, errors, from_uplynk
from blocks.change_form import FormMemory
from blocks.reasons import explain
from failover.errors import Forbidden, Rejected, Unauthorized, Unavailable, UplynkError
from failover.lifecycle import Why
from failover.trouble import Trouble
from tests.blocks import examine

SINCE = datetime(2026, 6, 1, 21, 4, 10, tzinfo=UTC)
SILENT = Trouble(SINCE, 3, refused=False)
REFUSED = Trouble(SINCE, 2, refused=True)
ADVICE = "signatures are refused: whoever runs the bot has to set it."


def error(
    kind: type[UplynkError], ahead: float | None = None, trouble: Trouble | None = None
) -> UplynkError:
    made = kind("GET /failover-groups", status=401)
    made.ahead, made.trouble = ahead, trouble
    return made


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (SILENT, "Uplynk has not answered since 21:04:10 UTC (3 calls failed)."),
        (Trouble(SINCE, 1, refused=False),
         "Uplynk has not answered since 21:04:10 UTC (1 call failed)."),
        (REFUSED,
         "Uplynk has refused the bot’s key or its rights since 21:04:10 UTC (2 times)."),
        (Trouble(SINCE, 1, refused=True),
         "Uplynk has refused the bot’s key or its rights since 21:04:10 UTC (once)."),
    ],
)  # fmt: skip
def test_since_when(trouble: Trouble, words: str) -> None:
    assert from_uplynk.troubled(trouble) == words
    assert words in errors.trying(trouble)


def test_an_answer_says_so_from_the_second_failure_on() -> None:
    told = errors.told(error(Unavailable, trouble=SILENT))
    assert "Uplynk has not answered since 21:04:10 UTC (3 calls failed)." in told
    once = errors.told(error(Unavailable, trouble=Trouble(SINCE, 1, refused=False)))
    assert "since" not in once
    assert "since" not in errors.told(error(Unavailable))


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (240.0, "The clock of the bot’s host is 4 min ahead of Uplynk’s"),
        (-45.0, "The clock of the bot’s host is 45 s behind Uplynk’s"),
    ],
)
@pytest.mark.parametrize(
    ("why", "kind"),
    [
        (Why.UNREADABLE, Unauthorized),
        (Why.UNAUTHORIZED, Unauthorized),
        (Why.FORBIDDEN, Forbidden),
        (Why.REJECTED, Rejected),
    ],
)
def test_a_wrong_clock_is_named(
    why: Why, kind: type[UplynkError], ahead: float, words: str
) -> None:
    told = explain(why, error(kind, ahead).facts())
    assert f"{words}, and then {ADVICE}" in told
    assert "Nothing was changed." in told


@pytest.mark.parametrize("ahead", [None, 0.0, 30.0, -30.0])
def test_a_clock_that_is_right_enough_is_not(ahead: float | None) -> None:
    for why in (Why.UNREADABLE, Why.UNAUTHORIZED, Why.FORBIDDEN, Why.REJECTED):
        assert ADVICE not in explain(why, error(Unauthorized, ahead).facts())


def test_a_refusal_says_whom_to_ask() -> None:
    assert explain(Why.UNAUTHORIZED, {}) == (
        "Uplynk did not accept the bot's credentials (401). Nothing was changed. Ask whoever runs "
        "the bot to check UPLYNK_OWNER, UPLYNK_API_KEY and the clock of its host. "
        "If it is urgent, use the Uplynk CMS."
    )
    assert explain(Why.FORBIDDEN, {}) == (
        "The bot's Uplynk user lacks the right to do this (403). Nothing was changed. "
        "Ask whoever runs the bot. If it is urgent, use the Uplynk CMS."
    )


def test_the_form_says_it_while_it_reads() -> None:
    assert examine.shown_view(change_form.loading(FormMemory(), SILENT)) == (
        "== Failover ==\n"
        "⚠️ Uplynk has not answered since 21:04:10 UTC (3 calls failed).\n"
        "⏳ Reading the failover groups from Uplynk…\n"
        "Nothing is changed by looking.\n[Close]"
    )
