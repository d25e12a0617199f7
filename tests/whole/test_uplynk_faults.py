"""Whatever Uplynk does, the last word agrees with what it holds, and nothing is sent twice."""

import pytest

from sandbox.uplynk.faults import Fault, FaultKind, When
from sandbox.uplynk.routes import Endpoint
from sandbox.uplynk.scenes import NBA_FINALS

from .conftest import Scene

CHANGE = "/failover set nba prioritized failback on now"
VERIFIED, FAILED = "applied and verified", "failed, nothing changed"
UNVERIFIED, UNKNOWN = "applied, not verified", "outcome unknown"

B, A, L = When.BEFORE, When.AFTER, When.LATE
S, K = FaultKind.STATUS, FaultKind

WRITES = [
    (
        "400",
        Fault(S, B, status=400, body='{"message": "no"}'),
        FAILED,
        "Uplynk refused the change (400)",
    ),
    ("401", Fault(S, B, status=401), FAILED, "did not accept the bot's credentials"),
    ("403", Fault(S, B, status=403), FAILED, "lacks the right"),
    ("404", Fault(S, B, status=404), FAILED, "no longer exists"),
    ("409", Fault(S, B, status=409), FAILED, "conflict (409)"),
    ("429", Fault(S, B, status=429, retry_after=1), FAILED, "slow down (429)"),
    ("500", Fault(S, B, status=500), FAILED, "nothing was changed"),
    ("500 applied", Fault(S, A, status=500), VERIFIED, ""),
    ("500 applied late", Fault(S, L, status=500, late_seconds=0.4), VERIFIED, ""),
    ("502", Fault(S, B, status=502), FAILED, "nothing was changed"),
    ("503", Fault(S, B, status=503), FAILED, "nothing was changed"),
    ("503 applied", Fault(S, A, status=503), VERIFIED, ""),
    ("504 applied", Fault(S, A, status=504), VERIFIED, ""),
    ("HTML", Fault(K.HTML, B), FAILED, "nothing was changed"),
    ("HTML applied", Fault(K.HTML, A), VERIFIED, ""),
    ("garbage", Fault(K.GARBAGE, B), FAILED, "nothing was changed"),
    ("garbage applied", Fault(K.GARBAGE, A), VERIFIED, ""),
    ("error in a 200", Fault(K.OK_WITH_ERROR, B), FAILED, "nothing was changed"),
    ("error in a 200, applied", Fault(K.OK_WITH_ERROR, A), VERIFIED, ""),
    ("reset before", Fault(K.RESET, B), FAILED, "nothing was changed"),
    ("reset after", Fault(K.RESET, A), VERIFIED, ""),
    ("closed before", Fault(K.CLOSE, B), FAILED, "nothing was changed"),
    ("closed after", Fault(K.CLOSE, A), VERIFIED, ""),
    ("half an answer", Fault(K.HALF, A), VERIFIED, ""),
    (
        "a redirect",
        Fault(S, B, status=307, headers=(("Location", "http://127.0.0.1:9/"),)),
        FAILED,
        "",
    ),
    ("a lie", Fault(K.LIE), FAILED, "nothing was changed"),
    ("a slow yes", Fault(K.DELAY, A, seconds=1.0), VERIFIED, ""),
]
"""Name, what the write meets, the last word, and what the card explains."""


@pytest.fixture
def quick(start: object) -> Scene:
    """Uplynk's client gives up sooner than it does in service."""
    settings = {"UPLYNK_READ_TIMEOUT_SECONDS": "2", "UPLYNK_BUDGET_SECONDS": "3"}
    return start(settings=settings)  # type: ignore[operator, no-any-return]


@pytest.mark.parametrize(
    ("fault", "word", "told"), [row[1:] for row in WRITES], ids=[row[0] for row in WRITES]
)
def test_a_write(quick: Scene, fault: Fault, word: str, told: str) -> None:
    meets = Fault(**{**{name: getattr(fault, name) for name in fault.__slots__}, "method": "WRITE"})
    quick.uplynk.faults.add(meets)
    quick.operator.types(CHANGE)
    quick.waits(lambda: word in quick.channel and "under way" not in quick.channel, 25)
    quick.waits(lambda: word in quick.told(quick.operator))

    group = quick.world.group(NBA_FINALS)
    applied = (group.mode, group.auto_failback) == ("prioritized", True)
    assert applied == (word == VERIFIED)
    assert quick.attempts() == 1
    (card,) = quick.cards
    assert told in card
    gone = "no longer exists" in card
    assert ("[Try again]" in card) == (word == FAILED and not gone)


READS = [
    ("401", Fault(S, status=401, times=None)),
    ("403", Fault(S, status=403, times=None)),
    ("429", Fault(S, status=429, times=None)),
    ("500", Fault(S, status=500, times=None)),
    ("503", Fault(S, status=503, times=None)),
    ("HTML", Fault(K.HTML, times=None)),
    ("garbage", Fault(K.GARBAGE, times=None)),
    ("another shape", Fault(K.OTHER_SHAPE, times=None)),
    ("a wrong type", Fault(K.WRONG_TYPE, times=None)),
    ("reset", Fault(K.RESET, times=None)),
    ("never", Fault(K.HANG, times=None)),
]


