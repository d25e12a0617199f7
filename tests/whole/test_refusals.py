"""Who may not, may not: nothing is sent, the attempt is recorded, the person is told why."""

import sqlite3

import pytest

from sandbox.rig import POLICY
from sandbox.slack.faults import Fault, FaultKind
from sandbox.slack.sample import SPORTS_DESK
from sandbox.uplynk.scenes import NBA_FINALS

from .conftest import Scene, Start

CHANGE = "/failover set nba prioritized now because I say so"


def recorded(scene: Scene) -> list[tuple[str, str]]:
    """State and actor of every attempt."""
    with sqlite3.connect(scene.rig.folder / "failover.db") as database:
        rows = database.execute("SELECT state, actor_id FROM changes ORDER BY received_at")
        return [(str(state), str(actor)) for state, actor in rows]


def refused(scene: Scene, actor: str) -> None:
    assert scene.attempts() == 0
    assert scene.cards == []
    assert recorded(scene) == [("refused", actor)]
    assert scene.world.group(NBA_FINALS).mode == "flat"


def test_a_viewer(scene: Scene) -> None:
    assert scene.viewer.types(CHANGE).ok
    scene.waits(lambda: "not changed" in scene.told(scene.viewer))
    told = scene.told(scene.viewer)
    assert "you need the role operator or admin" in told
    assert "Nothing was sent to Uplynk" in told
    assert "@sports-desk" in told
    assert "@Admin" in told
    refused(scene, "U0VIEWER")


def test_a_viewer_gets_no_preview_either(http: Scene) -> None:
    http.viewer.types("/failover set nba prioritized")
    http.waits(lambda: "you need the role" in http.told(http.viewer))
    assert "[Apply]" not in http.viewer.sees()
    refused(http, "U0VIEWER")


def test_a_viewer_sees_the_form_without_inputs(http: Scene) -> None:
    http.viewer.opens_form("/failover nba")
    http.waits(lambda: "You can look, but not change this group." in http.viewer.sees())
    assert "• nba-b" in http.viewer.sees()
    assert "[Apply change]" not in http.viewer.sees()


def test_a_person_of_another_group(start: Start) -> None:
    scene = start(policy=POLICY.replace('"S0SPORTS"]', '"S0SPORTS"]\ngroups = ["Sports*"]'))
    scene.operator.types(CHANGE)
    scene.waits(lambda: "you need the role admin" in scene.told(scene.operator))
    refused(scene, "U0OPERATOR")


@pytest.mark.parametrize(
    "fault",
    [
        Fault(FaultKind.RATE_LIMITED, method="usergroups.users.list", times=None, retry_after=30),
        Fault(FaultKind.STATUS, method="usergroups.users.list", times=None, status=500),
        Fault(FaultKind.ERROR, method="usergroups.users.list", times=None, error="missing_scope"),
        Fault(FaultKind.DROP_BEFORE, method="usergroups.users.list", times=None),
    ],
    ids=["429", "500", "missing_scope", "dropped"],
)
def test_a_failing_look_up(http: Scene, fault: Fault) -> None:
    http.slack.fault(fault)
    http.operator.types(CHANGE)
    http.waits(lambda: "It could not be found out whether you may" in http.told(http.operator))
    assert "Nothing was sent" in http.told(http.operator)
    refused(http, "U0OPERATOR")


def test_a_person_granted_by_id_can_act_all_the_same(http: Scene) -> None:
    http.slack.fault(
        Fault(FaultKind.STATUS, method="usergroups.users.list", times=None, status=500)
    )
    http.admin.types(CHANGE)
    http.waits(lambda: "applied and verified" in http.channel)


def test_somebody_who_left_the_user_group_since_the_preview(http: Scene) -> None:
    http.operator.types("/failover set nba prioritized")
    http.waits(lambda: "[Apply]" in http.told(http.operator))
    http.slack.changes_usergroup(SPORTS_DESK, ())
    http.operator.presses("Apply", on=http.operator.private_messages()[-1])
    http.waits(lambda: "you need the role" in http.told(http.operator))
    assert http.attempts() == 0
    assert http.cards == []
    assert [state for state, _ in recorded(http)] == ["shown", "refused"]


def test_rules_are_named_with_what_lifts_them(start: Start) -> None:
    freeze = (
        "[[freeze]]\nfrom = 2020-01-01T00:00:00Z\nuntil = 2099-01-01T00:00:00Z\n"
        'groups = ["NBA*"]\nreason = "the final"\n'
    )
    scene = start(policy=POLICY + freeze)
    scene.operator.types(CHANGE)
    scene.waits(lambda: "Rule freeze" in scene.told(scene.operator))
    assert "until 2099-01-01" in scene.told(scene.operator)
    assert "the final" in scene.told(scene.operator)
    scene.operator.types("/failover set nba prioritized now override freeze because please")
    scene.waits(lambda: "you need the role admin" in scene.told(scene.operator))
    assert scene.attempts() == 0

    scene.admin.types("/failover set nba prioritized now override freeze because the feed is black")
    scene.waits(lambda: "applied and verified" in scene.channel)
    assert "Override" in scene.cards[0]
    assert "rule freeze was set aside" in scene.cards[0]


def test_a_changed_policy_is_in_force_soon(http: Scene) -> None:
    http.rig.write_policy('[[grant]]\nrole = "operator"\nusers = ["U0VIEWER"]\n')
    http.waits(lambda: http.bot.get("/readyz") and "new version is in force" in http.bot.log)
    http.viewer.types(CHANGE)
    http.waits(lambda: "applied and verified" in http.channel)


def test_a_broken_policy_leaves_the_last_good_one(http: Scene) -> None:
    http.rig.write_policy("[[grant]]\nrole = 'king'\n")
    http.waits(lambda: "role" in str(http.bot.get("/readyz")[1]))
    assert http.bot.get("/readyz")[0] == 200
    http.operator.types(CHANGE)
    http.waits(lambda: "applied and verified" in http.channel)
