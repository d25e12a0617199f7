"""Every reason has words: what happened, what was not done, what to do next."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

import pytest

from blocks import errors, reasons
from blocks.words import day_and_time
from failover.change import Channels, Inapplicable
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
from failover.lifecycle import State, Why
from failover.measures import Unlock
from failover.roles import Rule
from failover.writes import PutChannels, PutOwners
from tests.blocks import examine, samples
from tests.blocks.samples import RECORD
from tests.blocks.waiting import AGREED

NOT_DONE = re.compile(
    r"[Nn]othing (more )?(was|is) (changed|sent)|was not sent|nothing was sent|was not done"
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


BY_ADMIN = ", put in force by <@U0ADMIN>."
UNTIL = f"holds until {day_and_time(datetime.fromisoformat(samples.UNTIL))}"
OWNER = "That person, or an admin, takes the lock away with “/failover unlock GROUP”."


@pytest.mark.parametrize(
    ("rules", "words", "way", "beside"),
    [
        (one, *said)
        for one, said in zip(
            samples.RULES,
            [
                ("freeze: no changes of this group for now (New Year live).",
                 "The freeze ends by itself", f"Rule freeze {UNTIL}."),
                ("freeze: no changes of this group for now.",
                 "or by a change of the policy file.", f"Rule freeze {UNTIL}."),
                ("cooldown: this group was changed, or failed over, a moment ago.",
                 "Wait until it is over, then try again.", f"Rule cooldown {UNTIL}."),
                ("protect: this change of this group needs a second person.",
                 "role approver or admin", None),
                ("require: this group has to stay prioritized.",
                 "The policy file asks for it.", None),
                ("require: at least 2 slicers must be eligible, and there would be 1.",
                 "The policy file asks for it.", None),
                ("cooldown: this group was changed",
                 "one rule only: protect and cooldown can't all be lifted", f"cooldown {UNTIL}."),
                ("protect: this change of this group needs 2 other people.",
                 "role approver or admin", None),
                ("lock: only the person who locked this group can change it (on air).",
                 OWNER, f"Rule lock {UNTIL}{BY_ADMIN}"),
                ("lock: only the person who locked this group can change it (on air).",
                 OWNER, f"Rule lock holds until it is taken away{BY_ADMIN}"),
                ("pause: no changes of any group for now (fire).",
                 "An admin ends the pause with “/failover resume”.",
                 f"Rule pause holds until it is ended{BY_ADMIN}"),
                ("pause: no changes of any group for now.",
                 "one rule only: freeze, protect, cooldown, lock and pause can't all",
                 f"Rule lock {UNTIL}{BY_ADMIN}"),
            ],
            strict=True,
        )
    ],
)  # fmt: skip
def test_a_rule_says_what_it_wants_until_when_and_who_lifts_it(
    rules: list[dict[str, object]], words: str, way: str, beside: str | None
) -> None:
    told = reasons.explain(Why.RULE, {"rules": rules})
    assert f"Rule {words}" in told
    assert way in told
    names = {str(rule["rule"]) for rule in rules}
    assert (f"“override {next(iter(names))} because …”" in told) == (len(names) == 1)
    below = [block["text"]["text"] for block in reasons.beside(Why.RULE, {"rules": rules})]
    assert (below == []) if beside is None else (beside in below[0])


def test_every_rule_has_words() -> None:
    assert {rule["rule"] for rules in samples.RULES for rule in rules} == set(Rule)


def test_a_moment_is_told_in_utc_to_those_whose_slack_cannot() -> None:
    freeze = {"rule": "freeze", "until": "2027-01-01T03:30:00+01:30"}
    (block,) = reasons.beside(Why.RULE, {"rules": [freeze]})
    assert "|2027-01-01 02:00:00 UTC>" in block["text"]["text"]


def test_a_measure_takes_no_override() -> None:
    unlock = replace(RECORD.request, change=Unlock())
    rules = {"rules": samples.RULES[8]}
    told = reasons.of(replace(RECORD, request=unlock, why=Why.RULE, facts=rules))
    assert told.endswith(OWNER)
    assert "override" in reasons.of(replace(RECORD, why=Why.RULE, facts=rules))


def test_who_declined_is_named() -> None:
    facts = {"by": "U0ADMIN", "words": "not now"}
    assert "Their words: “not now”." in reasons.explain(Why.DECLINED, facts)
    (block,) = reasons.beside(Why.DECLINED, facts)
    assert block["text"]["text"] == "It was <@U0ADMIN> who declined."


def test_a_change_that_grew_stale_while_it_waited_is_told_to_everybody() -> None:
    stale = replace(RECORD, why=Why.STALE)
    assert "since you saw it" in reasons.of(stale)
    told = reasons.of(replace(stale, approvals=AGREED))
    assert told.startswith("The group changed between the request and its approval.")
    assert NOT_DONE.search(told)


def test_a_role_that_was_lost_while_it_waited_is_told_to_everybody() -> None:
    lost = replace(RECORD, why=Why.ROLE, facts={**samples.MANY, "roles": ["operator", "admin"]})
    assert reasons.of(lost).startswith("For this you need the role operator or admin.")
    told = reasons.of(replace(lost, approvals=AGREED))
    assert "whoever had asked for it no longer had the role operator or admin" in told
    assert NOT_DONE.search(told)


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
     errors.NO_CHANGE, errors.NO_OWN_CHANGE, errors.OWN_REQUEST, errors.NOT_YOUR_REQUEST,
     errors.APPROVED_BEFORE,
     errors.unforeseen("0123abcd")],
)  # fmt: skip
def test_the_fixed_paragraphs(text: str) -> None:
    assert "Nothing was changed." in text
    assert text.startswith("⛔ ")
    assert examine.shown(errors.note(text)) == text


ASKED = Channels(("c7", "c8"), ("c1",))


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, "(409): one of c7, c8 belongs to a failover group already. Nothing was changed."),
        (
            {"words": "already in a failover group: c8"},
            "(409): c8 belongs to a failover group already. Nothing was changed. "
            "Its words: “already in a failover group: c8”.",
        ),
        ({"held": [["c8", "Cup"]]}, "(409): c8 belongs to Cup. Nothing was changed."),
    ],
)
def test_a_conflict_names_the_channels_and_gives_uplynks_words(
    facts: dict[str, object], words: str
) -> None:
    asked = replace(RECORD.request, change=ASKED)
    told = reasons.of(replace(RECORD, request=asked, why=Why.CONFLICT, facts=facts))
    assert words in told


def test_a_conflict_on_the_way_back_names_the_channels_that_were_to_come_back() -> None:
    written = (PutOwners(("o1",)), PutChannels(("c9",)))
    told = reasons.of(replace(RECORD, written=written, why=Why.CONFLICT))
    assert "(409): c9 belongs to a failover group already." in told


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"code": "failback_in_flat"}, "Ask for “prioritized failback on” in one change."),
        ({"code": "failback_in_the_way"}, "“Turn failback off and activate” does both"),
        (
            {"code": "unknown_slicers", "slicers": ["x", "y"], "known": ["a", "b"]},
            "Not a slicer of this group: x, y. Nothing was sent to Uplynk, so nothing was changed. "
            "Its slicers are: a, b. Type the command again",
        ),
        ({"code": "unknown_slicers", "slicers": ["x"], "known": []}, "It has no slicers."),
    ],
)
def test_what_makes_no_sense_says_why_and_what_would(facts: dict[str, object], words: str) -> None:
    assert words in reasons.explain(Why.INAPPLICABLE, facts)


def test_every_code_of_what_makes_no_sense_has_words() -> None:
    known = {facts["code"] for facts in samples.facts(Why.INAPPLICABLE, "x")}
    assert known == set(Inapplicable)


@pytest.mark.parametrize(
    ("state", "new", "told"),
    [
        (State.SENDING, {}, "no longer open."),
        (State.AWAITING, {"approvals": AGREED}, "no longer open: its time is over"),
        (State.FAILED, {"why": Why.EXPIRED}, "no longer open: its time is over, and nothing was"),
        (State.APPROVED, {"approvals": AGREED}, "by @Admin; how it stands: under way."),
        (State.VERIFIED, {"approvals": AGREED * 2}, "already, by @Admin, @Admin;"),
        (
            State.REFUSED,
            {"why": Why.DECLINED, "facts": {"by": "U0ADMIN"}, "approvals": AGREED},
            "declined by @Admin already; nothing was sent.",
        ),
        (State.REFUSED, {"why": Why.WITHDRAWN}, "withdrawn by @Operator already; nothing was"),
    ],
)
def test_the_slower_one_is_told_who_was_first(
    state: State, new: dict[str, object], told: str
) -> None:
    shown = examine.shown(errors.decided(samples.record(state, **new)))
    assert shown.startswith("ℹ️ This request ")
    assert told in shown
    assert shown.endswith(" Your press changed nothing.")


@pytest.mark.parametrize(
    ("need", "given", "told"),
    [
        (1, 1, "The change is under way; the card in the channel tells how it came out."),
        (2, 1, "One more person has to approve before anything is sent."),
        (4, 1, "3 more people have to approve before anything is sent."),
    ],
)
def test_an_approver_is_thanked_and_told_what_is_missing(need: int, given: int, told: str) -> None:
    state = State.APPROVED if need == given else State.AWAITING
    approved = samples.record(state, facts={"need": need}, approvals=AGREED * given)
    assert examine.shown(errors.approved(approved)) == f"✅ Thank you. {told}"


def test_an_unforeseen_error_shows_its_reference() -> None:
    assert errors.unforeseen("0123abcd").endswith("reference: 0123abcd")
