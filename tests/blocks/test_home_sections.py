"""The Home tab's sections on what is in force and on what waits for a second person."""

from dataclasses import replace
from datetime import timedelta

from blocks.home import BLOCKS_LIMIT, home
from blocks.home_pressing import unlocked
from blocks.ids import APPROVE, DECLINE, HOME_UNLOCK, WITHDRAW
from failover.home import PAGE_SIZE, RECENT, Locked, Waiting
from failover.lifecycle import State
from failover.measures import InForce, Unlock
from tests.blocks import examine
from tests.blocks.samples import HOSTILE, NOW, record
from tests.blocks.test_home import GOLF, NOBODY, elements, page, picture, shown
from tests.blocks.waiting import WAITING

PAUSE = InForce("p" * 32, "U0ADMIN", "wrong key <!channel>")
LOCK = InForce("l" * 32, "U0OPERATOR", "*maintenance*", NOW + timedelta(hours=2))
CUP = Locked("g1", "Cup Final", LOCK)
ASKED = record(State.AWAITING, facts=WAITING, written=())


def test_what_would_be_refused_stands_above_the_groups() -> None:
    told = shown(home(picture(pause=PAUSE, locks=(CUP, replace(CUP, name=HOSTILE[0])))))
    assert told.index("All changes are paused.") < told.index("Groups that you may change")
    assert "by @Admin \u00b7 Reason: wrong key" in told
    assert "# Locked groups (2)" in told
    assert "Cup Final: locked until then." in told
    assert "locked until it is taken away" in shown(
        home(picture(locks=(replace(CUP, force=replace(LOCK, until=None)),)))
    )
    assert "Locked groups" not in shown(home(picture()))


def test_what_waits_is_told_to_whoever_can_do_nothing_about_it() -> None:
    drawn = home(picture(waiting=(Waiting(ASKED),)))
    told = shown(drawn)
    assert "# Waiting for a second person (1)" in told
    assert "asked by @Operator" in told
    assert "The request card in the channel shows what would follow" in told
    for action_id in (APPROVE, DECLINE, WITHDRAW):
        assert elements(drawn, action_id) == []


def test_whoever_may_decides_there() -> None:
    drawn = home(picture(waiting=(Waiting(ASKED, may_decide=True),)))
    examine.view(drawn)
    (approve,) = elements(drawn, APPROVE)
    assert approve["value"] == ASKED.id
    assert "NBA Finals: " in approve["confirm"]["text"]["text"]
    assert [one["value"] for one in elements(drawn, DECLINE)] == [ASKED.id]
    assert elements(drawn, WITHDRAW) == []


def test_whoever_asked_withdraws_there() -> None:
    drawn = home(picture(waiting=(Waiting(ASKED, may_withdraw=True),)))
    assert [one["value"] for one in elements(drawn, WITHDRAW)] == [ASKED.id]
    assert elements(drawn, APPROVE) == []


def test_whoever_may_takes_a_lock_away_there_after_a_question() -> None:
    drawn = home(picture(locks=(CUP, replace(CUP, group_id="g2", may_unlock=True))))
    examine.view(drawn)
    (unlock,) = elements(drawn, HOME_UNLOCK)
    assert unlocked(unlock["value"]) == ("g2", Unlock(CUP.force.id))
    assert unlock["confirm"]["title"]["text"] == "Take the lock away?"


def test_whoever_may_not_look_sees_neither_locks_nor_requests() -> None:
    seen = shown(home(picture(standing=NOBODY, pause=PAUSE, locks=(CUP,))))
    assert "paused" not in seen
    assert "Cup Final" not in seen


def test_many_of_everything_stay_within_the_limit() -> None:
    groups = tuple(replace(GOLF, id=f"{n:032x}", name=f"Golf {n}") for n in range(PAGE_SIZE))
    crowded = picture(
        page=page(*groups),
        pause=PAUSE,
        locks=tuple(replace(CUP, name=f"Golf {n}", may_unlock=True) for n in range(50)),
        waiting=(Waiting(ASKED, may_decide=True, may_withdraw=True),) * 20,
        recent=tuple(record(State.VERIFIED) for _ in range(RECENT)),
    )
    drawn = home(crowded)
    examine.view(drawn)
    assert len(drawn["blocks"]) < BLOCKS_LIMIT
    assert "Golf 0" in shown(drawn)