@pytest.mark.parametrize("fault", [row[1] for row in READS], ids=[row[0] for row in READS])
def test_a_group_that_cannot_be_read_is_not_written(quick: Scene, fault: Fault) -> None:
    meets = Fault(**{**{name: getattr(fault, name) for name in fault.__slots__}, "method": "GET"})
    quick.uplynk.faults.add(meets)
    quick.operator.types(CHANGE)
    quick.waits(lambda: FAILED in quick.channel, 25)
    quick.waits(lambda: FAILED in quick.told(quick.operator))
    assert quick.attempts() == 0
    assert "nothing was sent" in quick.cards[0]


def test_a_write_that_never_answers_is_shown_as_unknown_and_then_settled(quick: Scene) -> None:
    quick.uplynk.faults.add(Fault(K.HANG, A, method="WRITE"))
    quick.operator.types(CHANGE)
    quick.waits(lambda: VERIFIED in quick.channel, 25)
    assert quick.attempts() == 1


def test_unknown_is_said_while_nothing_can_be_read(quick: Scene) -> None:
    quick.uplynk.faults.add(Fault(K.RESET, A, method="WRITE"))
    unreadable = Fault(S, status=503, method="GET", times=None, skip=2)
    number = quick.uplynk.faults.add(unreadable)
    quick.operator.types(CHANGE)
    quick.waits(lambda: UNKNOWN in quick.channel, 20)
    assert "may or may not have taken effect" in quick.cards[0]
    quick.waits(lambda: UNKNOWN in quick.told(quick.operator))
    quick.uplynk.faults.remove(number)
    quick.waits(lambda: VERIFIED in quick.channel, 20)
    quick.waits(lambda: VERIFIED in quick.told(quick.operator))
    assert UNKNOWN not in quick.channel
    assert quick.attempts() == 1


def test_a_yes_that_cannot_be_read_back_stays_unverified(quick: Scene) -> None:
    quick.uplynk.faults.add(Fault(S, status=503, method="GET", times=None, skip=2))
    quick.operator.types(CHANGE)
    quick.waits(lambda: UNVERIFIED in quick.channel, 40)
    assert quick.world.group(NBA_FINALS).mode == "prioritized"


def test_somebody_elses_change_in_between_is_not_taken_for_ours(quick: Scene) -> None:
    quick.world.change_in_cms(NBA_FINALS, mode="prioritized", auto_failback=False)
    quick.uplynk.faults.add(Fault(K.RESET, B, method="WRITE"))
    quick.uplynk.faults.add(Fault(S, status=503, method="GET", times=4, skip=2))
    quick.operator.types("/failover set nba failback on now")
    quick.waits(lambda: quick.attempts() == 1)
    quick.world.change_in_cms(NBA_FINALS, mode="flat", auto_failback=False)
    quick.waits(lambda: UNKNOWN in quick.channel and "Still reading" not in quick.channel, 30)
    assert "the group was flat" in quick.cards[0]


def test_outage_without_any_connection(quick: Scene) -> None:
    quick.operator.types("/failover list")
    quick.waits(lambda: "NBA Finals" in quick.told(quick.operator))
    quick.uplynk.stop()
    try:
        quick.operator.types(CHANGE)
        quick.waits(lambda: FAILED in quick.channel, 20)
    finally:
        quick.uplynk.start()
    assert "cannot be reached" in quick.cards[0]
    quick.operator.presses("Try again", on=quick.slack.channel("C0AUDIT").messages()[0])
    quick.waits(lambda: "[Apply]" in quick.told(quick.operator))
    quick.operator.presses("Apply", on=quick.operator.private_messages()[-1])
    quick.waits(lambda: VERIFIED in quick.channel)


def test_secrets_that_uplynk_echoes_are_struck_out(quick: Scene) -> None:
    echo = '{"message": "bad $MSG and $SIG in $QUERY"}'
    quick.uplynk.faults.add(Fault(S, status=400, method="WRITE", body=echo))
    quick.operator.types(CHANGE)
    quick.waits(lambda: FAILED in quick.channel, 20)
    for request in quick.world.journal.requests():
        assert "sig=" not in quick.channel or request.query not in quick.channel
    assert "eJ" not in quick.cards[0], "the beginning of every zlib text in base64"


def test_endpoints_are_those_of_the_contract(quick: Scene) -> None:
    quick.operator.types(CHANGE)
    quick.waits(lambda: VERIFIED in quick.channel)
    asked = [(one.method, one.endpoint) for one in quick.world.journal.requests()]
    group, groups = Endpoint.GROUP, Endpoint.GROUPS
    assert asked == [("GET", groups), ("GET", group), ("PATCH", group), ("GET", group)]
