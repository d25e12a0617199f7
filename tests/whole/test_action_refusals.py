"""Who may not do what, and what cannot be done: said, recorded, and nothing is sent."""

import pytest

from sandbox.uplynk.scenes import CUP_FINAL_BACKUP, NBA_FINALS

from .conftest import Scene
from .test_refusals import recorded

OPERATORS = (
    'activate "Cup Final" cup-b',
    'slate "Cup Final" on',
    'order "Cup Final" cup-b',
    'set "Cup Final" flat',
    'undo "Cup Final"',
    'lock "Cup Final" because rehearsal',
)
ADMINS = ("channels nba add free-1", "owners nba remove owner-partner", "pause because rehearsal")


@pytest.mark.parametrize("now", ["", " now"], ids=["shown", "now"])
def test_a_viewer_and_an_approver_change_nothing(http: Scene, now: str) -> None:
    http.admin.types('/failover activate "Cup Final" cup-c now')
    http.shows("applied and verified")
    for person in (http.viewer, http.approver):
        for line in (*OPERATORS, *ADMINS):
            typed = line.replace(" because", f"{now} because") if "because" in line else line + now
            assert person.types(f"/failover {typed}").ok
            told = http.hears(person, "not changed")
            assert "you need the role" in told
            assert "Nothing was sent to Uplynk" in told
            assert "Who has it: @Admin" in told
            assert "[Apply]" not in told
            person.reloads()
    states = [state for state, actor in recorded(http) if actor != "U0ADMIN"]
    assert states == ["refused"] * 2 * len(OPERATORS + ADMINS)
    assert http.attempts() == len(http.cards) == 1


@pytest.mark.parametrize("line", ADMINS)
def test_an_operator_does_not_do_what_only_an_admin_may(http: Scene, line: str) -> None:
    http.operator.types(f"/failover {line}")
    told = http.hears(http.operator, "not changed")
    assert "For this you need the role admin." in told
    assert recorded(http) == [("refused", "U0OPERATOR")]
    assert http.attempts() == 0
    assert http.cards == []


def test_a_slicer_that_is_not_there_is_named_instead_of_ignored(http: Scene) -> None:
    for line in ("order nba nba-c, nba-x, -nba-y", "activate nba nba-x", "activate nba NBA-A now"):
        http.operator.types(f"/failover {line}")
        told = http.hears(http.operator, "Not a slicer of this group: ")
        assert "Its slicers are: nba-b, nba-a, nba-c." in told
        assert [one in told for one in ("nba-x", "nba-y", "NBA-A")].count(True) >= 1
        http.operator.reloads()
    assert http.attempts() == 0
    assert http.cards == []
    assert [state for state, _ in recorded(http)] == ["refused"] * 3


def test_a_channel_of_another_group_is_named(http: Scene) -> None:
    http.admin.types("/failover channels nba add free-1, cup-2")
    preview = http.hears(http.admin, "[Apply]")
    assert "If one of them belongs to a failover group already, Uplynk refuses." in preview
    http.presses(http.admin, "Apply")
    card = http.shows("NBA Finals: failed, nothing changed", "Uplynk reports a conflict (409)")
    assert "cup-2 belongs to Cup Final Backup" in card
    assert "[Try again]" in card
    assert "cup-2 belongs to Cup Final Backup" in http.hears(http.admin, "conflict (409)")
    assert [one.id for one in http.world.group(NBA_FINALS).channels] == ["nba-main", "nba-alt"]
    assert [one.id for one in http.world.group(CUP_FINAL_BACKUP).channels] == ["cup-2"]
    assert http.attempts() == 1

    http.world.change_in_cms(CUP_FINAL_BACKUP, channels=())
    http.presses_card(http.admin, "Try again")
    http.hears(http.admin, "[Apply]")
    http.presses(http.admin, "Apply")
    http.waits(lambda: len(http.cards) == 2)
    http.shows("NBA Finals: applied and verified")
    channels = [one.id for one in http.world.group(NBA_FINALS).channels]
    assert channels == ["nba-main", "nba-alt", "free-1", "cup-2"]


def test_what_is_absent_or_there_already_is_not_asked_of_uplynk(http: Scene) -> None:
    http.admin.types("/failover channels nba add nba-alt, free-1")
    assert "In the group already, so not added: nba-alt." in http.hears(http.admin, "[Apply]")
    http.presses(http.admin, "Apply")
    http.shows("channels + free-1", "applied and verified")
    http.admin.types("/failover owners nba remove owner-nobody now")
    http.hears(http.admin, "already so")
    assert http.attempts() == 1


def test_a_line_that_makes_no_sense_is_pointed_at(http: Scene) -> None:
    for line, told in (
        ("order nba nba-c nba-a", "▶"),
        ("slate nba", "Possible here: on, off"),
        ("channels nba free-1", "Possible here: add, remove"),
        ("activate nba", "Possible here: SLICER"),
        ("lock nba", "because REASON"),
        ("lock nba for 2 because x", "This is no duration"),
        ("slate nba on now override lock", "An override needs a reason"),
    ):
        http.operator.types(f"/failover {line}")
        assert told in http.hears(http.operator, "Not understood, so nothing was changed.")
        http.operator.reloads()
    assert recorded(http) == []
    assert http.attempts() == 0
