"""The short forms of the chaos runs; ``make chaos`` runs the long ones."""

import pytest

from . import deliveries, disk, flood, kills, points
from .disk import UNRECORDED, on_read_only
from .figures import Figures, drawn
from .traps import AT_THE_BORDERS

SEED = 20261123

pytestmark = [pytest.mark.timeout(300)]


def nothing_wrong(figures: Figures) -> None:
    assert figures.findings == (), f"seed {SEED}\n{drawn([figures])}"
    assert figures.note == ""


def test_killed_at_random_moments() -> None:
    found = kills.run(SEED, 25)
    nothing_wrong(found)
    assert found.kills >= 25
    assert found.accepted > 20
    assert found.writes > 10


def test_killed_at_every_border() -> None:
    found = points.at_the_borders(SEED, ("one write",))
    nothing_wrong(found)
    assert found.kills == len(AT_THE_BORDERS)
    assert found.writes >= found.kills - 1


def test_deliveries_doubled_late_and_out_of_order() -> None:
    found = deliveries.run(SEED, 40)
    nothing_wrong(found)
    assert found.accepted > 20
    assert found.writes >= found.accepted
    assert found.more["requests sent"] == "120"


def test_a_full_disk() -> None:
    found = disk.run(SEED, "disk full", disk.no_growth)
    nothing_wrong(found)
    assert found.accepted == 3


def test_a_database_that_can_only_be_read() -> None:
    status, said, writes = on_read_only(SEED)
    assert writes == 0
    if status is None:
        assert UNRECORDED in said
    else:
        assert status == 2
        assert "DATABASE_URL: the database cannot be opened" in said


def test_requests_that_slack_never_sent() -> None:
    found = flood.run(SEED, 2000)
    nothing_wrong(found)
    assert found.more["5xx"] == "0"
