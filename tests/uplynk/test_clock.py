"""This host's clock beside the ``Date`` of Uplynk's answers."""

from __future__ import annotations

import time
from email.utils import formatdate

import pytest

from failover.errors import Forbidden, Rejected, Unauthorized, UplynkError
from failover.model import Mode
from tests.uplynk.scripted import GROUP, ID, Scripted, Step, says, shows
from uplynk.client import Clock, UplynkClient

NOW = 1_800_000_000.0


def dated(ahead: float) -> str:
    return f"Date: {formatdate(NOW - ahead, usegmt=True)}"


def met(*steps: Step) -> tuple[list[float], UplynkError | None]:
    """What the clock was told, and what a change came to."""
    told: list[float] = []
    with Scripted(list(steps)) as server:
        clock = Clock(lambda: NOW, told.append)
        client = UplynkClient(server.url, "owner-1", "key-canary", clock=clock)
        try:
            client.configure(ID, mode=Mode.FLAT)
        except UplynkError as error:
            return told, error
        finally:
            client.close()
        return told, None


@pytest.mark.parametrize("ahead", [0.0, 241.0, -3600.0])
def test_every_answer_is_compared(ahead: float) -> None:
    for step in (says(204, b"", dated(ahead)), says(500, b"", dated(ahead))):
        assert met(step)[0] == [ahead]


@pytest.mark.parametrize("header", ["X: y", "Date: yesterday", "Date:", "Date: 99999999999999"])
def test_an_answer_without_a_date_says_nothing(header: str) -> None:
    told, error = met(says(401, b"", header))
    assert told == []
    assert error is not None and error.ahead is None


@pytest.mark.parametrize(
    ("status", "body", "kind", "named"),
    [
        (401, b"", Unauthorized, True),
        (403, b"<html>forbidden</html>", Forbidden, True),
        (400, b'{"error": 1, "msg": "Invalid or expired msg"}', Rejected, True),
        (400, b'{"message": "the signature has expired"}', Rejected, True),
        (400, b'{"message": "bad timestamp"}', Rejected, True),
        (400, b'{"message": "auto failback is on"}', Rejected, False),
        (422, b'{"message": "signature"}', Rejected, False),
    ],
)
def test_a_refused_signature_knows_how_far_the_clock_is_off(
    status: int, body: bytes, kind: type[UplynkError], named: bool
) -> None:
    _, error = met(says(status, body, dated(100.0)))
    assert type(error) is kind
    assert error.ahead == (100.0 if named else None)
    assert ("ahead" in error.facts()) is named


def test_a_small_difference_is_no_reason() -> None:
    _, error = met(says(401, b"", dated(30.0)))
    assert error is not None and "ahead" not in error.facts()


def test_by_default_it_is_the_hosts_clock() -> None:
    with Scripted([shows(GROUP)]) as server:
        client = UplynkClient(server.url, "owner-1", "key-canary")
        client.get_group(ID)
        client.close()
    assert abs(Clock().now() - time.time()) < 5
