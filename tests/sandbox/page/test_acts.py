"""What people do at the screen, over HTTP, with a small bot that answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from slack_bolt import App

from sandbox.page.acts import Acts, Refused
from sandbox.page.manifest import Manifest, read_manifest
from sandbox.rig import Rig
from sandbox.slack.model import Message, View
from sandbox.slack.people import PersonCannotError
from tests.sandbox.page.browser import Browser, SmallStage
from tests.sandbox.slack.bot_app import (
    button,
    buttons,
    modal,
    new_app,
    option,
    over_http,
    plain,
    section,
    text_input,
)

ME = "U0OPERATOR"
PRESS = {"person": ME, "do": "press", "block_id": "b", "action_id": "a"}
NOTHING_CAUSED = {"ok": True, "status": None, "ms": 0.0, "failure": ""}


def two_modes() -> list[dict[str, Any]]:
    """Two menus that only the block tells apart."""
    options = [option("flat"), option("prioritized")]
    element = {"type": "static_select", "action_id": "mode", "placeholder": plain("Pick")}
    return [
        section("Mode") | {"block_id": block, "accessory": element | {"options": options}}
        for block in ("first", "second")
    ]


def group_menu() -> dict[str, Any]:
    element = {"type": "external_select", "action_id": "group", "placeholder": plain("Find")}
    return {
        "type": "input", "block_id": "group_row", "label": plain("Group"), "optional": True,
        "element": element | {"min_query_length": 1},
    }  # fmt: skip


FORM = modal(
    *two_modes(), group_menu(), text_input(optional=True), buttons(button("Check")),
    notify_on_close=True,
)  # fmt: skip


@pytest.fixture
def app(rig: Rig) -> Iterator[App]:
    app = new_app(rig.slack)
    app.seen = []  # type: ignore[attr-defined]

    def note(ack: Any, body: Any, client: Any) -> None:
        ack()
        app.seen.append(body)  # type: ignore[attr-defined]

    def command(ack: Any, client: Any, body: Any) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=FORM)

    app.command("/failover")(command)
    for action in ("mode", "press", "reason_text"):
        app.action(action)(note)
    app.view("form")(note)
    app.view_closed("form")(note)
    app.options("group")(lambda ack: ack(options=[option("cup"), option("final")]))
    with over_http(rig.slack, app):
        yield app


@pytest.fixture
def form(rig: Rig, app: App) -> View:
    return rig.slack.person(ME).opens_form()


def on(view: View) -> dict[str, str]:
    return {"view": view.id}


def test_a_command_is_answered_when_the_bot_has(browser: Browser, rig: Rig, app: App) -> None:
    with browser.watching(ME) as watching:
        answer = browser.act(ME, "type", line="/failover status", channel="C0LIVEOPS")
        assert answer.status == 200
        assert answer.json()["ok"] is True
        assert answer.json()["status"] == 200
        assert answer.json()["ms"] > 0
        watching.until(lambda known: known.get("modal"))
        assert watching.known["modal"][0]["title"] == "Form"
    assert rig.slack_world.journal.deliveries("command")[0].request["channel_id"] == "C0LIVEOPS"


def test_a_bot_that_is_away_shows_as_slack_shows_it(browser: Browser, rig: Rig) -> None:
    rig.slack.deliver_to("http://127.0.0.1:9/slack/events")
    with browser.watching(ME) as watching:
        answer = browser.act(ME, "type", line="/failover", channel="C0LIVEOPS").json()
        assert (answer["ok"], answer["failure"]) == (False, "dispatch_failed")
        watching.until(lambda known: watching.messages("C0LIVEOPS"))
        (line,) = watching.messages("C0LIVEOPS")
        assert (line["author"], line["ephemeral"], line["via"]) == ("USLACKBOT", True, "slack")
        assert line["text"] == '/failover failed with the error "dispatch_failed"'


def test_plain_text_is_a_message_of_that_person(browser: Browser, rig: Rig) -> None:
    line = "hello @viewer <!channel> & *all*"
    answer = browser.act(ME, "type", line=line, channel="C0LIVEOPS")
    assert answer.json() == NOTHING_CAUSED
    (message,) = rig.slack_world.messages("C0LIVEOPS")
    assert (message.author, message.viewer, message.via) == (ME, None, "person")
    assert message.text == "hello <@U0VIEWER> &lt;!channel&gt; &amp; *all*"
    known = {(one.text, one.author) for one in rig.slack_world.foreign.texts()}
    assert (line, ME) in known
    assert rig.slack_world.journal.deliveries() == []


def test_an_unknown_command_is_refused_by_slack_itself(browser: Browser, rig: Rig) -> None:
    answer = browser.act(ME, "type", line="/fail<o>ver now", channel="C0LIVEOPS")
    assert answer.json() == NOTHING_CAUSED
    (message,) = rig.slack_world.private_messages(ME)
    assert message.text.startswith("`/fail&lt;o&gt;ver` is not a valid command. In Slack, ")
    assert (message.author, message.viewer, message.via) == ("USLACKBOT", ME, "slack")
    assert rig.slack_world.journal.deliveries() == []


def test_nothing_is_sent_in_a_tab_that_is_read_only(browser: Browser, rig: Rig) -> None:
    direct = rig.slack_world.direct_channel(ME).id
    answer = browser.act(ME, "type", line="hello", channel=direct)
    assert (answer.status, answer.json()["error"]) == (
        409, "Sending messages to this app has been turned off.",
    )  # fmt: skip
    assert rig.slack_world.messages(direct) == []


def test_elements_are_told_apart_by_both_ids(browser: Browser, form: View, app: App) -> None:
    answer = browser.act(
        ME, "choose", on=on(form), block_id="second", action_id="mode", value="flat"
    )
    assert answer.json()["ok"] is True
    assert answer.json()["status"] == 200
    action = app.seen[0]["actions"][0]  # type: ignore[attr-defined]
    assert (action["block_id"], action["selected_option"]["value"]) == ("second", "flat")


def test_a_search_offers_and_a_choice_takes(browser: Browser, form: View, rig: Rig) -> None:
    place = {"on": on(form), "block_id": "group_row", "action_id": "group"}
    assert browser.act(ME, "search", **place, query="").json() == {"options": []}
    found = browser.act(ME, "search", **place, query="cu").json()["options"]
    assert [one["value"] for one in found] == ["cup", "final"]
    assert found[0]["text"]["text"] == "Cup"
    assert browser.act(ME, "choose", **place, value="cup").json() == NOTHING_CAUSED
    view = rig.slack.person(ME).view
    assert view is not None
    assert view.state["group_row"]["group"]["selected_option"]["value"] == "cup"
    assert browser.act(ME, "choose", **place, value=None).status == 200
    refused = browser.act(ME, "choose", **place, value="other")
    assert refused.status == 409
    assert "'other' is not offered" in refused.json()["error"]
    assert "\n" not in refused.json()["error"]


def test_a_button_is_pressed_in_a_form_and_in_a_message(
    browser: Browser, form: View, rig: Rig, app: App
) -> None:
    row = {"block_id": "row", "action_id": "press"}
    assert browser.act(ME, "press", on=on(form), **row).json()["ok"]
    blocks = (buttons(button("Yes")),)
    posted = rig.slack_world.post(Message("", "C0LIVEOPS", "U0BOT", "Well?", blocks, viewer=ME))
    message = {"message": list(posted.key)}
    assert browser.act(ME, "press", on=message, **row).json()["ok"]
    assert [one["container"]["type"] for one in app.seen] == [  # type: ignore[attr-defined]
        "view", "message",
    ]  # fmt: skip
    assert browser.act("U0VIEWER", "press", on=message, **row).status == 404


def test_what_was_typed_goes_with_the_submission(browser: Browser, form: View, app: App) -> None:
    fills = [{"block_id": "reason", "action_id": "reason_text", "text": "rehearsal"}]
    answer = browser.act(ME, "submit", view=form.id, fills=fills)
    assert answer.json()["ok"] is True
    (body,) = app.seen  # type: ignore[attr-defined]
    assert body["type"] == "view_submission"
    assert body["view"]["state"]["values"]["reason"]["reason_text"]["value"] == "rehearsal"


def test_text_is_filled_in_and_stays(browser: Browser, form: View, rig: Rig) -> None:
    place = {"on": on(form), "block_id": "reason", "action_id": "reason_text"}
    assert browser.act(ME, "fill", **place, text="because").json() == NOTHING_CAUSED
    view = rig.slack.person(ME).view
    assert view is not None
    assert view.state["reason"]["reason_text"]["value"] == "because"


def test_a_form_is_closed_once(browser: Browser, form: View, rig: Rig, app: App) -> None:
    assert browser.act(ME, "close", view=form.id, all=False).json()["status"] == 200
    assert rig.slack.person(ME).view is None
    assert app.seen[0]["type"] == "view_closed"  # type: ignore[attr-defined]
    again = browser.act(ME, "close", view=form.id)
    assert (again.status, set(again.json())) == (409, {"error"})


def test_what_lies_behind_cannot_be_reached(browser: Browser, form: View, rig: Rig) -> None:
    rig.slack_world.views.push(ME, modal(section("Sure?")), form.id)
    row = {"block_id": "row", "action_id": "press"}
    assert browser.act(ME, "press", on=on(form), **row).status == 409
    assert browser.act(ME, "submit", view=form.id).status == 409
    with pytest.raises(PersonCannotError, match="another modal is in front"):
        rig.slack.person(ME).submits(form)


def test_other_peoples_forms_are_theirs(browser: Browser, form: View, app: App) -> None:
    row = {"block_id": "row", "action_id": "press"}
    assert browser.act("U0VIEWER", "press", on=on(form), **row).status == 404
    assert browser.act("U0VIEWER", "submit", view=form.id).status == 404
    assert browser.act("U0VIEWER", "close", view=form.id).status == 404
    assert app.seen == []  # type: ignore[attr-defined]


def test_the_home_tab_tells_a_bot_that_wants_to_know(rig: Rig, stage: SmallStage, app: App) -> None:
    incurious = Manifest("Failover", (), False, frozenset())
    assert Acts(stage, incurious).do({"person": ME, "do": "home"}) == NOTHING_CAUSED
    assert rig.slack_world.journal.deliveries("app_home_opened") == []
    curious = Manifest("Failover", (), False, frozenset({"app_home_opened"}))
    told = Acts(stage, curious).do({"person": ME, "do": "home"})
    assert told["status"] is not None
    assert len(rig.slack_world.journal.deliveries("app_home_opened")) == 1


def test_a_reload_forgets_what_only_this_person_saw(browser: Browser, rig: Rig) -> None:
    rig.slack_world.post(Message("", "C0LIVEOPS", "U0BOT", "psst", viewer=ME))
    with browser.watching(ME) as watching:
        watching.batch()
        assert watching.messages("C0LIVEOPS")
        assert browser.act(ME, "reload").json() == NOTHING_CAUSED
        watching.until(lambda known: not watching.messages("C0LIVEOPS"))


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"person": "U0NOBODY", "do": "reload"}, 404),
        ({"person": "U0BOT", "do": "reload"}, 404),
        ({"person": 5, "do": "reload"}, 400),
        ({"do": "reload"}, 400),
        ({"person": ME}, 400),
        ({"person": ME, "do": "__init__"}, 400),
        ({"person": ME, "do": "type", "line": "x", "channel": "C0NOWHERE"}, 404),
        ({"person": ME, "do": "type", "line": "x", "channel": "D0VIEWER"}, 404),
        ({"person": ME, "do": "type", "line": "  ", "channel": "C0LIVEOPS"}, 400),
        ({"person": ME, "do": "type", "line": None, "channel": "C0LIVEOPS"}, 400),
        (PRESS, 400),
        (PRESS | {"on": []}, 400),
        (PRESS | {"on": {"message": ["C0LIVEOPS", "1.0"]}}, 404),
        (PRESS | {"on": {"view": "V9"}}, 404),
        ({"person": ME, "do": "submit", "view": "V9"}, 404),
    ],
)
def test_what_makes_no_sense_is_refused(browser: Browser, body: Any, status: int) -> None:
    answer = browser.post("/act", body)
    assert (answer.status, set(answer.json())) == (status, {"error"})


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"fills": "text"}, 400),
        ({"fills": [1]}, 400),
        ({"fills": [{"block_id": "reason", "action_id": "reason_text"}]}, 400),
        ({"fills": [{"block_id": "first", "action_id": "mode", "text": "x"}]}, 409),
        ({"fills": [{"block_id": "gone", "action_id": "gone", "text": "x"}]}, 409),
    ],
)
def test_fills_that_fit_nowhere_submit_nothing(
    browser: Browser, form: View, app: App, more: Any, status: int
) -> None:
    assert browser.act(ME, "submit", view=form.id, **more).status == status
    assert app.seen == []  # type: ignore[attr-defined]


def test_an_element_that_is_gone_cannot_be_pressed(browser: Browser, form: View) -> None:
    answer = browser.act(ME, "press", on=on(form), block_id="row", action_id="other")
    assert answer.status == 409
    assert answer.json()["error"] == "Slack does not allow that: 0 elements called row/other."


def test_while_the_sandbox_starts_nothing_is_done(stage: SmallStage) -> None:
    stage.rig = None
    with pytest.raises(Refused) as caught:
        Acts(stage, read_manifest()).do({"person": ME, "do": "reload"})
    assert caught.value.status == 409
