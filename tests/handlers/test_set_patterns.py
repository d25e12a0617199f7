"""A typed pattern: a set, a single change, or none, shown or taken on at once."""

from __future__ import annotations

import pytest

from blocks import reasons
from failover.lifecycle import State, Why
from failover.policy import Grant, Role
from sandbox.slack import payloads as slack_payloads
from sandbox.slack.sample import ADMIN, LIVEOPS, OPERATOR, OUTSIDER
from tests.builders import flat, policy
from tests.handlers.acting import answered, last, shown, types
from tests.handlers.conftest import Desk
from tests.handlers.set_desk import NAMES, SET, ends, previewed, sports_desk


@pytest.fixture
def sports(desk: Desk) -> Desk:
    return sports_desk(desk)


def test_now_is_taken_on_at_once_from_memory(sports: Desk) -> None:
    types(sports, "/failover list")
    sports.works()
    assert types(sports, SET + " now because rehearsal") == {}
    assert ends(sports) == [State.RECEIVED] * 3
    sports.works()
    assert ends(sports) == [State.VERIFIED] * 3


def test_now_without_a_list_in_memory_is_shown(sports: Desk) -> None:
    previewed(sports, SET + " now")
    assert "# Change 3 groups?" in last(sports)


def test_now_by_somebody_whose_user_groups_are_not_remembered_is_shown(sports: Desk) -> None:
    sports.stage.groups.all()
    sports.stage.rules = policy(
        grants=(Grant(Role.OPERATOR, usergroups=frozenset({"S0SPORTS", "S0OTHER"})),)
    )
    sports.stage.usergroups.groups["S0SPORTS"] = frozenset({OPERATOR})
    previewed(sports, SET + " now")
    assert "# Change 3 groups?" in last(sports)


def test_the_same_command_delivered_again_is_one_set(sports: Desk) -> None:
    sports.stage.groups.all()
    channel = sports.world.channels[LIVEOPS]
    parcel = slack_payloads.command(sports.world, OPERATOR, channel, SET + " now")
    for _ in range(3):
        assert sports.sends(parcel) == {}
    sports.works()
    assert len(sports.stage.uplynk.sent) == 3


@pytest.mark.parametrize("now", ["", " now"])
def test_a_pattern_that_hits_one_group_is_a_single_change(sports: Desk, now: str) -> None:
    sports.stage.groups.all()
    types(sports, f"/failover set *east prioritized{now}")
    sports.works()
    assert sports.stage.set_store.sets == {}
    (record,) = sports.stage.ledger.records.values()
    assert record.group_name == "Sports East"
    assert record.state is (State.VERIFIED if now else State.SHOWN)


@pytest.mark.parametrize("now", ["", " now"])
def test_a_pattern_that_hits_nothing(sports: Desk, now: str) -> None:
    sports.stage.groups.all()
    types(sports, f"/failover set sprots* flat{now}")
    sports.works()
    (record,) = sports.stage.ledger.records.values()
    assert (record.why, record.facts["near"]) == (Why.NO_SUCH_GROUP, list(NAMES))
    told = "No failover group is hit by this pattern. Did you mean “Sports East”"
    assert told in answered(sports)


@pytest.mark.parametrize("now", ["", " now"])
def test_a_pattern_that_hits_too_many(sports: Desk, now: str) -> None:
    for number in range(50):
        sports.stage.uplynk.groups[str(number)] = flat(id=str(number), name=f"Sports {number}")
    sports.stage.groups.all()
    answer = types(sports, SET + now)
    sports.works()
    told = shown(answer) if now else last(sports)
    assert "This pattern hits 53 groups, and one set can have at most 50." in told
    assert sports.stage.set_store.sets == {}


@pytest.mark.parametrize("now", ["", " now"])
def test_whoever_may_change_no_group_is_not_told_which_there_are(sports: Desk, now: str) -> None:
    sports.stage.groups.all()
    sports.stage.rules = policy(default_role=Role.NONE)
    types(sports, SET + now, user=OUTSIDER)
    sports.works()
    (record,) = sports.stage.ledger.records.values()
    assert (record.why, record.group_id) == (Why.ROLE, None)
    assert sports.stage.set_store.sets == {}
    for message in sports.screen.messages:
        assert "Sports" not in shown(message)


ONE = ["activate {} s2", "order {} s2, s1", "channels {} add ch1", "owners {} remove ab"]


@pytest.mark.parametrize("now", ["", " now"])
@pytest.mark.parametrize("line", ONE)
def test_what_is_about_one_group_takes_no_pattern(sports: Desk, line: str, now: str) -> None:
    types(sports, f"/failover {line.format('sports*')}{now}", user=ADMIN)
    sports.works()
    (record,) = sports.stage.ledger.records.values()
    assert record.why is Why.NO_SUCH_GROUP
    assert record.facts["hits"] == 3
    told = reasons.of(record)
    assert "This takes one group, and what you typed is a pattern, which hits 3 groups: " in told
    assert "“Sports East”, “Sports North”, “Sports South”. Nothing was sent" in told
    assert told in answered(sports)


@pytest.mark.parametrize("line", ONE)
def test_a_pattern_that_hits_nothing_is_said_to(sports: Desk, line: str) -> None:
    types(sports, f"/failover {line.format('golf*')} now", user=ADMIN)
    sports.works()
    (record,) = sports.stage.ledger.records.values()
    assert "No failover group is hit by this pattern." in reasons.of(record)


def test_of_many_hits_a_few_are_named(sports: Desk) -> None:
    for number in range(9):
        name = f"Sports {number}"
        sports.stage.uplynk.groups[name] = flat(id=name, name=name)
    types(sports, "/failover activate sports* s2 now", user=ADMIN)
    sports.works()
    (record,) = sports.stage.ledger.records.values()
    assert "hits 12 groups: “Sports 0”, “Sports 1”" in reasons.of(record)
    assert "“Sports 4” and 7 more." in reasons.of(record)


def test_whoever_may_not_is_not_told_what_a_pattern_hits(sports: Desk) -> None:
    types(sports, "/failover activate sports* s2 now", user=OUTSIDER)
    sports.works()
    (record,) = sports.stage.ledger.records.values()
    assert (record.why, "hit" in record.facts) == (Why.ROLE, False)
