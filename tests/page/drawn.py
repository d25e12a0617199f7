"""Every kind of message and view that ``blocks`` builds, one for each shape."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import product
from typing import Any

import pytest

from failover.change import Configure
from failover.draft import FIELDS, Filled
from failover.model import Mode
from failover.roles import Role
from tests.blocks import (
    examine,
    samples,
    test_every_message,
    test_every_request,
    test_home,
    test_home_sections,
    test_set_form,
)

Drawn = dict[str, Any]
ODD = replace(
    samples.FINALS,
    name="<!channel> *bold* & <https://evil.example|Approve>",
    mode=Mode.PRIORITIZED,
    auto_failback=True,
    active_slicer_id="no_slicer",
    failover_time=None,
)
CHANGES = (Configure(Mode.PRIORITIZED, True), Configure(None, False), Configure(Mode.FLAT, None))


def everything_drawn(patch: pytest.MonkeyPatch) -> tuple[list[Drawn], list[Drawn]]:
    """Messages and views, as the tests of ``blocks`` draw them, without two of the same shape."""
    messages: dict[str, Drawn] = {}
    views: dict[str, Drawn] = {}
    patch.setattr(examine, "message", lambda one, *_, **__: messages.setdefault(shape(one), one))
    patch.setattr(examine, "view", lambda one, *_: views.setdefault(shape(one), one))
    # Other words make no other shape.
    for module in (test_every_message, test_every_request):
        patch.setattr(module, "HOSTILE", samples.HOSTILE[:1])
    for draw in _draws():
        draw()
    return list(messages.values()), list(views.values())


def types(node: object) -> Iterator[str]:
    """The type of every block, element and text in it."""
    if isinstance(node, list):
        for item in node:
            yield from types(item)
    elif isinstance(node, dict):
        if isinstance(node.get("type"), str):
            yield node["type"]
        for value in node.values():
            yield from types(value)


def shape(node: object) -> str:
    """The same for two that differ in nothing but their words."""
    return json.dumps(_outline(node), sort_keys=True)


def _outline(node: object) -> object:
    if isinstance(node, dict):
        words = {"type", "style"}
        return {key: node[key] if key in words else _outline(node[key]) for key in node}
    if isinstance(node, list):
        # A list of many rows of one kind is drawn like one of a few.
        outlines = [json.dumps(_outline(item), sort_keys=True) for item in node]
        return sorted(set(outlines))
    return type(node).__name__


def _draws() -> Iterator[Callable[[], object]]:
    every, request = test_every_message, test_every_request
    preview = _inner(every.test_a_preview_of_any_change)
    form = _inner(every.test_the_form_of_any_group)
    page = _inner(every.test_a_list_page_and_a_status)
    for state, why in product(samples.State, (None, *samples.Why)):
        yield partial(every.test_a_change_in_every_state_for_every_reason, state, why)
    for state, (group, change) in product(samples.State, samples.CHANGES):
        yield partial(every.test_every_change_in_every_state, group, change, state)
    for group, change in samples.CHANGES:
        yield partial(preview, group, change, "rehearsal")
    for group in (samples.FINALS, ODD):
        for action in FIELDS:
            yield partial(form, (group, Filled(action)))
        for change in CHANGES:
            for reason in (None, "rehearsal"):
                yield partial(preview, group, change, reason)
        for many in (0, 1, 15):
            yield partial(page, [group], many, "nba")
    for text in (samples.HOSTILE[0], "nba"):
        yield partial(every.test_the_other_views, text)
        yield partial(every.test_hostile_lines_as_the_grammar_reads_them, text)
        yield partial(every.test_notes_and_refusals, text)
    for problem in every.Problem:
        yield partial(_inner(every.test_a_line_that_was_not_understood), "set x", problem, 0, 3)
    for group, change in samples.CHANGES:
        for why in (None, samples.Why.DECLINED, samples.Why.EXPIRED):
            yield partial(
                request.test_a_change_that_others_were_asked_about, group, change, why, ()
            )
    for change, state in product(samples.MEASURES, set(samples.State) - {samples.State.SHOWN}):
        yield partial(request.test_every_measure_in_every_state, change, state)
    for text in samples.HOSTILE[:2]:
        yield partial(test_set_form.test_nothing_from_outside_is_alive_in_it, text)
    yield test_set_form.test_the_largest_set_fits
    yield test_home.test_a_whole_home_tab
    yield test_home_sections.test_many_of_everything_stay_within_the_limit
    for role, unread in product((Role.NONE, Role.VIEWER), ((), ("S1", "S2"))):
        yield partial(every.test_help_and_whoami, role, unread)


def _inner(test: Any) -> Callable[..., object]:
    """A test that is given its samples by hypothesis, to be given ours."""
    found: Callable[..., object] = test.hypothesis.inner_test
    return found
