"""The real bot process between the two simulators, for tests that read as a dialogue."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from sandbox.rig import POLICY, Rig
from sandbox.slack.model import Delivery, Message
from sandbox.slack.people import SimulatedPerson
from sandbox.slack.sample import ADMIN, APPROVER, AUDIT, OPERATOR, OUTSIDER, VIEWER

QUICK = {"SETTLE_SECONDS": "1", "LOOK_SECONDS": "4"}
"""Nobody but the tests waits so short a time before saying that a write had no effect."""

Start = Callable[..., "Scene"]


class Scene:
    """A running rig with its people at hand."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.slack, self.uplynk, self.world, self.bot = rig.slack, rig.uplynk, rig.world, rig.bot
        self.operator: SimulatedPerson = self.slack.person(OPERATOR)
        self.viewer: SimulatedPerson = self.slack.person(VIEWER)
        self.approver: SimulatedPerson = self.slack.person(APPROVER)
        self.admin: SimulatedPerson = self.slack.person(ADMIN)
        self.outsider: SimulatedPerson = self.slack.person(OUTSIDER)

    @property
    def channel(self) -> str:
        """The audit channel as text."""
        return self.slack.channel(AUDIT).text()

    @property
    def cards(self) -> list[str]:
        """Each message of the audit channel as text."""
        return [message.shown for message in self.slack.channel(AUDIT).messages()]

    def modal(self, person: SimulatedPerson) -> str:
        """What stands in the modal in front of a person."""
        return person.view.shown if person.view else ""

    def told(self, person: SimulatedPerson) -> str:
        """The newest private message to a person."""
        messages = person.private_messages()
        return messages[-1].shown if messages else ""

    @property
    def card(self) -> Message:
        """The newest message of the audit channel."""
        return self.slack.channel(AUDIT).messages()[-1]

    def hears(self, person: SimulatedPerson, text: str) -> str:
        """Wait for a private message to a person that holds the text; the message."""

        def heard() -> str | None:
            told = self.told(person)
            return told if text in told else None

        return str(self.waits(heard))

    def shows(self, *texts: str) -> str:
        """Wait until the newest card holds the texts; the card."""

        def shown() -> str | None:
            card = self.cards[-1] if self.cards else ""
            return card if card and all(text in card for text in texts) else None

        return str(self.waits(shown))

    def presses(self, person: SimulatedPerson, what: str) -> Delivery:
        """Wait for a button under the newest private message to a person, and press it."""
        self.hears(person, f"[{what}]")
        return person.presses(what, on=person.private_messages()[-1])

    def presses_card(self, person: SimulatedPerson, what: str) -> Delivery:
        """Wait for a button under the newest card, and press it."""
        self.shows(f"[{what}]")
        return person.presses(what, on=self.card)

    def waits(self, condition: Callable[[], Any], timeout: float = 15.0) -> Any:
        """Until the condition holds; fails with what the operator sees."""
        return self.operator.waits_for(condition, timeout)

    def writes(self) -> int:
        """How many writes the simulated Uplynk has applied."""
        return len(self.world.journal.writes())

    def attempts(self) -> int:
        """How many writes were sent to it, whatever became of them."""
        return sum(one.method != "GET" for one in self.world.journal.requests())


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts a rig; what it leaves behind is checked when the test has ended."""
    with ExitStack() as stack:
        scenes: list[Scene] = []

        def started(*, policy: str = POLICY, socket_mode: bool = False, **more: Any) -> Scene:
            settings = {**QUICK, **more.pop("settings", {})}
            rig = Rig(policy=policy, socket_mode=socket_mode, settings=settings, **more)
            scenes.append(Scene(stack.enter_context(rig)))
            return scenes[-1]

        yield started
        for scene in scenes:
            assert "Traceback" not in scene.bot.log
            assert scene.rig.slack_world.violations == []


@pytest.fixture(params=["http", "socket"])
def scene(start: Start, request: pytest.FixtureRequest) -> Scene:
    """The usual scene, over both of Slack's transports."""
    return start(socket_mode=request.param == "socket")


@pytest.fixture
def http(start: Start) -> Scene:
    """The usual scene over HTTP."""
    return start()
