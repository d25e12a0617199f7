"""What people ask to see."""

import pytest

from failover.change import Activate, Configure, Owners
from failover.draft import FIELDS, Field, Filled
from failover.errors import GroupGone, LedgerUnavailable, SlackProblem, Unavailable
from failover.foresight import Code
from failover.model import Mode, fingerprint
from failover.policy import Action, Grant, Protect, Role
from failover.rules import Refusal
from failover.standing import Allowed, Denied, Uncertain
from services.groups import NoSuchGroup
from tests.builders import ADMIN, ID_A, MEMBER, OPERATOR, SPORTS, VIEWER, flat, group, later, policy
from tests.fakes import silent
from tests.stage import Stage

OPERATORS = (Action.CONFIGURE, Action.ACTIVATE, Action.SLATE, Action.ORDER)
NAMES = [f"Group {number}" for number in range(1, 8)]


def seven() -> Stage:
    return Stage(*(group(id=f"{place:032x}", name=name) for place, name in enumerate(NAMES)))


@pytest.mark.parametrize(
    ("typed", "start", "offset", "total", "names"),
    [
        ("", 0, 0, 7, NAMES[:3]),
        ("", 3, 3, 7, NAMES[3:6]),
        ("", 6, 6, 7, NAMES[6:]),
        ("", 99, 6, 7, NAMES[6:]),
        ("", -5, 0, 7, NAMES[:3]),
        ("group 4", 0, 0, 1, ["Group 4"]),
        ("nothing", 0, 0, 0, []),
        ("nothing", 99, 0, 0, []),
    ],
)
def test_a_page(typed: str, start: int, offset: int, total: int, names: list[str]) -> None:
    page = seven().overview.page(typed, start, 3)
    assert page is not None
    assert (page.offset, page.total, page.filter) == (offset, total, typed)
    assert [one.name for one in page.groups] == names
    assert (page.read_at, page.now, page.problem) == (later(0), later(0), None)


def test_a_page_from_memory_alone() -> None:
    stage = seven()
    assert stage.overview.page("", 0, 3, remembered_only=True) is None
    assert stage.uplynk.log == []
    stage.overview.refresh()
    stage.clock.advance(60)
    page = stage.overview.page("", 0, 3, remembered_only=True)
    assert page is not None
    assert (page.read_at, page.now) == (later(0), later(60))
    stage.clock.advance(1)
    assert stage.overview.page("", 0, 3, remembered_only=True) is None


def test_an_old_page_says_why_it_is_old() -> None:
    stage = seven()
    stage.overview.refresh()
    stage.clock.advance(61)
    stage.uplynk.down = problem = silent()
    page = stage.overview.page("", 0, 3)
    assert page is not None
    assert (page.total, page.problem, page.read_at) == (7, problem, later(0))


def test_without_any_listing_there_is_no_page() -> None:
    stage = seven()
    stage.uplynk.down = silent()
    with pytest.raises(Unavailable):
        stage.overview.page("", 0, 3)
    with pytest.raises(Unavailable):
        stage.overview.listing()


def test_a_listing_of_any_age_is_better_than_waiting() -> None:
    stage = seven()
    first = stage.overview.listing()
    stage.clock.advance(3600)
    assert stage.overview.listing() is first
    assert stage.overview.refresh() is not first
    assert stage.uplynk.log == ["list", "list"]


def test_finding_and_searching() -> None:
    stage = seven()
    assert stage.overview.search("group", 2) == ()
    assert stage.overview.find("Group 2") == stage.uplynk.groups[f"{1:032x}"]
    assert stage.overview.find("zzz") == NoSuchGroup("zzz", ())
    assert [one.name for one in stage.overview.search("group", 2)] == NAMES[:2]


def test_one_group_is_read_now() -> None:
    stage = Stage()
    stage.overview.refresh()
    stage.uplynk.set(ID_A, active_slicer_id="s2")
    stage.clock.advance(5)
    reading = stage.overview.read(ID_A)
    assert (reading.group.active_slicer_id, reading.read_at) == ("s2", later(5))
    with pytest.raises(GroupGone):
        stage.overview.read("b" * 32)


def test_the_picture_of_a_group_before_anything_is_chosen() -> None:
    stage = Stage()
    picture = stage.overview.picture(OPERATOR, ID_A)
    assert (picture.reading.group, picture.access) == (flat(), Allowed())
    assert picture.draft.change == Configure(Mode.FLAT)
    assert picture.offered == OPERATORS
    assert [one.code for one in picture.foreseen] == [Code.NO_CHANGE]
    assert picture.mark == fingerprint(flat())
    assert stage.ledger.seen(picture.mark) == flat()


def test_whoever_may_only_look_is_foretold_nothing() -> None:
    stage = Stage()
    picture = stage.overview.picture(VIEWER, ID_A)
    assert isinstance(picture.access, Denied)
    assert picture.foreseen == ()
    stage.usergroups.problems[SPORTS] = SlackProblem("ratelimited")
    stage.clock.advance(61)
    assert isinstance(stage.overview.picture(MEMBER, ID_A).access, Uncertain)


def test_an_edit_is_drawn_on_what_was_shown_and_reads_nothing() -> None:
    stage = Stage()
    mark = stage.overview.picture(OPERATOR, ID_A).mark
    stage.uplynk.set(ID_A, active_slicer_id="s2")
    before = list(stage.uplynk.log)
    stage.clock.advance(20)
    chosen = Filled(Action.CONFIGURE, {Field.MODE: "prioritized", Field.FAILBACK: "on"})
    picture = stage.overview.edited(OPERATOR, mark, later(0), chosen)
    assert picture is not None
    assert (picture.reading.group, picture.reading.read_at) == (flat(), later(0))
    assert (picture.mark, picture.now) == (mark, later(20))
    assert Code.NO_MANUAL_SWITCH in [one.code for one in picture.foreseen]
    assert stage.uplynk.log == before
    assert stage.overview.edited(OPERATOR, "unknown", later(0), chosen) is None
    assert stage.overview.drafted("unknown", chosen) is None


