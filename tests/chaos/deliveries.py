"""Slack's deliveries doubled, late and out of order: each press has one effect."""

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from sandbox.slack import payloads as slack_payloads
from sandbox.slack.model import Delivery
from sandbox.slack.payloads import Parcel
from sandbox.slack.sample import AUDIT
from sandbox.slack.signing import SignedRequest
from sandbox.uplynk.model import FLAT, PRIORITIZED

from . import figures
from .figures import Figures
from .fleet import Fleet
from .flows import Fields, world_of
from .ledgers import Asked
from .load import Diary

TIMES = 3
SPREAD_SECONDS = 2.0
AT_ONCE = 24


def run(seed: int, count: int, *, instances: int = 1, database_url: str | None = None) -> Figures:
    """So many commands, each sent three times within two seconds, all of them shuffled."""
    chance = random.Random(seed)
    uplynk = world_of(count + count // 9 + 10)
    with Fleet(
        seed, people=4, instances=instances, uplynk=uplynk, database_url=database_url
    ) as fleet:
        post = _Post(fleet, chance)
        commands = [post.command() for _ in range(count)]
        sendings = [(when, each) for each in commands for when in post.moments()]
        began = time.monotonic()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            jobs = [
                pool.submit(post.sends, parcel, token, began + when * max(1.0, count / 40))
                for when, (parcel, token) in sorted(sendings, key=lambda one: one[0])
            ]
        for job in jobs:
            job.result()
        found = figures.of("deliveries", fleet, post.asked())
        records = len(fleet.ledgers(()).entries)
        told = {"requests sent": f"{len(sendings)}", "records": f"{records} of {count}"}
        return replace(found, more=told)


class _Post:
    """Makes requests and sends them again, byte by byte the same."""

    def __init__(self, fleet: Fleet, chance: random.Random) -> None:
        self._fleet = fleet
        self._chance = chance
        self._diary = Diary()
        self._fields = Fields(fleet.world)
        self._lock = threading.Lock()
        self._answers: dict[str, list[Delivery]] = {}
        self._signed: dict[str, SignedRequest] = {}

    def command(self) -> tuple[Parcel, str]:
        """A typed change of a group that no other changes, not sent yet; and its token."""
        group, token = self._fields.next(protected=False), self._diary.token()
        mode = PRIORITIZED if group.mode == FLAT else FLAT
        line = f'/failover set "{group.name}" {mode} now because {token}'
        world, person = self._fleet.slack.world, self._chance.choice(self._fleet.crew)
        world.actors.add(person)
        return slack_payloads.command(world, person, world.channels[AUDIT], line), token

    def moments(self) -> list[float]:
        """When a request is sent, in seconds; the first time may be after another's last."""
        first = self._chance.uniform(0, 1)
        return [first, *(first + self._chance.uniform(0, SPREAD_SECONDS) for _ in range(TIMES - 1))]

    def sends(self, parcel: Parcel, token: str, when: float) -> None:
        """Send it at this moment (monotonic seconds), to whichever instance.

        It is signed when it is sent for the first time, and after that stays as it is.
        """
        threading.Event().wait(max(0.0, when - time.monotonic()))
        with self._lock:
            if token not in self._signed:
                self._signed[token] = self._fleet.slack.signer.parcel(parcel)
            request = self._signed[token]
        answer = self._fleet.slack.send_raw(request)
        with self._lock:
            self._answers.setdefault(token, []).append(answer)

    def asked(self) -> tuple[Asked, ...]:
        """What was acknowledged at least once."""
        for token, answers in self._answers.items():
            accepted = any(one.status == 200 and one.body == "" for one in answers)
            self._diary.note(token, token, accepted=accepted)
        return self._diary.asked
