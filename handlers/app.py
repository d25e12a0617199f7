"""Bolt's own object, made so that it neither polls nor checks what the door has checked."""

from collections.abc import Callable
from typing import Protocol

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient


class Me(Protocol):
    """The bot's own IDs."""

    @property
    def team_id(self) -> str:
        """Of its workspace."""
        ...

    @property
    def bot_id(self) -> str:
        """As the author of messages."""
        ...

    @property
    def user_id(self) -> str:
        """As a member."""
        ...


def bolt_app(client: WebClient, known: Callable[[], Me | None]) -> App:
    """An app without listeners; ``known``: who the bot is, None until Slack has said it."""

    def authorize() -> AuthorizeResult:
        me = known()
        return AuthorizeResult(
            enterprise_id=None,
            team_id=None if me is None else me.team_id,
            bot_token=client.token,
            bot_id=None if me is None else me.bot_id,
            bot_user_id=None if me is None else me.user_id,
        )

    # The edge has checked the signature; Socket Mode has none. Listeners answer before they
    # return: Bolt's own way polls for the acknowledgement every 10 ms.
    token, client.token = client.token, None  # beside authorize() Bolt warns of any it can see
    app = App(
        client=client,
        authorize=authorize,
        process_before_response=True,
        request_verification_enabled=False,
        ssl_check_enabled=False,
    )
    client.token = token
    return app
