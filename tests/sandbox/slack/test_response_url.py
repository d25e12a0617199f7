"""Buttons in messages: what their payload holds, and what their response_url may do."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.slack.model import Message
from sandbox.slack.people import PersonCannotError, SimulatedPerson
from sandbox.slack.sample import AUDIT, OPERATOR, VIEWER
from sandbox.slack.server import SlackSimulator
from tests.sandbox.slack.bot_app import button, buttons, new_app, over_http, section


def posted(slack: SlackSimulator, viewer: str | None) -> Message:
    blocks = (section("before"), buttons(button("Go")))
    return slack.world.post(Message("", AUDIT, "U0BOT", "t", blocks, viewer=viewer))


def pressed(slack: SlackSimulator, message: Message, **answer: Any) -> dict[str, Any]:
    """Press the button; the bot answers through the response_url."""
    app, heard = new_app(slack), []
    operator = slack.person(OPERATOR)

    @app.action("press")
    def press(ack: Any, body: Any, respond: Any) -> None:
        ack()
        respond(**answer)
        heard.append(body)

    with over_http(slack, app):
        assert operator.presses("Go", on=message).ok
        operator.waits_for(lambda: heard)
    return dict(heard[0])


@pytest.mark.parametrize("viewer", [None, OPERATOR])
def test_a_message_is_replaced_where_it_stands_for_whom_it_was(
    slack: SlackSimulator, operator: SimulatedPerson, viewer: str | None
) -> None:
    message = posted(slack, viewer)
    pressed(slack, message, replace_original=True, text="x", blocks=[section("after")])
    now = slack.world.message(*message.key)
    assert now is not None
    assert (now.shown, now.viewer) == ("after", viewer)


@pytest.mark.parametrize("viewer", [None, OPERATOR])
def test_a_message_is_deleted(slack: SlackSimulator, viewer: str | None) -> None:
    message = posted(slack, viewer)
    pressed(slack, message, delete_original=True)
    assert slack.world.message(*message.key) is None


def test_a_plain_answer_is_private_and_leaves_the_message(
    slack: SlackSimulator, operator: SimulatedPerson
) -> None:
    message = posted(slack, None)
    pressed(slack, message, text="only you")
    assert slack.channel(AUDIT).messages() == [message]
    assert [m.text for m in operator.private_messages()] == ["only you"]


@pytest.mark.parametrize("viewer", [None, OPERATOR])
def test_the_payload_has_the_message_only_where_all_see_it(
    slack: SlackSimulator, viewer: str | None
) -> None:
    message = posted(slack, viewer)
    body = pressed(slack, message, text="x")
    assert body["container"] == {
        "type": "message", "message_ts": message.ts, "channel_id": AUDIT,
        "is_ephemeral": viewer is not None,
    }  # fmt: skip
    assert ("message" in body) == (viewer is None)
    assert body["actions"][0]["value"] == "v1"


def test_nobody_presses_what_only_another_sees(slack: SlackSimulator) -> None:
    with pytest.raises(PersonCannotError, match="no longer there"):
        slack.person(VIEWER).presses("Go", on=posted(slack, OPERATOR))


@pytest.mark.parametrize(
    ("answer", "status"),
    [({"text": ""}, 400), ({"blocks": [{"type": "x"}], "text": "x"}, 400), ({"text": "x"}, 200)],
)
def test_a_malformed_answer_is_refused(
    slack: SlackSimulator, operator: SimulatedPerson, answer: dict[str, Any], status: int
) -> None:
    pressed(slack, posted(slack, None), **answer)
    (call,) = slack.world.journal.calls("response_url")
    assert (call.status, call.ok) == (status, status == 200)
