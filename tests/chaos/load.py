"""People at work: each on a thread of their own, with a plan drawn from the seed.

They type changes, fill in forms, look at previews and apply them, take changes back and approve
those of others. Whatever they ask for has a token of its own as its reason.
"""

import itertools
import random
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress

from sandbox.slack.model import Delivery, Message
from sandbox.slack.people import PersonCannotError, SimulatedPerson
from sandbox.slack.sample import APPROVER, AUDIT
from sandbox.uplynk.model import FLAT, SimGroup

from .fleet import Fleet
from .ledgers import Asked
from .witness import CHANGE

PATIENCE_SECONDS = 3.0


class Diary:
    """What all of them asked for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked: list[Asked] = []
        self._numbers = itertools.count(1)

    def token(self) -> str:
        """A word that nobody else uses."""
        return f"chaos-{next(self._numbers):06d}"

    def note(self, token: str, line: str, *, accepted: bool, most: int = 1) -> None:
        """Somebody asked for something."""
        with self._lock:
            self._asked.append(Asked(token, line, accepted, most))

    @property
    def asked(self) -> tuple[Asked, ...]:
        """Everything so far."""
        with self._lock:
            return tuple(self._asked)


class Worker:
    """One person with a plan."""

    def __init__(
        self, fleet: Fleet, diary: Diary, ident: str, chance: random.Random, groups: Sequence[str]
    ) -> None:
        """``groups``: the IDs of those that the person works on."""
        self._fleet = fleet
        self._diary = diary
        self._chance = chance
        self._groups = groups
        self.person: SimulatedPerson = fleet.slack.person(ident)

    def acts(self) -> None:
        """Do one thing; whatever Slack's client does not let them do, they leave."""
        acts: list[Callable[[], None]] = [self.types, self.undoes, self.fills, self.applies]
        act = self._chance.choices(acts, weights=(12, 3, 1, 2))[0]
        try:
            act()
        except PersonCannotError:
            self._closes()

    def types(self) -> None:
        """A change, at once."""
        self._says(f"{self._change()} now", surely=True)

    def undoes(self) -> None:
        """Take back what was last done to a group; it may be that there is nothing to take back."""
        self._says(f"/failover undo {self._named(self._group())} now", surely=False)

    def applies(self) -> None:
        """A change, after a look at its preview."""
        token, line = self._diary.token(), self._change()
        self.person.types(f"{line} because {token}", AUDIT)
        found = self.person.waits_for(lambda: self._preview(token), PATIENCE_SECONDS)
        pressed = self.person.presses("apply_change", on=found)
        self._diary.note(token, line, accepted=pressed.ok and self._taken_on(found))

    def fills(self) -> None:
        """A change by the form."""
        self._closes()
        group, token = self._group(), self._diary.token()
        self.person.opens_form(f"/failover {self._named(group)}", PATIENCE_SECONDS)
        wanted = self._chance.choice(("flat", "prioritized"))
        shown = f"# {group.name}"
        self.person.waits_for(lambda: shown in self.person.sees(), PATIENCE_SECONDS)
        self.person.chooses("mode", wanted)
        self.person.fills("reason", token)
        sent = self.person.submits()
        accepted = sent.ok and "Working on it" in sent.body
        self._diary.note(token, f"form of {group.name}", accepted=accepted)
        self._closes()

    def _says(self, line: str, *, surely: bool) -> Delivery:
        token = self._diary.token()
        told = f"{line} because {token}"
        delivery = self.person.types(told, AUDIT)
        accepted = surely and delivery.ok and delivery.body == ""
        self._diary.note(token, told, accepted=accepted)
        return delivery

    def _preview(self, token: str) -> Message | None:
        told = (one for one in reversed(self.person.private_messages()) if token in one.shown)
        return next((one for one in told if "[Apply]" in one.shown), None)

    def _taken_on(self, preview: Message) -> bool:
        """Whether the preview gave way to what tells of a change.

        A press is acknowledged whatever comes of it; where nothing was stored the person hears so.
        """
        with suppress(PersonCannotError):
            return self.person.waits_for(
                lambda: bool(CHANGE.search(self._now(preview))), PATIENCE_SECONDS
            )
        return False

    def _now(self, message: Message) -> str:
        found = self._fleet.slack.world.message(*message.key)
        return found.shown if found else ""

    def _closes(self) -> None:
        if self.person.view is not None:
            self.person.closes(whole_stack=True)

    def _group(self) -> SimGroup:
        return self._fleet.world.group(self._chance.choice(self._groups))

    @staticmethod
    def _named(group: SimGroup) -> str:
        return f'"{group.name}"'

    def _change(self) -> str:
        group = self._group()
        name, chance = self._named(group), self._chance
        slicers = [one.slicer_id for one in group.slicers]
        kind = chance.choices(("set", "activate", "slate", "order"), weights=(6, 3, 1, 1))[0]
        if kind == "activate":
            return f"/failover activate {name} {chance.choice(slicers)}"
        if kind == "slate":
            return f"/failover slate {name} {chance.choice(('on', 'off'))}"
        if kind == "order":
            return f"/failover order {name} {', '.join(chance.sample(slicers, len(slicers)))}"
        wanted = ("prioritized", "prioritized failback on")
        if group.mode != FLAT:
            wanted = ("flat", f"failback {'off' if group.auto_failback else 'on'}")
        return f"/failover set {name} {chance.choice(wanted)}"


class Approver:
    """Whoever agrees to everything that waits for a second person."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet
        self._person = fleet.slack.person(APPROVER)

    def acts(self) -> None:
        """Approve the first request that waits, if one does."""
        waiting = [one for one in self._fleet.slack.channel(AUDIT).messages() if _waits(one)]
        if waiting:
            try:
                self._person.presses("approve_change", on=waiting[0])
            except PersonCannotError:
                return  # somebody was faster


def _waits(message: Message) -> bool:
    return "[Approve]" in message.shown


class Crowd:
    """All of them at once, until they are told to stop."""

    def __init__(self, fleet: Fleet, seed: int, groups: Sequence[str]) -> None:
        self._fleet = fleet
        self.diary = Diary()
        self._stop = threading.Event()
        self._chance = {ident: random.Random(f"{seed} {ident}") for ident in fleet.crew}
        self._threads = [
            threading.Thread(
                target=self._works, args=(ident, groups), name=f"crew {ident}", daemon=True
            )
            for ident in fleet.crew
        ]
        self._threads.append(threading.Thread(target=self._approves, daemon=True))
        self.stumbled: list[BaseException] = []

    def __enter__(self) -> "Crowd":
        """Begin."""
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Let each of them finish what they are at."""
        self._stop.set()
        for thread in self._threads:
            thread.join(30)

    def _works(self, ident: str, groups: Sequence[str]) -> None:
        chance = self._chance[ident]
        worker = Worker(self._fleet, self.diary, ident, chance, groups)
        self._over_and_over(worker.acts, lambda: chance.uniform(0.02, 0.4))

    def _approves(self) -> None:
        self._over_and_over(Approver(self._fleet).acts, lambda: 0.3)

    def _over_and_over(self, act: Callable[[], None], pause: Callable[[], float]) -> None:
        while not self._stop.wait(pause()):
            if not self._fleet.doors.wait(0.5):
                continue
            try:
                act()
            except BaseException as error:
                self.stumbled.append(error)
                raise
