"""Locks and the pause: put in force, told of, respected, taken away, set aside, ended."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from sandbox.rig import POLICY
from sandbox.slack.people import SimulatedPerson
from sandbox.slack.sample import DESK, OPERATOR, SPORTS_DESK
from sandbox.uplynk.scenes import NBA_FINALS

from .conftest import Scene, Start
from .database import everything_is_told, let_locks_end
from .test_refusals import recorded

LOCK = "/failover lock nba for 2h because encoder work"
CHANGE = "/failover set nba prioritized now"
VERIFIED = "applied and verified"


def colleague(scene: Scene) -> SimulatedPerson:
    """A second operator."""
    scene.slack.changes_usergroup(SPORTS_DESK, (OPERATOR, DESK))
    return scene.slack.person(DESK)


def test_a_locked_group_is_changed_by_whoever_locked_it_alone(scene: Scene) -> None:
    other = colleague(scene)
    assert scene.operator.types(LOCK).ok
    card = scene.shows("NBA Finals is locked", "@Operator", "encoder work", "Until 20")
    assert "Only the person who locked it can change this group now." in card
    assert "NBA Finals: locked until " in scene.card.text
    assert '“/failover unlock "NBA Finals"”' in scene.hears(scene.operator, "is locked")

    for line in (CHANGE, "/failover set nba prioritized", "/failover undo nba now"):
        other.types(line)
        scene.waits(lambda: "⛔" in scene.told(other))
        other.reloads()
    other.types(CHANGE)
    told = scene.hears(other, "Rule lock: only the person who locked this group can change it")
    assert "(encoder work)" in told
    assert "put in force by @Operator." in told
    assert "An admin may add “override lock because …”" in told
    assert scene.attempts() == 0
    assert len(scene.cards) == 1

    other.types('/failover set "Cup Final" flat now')
    scene.shows("Cup Final", VERIFIED)
    scene.operator.types(CHANGE)
    scene.shows("NBA Finals", VERIFIED)

    scene.operator.types("/failover unlock nba")
    scene.shows("NBA Finals is unlocked", "Everybody who has the role can change this group again.")
    other.types("/failover set nba flat now")
    scene.shows("NBA Finals", VERIFIED, "@Desk")


def test_a_lock_stands_against_other_locks_and_other_hands(http: Scene) -> None:
    other = colleague(http)
    http.operator.types(LOCK)
    http.shows("is locked")
    for line in ("unlock nba", "lock nba because mine", "unlock nba because mine"):
        other.types(f"/failover {line}")
        told = http.hears(other, "Rule lock")
        assert "That person, or an admin, takes the lock away" in told
        assert "override" not in told, "a lock is taken away, not set aside"
        other.reloads()
    http.admin.types("/failover lock nba because mine")
    http.hears(http.admin, "Rule lock")
    assert len(http.cards) == 1

    http.operator.types("/failover lock nba because it takes longer")
    http.waits(lambda: len(http.cards) == 2)
    assert "Until" not in http.shows("NBA Finals is locked", "it takes longer")
    http.admin.types("/failover unlock nba because the show is over")
    http.waits(lambda: len(http.cards) == 3)
    http.shows("is unlocked", "the show is over", "*Whose lock it was*\n| @Operator")
    http.operator.types("/failover unlock nba")
    http.hears(http.operator, "not locked")
    assert len(http.cards) == 3
    assert http.attempts() == 0


def test_an_admin_may_set_a_lock_aside_loudly(http: Scene) -> None:
    other = colleague(http)
    http.operator.types(LOCK)
    http.shows("is locked")
    override = f"{CHANGE} override lock because the feed is black"
    other.types(override)
    http.hears(other, "To set a rule aside you need the role admin.")
    http.admin.types(CHANGE)
    http.hears(http.admin, "Rule lock")
    http.admin.types(f"{CHANGE} override freeze because the feed is black")
    http.waits(lambda: http.admin.sees().count("Rule lock:") == 2)
    assert http.attempts() == 0
    http.admin.types(override)
    http.shows(VERIFIED, "rule lock was set aside", "the feed is black")
    assert http.card.text.startswith("<@U0ADMIN>: OVERRIDE of lock: NBA Finals: ")
    other.types("/failover set nba flat now")
    http.hears(other, "Rule lock")
    assert http.attempts() == 1, "the lock itself stays"


def test_a_lock_survives_the_process_and_ends_when_it_said(http: Scene) -> None:
    other = colleague(http)
    http.operator.types(LOCK)
    http.shows("is locked")
    http.waits(lambda: everything_is_told(http.rig.folder))
    http.bot.kill()
    http.rig.start_bot()
    other.types(CHANGE)
    http.hears(other, "Rule lock")
    let_locks_end(http.rig.folder)
    other.types("/failover unlock nba")
    http.hears(other, "not locked")
    other.types(CHANGE)
    http.shows(VERIFIED)
    other.types("/failover lock nba because mine now")
    http.waits(lambda: len(http.cards) == 3)
    http.shows("NBA Finals is locked", "@Desk")


def test_of_two_who_lock_at_once_one_has_it(http: Scene) -> None:
    both = (http.operator, colleague(http))

    def locks(person: SimulatedPerson) -> bool:
        return person.types(f"/failover lock nba because {person.id}").ok

    with ThreadPoolExecutor(len(both)) as pool:
        assert all(pool.map(locks, both))
    ends = ("is locked", "not changed")
    http.waits(lambda: all(any(end in http.told(one) for end in ends) for one in both))
    http.waits(lambda: http.cards)
    (winner,) = [one for one in both if "is locked" in http.told(one)]
    (loser,) = [one for one in both if one is not winner]
    assert "not changed" in http.told(loser)
    (card,) = http.cards
    assert winner.id in card
    loser.types(CHANGE)
    http.hears(loser, f"({winner.id})")
    assert http.attempts() == 0


def test_a_lock_since_the_preview_counts(http: Scene) -> None:
    other = colleague(http)
    other.types("/failover set nba prioritized")
    http.hears(other, "[Apply]")
    http.operator.types(LOCK)
    http.shows("is locked")
    http.presses(other, "Apply")
    http.hears(other, "Rule lock")
    assert http.attempts() == 0


@pytest.mark.parametrize("socket_mode", [False, True], ids=["http", "socket"])
def test_a_pause_stops_everything_until_it_is_ended(start: Start, socket_mode: bool) -> None:
    scene = start(socket_mode=socket_mode)
    scene.operator.types("/failover set nba prioritized")
    scene.hears(scene.operator, "[Apply]")
    scene.admin.types("/failover pause because storage failure")
    card = scene.shows("All changes are paused", "@Admin", "storage failure")
    assert "until an admin types “/failover resume”. Looking goes on as before." in card
    scene.presses(scene.operator, "Apply")
    told = scene.hears(scene.operator, "Rule pause: no changes of any group for now")
    assert "(storage failure)" in told
    assert "put in force by @Admin." in told
    for line in ('slate "Cup Final" on now', 'activate "Cup Final" cup-b', 'set "Cup Final" flat'):
        for person in (scene.operator, scene.admin):
            person.types(f"/failover {line}")
            scene.hears(person, "Rule pause")
            person.reloads()
    scene.operator.types("/failover list nba")
    scene.hears(scene.operator, "NBA Finals: flat")
    for line in ("resume", "pause because more"):
        scene.operator.types(f"/failover {line}")
        scene.hears(scene.operator, "you need the role admin")
        scene.operator.reloads()
    scene.admin.types("/failover pause because more")
    assert "(reason: storage failure)" in scene.hears(scene.admin, "already paused")
    assert scene.attempts() == 0
    assert len(scene.cards) == 1

    scene.admin.types(f"{CHANGE} override pause because the feed is black")
    scene.shows(VERIFIED, "rule pause was set aside")
    scene.admin.types("/failover resume")
    scene.shows("Changes go on again", "@Admin")
    scene.operator.types("/failover set nba flat now")
    scene.shows("NBA Finals", VERIFIED)
    scene.admin.types("/failover resume")
    scene.hears(scene.admin, "not paused")
    assert scene.world.group(NBA_FINALS).mode == "flat"


def test_a_pause_survives_the_process_and_holds_up_what_is_approved(start: Start) -> None:
    scene = start(policy=POLICY + '[[protect]]\ngroups = ["NBA*"]\n')
    scene.operator.types(CHANGE)
    scene.shows("waits for a second person")
    scene.admin.types("/failover pause because storage failure")
    scene.shows("All changes are paused")
    scene.waits(lambda: everything_is_told(scene.rig.folder))
    scene.bot.kill()
    scene.rig.start_bot()
    scene.approver.presses("Approve", on=scene.slack.channel("C0AUDIT").messages()[0])
    scene.waits(lambda: "Rule pause" in scene.cards[0])
    assert "NBA Finals: not changed" in scene.cards[0]
    scene.hears(scene.operator, "Rule pause")
    assert scene.attempts() == 0


def test_an_admin_of_some_groups_pauses_none(start: Start) -> None:
    some = POLICY.replace('users = ["U0ADMIN"]', 'users = ["U0ADMIN"]\ngroups = ["NBA*"]')
    scene = start(policy=some)
    scene.admin.types("/failover pause because storage failure")
    scene.hears(scene.admin, "All groups: not changed")
    assert recorded(scene) == [("refused", "U0ADMIN")]
    assert scene.cards == []
    scene.admin.types("/failover lock nba because mine")
    scene.shows("NBA Finals is locked")
