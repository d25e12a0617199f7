"""One or more bot processes on one database between the two simulators, to be killed at will."""

import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sandbox.bot_process import ROOT, BotProcess
from sandbox.rig import API_KEY, OWNER
from sandbox.slack.model import Person
from sandbox.slack.sample import ADMIN, APPROVER, AUDIT, OPERATOR, sample_world
from sandbox.slack.server import BOT_TOKEN, SIGNING_SECRET, SlackSimulator
from sandbox.uplynk.scenes import default_scene
from sandbox.uplynk.server import UplynkSimulator
from sandbox.uplynk.world import UplynkWorld

from .books import Books
from .doors import Doors
from .ledgers import Asked, Ledgers
from .witness import Witness

SETTINGS = {
    "SETTLE_SECONDS": "1.5",
    "UPLYNK_CONNECT_TIMEOUT_SECONDS": "1",
    "UPLYNK_READ_TIMEOUT_SECONDS": "2",
    "UPLYNK_BUDGET_SECONDS": "3",
}
"""Shorter than in service, and the look at an unknown outcome as long as it is there."""


class Fleet:
    """Starts on entering, stops on leaving. ``people`` further operators have IDs U0CREW00…"""

    def __init__(
        self,
        seed: int,
        *,
        instances: int = 1,
        people: int = 0,
        uplynk: UplynkWorld | None = None,
        database_url: str | None = None,
        home: Path | None = None,
    ) -> None:
        """``database_url`` None: an SQLite file of its own, in the folder ``home`` or in a new one.

        ``seed``: of which instance gets which request.
        """
        self.world = uplynk or default_scene(owner=OWNER)
        self.slack = SlackSimulator(sample_world())
        self.uplynk = UplynkSimulator(self.world, OWNER, API_KEY)
        self.crew = [f"U0CREW{number:02d}" for number in range(people)]
        self._seed = seed
        self._url = database_url
        self._home = home
        self._many = instances
        self._stack = ExitStack()
        self.bots: list[BotProcess]
        self.folder: Path
        self.home: Path
        self.books: Books
        self.witness: Witness
        self.doors: Doors
        self.kills = 0

    def __enter__(self) -> Self:
        """Start; ready for the first line when this returns. Raises BotDied."""
        with ExitStack() as stack:
            made = tempfile.TemporaryDirectory(prefix="chaos-")
            self.folder = Path(stack.enter_context(made))
            self.home = self._home or self.folder
            self._url = self._url or f"sqlite:///{self.home / 'failover.db'}"
            self._furnish()
            stack.enter_context(self.slack)
            stack.enter_context(self.uplynk)
            self.books = Books(self._url)
            stack.callback(self.books.close)
            self.witness = Witness(self.books, self.uplynk, self.slack)
            chance = random.Random(f"{self._seed} doors")
            self.doors = Doors(self.slack.signer, self.slack.world.moment, chance)
            self.slack.office.http = self.doors
            self.bots = [BotProcess(self._environment(), self.folder) for _ in range(self._many)]
            stack.callback(self._end)
            for number in range(self._many):
                self.start(number)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the bots, then their surroundings."""
        self._stack.close()

    def start(self, number: int = 0) -> None:
        """Start an instance and let it have its share once it is ready. Raises BotDied."""
        self.bots[number].start()
        self.doors.open(number, self.bots[number].url + "/slack/events")
        self.bots[number].wait_until_ready()

    def kill(self, number: int = 0) -> None:
        """End an instance at once."""
        self.doors.shut(number)
        self.bots[number].kill()
        self.kills += 1

    def calm(self) -> None:
        """No more faults, neither of Slack nor of Uplynk."""
        self.uplynk.faults.clear()
        self.slack.world.faults.clear()

    def settles(self, within: float = 120.0) -> float:
        """Wait until nothing is unfinished and nothing untold; the seconds that it took.

        A bot that never settles is found out by the ledgers, so this raises nothing.
        """
        started, pause = time.monotonic(), threading.Event()
        while not self.books.settled() and time.monotonic() - started < within:
            pause.wait(0.05)
        return time.monotonic() - started

    def ledgers(self, asked: tuple[Asked, ...]) -> Ledgers:
        """All that there is to compare, as it stands now."""
        broken = "" if self.books.is_whole() else "the database file is damaged"
        audit: tuple[Mapping[str, Any], ...] | None = None
        if self.books.keeps_audit():
            verified = self._run("audit", "verify")
            broken += verified.stdout + verified.stderr if verified.returncode else ""
            exported = self._run("audit", "export", "--format", "jsonl").stdout
            audit = tuple(json.loads(line) for line in exported.splitlines())
        return Ledgers(
            asked=asked,
            sent=self.witness.sent(),
            entries=self.books.entries(),
            cards=self.witness.cards(),
            answered=self.witness.answered(),
            audit=audit,
            broken=broken,
        )

    def secrets(self) -> tuple[str, ...]:
        """What must show nowhere but in the bot's environment."""
        return (BOT_TOKEN, SIGNING_SECRET, OWNER, API_KEY)

    @property
    def log(self) -> str:
        """What all instances have logged."""
        return "".join(bot.log for bot in self.bots)

    def _run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, str(ROOT / "bot.py"), *words],
            env={"PATH": os.environ["PATH"], **self._environment()},
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=60,
        )

    def _furnish(self) -> None:
        for ident in self.crew:
            person = self.slack.world.add_person(Person(ident, ident.lower(), ident))
            for name in (AUDIT, "C0LIVEOPS"):
                channel = self.slack.world.channels[name]
                self.slack.world.add_channel(
                    type(channel)(channel.id, channel.name, channel.members | {person.id})
                )
        for group in self.world.groups():
            self.slack.world.foreign.add(group.name)
        operators = json.dumps([OPERATOR, *self.crew])
        (self.folder / "policy.toml").write_text(
            'default_role = "viewer"\n'
            f'[[grant]]\nrole = "operator"\nusers = {operators}\n'
            f'[[grant]]\nrole = "approver"\nusers = ["{APPROVER}"]\n'
            f'[[grant]]\nrole = "admin"\nusers = ["{ADMIN}"]\n'
            '[[protect]]\ngroups = ["Cup Final", "Group *5"]\n'
            "[limits]\ncooldown_seconds = 0\n"
        )

    def _end(self) -> None:
        for bot in self.bots:
            if bot.alive():
                bot.stop()

    def _environment(self) -> dict[str, str]:
        return {
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "SLACK_API_URL": self.slack.api_url,
            "UPLYNK_OWNER": OWNER,
            "UPLYNK_API_KEY": API_KEY,
            "UPLYNK_BASE_URL": self.uplynk.base_url,
            "FAILOVER_CHANNEL": AUDIT,
            "DATABASE_URL": str(self._url),
            **SETTINGS,
        }
