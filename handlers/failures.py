"""The one error listener: what a listener could not foresee, told on the surface in front."""

import json
import logging
from collections.abc import Callable, Sequence
from typing import Any

from slack_bolt import BoltResponse

from blocks import errors
from blocks.change_form import notice
from handlers.payload import Malformed

log = logging.getLogger(__name__)


def answer_failure(new_id: Callable[[], str]) -> Callable[..., BoltResponse]:
    """The listener for ``app.error``; ``new_id`` gives the references."""

    def listener(error: Exception, body: dict[str, Any]) -> BoltResponse:
        if isinstance(error, Malformed):
            log.warning("a payload that is not as documented: %s", error)
            return _on_surface(body, errors.MALFORMED)
        reference = new_id()[:8]
        log.error("unforeseen, reference %s", reference, exc_info=error)
        return _on_surface(body, errors.unforeseen(reference))

    return listener


def _on_surface(body: dict[str, Any], text: str) -> BoltResponse:
    answer: dict[str, Any] = {}
    if "command" in body:
        answer = {"response_type": "ephemeral", **errors.note(text)}
    elif body.get("type") == "view_submission":
        answer = {"response_action": "update", "view": notice("Failover", text)}
    elif body.get("type") == "block_suggestion":
        answer = {"options": []}
    if not answer:
        return BoltResponse(status=200, body="")
    headers: dict[str, str | Sequence[str]] = {"content-type": "application/json"}
    return BoltResponse(status=200, body=json.dumps(answer), headers=headers)
