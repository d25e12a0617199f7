"""The views.* methods of the simulated Web API (reference pages of the same names)."""

from __future__ import annotations

from sandbox.slack import wire as slack_wire
from sandbox.slack.args import Arguments
from sandbox.slack.model import Json, SlackError, View
from sandbox.slack.posting import check_view
from sandbox.slack.world import SlackWorld


def open_view(world: SlackWorld, args: Arguments) -> Json:
    """views.open: spend a trigger, show a modal."""
    view = _checked(args, "modal")
    trigger = world.tickets.use_trigger(args.required("trigger_id"))
    return _shown(world, world.views.open(trigger.user, view))


def push_view(world: SlackWorld, args: Arguments) -> Json:
    """views.push: spend a trigger that came from an open modal, show another on top."""
    view = _checked(args, "modal")
    trigger = world.tickets.use_trigger(args.required("trigger_id"))
    if trigger.view_id is None:
        raise SlackError("not_found")
    return _shown(world, world.views.push(trigger.user, view, trigger.view_id))


def update_view(world: SlackWorld, args: Arguments) -> Json:
    """views.update: by ``view_id`` or ``external_id``, refused when ``hash`` is stale."""
    view = _checked(args, None)
    if args.has("view_id"):
        ident = args.text("view_id")
    else:
        found = world.views.by_external_id(args.required("external_id"))
        if found is None:
            raise SlackError("not_found")
        ident = found.id
    return _shown(world, world.views.update(ident, view, args.text("hash") or None))


def publish_view(world: SlackWorld, args: Arguments) -> Json:
    """views.publish: the Home tab of ``user_id``."""
    view = _checked(args, "home")
    user = args.required("user_id")
    if user not in world.people:
        raise SlackError("invalid_arguments", response_metadata={"messages": ["user_id"]})
    return _shown(world, world.views.publish(user, view, args.text("hash") or None))


def _checked(args: Arguments, kind: str | None) -> Json:
    view = args.view()
    check_view(view)
    if kind and view["type"] != kind:
        messages = [f"[ERROR] must be {kind} [json-pointer:/view/type]"]
        raise SlackError("invalid_arguments", response_metadata={"messages": messages})
    return view


def _shown(world: SlackWorld, view: View) -> Json:
    world.inspect_view(view)
    return {"view": slack_wire.view_json(view, world.team)}