def test_only_what_somebody_may_do_to_the_group_is_offered() -> None:
    stage = Stage()
    assert stage.overview.picture(OPERATOR, ID_A).offered == OPERATORS
    assert stage.overview.picture(MEMBER, ID_A).offered == OPERATORS
    assert stage.overview.picture(ADMIN, ID_A).offered == tuple(FIELDS)
    assert stage.overview.picture(VIEWER, ID_A).offered == ()
    grants = (Grant(Role.OPERATOR, users=frozenset({OPERATOR.user_id}), groups=("Sports*",)),)
    stage.rules = policy(grants=grants)
    assert stage.overview.picture(OPERATOR, ID_A).offered == ()


def test_without_slicers_nothing_that_is_about_them_is_offered() -> None:
    stage = Stage(group(slicers=(), active_slicer_id=None))
    assert stage.overview.picture(OPERATOR, ID_A).offered == (Action.CONFIGURE, Action.SLATE)


def test_an_action_chosen_before_and_what_it_starts_with() -> None:
    stage = Stage(group(active_slicer_id="s2"))
    picture = stage.overview.picture(OPERATOR, ID_A, Action.ACTIVATE, "s1")
    assert picture.draft.change == Activate("s1")
    assert Code.VIEWERS_MOVE in [one.code for one in picture.foreseen]
    for action in (Action.OWNERS, Action.LOCK):
        fallen_back = stage.overview.picture(OPERATOR, ID_A, action)
        assert fallen_back.draft.action is Action.CONFIGURE


def test_whether_a_second_person_has_to_agree_is_known_beforehand() -> None:
    stage = Stage(flat(), rules=policy(protects=(Protect(),)))
    filled = {mode: Filled(Action.CONFIGURE, {Field.MODE: mode}) for mode in Mode}
    shown = stage.overview.picture(OPERATOR, ID_A)
    assert shown.asks is None, "there is nothing to ask for yet"

    def asks(mode: Mode) -> Refusal | None:
        edited = stage.overview.edited(OPERATOR, shown.mark, shown.reading.read_at, filled[mode])
        assert edited is not None
        return edited.asks

    assert asks(Mode.FLAT) is None
    asked = asks(Mode.PRIORITIZED)
    assert asked is not None
    assert (asked.need, asked.minutes) == (1, 15)
    stage.rules = policy()
    assert asks(Mode.PRIORITIZED) is None


def test_a_change_that_was_asked_for_before_is_filled_in_again() -> None:
    stage = Stage(flat())
    change = Configure(Mode.PRIORITIZED, True)
    shown = stage.overview.picture(OPERATOR, ID_A, Action.CONFIGURE, change)
    assert shown.draft.change == change


def test_allowed_owners_are_read_once_they_are_asked_for_and_forgotten_again() -> None:
    stage = Stage(group(allowed_owners=("o1",)))
    plain = stage.overview.picture(ADMIN, ID_A)
    assert plain.reading.group.allowed_owners is None
    stage.clock.advance(5)
    owners = stage.overview.edited(ADMIN, plain.mark, later(0), Filled(Action.OWNERS))
    assert owners is not None
    assert owners.reading.group.allowed_owners == ("o1",)
    assert owners.reading.read_at == later(5)
    assert owners.mark == fingerprint(owners.reading.group) != plain.mark
    asked = list(stage.uplynk.log)
    typed = Filled(Action.OWNERS, {Field.ADD: "o2"})
    again = stage.overview.edited(ADMIN, owners.mark, later(5), typed)
    assert again is not None
    assert (again.mark, again.draft.change) == (owners.mark, Owners(("o2",)))
    assert stage.overview.drafted(owners.mark, typed) == again.draft
    back = stage.overview.edited(ADMIN, owners.mark, later(5), Filled(Action.SLATE))
    assert back is not None
    assert (back.mark, back.reading.group.allowed_owners) == (plain.mark, None)
    assert stage.uplynk.log == asked


def test_whoever_may_not_change_the_owners_is_not_shown_them() -> None:
    stage = Stage(group(allowed_owners=("o1",)))
    for actor in (OPERATOR, VIEWER):
        picture = stage.overview.picture(actor, ID_A, Action.OWNERS)
        assert picture.reading.group.allowed_owners is None


def test_a_user_group_that_cannot_be_read_is_asked_for_once() -> None:
    stage = Stage()
    stage.usergroups.problems[SPORTS] = SlackProblem("ratelimited")
    picture = stage.overview.picture(MEMBER, ID_A)
    assert picture.access == Uncertain((SPORTS,), "ratelimited")
    assert picture.offered == ()
    assert stage.usergroups.asked == [SPORTS]


def test_without_the_database_no_form_is_filled() -> None:
    stage = Stage()
    stage.ledger.broken = True
    with pytest.raises(LedgerUnavailable):
        stage.overview.picture(OPERATOR, ID_A)


def test_who_may() -> None:
    stage = Stage()
    assert stage.overview.who_may(Action.CONFIGURE) == (
        ("U0ADMIN", "U0OPERATOR", "U0SECOND"),
        (SPORTS,),
    )
    assert stage.overview.who_may(Action.OWNERS) == (("U0ADMIN",), ())
    assert stage.overview.allowed(OPERATOR, Action.CONFIGURE) == Allowed()
    assert isinstance(stage.overview.allowed(VIEWER, Action.CONFIGURE), Denied)
    assert stage.overview.standing(VIEWER).grants == ()
    assert stage.overview.now() == later(0)
