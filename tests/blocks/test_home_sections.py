"""The Home tab's sections on what is in force and on what waits for a second person."""

from dataclasses import replace
from datetime import timedelta

from blocks.home import BLOCKS_LIMIT, home
from blocks.ids import APPROVE
from failover.home import PAGE_SIZE, RECENT
from failover.lifecycle import State
from failover.measures import InForce
from tests.blocks import examine
from tests.blocks.samples import HOSTILE, NOW, record
from tests.blocks.test_home import GOLF, NOBODY, elements, page, picture, shown
from tests.blocks.waiting import WAITING

PAUSE = InForce("p" * 32, "U0ADMIN", "wrong key <!channel>")
LOCK = InForce("l" * 32, "U0OPERATOR", "*maintenance*", NOW + timedelta(hours=2))


def test_what_would_be_refused_stands_above_the_groups() -> None:
    told = shown(home(picture(pause=PAUSE, locks=(("Cup Final", LOCK), (HOSTILE[0], LOCK)))))
    assert told.index("All changes are paused.") < told.index("Groups that you may change")
    assert "by @Admin \u00b7 Reason: wrong key" in told
    assert "# Locked groups (2)" in told
    assert "Cup Final: locked until then." in told
    assert "locked until it is taken away" in shown(
        home(picture(locks=(("Golf", replace(LOCK, until=None)),)))
    )
    assert "Locked groups" not in shown(home(picture()))


def test_what_waits_for_a_second_person_is_told_without_buttons() -> None:
    waiting = (record(State.AWAITING, facts=WAITING, written=()),)
    drawn = home(picture(waiting=waiting))
    told = shown(drawn)
    assert "# Waiting for a second person (1)" in told
    assert "asked by @Operator" in told
    assert "Approve or decline on the request card in the channel." in told
    assert elements(drawn, APPROVE) == []


def test_whoever_may_not_look_sees_neither_locks_nor_requests() -> None:
    seen = shown(home(picture(standing=NOBODY, pause=PAUSE, locks=(("Cup Final", LOCK),))))
    assert "paused" not in seen
    assert "Cup Final" not in seen


def test_many_of_everything_stay_within_the_limit() -> None:
    groups = tuple(replace(GOLF, id=f"{n:032x}", name=f"Golf {n}") for n in range(PAGE_SIZE))
    crowded = picture(
        page=page(*groups),
        pause=PAUSE,
        locks=tuple((f"Golf {n}", LOCK) for n in range(50)),
        waiting=(record(State.AWAITING, facts=WAITING, written=()),) * 20,
        recent=tuple(record(State.VERIFIED) for _ in range(RECENT)),
    )
    drawn = home(crowded)
    examine.view(drawn)
    assert len(drawn["blocks"]) < BLOCKS_LIMIT
    assert "Golf 0" in shown(drawn)
