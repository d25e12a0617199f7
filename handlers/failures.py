"""The one error listener: what a listener could not foresee, told on the surface in front."""

import json
import logging
from collections.abc import Callable, Sequence
from typing import Any

from slack_bolt import BoltResponse

from blocks import errors
from blocks.change_form import notice
from handlers import payload
from handlers.background import Background
from handlers.payload import Malformed

log = logging.getLogger(__name__)


def answer_failure(
    background: Background, new_id: Callable[[], str]
) -> Callable[..., BoltResponse]:
    """The listener for ``app.error``; ``new_id`` gives the references.

    A press can't be answered in the acknowledgement, so ``background`` tells of it.
    """

    def told(body: dict[str, Any], text: str) -> BoltResponse:
        if body.get("type") == "block_actions":
            reply = payload.surface(body)
            background.start(reply, lambda: background.tell(reply, text))
        return _on_surface(body, text)

    def listener(error: Exception, body: dict[str, Any]) -> BoltResponse:
        if isinstance(error, Malformed) or _tripped_bolt(error):
            log.warning("a payload that is not as documented: %s", error)
            return told(body, errors.MALFORMED)
        reference = new_id()[:8]
        log.error("unforeseen, reference %s", reference, exc_info=error)
        return told(body, errors.unforeseen(reference))

    return listener


def _tripped_bolt(error: Exception) -> bool:
    """Whether Bolt itself raised it, before any listener: a shape that Slack does not send."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    module = "" if trace is None else str(trace.tb_frame.f_globals.get("__name__"))
    return module.partition(".")[0] == "slack_bolt"


def _on_surface(body: dict[str, Any], text: str) -> BoltResponse:
    answer: dict[str, Any] = {}
    if "command" in body:
        answer = {"response_type": "ephemeral", **errors.note(text)}
    elif body.get("type") == "view_submission":
        answer = {"response_action": "update", "view": notice(text)}
    elif body.get("type") == "block_suggestion":
        answer = {"options": []}
    if not answer:
        return BoltResponse(status=200, body="")
    headers: dict[str, str | Sequence[str]] = {"content-type": "application/json"}
    return BoltResponse(status=200, body=json.dumps(answer), headers=headers)
