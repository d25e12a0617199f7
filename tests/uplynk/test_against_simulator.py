"""All nine methods against the simulated Uplynk, which checks signatures and bodies strictly."""

from collections.abc import Iterator

import pytest

from failover.errors import (
    BadAnswer,
    Conflict,
    GroupGone,
    OutcomeUnknown,
    Rejected,
    Unauthorized,
    Unavailable,
    UplynkError,
)
from failover.model import NO_SLICER, Channel, Mode, Slicer
from sandbox.uplynk.faults import Fault, FaultKind, When
from sandbox.uplynk.scenes import (
    CUP_FINAL,
    HOSTILE,
    NBA_FINALS,
    SPORTS_EAST,
    SPORTS_WEST,
    WEATHER,
    default_scene,
)
from sandbox.uplynk.server import UplynkSimulator
from uplynk.client import Limits, UplynkClient

KEY = "key-sandbox"
LIMITS = Limits(read_seconds=0.4, budget_seconds=3.0)


@pytest.fixture
def sim() -> Iterator[UplynkSimulator]:
    world = default_scene(owner="owner-sandbox")
    with UplynkSimulator(world, owner="owner-sandbox", api_key=KEY) as running:
        yield running


@pytest.fixture
def client(sim: UplynkSimulator) -> Iterator[UplynkClient]:
    made = UplynkClient(sim.base_url, "owner-sandbox", KEY, LIMITS)
    yield made
    made.close()


def test_reading(sim: UplynkSimulator, client: UplynkClient) -> None:
    groups = {group.id: group for group in client.list_groups()}
    assert groups[NBA_FINALS].name == "NBA Finals"
    assert groups[HOSTILE].name.startswith("<!channel>")
    assert groups[WEATHER].on_slate
    for group_id, group in groups.items():
        assert client.get_group(group_id) == group
    assert {record.signature for record in sim.world.journal.requests()} == {"ok"}
    assert sim.connections == 1


def test_the_main_job(sim: UplynkSimulator, client: UplynkClient) -> None:
    client.configure(NBA_FINALS, mode=Mode.PRIORITIZED, auto_failback=True)
    group = client.get_group(NBA_FINALS)
    assert (group.mode, group.auto_failback) == (Mode.PRIORITIZED, True)
    assert [slicer.order for slicer in group.slicers] == [1, 2, 3]
    (write,) = sim.world.journal.writes()
    assert write.body == {"mode": "prioritized", "auto_failback": True}


def test_the_other_writes(client: UplynkClient) -> None:
    before = client.get_group(CUP_FINAL)
    rows = [Slicer(slicer.id, True, 4 - slicer.order) for slicer in before.slicers]
    client.set_slicers(CUP_FINAL, rows)
    client.activate_slicer(CUP_FINAL, rows[-1].id)
    client.change_channels(CUP_FINAL, add=["free-1"], remove=["cup-1"])
    client.change_owners(CUP_FINAL, add=["user-7"])
    after = client.get_group(CUP_FINAL)
    assert after.slicers == tuple(rows)
    assert after.active_slicer_id == rows[-1].id
    assert [channel.id for channel in after.channels] == ["free-1"]
    assert isinstance(after.channels[0], Channel)
    assert "user-7" in client.allowed_owners(CUP_FINAL)
    client.change_owners(CUP_FINAL, remove=["user-7"])
    assert "user-7" not in client.allowed_owners(CUP_FINAL)


def test_slate_and_back(client: UplynkClient) -> None:
    before = client.get_group(CUP_FINAL)
    client.set_no_slicer(CUP_FINAL, True)
    assert client.get_group(CUP_FINAL).active_slicer_id == NO_SLICER
    client.set_no_slicer(CUP_FINAL, False)
    assert client.get_group(CUP_FINAL) == before


def test_refusals(sim: UplynkSimulator, client: UplynkClient) -> None:
    with pytest.raises(Rejected):
        client.activate_slicer(SPORTS_EAST, "east-b")
    with pytest.raises(Conflict):
        client.change_channels(SPORTS_WEST, add=["cup-1"])
    with pytest.raises(GroupGone):
        client.get_group("0" * 32)
    stranger = UplynkClient(sim.base_url, "owner-sandbox", "another key", LIMITS)
    with pytest.raises(Unauthorized):
        stranger.list_groups()
    stranger.close()
    assert sim.world.journal.writes() == []


READ_FAULTS = [
    (Fault(FaultKind.STATUS, status=503), None),
    (Fault(FaultKind.STATUS, status=429, retry_after="0"), None),
    (Fault(FaultKind.RESET), None),
    (Fault(FaultKind.CLOSE), None),
    (Fault(FaultKind.HALF), None),
    (Fault(FaultKind.HANG), None),
    (Fault(FaultKind.TRICKLE, seconds=0.2), Unavailable),
    (Fault(FaultKind.HTML), BadAnswer),
    (Fault(FaultKind.GARBAGE), BadAnswer),
    (Fault(FaultKind.OTHER_SHAPE), BadAnswer),
    (Fault(FaultKind.WRONG_TYPE), BadAnswer),
    (Fault(FaultKind.GZIP_BOMB, size=4 << 20), BadAnswer),
    (Fault(FaultKind.OK_WITH_ERROR), BadAnswer),
]


@pytest.mark.parametrize(
    ("fault", "kind"),
    READ_FAULTS,
    ids=[str(row[0].kind) + str(row[0].status) for row in READ_FAULTS],
)
def test_a_fault_under_a_read(
    sim: UplynkSimulator, client: UplynkClient, fault: Fault, kind: type[UplynkError] | None
) -> None:
    sim.faults.add(fault)
    if kind is None:
        assert client.get_group(NBA_FINALS).name == "NBA Finals"
    else:
        with pytest.raises(kind):
            client.get_group(NBA_FINALS, within=0.6)


WRITE_FAULTS = [
    Fault(FaultKind.STATUS, When.BEFORE, status=500),
    Fault(FaultKind.STATUS, When.AFTER, status=503),
    Fault(FaultKind.RESET, When.BEFORE),
    Fault(FaultKind.RESET, When.AFTER),
    Fault(FaultKind.CLOSE, When.AFTER),
    Fault(FaultKind.HALF, When.AFTER),
    Fault(FaultKind.HANG, When.AFTER),
    Fault(FaultKind.TRICKLE, When.AFTER, seconds=0.2),
    Fault(FaultKind.HTML, When.AFTER),
    Fault(FaultKind.GARBAGE, When.AFTER),
    Fault(FaultKind.GZIP_BOMB, When.AFTER, size=4 << 20),
    Fault(FaultKind.OK_WITH_ERROR, When.BEFORE),
]


@pytest.mark.parametrize("fault", WRITE_FAULTS, ids=[f"{f.kind} {f.when}" for f in WRITE_FAULTS])
def test_a_fault_under_a_write(sim: UplynkSimulator, client: UplynkClient, fault: Fault) -> None:
    sim.faults.add(fault)
    with pytest.raises(OutcomeUnknown):
        client.configure(NBA_FINALS, mode=Mode.PRIORITIZED, within=0.4)
    assert len(sim.world.journal.requests()) == 1
    assert len(sim.world.journal.writes()) == (fault.when is When.AFTER)
