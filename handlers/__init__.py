"""Who calls us: what each press, line and event of Slack sets in motion."""

import logging
import re
from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App, BoltRequest

from blocks import ids
from failover.draft import Field
from handlers import payload
from handlers.background import Background
from handlers.buttons import ButtonHandlers
from handlers.failures import answer_failure
from handlers.form import FormHandlers
from handlers.home import HomeHandlers
from handlers.payload import Press
from handlers.second_person import SecondPersonHandlers
from handlers.set_form import SetFormHandlers
from handlers.sets import SetHandlers
from handlers.slash import SlashHandlers
from services import Services

log = logging.getLogger(__name__)

ANYTHING = re.compile("")


def register(app: App, services: Services) -> None:
    """The table of contents: every listener, in the order in which Bolt asks them."""
    background = Background(services)
    form = FormHandlers(services, background)
    slash = SlashHandlers(services, background, form)
    buttons = ButtonHandlers(services, background, form)
    home = HomeHandlers(services, background, form)
    second = SecondPersonHandlers(services, background)
    sets = SetHandlers(services, background)
    several = SetFormHandlers(services, background, sets)

    app.command("/failover")(slash.on_command)
    app.options(ids.GROUP)(form.on_search)
    app.view(ids.FORM)(form.on_submit)
    for action_id in (ids.GROUP, ids.WHAT, *Field, ids.RELOAD_FORM):
        app.action(action_id)(_pressed(form.on_press))
    app.action(ids.APPLY)(_pressed_with_request(buttons.on_apply))
    app.action(ids.CANCEL)(_pressed(buttons.on_cancel))
    app.action(ids.TRY_AGAIN)(_pressed(buttons.on_try_again))
    app.action(ids.ACTIVATE_ANYWAY)(_pressed(buttons.on_activate_anyway))
    app.action(ids.UNDO)(_pressed(buttons.on_undo))
    app.action(ids.MORE_GROUPS)(_pressed(buttons.on_more))
    app.action(ids.OPEN_FORM)(_pressed(buttons.on_open_form))
    app.action(ids.APPROVE)(_pressed_with_request(second.on_approve))
    app.action(ids.DECLINE)(_pressed_with_request(second.on_decline))
    app.action(ids.WITHDRAW)(_pressed_with_request(second.on_withdraw))
    app.view(ids.DECLINE_FORM)(second.on_declined)
    app.action(ids.APPLY_SET)(_pressed_with_request(sets.on_apply))
    app.action(ids.APPLY_SET_ON)(_pressed_with_request(sets.on_apply_on))
    app.action(ids.CANCEL_SET)(_pressed(sets.on_cancel))
    app.action(ids.UNDO_SET)(_pressed(sets.on_undo))
    app.action(ids.STOP_SET)(_pressed(sets.on_stop))
    app.options(ids.GROUPS)(several.on_search)
    app.view(ids.PICK_FORM)(several.on_picked)
    app.view(ids.SET_FORM)(several.on_submit)
    app.action(ids.SEVERAL)(_pressed(several.on_open))
    for action_id in (ids.PICK_WHAT, ids.PICK_MODE):
        app.action(action_id)(_pressed(several.on_edit))
    app.action(ids.REPICK)(_pressed(several.on_repick))
    for action_id in (ids.HOME_REFRESH, ids.HOME_BACK, ids.HOME_MORE, ids.HOME_ALL):
        app.action(action_id)(_pressed(home.on_turn))
    app.action(ids.HOME_FORM)(_pressed(home.on_form))
    app.action(ids.HOME_UNLOCK)(_pressed_with_request(home.on_unlock))
    app.event("app_home_opened")(home.on_opened)
    for event in ("subteam_members_changed", "subteam_updated"):
        app.event(event)(_membership_changed(services))
    _ignore_the_rest(app)
    app.error(answer_failure(background, services.new_id))


def _pressed(handle: Callable[[Ack, Press], None]) -> Callable[..., None]:
    def listener(ack: Ack, body: dict[str, Any]) -> None:
        handle(ack, payload.press(body))

    return listener


def _pressed_with_request(
    handle: Callable[[Ack, Press, BoltRequest], None],
) -> Callable[..., None]:
    def listener(ack: Ack, body: dict[str, Any], request: BoltRequest) -> None:
        handle(ack, payload.press(body), request)

    return listener


def _membership_changed(services: Services) -> Callable[..., None]:
    def listener(body: dict[str, Any]) -> None:
        services.access.forget(payload.changed_usergroup(body))

    return listener


def _ignore_the_rest(app: App) -> None:
    # What Slack offers and nobody here waits for is acknowledged, so that it is not sent again.
    def listener(ack: Ack) -> None:
        log.info("acknowledged, and not waited for by any listener")
        ack()

    app.action(ANYTHING)(listener)
    app.view(ANYTHING)(listener)
    app.view_closed(ANYTHING)(listener)
    app.shortcut(ANYTHING)(listener)
    app.event(ANYTHING)(listener)
    app.command(ANYTHING)(listener)
    app.options(ANYTHING)(lambda ack: ack(options=[]))
