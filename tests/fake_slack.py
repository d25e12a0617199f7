"""Slack as it takes messages and lists user groups."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from failover.errors import (
    SlackProblem,
)
from failover.lifecycle import Record, State


@dataclass
class FakeMessenger:
    """Slack's side of the messages: ``cards`` by address, ``answers`` in order, each as told.

    ``problems``: for each of the next calls what goes wrong, None for nothing. A post with a
    problem whose ``maybe_done`` is set stands in the channel all the same, if ``loses`` says so.
    """

    cards: dict[str, tuple[str, State]] = field(default_factory=dict)
    answers: list[tuple[str, State]] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    problems: deque[Exception | None] = field(default_factory=deque)
    loses: bool = True
    meanwhile: Callable[[], None] = lambda: None

    def post_card(self, record: Record) -> str:
        self.log.append(f"post {record.id} {record.state}")
        problem = self._problem()
        if problem is not None and not (_doubtful(problem) and self.loses):
            raise problem
        address = f"C0AUDIT/{len(self.cards) + 1}"
        self.cards[address] = (record.id, record.state)
        if problem is not None:
            raise problem
        return address

    def edit_card(self, address: str, record: Record) -> None:
        self.log.append(f"edit {record.id} {record.state}")
        self._raise()
        if address not in self.cards:
            raise SlackProblem("message_not_found")
        self.cards[address] = (record.id, record.state)

    def find_card(self, record: Record) -> str | None:
        self.log.append(f"find {record.id}")
        self._raise()
        found = [address for address, (one, _) in self.cards.items() if one == record.id]
        return found[0] if found else None

    def answer(self, record: Record) -> None:
        self.log.append(f"answer {record.id} {record.state}")
        self._raise()
        self.answers.append((record.id, record.state))

    def _raise(self) -> None:
        problem = self._problem()
        if problem is not None:
            raise problem

    def _problem(self) -> Exception | None:
        self.meanwhile()
        return self.problems.popleft() if self.problems else None


def _doubtful(problem: Exception) -> bool:
    return isinstance(problem, SlackProblem) and problem.maybe_done


@dataclass
class FakeUserGroups:
    """Members by user group; ``problems`` says which can't be read, and why."""

    groups: dict[str, frozenset[str]] = field(default_factory=dict)
    problems: dict[str, SlackProblem] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    meanwhile: Callable[[], None] = lambda: None

    def members(self, usergroup: str) -> frozenset[str]:
        self.asked.append(usergroup)
        if usergroup in self.problems:
            raise self.problems[usergroup]
        answer = self.groups.get(usergroup, frozenset())
        self.meanwhile()
        return answer
