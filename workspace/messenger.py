"""The messages that tell of a change: the card in the audit channel, the private answer."""

import json
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from blocks.announcement import card
from blocks.answers import answer, answer_line, outcome_view
from blocks.ids import CARD_EVENT
from failover.errors import SlackProblem
from failover.lifecycle import Record
from failover.model import FailoverGroup
from workspace.client import PooledWebClient
from workspace.screen import SlackScreen, called

log = logging.getLogger(__name__)

UNDRAWABLE = frozenset(
    {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long"}
)
"""Slack's words for blocks it does not take; the plain line is better than no card at all."""

UNSEARCHABLE = frozenset({"missing_scope", "no_permission", "not_allowed_token_type"})
HISTORY = "the app needs channels:history or groups:history; a card may be posted twice"

PAGE = 200
PAGES = 5
SEEN_BEFORE_SECONDS = 120
"""How far before the request the channel is searched: Slack's clock is not ours."""


class SlackMessenger:
    """``services.ports.Messenger`` over the Web API."""

    def __init__(
        self,
        client: PooledWebClient,
        channel: str,
        shown: Callable[[Record], FailoverGroup | None],
        clock: Callable[[], datetime],
    ) -> None:
        """``channel``: the audit channel; ``shown``: what the person had seen; ``clock``: UTC."""
        self._client = client
        self._screen = SlackScreen(client)
        self._channel = channel
        self._shown = shown
        self._clock = clock

    def post_card(self, record: Record) -> str:
        """Post the confirmation; the address under which it can be edited."""
        drawn = card(record, self._clock())
        try:
            return self._post(record, drawn)
        except SlackProblem as problem:
            if problem.error not in UNDRAWABLE:
                raise
            log.error("Slack refuses the card of change %s: %s", record.id, problem.error)
            return self._post(record, {"text": drawn["text"]})

    def edit_card(self, address: str, record: Record) -> None:
        """Bring the confirmation up to the record, and what it counts down up to now."""
        drawn = card(record, self._clock())
        try:
            self._edit(address, drawn)
        except SlackProblem as problem:
            if problem.error not in UNDRAWABLE:
                raise
            log.error("Slack refuses the card of change %s: %s", record.id, problem.error)
            # Blocks that are not named would stay, and go on telling of an earlier state.
            self._edit(address, {"text": drawn["text"], "blocks": []})

    def find_card(self, record: Record) -> str | None:
        """The address of a confirmation that was posted although its answer was lost."""
        oldest = record.request.received_at.timestamp() - SEEN_BEFORE_SECONDS
        cursor = None
        for _ in range(PAGES):
            try:
                found = self._history(f"{oldest:.6f}", cursor)
            except SlackProblem as problem:
                if problem.error not in UNSEARCHABLE:
                    raise
                log.error(
                    "the channel can't be searched for cards (%s): %s", problem.error, HISTORY
                )
                return None
            for message in found["messages"]:
                if _tells_of(message, record.id):
                    return _address(self._channel, str(message["ts"]))
            cursor = (found.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return None
        log.warning("the card of change %s was not found in %d messages", record.id, PAGE * PAGES)
        return None

    def answer(self, record: Record) -> None:
        """Tell the requester where they are looking; where that is gone, in a direct message."""
        try:
            self._answer_there(record)
        except SlackProblem as problem:
            if problem.retry_after is not None or problem.maybe_done:
                raise
            log.info("answer for change %s goes to a direct message: %s", record.id, problem.error)
            self._answer_directly(record)

    def _answer_there(self, record: Record) -> None:
        reply = record.request.reply
        shown, now = self._shown(record), self._clock()
        if reply.view_id is not None:
            self._screen.update_view(reply.view_id, outcome_view(record, shown, now))
        elif reply.response_url is not None:
            drawn = answer(record, shown, now)
            self._screen.respond(reply.response_url, drawn, replace=reply.replaces)
        else:
            raise SlackProblem("nowhere_to_answer")

    def _answer_directly(self, record: Record) -> None:
        drawn = answer(record, self._shown(record), self._clock())
        # Unlike a private answer in a channel, a direct message notifies with its ``text``.
        told = drawn | {"text": answer_line(record)}
        called(
            lambda: self._client.chat_postMessage(
                channel=record.request.actor.user_id,
                parse="none",
                unfurl_links=False,
                unfurl_media=False,
                **told,
            )
        )

    def _post(self, record: Record, drawn: dict[str, Any]) -> str:
        metadata = {"event_type": CARD_EVENT, "event_payload": {"change_id": record.id}}
        answer = called(
            lambda: self._client.chat_postMessage(
                channel=self._channel,
                metadata=metadata,
                parse="none",
                unfurl_links=False,
                unfurl_media=False,
                **drawn,
            )
        )
        return _address(str(answer["channel"]), str(answer["ts"]))

    def _edit(self, address: str, drawn: dict[str, Any]) -> None:
        channel, ts = json.loads(address)
        called(lambda: self._client.chat_update(channel=channel, ts=ts, parse="none", **drawn))

    def _history(self, oldest: str, cursor: str | None) -> Any:
        return called(
            lambda: self._client.conversations_history(
                channel=self._channel,
                oldest=oldest,
                cursor=cursor,
                limit=PAGE,
                include_all_metadata=True,
            )
        )


def _address(channel: str, ts: str) -> str:
    return json.dumps([channel, ts])


def _tells_of(message: dict[str, Any], change_id: str) -> bool:
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    return metadata.get("event_type") == CARD_EVENT and payload.get("change_id") == change_id
