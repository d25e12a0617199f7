"""The ways in which one change is made, up to the last press, which is left to the caller."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from sandbox.rig import OWNER
from sandbox.slack.model import Message
from sandbox.slack.people import SimulatedPerson
from sandbox.slack.sample import APPROVER, AUDIT
from sandbox.uplynk.model import FLAT, PRIORITIZED, SimGroup
from sandbox.uplynk.scenes import many_groups
from sandbox.uplynk.world import UplynkWorld

from .fleet import Fleet
from .load import Diary

Act = Callable[[], None]
Flow = Callable[[Fleet, Diary, SimGroup], Act]


def world_of(count: int) -> UplynkWorld:
    """So many groups, each for one change; those whose number ends in 5 need a second person."""
    return many_groups(count, owner=OWNER)


def typed(fleet: Fleet, diary: Diary, group: SimGroup) -> Act:
    """One write, from one line."""
    person, token = fleet.slack.person(fleet.crew[0]), diary.token()
    mode = PRIORITIZED if group.mode == FLAT else FLAT
    line = f'/failover set "{group.name}" {mode} now because {token}'

    def act() -> None:
        delivery = person.types(line, AUDIT)
        diary.note(token, line, accepted=delivery.ok and delivery.body == "")

    return act


def two_writes(fleet: Fleet, diary: Diary, group: SimGroup) -> Act:
    """Auto failback off, then another slicer: a preview, then *Apply*."""
    fleet.world.change_in_cms(group.id, mode=PRIORITIZED, auto_failback=True)
    person, token = fleet.slack.person(fleet.crew[0]), diary.token()
    wanted = next(one for one in group.slicers if one.slicer_id != group.active_slicer_id)
    person.types(f'/failover activate "{group.name}" {wanted.slicer_id} because {token}', AUDIT)
    person.presses("activate_anyway", on=_told(person, group.name, "[Turn failback off"))
    preview = _told(person, group.name, "[Apply]")

    def act() -> None:
        delivery = person.presses("apply_change", on=preview)
        # The first look found auto failback in the way, and that is on record, too.
        told = f"two writes to {group.name}"
        diary.note(token, told, accepted=delivery.ok, most=2)

    return act


def approved(fleet: Fleet, diary: Diary, group: SimGroup) -> Act:
    """A request that waits for a second person, and their *Approve*."""
    typed(fleet, diary, group)()
    approver = fleet.slack.person(APPROVER)

    def waits() -> Message | None:
        told = fleet.slack.channel(AUDIT).messages()
        return next((o for o in told if group.name in o.shown and "[Approve]" in o.shown), None)

    card = approver.waits_for(waits, 20)

    def act() -> None:
        approver.presses("approve_change", on=card)

    return act


FLOWS: Mapping[str, Flow] = MappingProxyType(
    {"one write": typed, "two writes": two_writes, "a second person": approved}
)


class Fields:
    """Groups to make one change of each."""

    def __init__(self, world: UplynkWorld) -> None:
        self._groups = list(world.groups())

    def next(self, *, protected: bool) -> SimGroup:
        """One that no change was made of yet."""
        found = next(one for one in self._groups if one.name.endswith("5") == protected)
        self._groups.remove(found)
        return replace(found)


def _told(person: SimulatedPerson, name: str, button: str) -> Message:
    def told() -> Message | None:
        messages = reversed(person.private_messages())
        return next((o for o in messages if name in o.shown and button in o.shown), None)

    return person.waits_for(told, 20)
