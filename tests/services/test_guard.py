"""What may stand against a change: role, group, staleness and rules."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from failover.change import Configure
from failover.errors import (
    BadAnswer,
    Forbidden,
    LedgerUnavailable,
    RateLimited,
    SlackProblem,
    Unauthorized,
    Unavailable,
    Unreachable,
    UplynkError,
)
from failover.lifecycle import Actor, Record, State, Why
from failover.model import Mode, fingerprint
from failover.policy import Freeze, Grant, Role
from services.guard import AlreadySo, Blocked, Clear
from tests.builders import (
    ADMIN,
    FLAT,
    ID_A,
    ID_B,
    MEMBER,
    OPERATOR,
    PRIORITIZED,
    SPORTS,
    STRANGER,
    VIEWER,
    flat,
    group,
    later,
    policy,
    record,
    request,
)
from tests.fakes import silent
from tests.stage import Stage

NEWS = flat(id=ID_B, name="News")


def checks(stage: Stage, *, live: bool = True, **given: Any) -> Blocked | AlreadySo | Clear:
    return stage.guard.check(request(**given), live=live, within=5.0)


def blocked(stage: Stage, **given: Any) -> Blocked:
    found = checks(stage, **given)
    assert isinstance(found, Blocked)
    return found


def test_nothing_stands_against_it() -> None:
    stage = Stage()
    assert checks(stage) == Clear(stage.groups.read(ID_A))
    assert stage.ledger.records == {}


@pytest.mark.parametrize("word", [ID_A, "NBA Finals", "nba"])
def test_the_group_is_read_afresh_and_judged_as_it_is_now(word: str) -> None:
    stage = Stage()
    stage.groups.all()
    stage.uplynk.groups[ID_A] = group(name="NBA Finals")
    found = checks(stage, group=word)
    assert isinstance(found, AlreadySo)
    assert found.reading.group.mode is Mode.PRIORITIZED
    assert stage.uplynk.log[-1] == f"get {ID_A}"


def test_each_reading_has_a_budget() -> None:
    stage = Stage()
    checks(stage)
    assert stage.uplynk.withins == [5.0, 5.0]


@pytest.mark.parametrize(
    ("actor", "why"),
    [(VIEWER, Why.ROLE), (STRANGER, Why.ROLE), (OPERATOR, None), (MEMBER, None), (ADMIN, None)],
)
def test_the_role(actor: Actor, why: Why | None) -> None:
    found = checks(Stage(), actor=actor)
    assert (found.why if isinstance(found, Blocked) else None) is why


def test_a_refusal_names_the_roles_and_who_holds_them() -> None:
    stage = Stage()
    found = blocked(stage, actor=VIEWER, seen=stage.ledger.keep(flat()))
    assert found.facts == {
        "roles": ["operator", "admin"],
        "users": ["U0ADMIN", "U0OPERATOR", "U0SECOND"],
        "usergroups": [SPORTS],
        "stranger": False,
    }
    assert (found.target.id, found.target.name, found.failed) == (ID_A, "NBA Finals", False)
    assert blocked(Stage(), actor=STRANGER).facts["stranger"] is True


def test_where_nobody_has_the_role_it_is_named_all_the_same() -> None:
    found = blocked(Stage(rules=policy(grants=())))
    assert (found.facts["roles"], found.facts["users"]) == (["operator", "admin"], [])


def test_nothing_is_read_of_a_group_for_whom_it_is_not() -> None:
    stage = Stage()
    blocked(stage, actor=VIEWER)
    blocked(stage, actor=VIEWER, seen=stage.ledger.keep(flat()))
    assert stage.uplynk.log == []


def test_could_not_find_out_is_not_may_not() -> None:
    stage = Stage()
    stage.usergroups.problems[SPORTS] = SlackProblem("missing_scope")
    found = blocked(stage, actor=MEMBER)
    assert found.why is Why.ROLE_UNCERTAIN
    assert found.facts == {"usergroups": [SPORTS], "problem": "missing_scope"}


@pytest.mark.parametrize(("live", "why"), [(True, Why.ROLE), (False, None)])
def test_membership_is_read_now_where_it_is_for_a_change(live: bool, why: Why | None) -> None:
    stage = Stage()
    assert isinstance(checks(stage, actor=MEMBER, live=False), Clear)
    stage.usergroups.groups.clear()
    found = checks(stage, actor=MEMBER, live=live)
    assert (found.why if isinstance(found, Blocked) else None) is why


def test_a_role_for_other_groups_is_none_here() -> None:
    rules = policy(grants=(Grant(Role.OPERATOR, frozenset({"U0OPERATOR"}), groups=("news",)),))
    stage = Stage(flat(), NEWS, rules=rules)
    assert blocked(stage).why is Why.ROLE
    assert isinstance(checks(stage, group="News"), Clear)


def test_a_group_renamed_since_it_was_listed_is_judged_by_its_new_name() -> None:
    rules = policy(grants=(Grant(Role.OPERATOR, frozenset({"U0OPERATOR"}), groups=("nba*",)),))
    stage = Stage(rules=rules)
    stage.groups.all()
    stage.uplynk.set(ID_A, name="Final, hands off")
    found = blocked(stage)
    assert (found.why, found.target.name) == (Why.ROLE, "Final, hands off")


def test_a_name_that_is_not_there_gets_suggestions() -> None:
    found = blocked(Stage(flat(), NEWS), group="Newz")
    assert (found.why, found.facts, found.failed) == (
        Why.NO_SUCH_GROUP,
        {"near": ["News"]},
        False,
    )
    assert (found.target.id, found.target.name) == (None, "Newz")


def test_a_name_that_could_be_several_gets_the_candidates() -> None:
    found = blocked(Stage(flat(name="News 2"), NEWS), group="new")
    assert found.why is Why.AMBIGUOUS_GROUP
    assert found.facts == {"candidates": [["News", ID_B], ["News 2", ID_A]]}


READ_PROBLEMS = [
    (silent(), Why.UNREADABLE, "Unavailable", None),
    (Unreachable("GET x", words="no route"), Why.UNREADABLE, "Unreachable", None),
    (BadAnswer("GET x", status=200, words="HTML"), Why.UNREADABLE, "BadAnswer", 200),
    (Unauthorized("GET x", status=401), Why.UNREADABLE, "Unauthorized", 401),
    (Forbidden("GET x", status=403), Why.UNREADABLE, "Forbidden", 403),
    (RateLimited("GET x"), Why.UNREADABLE, "RateLimited", 429),
]


@pytest.mark.parametrize(
    ("problem", "why", "kind", "status"), READ_PROBLEMS, ids=[row[2] for row in READ_PROBLEMS]
)
def test_a_group_that_cannot_be_read_is_not_changed(
    problem: UplynkError, why: Why, kind: str, status: int | None
) -> None:
    stage = Stage()
    stage.groups.all()
    stage.uplynk.down = problem
    found = blocked(stage)
    assert (found.why, found.failed) == (why, True)
    assert (found.facts["kind"], found.facts["status"]) == (kind, status)


def test_where_not_even_the_list_can_be_read() -> None:
    stage = Stage()
    stage.uplynk.down = silent()
    found = blocked(stage, group="NBA Finals")
    assert (found.why, found.failed, found.target.id) == (Why.UNREADABLE, True, None)
    found = blocked(stage, group="NBA Finals", actor=VIEWER)
    assert (found.why, found.failed) == (Why.ROLE, False)


def test_a_group_that_is_gone() -> None:
    stage = Stage()
    stage.groups.all()
    del stage.uplynk.groups[ID_A]
    found = blocked(stage)
    assert (found.why, found.failed, found.facts) == (Why.GONE, True, {"status": 404})


@pytest.mark.parametrize("change", [FLAT, Configure(None, False), Configure(Mode.FLAT, False)])
def test_what_holds_already(change: Configure) -> None:
    found = checks(Stage(), change=change)
    assert isinstance(found, AlreadySo)


def test_what_holds_already_is_neither_stale_nor_ruled_out() -> None:
    stage = Stage(rules=policy(freezes=(Freeze(("*",), later(-1), later(1)),)))
    assert isinstance(checks(stage, change=FLAT, seen="0" * 32), AlreadySo)


def test_what_makes_no_sense() -> None:
    found = blocked(Stage(), change=Configure(None, True))
    assert (found.why, found.facts) == (Why.INAPPLICABLE, {"code": "failback_in_flat"})
    assert found.now == flat()


def test_what_was_shown_and_is_still_so() -> None:
    assert isinstance(checks(Stage(), seen=fingerprint(flat())), Clear)


@pytest.mark.parametrize(
    "new",
    [{"active_slicer_id": "s2"}, {"auto_failback": True}, {"failover_time": later(0)}],
    ids=str,
)
def test_what_was_shown_and_changed_since(new: dict[str, Any]) -> None:
    stage = Stage()
    seen = stage.ledger.keep(flat())
    stage.uplynk.set(ID_A, **new)
    found = blocked(stage, seen=seen)
    assert (found.why, found.now, found.failed) == (
        Why.STALE,
        replace(flat(), **new),
        False,
    )


def test_a_shown_group_is_changed_without_the_list() -> None:
    stage = Stage()
    seen = stage.ledger.keep(flat())
    assert isinstance(checks(stage, seen=seen), Clear)
    assert stage.uplynk.log == [f"get {ID_A}"]


def test_a_shown_group_is_never_looked_up_by_a_name() -> None:
    stage = Stage(flat(), flat(id=ID_B, name="unknown id"))
    assert blocked(stage, group="unknown id", seen=fingerprint(flat())).why is Why.GONE


def ended(sent_at: datetime) -> Record:
    return record(State.VERIFIED, id="earlier", sent_at=sent_at, request=request(key="earlier"))


def test_an_unreadable_database_stops_everything() -> None:
    stage = Stage()
    stage.ledger.broken = True
    with pytest.raises(LedgerUnavailable):
        checks(stage)


def test_the_last_change_is_asked_for_before_the_group_is_read() -> None:
    stage = Stage()
    stage.ledger.records["earlier"] = ended(later(-100))

    def ends_meanwhile(point: str) -> None:
        if point == "get":
            stage.ledger.records["earlier"] = ended(later(-1))

    stage.uplynk.trip = ends_meanwhile
    found = checks(stage)
    assert isinstance(found, Clear)
    assert found.last_sent_at == later(-100)


def test_an_unavailable_list_is_no_excuse_for_a_known_group() -> None:
    stage = Stage()
    stage.groups.all()
    stage.clock.advance(61)
    real = stage.uplynk.list_groups

    def fails(*, within: float | None = None) -> Any:
        real(within=within)
        raise Unavailable("GET /failover-groups")

    stage.uplynk.list_groups = fails  # type: ignore[method-assign]
    found = checks(stage, group="nba", change=PRIORITIZED)
    assert isinstance(found, Clear)
