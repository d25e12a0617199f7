"""Who is in a Slack user group [usergroups.users.list]."""

from failover.errors import SlackProblem
from workspace.client import PooledWebClient
from workspace.screen import called


class SlackUserGroups:
    """``services.ports.UserGroups`` over the Web API."""

    def __init__(self, client: PooledWebClient) -> None:
        """``client``: shared with everybody else who talks to Slack."""
        self._client = client

    def members(self, usergroup: str) -> frozenset[str]:
        """User IDs of the members, read now. Raises SlackProblem."""
        answer = called(lambda: self._client.usergroups_users_list(usergroup=usergroup))
        users = answer["users"]
        if not isinstance(users, list):
            raise SlackProblem("no_users_in_the_answer")
        return frozenset(str(user) for user in users)
