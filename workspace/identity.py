"""Who the bot is in the workspace [auth.test]."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from failover.errors import SlackProblem
from workspace.client import PooledWebClient
from workspace.screen import called

log = logging.getLogger(__name__)

RETRY_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Self:
    """The bot's own IDs; ``home`` holds those of its workspace and its organisation, if any."""

    team_id: str
    home: frozenset[str]
    user_id: str
    bot_id: str


class Identity:
    """Learns who the bot is, trying until Slack answers: the bot starts without Slack, too.

    ``asked`` turns True once Slack has had its chance, whatever it said.
    """

    def __init__(self, client: PooledWebClient, learned: Callable[[Self], None]) -> None:
        """``learned`` is called once."""
        self._client = client
        self._learned = learned
        self.known: Self | None = None
        self.asked = False

    def tick(self) -> float | None:
        """Ask, unless it is known; seconds until the next try, None: no further one is needed."""
        if self.known is not None:
            return None
        try:
            answer = called(self._client.auth_test)
        except SlackProblem as problem:
            log.error("Slack does not say who the bot is: %s", problem.error)
            self.asked = True
            return RETRY_SECONDS
        team, enterprise = str(answer["team_id"]), answer.get("enterprise_id")
        home = frozenset({team, str(enterprise)} if enterprise else {team})
        self.known = Self(team, home, str(answer["user_id"]), str(answer["bot_id"]))
        self._learned(self.known)
        self.asked = True
        return None
