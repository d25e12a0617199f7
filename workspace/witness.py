"""The audit channel as a witness: heads of the audit chain, posted and read again."""

import json
import logging
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from blocks.ids import HEAD_EVENT
from blocks.witness import witness as drawn
from failover.audit import utc
from failover.audit_chain import Head, Mark
from failover.errors import SlackProblem
from failover.witness import Evidence, Witness
from workspace.client import PooledWebClient
from workspace.messenger import UNSEARCHABLE
from workspace.screen import called

log = logging.getLogger(__name__)

PAGE = 200
PAGES = 45
"""Slack allows about 50 such calls a minute [conversations.history, tier 3]."""
SEEN_BEFORE_SECONDS = 120
"""How far before its moment a head is looked for: Slack's clock is not ours."""
HASH = re.compile(r"[0-9a-f]{64}")


class ChannelWitness:
    """``services.audit_ports.WitnessBoard`` over the Web API."""

    def __init__(self, client: PooledWebClient, channel: str) -> None:
        """``channel``: the audit channel."""
        self._client = client
        self._channel = channel

    def post(self, witness: Witness) -> str:
        """Post a head; its address."""
        head = witness.head
        payload = {"n": head.n, "hash": head.hash, "at": utc(witness.at)}
        answer = called(
            lambda: self._client.chat_postMessage(
                channel=self._channel,
                metadata={"event_type": HEAD_EVENT, "event_payload": payload},
                parse="none",
                unfurl_links=False,
                unfurl_media=False,
                **drawn(head),
            )
        )
        return json.dumps([str(answer["channel"]), str(answer["ts"])])

    def find(self, witness: Witness) -> str | None:
        """The address of a head that was posted although nobody knows it."""
        oldest = witness.at.timestamp() - SEEN_BEFORE_SECONDS
        try:
            for messages, _ in self._pages(f"{oldest:.6f}"):
                for message in messages:
                    if _head(message) == witness.head:
                        return json.dumps([self._channel, str(message["ts"])])
        except SlackProblem as problem:
            if problem.error not in UNSEARCHABLE:
                raise
            log.error("the channel can't be searched (%s): a head may stand twice", problem.error)
        return None

    def read(self) -> Evidence:
        """Every head that the bot itself has posted, in the newest 9,000 messages."""
        me = str(called(self._client.auth_test)["bot_id"])
        pages = list(self._pages(None))
        messages = [message for page, _ in pages for message in page]
        # Another app may call its messages what it likes.
        mine = [one for one in messages if one.get("bot_id") == me and _is_head(one)]
        heads = [(head, one) for one in mine if (head := _head(one)) is not None]
        marks = [
            Mark(head, datetime.fromtimestamp(float(one["ts"]), UTC))
            for head, one in heads
            if not one.get("edited")
        ]
        # The bot never edits them [message event: edited].
        edited = tuple(head for head, one in heads if one.get("edited"))
        garbled = len(mine) - len(heads)
        whole = not pages[-1][1]
        return Evidence(tuple(marks), len(messages), whole, garbled, edited, self._channel)

    def _pages(self, oldest: str | None) -> Iterator[tuple[list[dict[str, Any]], bool]]:
        """The channel's messages, newest first, and whether there are older ones yet."""
        cursor = None
        for _ in range(PAGES):
            found = self._page(oldest, cursor)
            cursor = (found.get("response_metadata") or {}).get("next_cursor")
            yield found["messages"], bool(cursor)
            if not cursor:
                return

    def _page(self, oldest: str | None, cursor: str | None) -> Any:
        return called(
            lambda: self._client.conversations_history(
                channel=self._channel,
                oldest=oldest,
                cursor=cursor,
                limit=PAGE,
                include_all_metadata=True,
            )
        )


def _is_head(message: dict[str, Any]) -> bool:
    return (message.get("metadata") or {}).get("event_type") == HEAD_EVENT


def _head(message: dict[str, Any]) -> Head | None:
    """The head that a message holds; None: none, or not whole."""
    if not _is_head(message):
        return None
    payload = message["metadata"].get("event_payload") or {}
    number, digest = payload.get("n"), payload.get("hash")
    if type(number) is not int or not isinstance(digest, str) or not HASH.fullmatch(digest):
        return None
    return Head(number, digest)
