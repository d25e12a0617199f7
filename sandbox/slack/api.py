"""The simulated Web API: from method name, token and arguments to an answer.

Error words are those of the page "web api" and of each method; scopes are checked against the
world's, so that a missing one can be tried.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sandbox.slack import api_chat as slack_api_chat
from sandbox.slack import api_lookup as slack_api_lookup
from sandbox.slack import api_views as slack_api_views
from sandbox.slack.args import Arguments, read_arguments
from sandbox.slack.model import Json, SlackError
from sandbox.slack.world import SlackWorld

Handler = Callable[[SlackWorld, Arguments], Json]


@dataclass(frozen=True, slots=True)
class Method:
    """A method's code and the scopes of which the token needs one."""

    handler: Handler
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ApiAnswer:
    """What goes back: JSON body and extra headers; HTTP status is 200."""

    body: Json
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """The body's ``ok``."""
        return bool(self.body["ok"])


_CHANNELS = ("channels:read", "groups:read", "im:read")
_HISTORY = ("channels:history", "groups:history", "im:history")
METHODS: Mapping[str, Method] = {
    "auth.test": Method(slack_api_lookup.auth_test),
    "chat.postMessage": Method(slack_api_chat.post_message, ("chat:write",)),
    "chat.postEphemeral": Method(slack_api_chat.post_ephemeral, ("chat:write",)),
    "chat.update": Method(slack_api_chat.update, ("chat:write",)),
    "chat.delete": Method(slack_api_chat.delete, ("chat:write",)),
    "chat.getPermalink": Method(slack_api_chat.get_permalink),
    "conversations.history": Method(slack_api_lookup.conversations_history, _HISTORY),
    "conversations.info": Method(slack_api_lookup.conversations_info, _CHANNELS),
    "conversations.list": Method(slack_api_lookup.conversations_list, _CHANNELS),
    "conversations.join": Method(slack_api_lookup.conversations_join, ("channels:join",)),
    "conversations.open": Method(slack_api_lookup.conversations_open, ("im:write",)),
    "users.info": Method(slack_api_lookup.users_info, ("users:read",)),
    "usergroups.list": Method(slack_api_lookup.usergroups_list, ("usergroups:read",)),
    "usergroups.users.list": Method(slack_api_lookup.usergroups_users, ("usergroups:read",)),
    "views.open": Method(slack_api_views.open_view),
    "views.push": Method(slack_api_views.push_view),
    "views.update": Method(slack_api_views.update_view),
    "views.publish": Method(slack_api_views.publish_view),
}
CONNECTIONS_OPEN = "apps.connections.open"


class WebApi:
    """Answers calls for one bot token and one app-level token.

    ``new_link`` makes the one-time address of a Socket Mode connection.
    """

    def __init__(
        self, world: SlackWorld, bot_token: str, app_token: str, new_link: Callable[[], str]
    ) -> None:
        self._world = world
        self._bot_token = bot_token
        self._app_token = app_token
        self._new_link = new_link

    def call(self, method: str, token: str, args: Arguments) -> ApiAnswer:
        """The answer to a call; failures are answers too."""
        try:
            with self._world.changed:
                result = self._run(method, token, args)
        except SlackError as error:
            return ApiAnswer({"ok": False, "error": error.word, **error.extra})
        scopes = ",".join(sorted(self._world.scopes))
        return ApiAnswer({"ok": True, **result}, {"x-oauth-scopes": scopes})

    def _run(self, method: str, token: str, args: Arguments) -> Json:
        if method == CONNECTIONS_OPEN:
            self._check_token(token, self._app_token, self._bot_token)
            return {"url": self._new_link()}
        known = METHODS.get(method)
        if known is None:
            raise SlackError("unknown_method", req_method=method)
        self._check_token(token or args.text("token"), self._bot_token, self._app_token)
        self._check_scopes(known)
        return known.handler(self._world, args)

    def _check_token(self, token: str, wanted: str, other: str) -> None:
        if not token:
            raise SlackError("not_authed")
        if token == other:
            raise SlackError("not_allowed_token_type")
        if token != wanted:
            raise SlackError("invalid_auth")

    def _check_scopes(self, known: Method) -> None:
        if known.scopes and not self._world.scopes.intersection(known.scopes):
            provided = ",".join(sorted(self._world.scopes))
            raise SlackError("missing_scope", needed=known.scopes[0], provided=provided)


def parse_call(content_type: str, body: bytes, query: str) -> Arguments:
    """Arguments of a request from query string and body; raises ``SlackError``."""
    from_query = read_arguments("", query.encode()).given
    return Arguments({**from_query, **read_arguments(content_type, body).given})
