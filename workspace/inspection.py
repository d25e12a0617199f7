"""Questions that only somebody who sets the bot up asks of Slack."""

from dataclasses import dataclass

from failover.errors import SlackProblem
from workspace.client import PooledWebClient
from workspace.screen import called


@dataclass(frozen=True, slots=True)
class Token:
    """Whose a token is [auth.test]; ``scopes`` None: Slack did not say (x-oauth-scopes)."""

    workspace: str
    user: str
    scopes: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel as the bot sees it [conversations.info]."""

    name: str
    member: bool
    archived: bool


class Inspection:
    """Each method asks once and raises SlackProblem."""

    def __init__(self, client: PooledWebClient) -> None:
        """``client``: with the bot's token."""
        self._client = client

    def token(self) -> Token:
        """Who the bot is, and what it may do."""
        answer = called(self._client.auth_test)
        told = answer.headers.get("x-oauth-scopes")
        scopes = None if told is None else frozenset(filter(None, told.replace(" ", "").split(",")))
        return Token(str(answer.get("team", "")), str(answer.get("user", "")), scopes)

    def channel(self, channel_id: str) -> Channel:
        """What the bot is in a channel."""
        found = called(lambda: self._client.conversations_info(channel=channel_id)).get("channel")
        if not isinstance(found, dict):
            raise SlackProblem("no_channel_in_the_answer")
        return Channel(
            str(found.get("name", channel_id)),
            member=found.get("is_member") is True,
            archived=found.get("is_archived") is True,
        )

    def read(self, channel_id: str) -> None:
        """Read the last message of a channel."""
        called(lambda: self._client.conversations_history(channel=channel_id, limit=1))


def open_link(client: PooledWebClient, app_token: str) -> None:
    """Ask for the address of a Socket Mode link, and use it for nothing. Raises SlackProblem."""
    called(lambda: client.apps_connections_open(app_token=app_token))
