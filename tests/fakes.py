"""Fakes of everything that the services need from outside, in memory and without waiting.

Every fake calls ``trip`` with the name of the point it has reached, if it was given one: a test
may raise there, as if the process died, or let somebody else act in between.
"""

from tests.fake_forces import FakeForces
from tests.fake_ledger import FakeLedger
from tests.fake_outbox import FakeOutbox
from tests.fake_sets import FakeSets, FakeSetScreen
from tests.fake_slack import FakeMessenger, FakeUserGroups
from tests.fake_time import FakeClock, FakeTimer, FakeWork, Trip, fails_at, no_trip
from tests.fake_uplynk import LOST, TIMED_OUT, FakeUplynk, Sent, Write, silent

__all__ = [
    "LOST",
    "TIMED_OUT",
    "FakeClock",
    "FakeForces",
    "FakeLedger",
    "FakeMessenger",
    "FakeOutbox",
    "FakeSetScreen",
    "FakeSets",
    "FakeTimer",
    "FakeUplynk",
    "FakeUserGroups",
    "FakeWork",
    "Sent",
    "Trip",
    "Write",
    "fails_at",
    "no_trip",
    "silent",
]
