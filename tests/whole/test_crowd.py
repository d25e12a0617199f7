"""Many people at once: one winner for each group, and every press answered in time."""

from concurrent.futures import ThreadPoolExecutor

from sandbox.rig import OWNER, POLICY
from sandbox.slack.model import Person
from sandbox.uplynk.faults import Fault, FaultKind, When
from sandbox.uplynk.scenes import NBA_FINALS, default_scene, many_groups

from .conftest import Scene, Start


def crowd(scene: Scene, count: int) -> list[str]:
    """Names of new people, all of them operators."""
    names = [f"U0CROWD{number:02}" for number in range(count)]
    users = ", ".join(f'"{name}"' for name in names)
    channel = scene.slack.world.channels["C0LIVEOPS"]
    for name in names:
        scene.slack.world.add_person(Person(name, name.lower(), name))
    members = channel.members | set(names)
    scene.slack.world.add_channel(type(channel)(channel.id, channel.name, frozenset(members)))
    scene.rig.write_policy(POLICY + f'[[grant]]\nrole = "operator"\nusers = [{users}]\n')
    scene.waits(lambda: scene.bot.get("/readyz") and "new version is in force" in scene.bot.log)
    return names


def at_once(scene: Scene, names: list[str], lines: list[str]) -> list[float]:
    """Everybody types at the same time; how long each waited for the acknowledgement."""

    def typed(name: str, line: str) -> float:
        delivery = scene.slack.person(name).types(line, channel="C0LIVEOPS")
        assert delivery.ok, delivery.detail
        return float(delivery.seconds)

    with ThreadPoolExecutor(len(names)) as pool:
        return list(pool.map(typed, names, lines))


def test_one_winner_where_many_want_the_same_group(http: Scene) -> None:
    names = crowd(http, 20)
    http.uplynk.faults.add(Fault(FaultKind.DELAY, When.AFTER, seconds=1.5, method="WRITE"))
    at_once(http, names, ["/failover set nba prioritized now"] * len(names))
    http.waits(lambda: "applied and verified" in http.channel, 20)

    def heard(name: str) -> bool:
        told = http.told(http.slack.person(name))
        return any(word in told for word in ("applied and verified", "not changed", "already so"))

    http.waits(lambda: all(heard(name) for name in names))
    told = {name: http.told(http.slack.person(name)) for name in names}
    winners = [name for name in names if "applied and verified" in told[name]]
    assert len(winners) == 1
    assert http.attempts() == 1
    assert len(http.cards) == 1
    for name in set(names) - set(winners):
        assert "not changed" in told[name] or "already so" in told[name]
    busy = [
        text
        for text in told.values()
        if "Another change of this group is under way or has just ended" in text
    ]
    assert busy
    assert http.world.group(NBA_FINALS).mode == "prioritized"


def test_acknowledgements_do_not_wait_for_hanging_changes(start: Start) -> None:
    world = default_scene(owner=OWNER)
    groups = many_groups(50, owner=OWNER).groups()
    for group in groups:
        world.add_group(group)
    scene = start(uplynk=world, settings={"UPLYNK_READ_TIMEOUT_SECONDS": "4"})
    names = crowd(scene, 50)
    scene.operator.types("/failover list")
    scene.uplynk.faults.add(Fault(FaultKind.HANG, When.AFTER, times=None, method="WRITE"))
    modes = {"flat": "prioritized", "prioritized": "flat"}
    lines = [f"/failover set {group.id} {modes[group.mode]} now" for group in groups]
    waits = at_once(scene, names, lines)
    scene.waits(lambda: scene.attempts() == len(groups), 20)
    waits += [float(scene.operator.types("/failover whoami").seconds) for _ in range(20)]
    assert max(waits) < 2.5
    scene.waits(lambda: scene.channel.count("applied and verified") == len(groups), 40)
    assert len(scene.cards) == scene.attempts() == len(groups)
