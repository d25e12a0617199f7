"""Every reason has words: what happened, what was not done, what to do next."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from blocks import errors, reasons
from failover.errors import (
    BadAnswer,
    FailoverError,
    Forbidden,
    GroupGone,
    LedgerUnavailable,
    Overtaken,
    RateLimited,
    SlackProblem,
    Unauthorized,
    Unavailable,
    Unreachable,
)
from failover.lifecycle import Why
from tests.blocks import examine, samples
from tests.blocks.samples import RECORD

NOT_DONE = re.compile(
    r"[Nn]othing (was|is) (changed|sent)|was not sent|nothing was sent|was not done"
)
WHAT_NEXT = re.compile(
    r"[Tt]ry again|[Pp]ress|Type|[Aa]sk|[Ll]ook|[Uu]se the Uplynk CMS|“|need the role|not a member"
    r"|has to end|sets aside one rule"
)
EVERY = [(why, facts) for why in Why for facts in samples.facts(why, "their words")]


@pytest.mark.parametrize(("why", "facts"), EVERY)
def test_it_says_what_was_not_done_and_what_to_do_next(why: Why, facts: dict[str, object]) -> None:
    told = reasons.explain(why, facts)
    assert NOT_DONE.search(told), told
    assert WHAT_NEXT.search(told), told
    assert told.endswith((".", ")")), told
    assert "None" not in told
    assert "  " not in told


@pytest.mark.parametrize(("why", "facts"), EVERY)
def test_a_record_tells_the_same(why: Why, facts: dict[str, object]) -> None:
    assert reasons.of(replace(RECORD, why=why, facts=facts)) == reasons.explain(why, facts)


def test_a_record_without_a_reason_has_nothing_to_add() -> None:
    assert reasons.of(RECORD) == ""


@pytest.mark.parametrize(
    ("rules", "words"),
    list(zip(
        samples.RULES,
        [
            "Rule freeze: no changes of this group until 2027-01-01 02:00:00 UTC (New Year live).",
            "Rule freeze: no changes of this group until 2027-01-01 02:00:00 UTC.",
            "Rule cooldown: this group was changed a moment ago; wait until 2027-01-01 02:00:00",
            "Rule protect: changes of this group need a second person.",
            "Rule require: this group has to stay prioritized.",
            "Rule require: at least 2 slicers must be eligible, and there would be 1.",
            "An override sets aside one rule only: protect and cooldown can't both be lifted.",
        ],
        strict=True,
    )),
)  # fmt: skip
def test_a_rule_says_what_it_wants(rules: list[dict[str, object]], words: str) -> None:
    told = reasons.explain(Why.RULE, {"rules": rules})
    assert words in told
    names = {str(rule["rule"]) for rule in rules}
    assert (f"“override {next(iter(names))} because …”" in told) == (len(names) == 1)


def test_who_has_the_role_is_said_as_far_as_there_is_room() -> None:
    (block,) = reasons.who_has_it(Why.ROLE, samples.MANY)
    assert block["text"]["text"].startswith("Who has it: <@U000000000>, ")
    assert block["text"]["text"].endswith(" and 49 more")
    assert reasons.who_has_it(Why.RULE, samples.MANY) == []


def test_a_missing_right_to_override_is_not_called_a_missing_right_to_change() -> None:
    told = reasons.explain(Why.OVERRIDE_ROLE, {**samples.MANY, "roles": ["admin"]})
    assert told.startswith("To set a rule aside you need the role admin.")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (LedgerUnavailable("OperationalError"), "without a record nothing is sent"),
        (GroupGone("GET /x", status=404), "no longer exists"),
        (Unauthorized("GET /x", status=401), "did not accept the bot's credentials (it answered"),
        (Forbidden("GET /x", status=403), "refused the bot's user (it answered 403)"),
        (RateLimited("GET /x"), "asked the bot to slow down (it answered 429)"),
        (Unreachable("GET /x"), "Uplynk cannot be reached, so"),
        (Unavailable("GET /x"), "Uplynk does not answer, so"),
        (Unavailable("GET /x", status=503), "Uplynk is in trouble (it answered 503), so"),
        (BadAnswer("GET /x", status=200), "makes no sense"),
        (SlackProblem("ratelimited"), "Slack did not do its part (ratelimited)"),
        (Overtaken("a" * 32), "The bot could not do this."),
    ],
)
def test_every_foreseen_error_has_words(error: FailoverError, words: str) -> None:
    told = errors.told(error)
    assert words in told
    assert "Nothing was changed." in told
    assert WHAT_NEXT.search(told)


@pytest.mark.parametrize(
    "text",
    [errors.BUSY, errors.LATE, errors.MALFORMED, errors.GONE, errors.UNRECORDED,
     errors.unforeseen("0123abcd")],
)  # fmt: skip
def test_the_fixed_paragraphs(text: str) -> None:
    assert "Nothing was changed." in text
    assert text.startswith("⛔ ")
    assert examine.shown(errors.note(text)) == text


def test_an_unforeseen_error_shows_its_reference() -> None:
    assert errors.unforeseen("0123abcd").endswith("reference: 0123abcd")
