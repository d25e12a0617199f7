"""All nine methods against the simulated Uplynk, which checks signatures and bodies strictly."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from failover.errors import (
    BadAnswer,
    Conflict,
    GroupGone,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unauthorized,
    Unavailable,
    UplynkError,
)
from failover.model import NO_SLICER, Channel, FailoverGroup, Mode, Slicer
from failover.writes import (
    Patch,
    PutActive,
    PutChannels,
    PutOwners,
    PutSlate,
    PutSlicers,
    Verdict,
    Write,
    after,
    judge,
    same_settings,
)
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


def rows(client: UplynkClient) -> tuple[Slicer, ...]:
    slicers = client.get_group(CUP_FINAL).slicers
    return tuple(Slicer(one.id, True, len(slicers) + 1 - one.order) for one in slicers)


SIX: list[tuple[Callable[[UplynkClient], Write], str, str]] = [
    (lambda _: Patch(Mode.FLAT, False), "PATCH", ""),
    (lambda client: PutSlicers(rows(client)), "PUT", "/slicers"),
    (lambda client: PutActive(rows(client)[-1].id), "PUT", "/activate_slicer"),
    (lambda _: PutSlate(True), "PUT", "/set_no_slicer"),
    (lambda _: PutChannels(("free-1",), ("cup-1",)), "PUT", "/channels"),
    (lambda _: PutOwners(("user-7",), ()), "PUT", "/allowed-owners"),
]
ENDPOINTS = [row[2] or "/" for row in SIX]


def full(client: UplynkClient) -> FailoverGroup:
    return replace(client.get_group(CUP_FINAL), allowed_owners=client.allowed_owners(CUP_FINAL))


@pytest.mark.parametrize(("made", "method", "suffix"), SIX, ids=ENDPOINTS)
def test_each_write_goes_to_its_endpoint_once_and_does_what_is_foretold(
    sim: UplynkSimulator,
    client: UplynkClient,
    made: Callable[[UplynkClient], Write],
    method: str,
    suffix: str,
) -> None:
    write = made(client)
    before = full(client)
    client.write(CUP_FINAL, write)
    now = full(client)
    assert judge(before, write, now) is Verdict.APPLIED
    assert same_settings(after(before, write), now)
    (sent,) = sim.world.journal.writes()
    assert (sent.method, sent.path) == (method, f"/api/v4/failover-groups/{CUP_FINAL}{suffix}")


@pytest.mark.parametrize("made", [row[0] for row in SIX], ids=ENDPOINTS)
@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault(FaultKind.STATUS, When.BEFORE, status=400), Rejected),
        (Fault(FaultKind.STATUS, When.BEFORE, status=409), Conflict),
        (Fault(FaultKind.STATUS, When.BEFORE, status=429, retry_after="0"), RateLimited),
        (Fault(FaultKind.STATUS, When.AFTER, status=500), OutcomeUnknown),
        (Fault(FaultKind.STATUS, When.AFTER, status=503), OutcomeUnknown),
        (Fault(FaultKind.RESET, When.AFTER), OutcomeUnknown),
        (Fault(FaultKind.HANG, When.AFTER), OutcomeUnknown),
    ],
    ids=["400", "409", "429", "500", "503", "reset", "silence"],
)
def test_no_write_is_sent_a_second_time(
    sim: UplynkSimulator,
    client: UplynkClient,
    made: Callable[[UplynkClient], Write],
    fault: Fault,
    kind: type[UplynkError],
) -> None:
    write = made(client)
    asked = len(sim.world.journal.requests())
    sim.faults.add(fault)
    with pytest.raises(kind):
        client.write(CUP_FINAL, write, within=0.4)
    assert len(sim.world.journal.requests()) == asked + 1
    assert len(sim.world.journal.writes()) == (fault.when is When.AFTER)


def test_what_uplynk_refuses_of_a_write(sim: UplynkSimulator, client: UplynkClient) -> None:
    with pytest.raises(Rejected):
        client.write(SPORTS_EAST, PutActive("east-b"))
    with pytest.raises(Conflict):
        client.write(SPORTS_WEST, PutChannels(("cup-1",)))
    with pytest.raises(GroupGone):
        client.write("0" * 32, PutSlate(True))
    assert sim.world.journal.writes() == []


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
