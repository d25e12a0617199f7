"""The workspace in a terminal: type as a person, see what they see and what the channel sees."""

import re
from collections.abc import Iterator
from typing import TextIO

from sandbox.rig import Rig
from sandbox.slack.model import Delivery, Message, View
from sandbox.slack.people import PersonCannotError, SimulatedPerson
from sandbox.slack.sample import AUDIT, LIVEOPS, OPERATOR

WAITING = re.compile(
    r"working on it|Working on it|under way|Still reading|Reading the failover groups"
)
CHANGE = re.compile(r"change ([0-9a-f]{32})")
LONGEST_WAIT_SECONDS = 150.0

HELP = """\
  /failover …          type it as the person you are
  @U0VIEWER            become somebody else (U0OPERATOR, U0VIEWER, U0APPROVER, U0ADMIN, U0OUTSIDER)
  press Apply          press a button, in the form or under the newest private message
  choose mode flat     choose in the form; choose group NAME chooses the failover group
  fill reason words    write into the form
  submit, close        the form
  quit"""


class Terminal:
    """Carries out typed lines and prints what changed for the person and in the channel."""

    def __init__(self, rig: Rig, out: TextIO) -> None:
        """``out``: where everything is printed."""
        self._rig = rig
        self._out = out
        self._person = rig.slack.person(OPERATOR)
        self._name = OPERATOR
        self._private: dict[str, str] = {}
        self._cards: dict[str, str] = {}
        self._view: View | None = None

    def become(self, user_id: str) -> bool:
        """Type as somebody else from now on; False, and it is said, where there is nobody."""
        try:
            self._person = self._rig.slack.person(user_id)
        except KeyError:
            self._print(f"  there is nobody called {user_id}")
            return False
        self._name = user_id
        self._private = {one.ts: one.shown for one in self._person.private_messages()}
        return True

    def say(self, line: str) -> None:
        """Carry out one line and print what it led to."""
        self._print(f"\n{self._name}> {line}")
        try:
            self._do(line.strip())
        except PersonCannotError as error:
            self._print(f"  not possible: {str(error).splitlines()[0]}")
            return
        self._show()

    def _do(self, line: str) -> None:
        word, _, rest = line.partition(" ")
        before, hash_before = self._state(), self._hash()
        person = self._person
        told: Delivery | None
        if line.startswith("/"):
            told = person.types(line, channel=LIVEOPS)
        elif word == "press":
            told = person.presses(rest, on=self._surface(person))
        elif word == "choose":
            field, _, value = rest.partition(" ")
            told = self._choose(person, field, value)
        elif word == "fill":
            field, _, value = rest.partition(" ")
            told = person.fills(field, value)
        elif line == "submit":
            told = person.submits()
        elif line == "close":
            told = person.closes()
        else:
            self._print(HELP)
            return
        if told is not None:
            failure = f": {told.failure}" if told.failure else ""
            self._print(f"  (answered {told.status} in {told.seconds * 1000:.0f} ms{failure})")
            self._wait(before, hash_before)

    def _choose(self, person: SimulatedPerson, field: str, value: str) -> Delivery | None:
        if field == "group":
            found = person.searches("group", value)
            value = found[0]["value"] if found else value
        return person.chooses(field, value)

    def _surface(self, person: SimulatedPerson) -> View | Message | None:
        if person.view is not None:
            return person.view
        with_buttons = [one for one in person.private_messages() if one.blocks]
        return with_buttons[-1] if with_buttons else None

    def _wait(self, before: str, hash_before: str) -> None:
        """Until something new is to be seen and nothing is under way any more."""

        def changed() -> bool:
            # What is chosen in a form shows at once; what it leads to shows when it is redrawn.
            redrawn = self._hash() != hash_before
            return redrawn if hash_before else redrawn or self._state() != before

        try:
            self._person.waits_for(lambda: changed() and self._quiet(), 5)
        except PersonCannotError:
            if changed():
                self._person.waits_for(self._quiet, LONGEST_WAIT_SECONDS)

    def _hash(self) -> str:
        view = self._person.view
        return "" if view is None else view.id + view.hash

    def _quiet(self) -> bool:
        private = self._person.private_messages()
        newest = private[-1].shown if private else ""
        view = self._person.view
        seen = newest if view is None else view.shown
        cards = self._rig.slack.channel(AUDIT).text()
        change = CHANGE.search(seen)
        unannounced = change is not None and "applied" in seen and change.group(1) not in cards
        return not (WAITING.search(seen) or WAITING.search(cards) or unannounced or self._untold())

    def _untold(self) -> bool:
        """Whether a new card stands in the channel of which the person was not told yet."""
        told = self._person.sees()
        new = [
            card.shown
            for card in self._rig.slack.channel(AUDIT).messages()
            if card.ts not in self._cards
        ]
        changes = [found.group(1) for card in new if (found := CHANGE.search(card))]
        return any(change not in told for change in changes)

    def _state(self) -> str:
        return self._person.sees() + self._rig.slack.channel(AUDIT).text()

    def _show(self) -> None:
        view = self._person.view
        if view is not None and view != self._view:
            self._paragraph("in the form:", view.shown)
        self._view = view
        for title, messages, known in (
            ("only visible to you:", self._person.private_messages(), self._private),
            ("in the channel:", self._rig.slack.channel(AUDIT).messages(), self._cards),
        ):
            for message in messages:
                text = message.shown
                if known.get(message.ts) != text:
                    known[message.ts] = text
                    self._paragraph(title, text)

    def _paragraph(self, title: str, text: str) -> None:
        self._print(f"  {title}")
        self._print("\n".join(f"    {line}" for line in text.splitlines()))

    def _print(self, text: str) -> None:
        print(text, file=self._out, flush=True)


def converse(terminal: Terminal, lines: Iterator[str]) -> None:
    """Carry out lines until they end, or one says quit."""
    for line in lines:
        word = line.strip()
        if word == "quit":
            return
        if word.startswith("@"):
            terminal.become(word[1:])
        elif word:
            terminal.say(word)
