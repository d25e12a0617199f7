"""What an outcome means, where no server is needed to tell."""

import pytest

from failover.errors import GroupGone, OutcomeUnknown, Rejected, UplynkError
from uplynk import endpoints, verdict
from uplynk.verdict import Fault, Reply, Silence, seconds_to_wait

ID = "0123456789abcdef0123456789abcdef"
NOW = 1_700_000_000.0


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("0", 0.0),
        (" 7 ", 7.0),
        ("9" * 40, 999_999_999_999.0),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("٣", None),
        ("", None),
        ("Tue, 14 Nov 2023 22:13:50 GMT", 30.0),
        ("Tue, 14 Nov 2023 22:13:00 GMT", 0.0),
        ("Tue, 99 Nov 2023 22:13:00 GMT", None),
        ("Fri, 31 Dec 99999 23:59:59 GMT", None),
    ],
)
def test_retry_after(header: str | None, seconds: float | None) -> None:
    assert seconds_to_wait(header, NOW) == seconds


def test_a_missing_list_is_no_missing_group() -> None:
    gone = Reply(404)
    assert isinstance(verdict.of_read(endpoints.get_group(ID), gone), GroupGone)
    assert isinstance(verdict.of_read(endpoints.list_groups(), gone), Rejected)


def test_the_most_telling_of_two() -> None:
    unsent, sent, reply = Silence(False, "a"), Silence(True, "b"), Reply(503)
    newer = Reply(500)
    assert verdict.more_telling(unsent, verdict.NOTHING) is unsent
    assert verdict.more_telling(unsent, sent) is sent
    assert verdict.more_telling(sent, reply) is reply
    assert verdict.more_telling(newer, reply) is newer


def test_a_write_is_refused_by_4xx_alone_and_done_by_2xx_alone() -> None:
    call = endpoints.set_no_slicer(ID, True)
    errors = {status: verdict.of_write(call, Reply(status, b"{}")) for status in range(100, 600)}
    done = {status for status, error in errors.items() if error is None}
    unknown = {status for status, error in errors.items() if isinstance(error, OutcomeUnknown)}
    assert done == set(range(200, 300))
    assert unknown == {*range(100, 200), *range(300, 400), *range(500, 600)}


@pytest.mark.parametrize("fault", Fault)
@pytest.mark.parametrize("status", [200, 204, 299])
def test_a_success_with_a_fault_is_unknown(fault: Fault, status: int) -> None:
    call = endpoints.set_no_slicer(ID, True)
    error = verdict.of_write(call, Reply(status, b"", fault))
    assert isinstance(error, OutcomeUnknown)
    assert isinstance(
        verdict.of_read(endpoints.get_group(ID), Reply(status, b"", fault)), UplynkError
    )


def test_no_secret_in_a_repr() -> None:
    assert "canary" not in repr(Reply(200, b"canary", secrets=("canary",)))
