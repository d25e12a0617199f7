"""Views and private answers."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from slack_sdk.errors import SlackApiError

from workspace.client import PooledWebClient, translated


class SlackScreen:
    """``services.ports.Screen`` over the Web API and response URLs."""

    def __init__(self, client: PooledWebClient) -> None:
        """``client``: shared with everybody else who talks to Slack."""
        self._client = client

    def open_view(self, trigger_id: str, view: dict[str, Any]) -> str:
        """Open a modal; the view's ID."""
        answer = called(lambda: self._client.views_open(trigger_id=trigger_id, view=view))
        return str(answer["view"]["id"])

    def update_view(self, view_id: str, view: dict[str, Any], *, hash: str | None = None) -> None:
        """Redraw a view; with ``hash`` only if it is still as it was."""
        called(lambda: self._client.views_update(view_id=view_id, view=view, hash=hash))

    def publish_home(self, user_id: str, view: dict[str, Any]) -> None:
        """Put a view into somebody's Home tab."""
        called(lambda: self._client.views_publish(user_id=user_id, view=view))

    def respond(
        self, response_url: str, message: Mapping[str, Any], *, replace: bool = False
    ) -> None:
        """Answer privately where somebody typed or pressed."""
        body = {**message, "response_type": "ephemeral", "replace_original": replace}
        self._client.post_json(response_url, json.dumps(body).encode())

    def post_direct(self, user_id: str, message: Mapping[str, Any]) -> str:
        """Post a direct message to somebody; the address under which it can be edited."""
        answer = called(
            lambda: self._client.chat_postMessage(
                channel=user_id, parse="none", unfurl_links=False, unfurl_media=False, **message
            )
        )
        return json.dumps([str(answer["channel"]), str(answer["ts"])])

    def edit_direct(self, address: str, message: Mapping[str, Any]) -> None:
        """Draw a direct message anew."""
        channel, ts = json.loads(address)
        called(lambda: self._client.chat_update(channel=channel, ts=ts, parse="none", **message))


def called(call: Callable[[], Any]) -> Any:
    """Make a call of the Web API; its errors as SlackProblem."""
    try:
        return call()
    except SlackApiError as error:
        raise translated(error) from None
