"""Every action as it is typed: shown first, or with ``now``; made, read back, announced, undone."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from sandbox.slack.sample import ADMIN, OPERATOR
from sandbox.uplynk.model import SimGroup
from sandbox.uplynk.scenes import CUP_FINAL, NBA_FINALS, SPORTS_WEST, WEATHER

from .conftest import Scene

VERIFIED = "applied and verified"


@dataclass(frozen=True, slots=True)
class Action:
    """One line, by whom, of which group, what is foretold, and what is so afterwards."""

    line: str
    person: str
    group: str
    told: tuple[str, ...]
    so: Callable[[SimGroup], bool]


def ranking(group: SimGroup) -> list[tuple[str, bool]]:
    """Slicers by priority, and whether they are eligible."""
    return [(one.slicer_id, one.enabled) for one in sorted(group.slicers, key=lambda s: s.order)]


def feeds(group: SimGroup) -> list[str]:
    return [one.id for one in group.channels]


def settings(group: SimGroup) -> tuple[object, ...]:
    """All that a change may touch."""
    served = (group.active_slicer_id, set(feeds(group)), set(group.allowed_owners))
    return (group.mode, group.auto_failback, ranking(group), *served)


ACTIONS = {
    "set": Action(
        'set "Cup Final" failback on',
        OPERATOR,
        CUP_FINAL,
        ("prioritized: auto failback off → on", "nobody can activate a slicer by hand"),
        lambda group: group.auto_failback,
    ),
    "activate": Action(
        'activate "Cup Final" cup-b',
        OPERATOR,
        CUP_FINAL,
        (
            "active cup-a → cup-b",
            "Viewers move from cup-a to cup-b at once, on 1 channel.",
            "If the active one dies, next in line: cup-a, cup-c.",
        ),
        lambda group: group.active_slicer_id == "cup-b",
    ),
    "slate on": Action(
        'slate "Cup Final" on',
        OPERATOR,
        CUP_FINAL,
        ("live (cup-a) → slate", "Viewers see the missing-content slate at once, on 1 channel"),
        lambda group: group.active_slicer_id == "no_slicer",
    ),
    "slate off": Action(
        'slate "Weather Live" off',
        OPERATOR,
        WEATHER,
        ("slate → live", "Viewers leave the slate at once", "Which one that is, Uplynk does not"),
        lambda group: group.active_slicer_id == "weather-a",
    ),
    "order": Action(
        'order "Sports West" west-c, west-a, -west-b',
        OPERATOR,
        SPORTS_WEST,
        (
            "order west-b, west-a, west-c → west-c, west-a, west-b (west-b not eligible)",
            "west-b is active but no longer eligible: viewers stay on it",
            "Today, next in line: west-a, west-c.",
            "If the active one dies, next in line: west-c, west-a.",
        ),
        lambda group: ranking(group) == [("west-c", True), ("west-a", True), ("west-b", False)],
    ),
    "channels add": Action(
        "channels nba add free-1, free-2",
        ADMIN,
        NBA_FINALS,
        ("channels + free-1, free-2", "Joining: 2 channels, to show the active slicer (nba-a)"),
        lambda group: feeds(group) == ["nba-main", "nba-alt", "free-1", "free-2"],
    ),
    "channels remove": Action(
        "channels nba remove nba-alt",
        ADMIN,
        NBA_FINALS,
        ("channels − nba-alt", "Leaving: 1 channel, without failover from then on."),
        lambda group: feeds(group) == ["nba-main"],
    ),
    "owners add": Action(
        "owners nba add owner-new",
        ADMIN,
        NBA_FINALS,
        ("owners + owner-new", "owner-new may use this group from now on."),
        lambda group: group.allowed_owners == ("owner-partner", "owner-new"),
    ),
    "owners remove": Action(
        "owners nba remove owner-partner",
        ADMIN,
        NBA_FINALS,
        ("owners − owner-partner", "owner-partner may no longer use this group."),
        lambda group: group.allowed_owners == (),
    ),
}


@pytest.mark.parametrize("action", ACTIONS.values(), ids=list(ACTIONS))
def test_an_action_is_shown_then_applied(http: Scene, action: Action) -> None:
    person = http.slack.person(action.person)
    before = http.world.group(action.group)
    person.types(f"/failover {action.line} because rehearsal")
    preview = http.hears(person, "[Apply]")
    assert f"Change {before.name}?" in preview
    for told in action.told:
        assert told in preview
    assert "Nothing is changed yet." in preview
    assert http.attempts() == 0
    assert http.cards == []

    http.presses(person, "Apply")
    card = http.shows(f"{before.name}: {VERIFIED}")
    assert action.told[0] in card
    assert "rehearsal" in card
    assert "[Undo…]" in card
    assert action.told[0] in http.hears(person, VERIFIED)
    assert "[Apply]" not in person.sees()
    assert action.so(http.world.group(action.group))
    assert http.attempts() == http.writes() == 1
    assert len(http.cards) == 1


def test_each_with_now_then_once_more_then_taken_back(scene: Scene) -> None:
    was = {group.id: group for group in scene.world.groups()}
    for number, action in enumerate(ACTIONS.values()):
        person = scene.slack.person(action.person)
        name = was[action.group].name
        delivery = person.types(f"/failover {action.line} now because rehearsal")
        assert delivery.ok
        scene.waits(lambda n=number: scene.channel.count(VERIFIED) == 2 * n + 1)
        assert action.so(scene.world.group(action.group))

        person.types(f"/failover {action.line} now because rehearsal")
        assert "nothing was sent" in scene.hears(person, "already so")

        person.types(f'/failover undo "{name}" now')
        scene.waits(lambda n=number: scene.channel.count(VERIFIED) == 2 * n + 2)
        assert action.told[0] not in scene.card.shown
        now = scene.world.group(action.group)
        assert settings(now) == settings(was[action.group])
    assert scene.attempts() == len(scene.cards) == 2 * len(ACTIONS)
    assert "[Apply]" not in scene.operator.sees() + scene.admin.sees()


def test_in_flat_the_order_counts_for_nothing_and_who_is_eligible_does(http: Scene) -> None:
    http.operator.types("/failover order nba nba-c, -nba-b")
    preview = http.hears(http.operator, "[Apply]")
    assert "eligible nba-b, nba-a, nba-c → nba-a, nba-c" in preview
    assert "In flat the order counts for nothing and is not kept" in preview
    http.presses(http.operator, "Apply")
    http.shows(VERIFIED)
    slicers = http.world.group(NBA_FINALS).slicers
    assert {one.slicer_id for one in slicers if one.enabled} == {"nba-a", "nba-c"}
    assert {one.order for one in slicers} == {1}


def test_what_was_done_is_one_line_for_each_in_the_history(http: Scene) -> None:
    http.operator.types("/failover history")
    http.hears(http.operator, "No changes are on record.")
    http.operator.types('/failover activate "Cup Final" cup-b now because *bold* <!here>')
    http.shows(VERIFIED)
    http.operator.types('/failover activate "Cup Final" cup-x now')
    http.hears(http.operator, "Not a slicer of this group")
    http.operator.types('/failover order "Sports West" west-c')
    http.hears(http.operator, "[Apply]")

    http.viewer.types("/failover history")
    told = http.hears(http.viewer, "The last changes")
    assert "Cup Final: active cup-a → cup-b – applied and verified" in told
    assert "@Operator · Reason: *bold* <!here>" in told
    assert "cup-x" not in told, "it was refused"
    assert "Sports West" not in told, "it was only shown"
    http.viewer.types('/failover history "Sports West"')
    http.hears(http.viewer, "No changes of Sports West are on record.")
    http.viewer.types("/failover history sports")
    http.hears(http.viewer, "Several groups could be meant")

    http.presses_card(http.operator, "Undo…")
    http.hears(http.operator, "Take back a change of Cup Final?")
    http.presses(http.operator, "Apply")
    http.waits(lambda: len(http.cards) == 2)
    http.shows("undo: active cup-b → cup-a", VERIFIED)
    http.viewer.types('/failover history "Cup Final"')
    told = http.hears(http.viewer, "undo: active cup-b → cup-a – applied and verified")
    assert told.count("[Undo…]") == 1, "with the newest alone"
