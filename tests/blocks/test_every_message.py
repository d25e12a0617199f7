"""Everything that can be drawn fits Slack's limits, and nothing from outside is alive in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blocks import announcement, answers, change_form, errors, groups, help
from blocks.change_form import FormMemory
from blocks.history import history
from failover.change import Change
from failover.consequences import foresee
from failover.draft import FIELDS, TYPED, Field, Filled
from failover.errors import SlackProblem, Unavailable
from failover.grammar import parse
from failover.intents import GrammarError, Problem
from failover.lifecycle import Actor, State, Why
from failover.model import FailoverGroup, Mode, Reading
from failover.pictures import Page, Preview
from failover.policy import Grant
from failover.roles import Action, Role, Rule
from failover.standing import Allowed, Denied, Standing, Uncertain
from tests.blocks import examine, samples
from tests.blocks.everywhere import drawn_everywhere
from tests.blocks.pictures import ALL, picture
from tests.blocks.samples import HOSTILE, NOW, REQUEST, record

some = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)
fewer = settings(some, max_examples=25)
WORST = "".join(HOSTILE)[:3000]


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("why", [None, *Why])
def test_a_change_in_every_state_for_every_reason(state: State, why: Why | None) -> None:
    hostile = replace(samples.FINALS, name=WORST, active_slicer_id=WORST)
    # A few texts for each pair; all of them come by over the whole table.
    turn = list(State).index(state) + (0 if why is None else list(Why).index(why))
    for text in (*HOSTILE[turn % 20 :: 20], WORST):
        request = replace(REQUEST, reason=text, group=text)
        for facts in samples.facts(why, text):
            for group in (samples.FINALS, replace(hostile, name=text)):
                told = record(state, group=group, request=request, why=why, facts=facts)
                told = replace(told, after=told.after or group)
                drawn_everywhere(told, text, group.name)


@fewer
@given(samples.groups(), samples.groups(), samples.changes, samples.hostile)
def test_a_change_of_any_group(
    before: FailoverGroup, after: FailoverGroup, change: Change, reason: str
) -> None:
    drawn_in_every_state(before, after, change, reason)


@fewer
@given(samples.fitting(), samples.groups(), samples.hostile)
def test_a_fitting_change_of_any_group(
    asked: tuple[FailoverGroup, Change], after: FailoverGroup, reason: str
) -> None:
    drawn_in_every_state(asked[0], after, asked[1], reason)


def drawn_in_every_state(
    before: FailoverGroup, after: FailoverGroup, change: Change, reason: str
) -> None:
    request = replace(REQUEST, change=change, reason=reason)
    foreign = (before.name, after.name, reason, *(slicer.id for slicer in before.slicers[:1]))
    for state in State:
        told = record(state, group=before, after=after, request=request)
        drawn_everywhere(replace(told, facts={"overridden": ["freeze"]}), *foreign)
    stale = record(State.REFUSED, group=before, after=after, request=request, why=Why.STALE)
    drawn_everywhere(stale, *foreign)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize(("group", "change"), samples.CHANGES)
def test_every_change_in_every_state(group: FailoverGroup, change: Change, state: State) -> None:
    for text in (*HOSTILE[list(State).index(state) :: 11], WORST):
        request = replace(REQUEST, reason=text, group=text)
        for why in (None, Why.OTHER_HAND, Why.REJECTED, Why.CONFLICT):
            for facts in samples.facts(why, text):
                told = record(state, group=group, change=change, request=request, why=why)
                drawn_everywhere(replace(told, facts=facts, after=told.after or group), text)


@some
@given(samples.groups(), samples.changes, samples.hostile | st.none())
def test_a_preview_of_any_change(group: FailoverGroup, change: Change, reason: str | None) -> None:
    drawn_preview(group, change, reason)


@fewer
@given(samples.fitting(), samples.hostile)
def test_a_preview_of_a_fitting_change(asked: tuple[FailoverGroup, Change], reason: str) -> None:
    drawn_preview(*asked, reason)


@fewer
@given(
    st.lists(samples.fitting(), max_size=4),
    st.lists(st.sampled_from(sorted(set(State) - {State.SHOWN})), min_size=4, max_size=4),
    st.none() | samples.hostile,
    samples.hostile,
)
def test_a_history_of_any_changes(
    asked: list[tuple[FailoverGroup, Change]], states: list[State], name: str | None, reason: str
) -> None:
    requests = [replace(REQUEST, change=change, reason=reason) for _, change in asked]
    records = [
        record(state, group=group, request=request, facts={"overridden": ["freeze", "lock"]})
        for (group, _), request, state in zip(asked, requests, states, strict=False)
    ]
    foreign = [group.name for group, _ in asked]
    for several in (records, records * 4):
        drawn = history(several, name, NOW)
        examine.message(drawn, *foreign, reason, name or "", private=True)


def drawn_preview(group: FailoverGroup, change: Change, reason: str | None) -> None:
    foreseen = foresee(group, change, NOW)
    picture = Preview("d" * 32, Reading(group, NOW), change, reason, Rule.LOCK, foreseen, NOW)
    examine.message(answers.preview(picture), group.name, reason or "", private=True)


ACCESS = (
    Allowed(),
    Denied((Role.OPERATOR, Role.ADMIN), ("U0OPERATOR",), ("S0SPORTS",)),
    Denied((), (), ()),
    Denied((), (), (), stranger=True),
    Uncertain(("S0SPORTS",), WORST),
)


@st.composite
def filled_forms(draw: st.DrawFn) -> tuple[FailoverGroup, Filled]:
    """Any group, and a form of any action with anything in its inputs."""
    group, action = draw(samples.groups()), draw(st.sampled_from(list(FIELDS)))
    ids = [one.id for one in group.slicers[:3]]
    texts = st.sampled_from([*ids, ", ".join(ids), "a b", '"open', "- ", "a, a"]) | samples.hostile
    chosen = {
        Field.MODE: st.sampled_from(Mode),
        Field.FAILBACK: st.sampled_from(("on", "off")),
        Field.SLATE: st.sampled_from(("on", "off")),
    }
    fields = FIELDS[action]
    if draw(st.booleans()):
        return group, Filled(action)
    least = set() if fields[0] in TYPED or fields[0] is Field.SLICER else {fields[0]}
    some_fields = least | draw(st.sets(st.sampled_from(fields)))
    entries = {field: draw(chosen.get(field, texts)) for field in some_fields}
    return group, Filled(action, {field: text for field, text in entries.items() if text})


@some
@given(filled_forms())
def test_the_form_of_any_group(form: tuple[FailoverGroup, Filled]) -> None:
    group, filled = form
    for access in ACCESS:
        barred = None if isinstance(access, Allowed) else access
        drawn = change_form.form(picture(group, filled, ALL, barred), "C0LIVEOPS")
        examine.view(drawn, group.name, WORST)
        assert FormMemory.read(drawn["private_metadata"]).action is filled.action
        if not isinstance(access, Allowed):
            examine.view(change_form.barred(access), WORST)


@pytest.mark.parametrize("text", HOSTILE)
def test_the_other_views(text: str) -> None:
    memory = FormMemory(text[:200], "m" * 32, NOW, "C0LIVEOPS")
    for drawn in (
        change_form.loading(memory),
        change_form.choosing(memory),
        change_form.working(),
        change_form.unavailable("⚠️ Not read.", errors.told(SlackProblem(text)), memory),
        change_form.not_one(text, errors.told(SlackProblem(text)), memory),
        change_form.notice(errors.unforeseen("0123abcd")),
    ):
        examine.view(drawn, text)
    examine.message(change_form.reopen(text[:200]), private=True)


@some
@given(
    st.lists(samples.groups(), max_size=3),
    st.sampled_from((0, 1, 15)),
    samples.hostile | st.just(""),
)
def test_a_list_page_and_a_status(found: list[FailoverGroup], many: int, typed: str) -> None:
    page_groups = (tuple(found) * 15)[: many if found else 0]
    page = Page(
        groups=page_groups,
        offset=15,
        total=len(page_groups) and 10_000,
        filter=typed[:200],
        read_at=NOW - timedelta(minutes=3),
        now=NOW,
        problem=Unavailable("GET /x", words=WORST),
    )
    drawn = groups.listing(page)
    examine.message(drawn, typed, *(group.name for group in found), private=True)
    assert examine.shown(drawn).count("viewers see") == len(page_groups)
    for group in found:
        examine.message(groups.status(Reading(group, NOW)), group.name, private=True)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_list_page_shows_every_row_it_counts(text: str) -> None:
    group = replace(samples.FINALS, name=text, active_slicer_id=text, mode=Mode.PRIORITIZED)
    rows = tuple(replace(group, id=f"{n:032d}") for n in range(groups.PAGE_SIZE))
    drawn = groups.listing(Page(rows, 0, 200, "", NOW, NOW))
    assert examine.shown(drawn).count("viewers see") == groups.PAGE_SIZE
    assert "last failover" in examine.shown(drawn).splitlines()[groups.PAGE_SIZE]


@some
@given(samples.hostile, st.sampled_from(Problem), st.integers(0, 3000), st.integers(0, 3000))
def test_a_line_that_was_not_understood(text: str, problem: Problem, one: int, other: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    error = GrammarError(problem, text, start, end, text[start:end], text, (text,) * 9, text)
    examine.message(help.misread(error), text, private=True)
    examine.message(help.misread(replace(error, suggestion=None)), text, private=True)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_lines_as_the_grammar_reads_them(text: str) -> None:
    for line in (text, f"set {text}", f"set x flat because {text}", f'status "{text}"'):
        read = parse(line)
        if isinstance(read, GrammarError):
            examine.message(help.misread(read), text, private=True)


@pytest.mark.parametrize("default", [Role.NONE, Role.VIEWER])
@pytest.mark.parametrize("unread", [(), ("S1", "S2")])
def test_help_and_whoami(default: Role, unread: tuple[str, ...]) -> None:
    user = "U0OPERATOR"
    grants = tuple(Grant(role, frozenset({user}), groups=HOSTILE) for role in Role) * 20
    people = [f"U{n:09d}" for n in range(500)]
    for held in ((), grants):
        standing = Standing(held, default, unread, WORST if unread else None)
        holders = {action: (people, ["S0SPORTS"]) for action in Action}
        examine.message(help.usage(standing, dict(holders)), private=True)
        examine.message(help.usage(standing, {}), private=True)
        examine.message(help.whoami(user, standing), WORST, private=True)


@pytest.mark.parametrize("text", HOSTILE)
def test_notes_and_refusals(text: str) -> None:
    examine.message(errors.note(errors.told(SlackProblem(text))), text, private=True)
    for why in Why:
        for facts in samples.facts(why, text):
            examine.message(errors.refusal(why, facts), text, private=True)


def test_a_person_with_an_odd_id_is_shown_and_not_mentioned() -> None:
    for text in HOSTILE:
        told = record(State.VERIFIED, request=replace(REQUEST, actor=Actor(text, text, "T1")))
        drawn = announcement.card(told, NOW)
        who = drawn["blocks"][2]["fields"][1]["text"]
        me = help.whoami(text, Standing((), Role.VIEWER, ()))["blocks"][0]["text"]["text"]
        assert not set(who) & set("<>@*~`")
        assert not set(me) & set("<>@*~")
        assert me.count("`") == 2
