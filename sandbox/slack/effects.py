"""What an answer of the bot does in the workspace, and what the person sees when it is a bad one.

Rules: pages "implementing slash commands", "modals" (``response_action``), "select menu element".
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from sandbox.slack.args import Arguments
from sandbox.slack.elements import option_problems
from sandbox.slack.model import Json, Message, SlackError, View
from sandbox.slack.payloads import Parcel, ParcelKind
from sandbox.slack.posting import check_blocks, check_view
from sandbox.slack.transport import Answer
from sandbox.slack.world import SlackWorld

OPERATION_TIMEOUT, DISPATCH_FAILED = "operation_timeout", "dispatch_failed"
TROUBLE = "We had some trouble connecting. Try again?"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The error shown (empty when none), why for a developer, and the text shown."""

    failure: str = ""
    detail: str = ""
    shown: str = ""


def settle(world: SlackWorld, parcel: Parcel, answer: Answer) -> Outcome:
    """Apply an answer; every bad answer becomes the failure its person sees."""
    with world.changed:
        if parcel.kind is ParcelKind.COMMAND:
            return _command(world, parcel, answer)
        if parcel.kind is ParcelKind.EVENT:
            return Outcome(detail=_transport_problem(answer))
        match parcel.name:
            case "view_submission":
                return _submission(world, parcel, answer)
            case "block_suggestion":
                return _suggestion(answer)
            case _:
                return _interaction(world, parcel, answer)


def _transport_problem(answer: Answer) -> str:
    if answer.status is None:
        return answer.error
    if not answer.in_time:
        return "late"
    return "" if answer.status == 200 else f"status {answer.status}"


def _command(world: SlackWorld, parcel: Parcel, answer: Answer) -> Outcome:
    problem = _transport_problem(answer)
    if problem:
        timed_out = problem in ("timeout", "late")
        return _failed_command(
            world, parcel, OPERATION_TIMEOUT if timed_out else DISPATCH_FAILED, problem
        )
    if not answer.body:
        return Outcome()
    try:
        shown = _reply(world, parcel, _message_args(answer))
    except SlackError as error:
        return _failed_command(world, parcel, DISPATCH_FAILED, f"{error.word} {error.extra}")
    return Outcome(shown=shown)


def _message_args(answer: Answer) -> Arguments:
    if "json" not in answer.content_type:
        return Arguments({"text": answer.body})
    content = _json(answer)
    if content is None:
        raise SlackError("answer is not a JSON object")
    return Arguments(content)


def _reply(world: SlackWorld, parcel: Parcel, args: Arguments) -> str:
    """Post what a command was answered with; returns the text shown."""
    form, public = parcel.payload, args.text("response_type") == "in_channel"
    if public:
        typed = f"{form['command']} {form['text']}".strip()
        world.post(Message("", form["channel_id"], form["user_id"], typed))
    blocks = args.blocks()
    if not blocks and not args.text("text"):
        if public:
            return ""
        raise SlackError("no_text")
    check_blocks(blocks)
    viewer = None if public else form["user_id"]
    message = Message(
        ts="",
        channel=form["channel_id"],
        author=world.team.bot_user,
        text=args.text("text"),
        blocks=tuple(blocks),
        viewer=viewer,
        via="answer",
    )
    return world.post(message).shown


def _failed_command(world: SlackWorld, parcel: Parcel, word: str, detail: str) -> Outcome:
    form = parcel.payload
    text = f'{form["command"]} failed with the error "{word}"'
    message = Message(
        "", form["channel_id"], "USLACKBOT", text, viewer=form["user_id"], via="slack"
    )
    world.post(message)
    return Outcome(word, detail, text)


def _interaction(world: SlackWorld, parcel: Parcel, answer: Answer) -> Outcome:
    problem = _transport_problem(answer)
    if not problem:
        return Outcome()
    view = _view_of(world, parcel)
    if view is not None and view.open:
        world.views.mark(view.id, view.errors, TROUBLE)
    return Outcome(TROUBLE, problem, TROUBLE)


def _suggestion(answer: Answer) -> Outcome:
    problem = _transport_problem(answer)
    content = None if problem else _json(answer)
    if not problem:
        problems = ["not a JSON object"] if content is None else option_problems(content)
        problem = "; ".join(problems)
    return Outcome("No result", problem, "No result") if problem else Outcome()


def _submission(world: SlackWorld, parcel: Parcel, answer: Answer) -> Outcome:
    view = _view_of(world, parcel)
    if view is None or not view.open:
        return Outcome(detail="the view was closed meanwhile")
    try:
        problem = _transport_problem(answer)
        if problem:
            raise SlackError(problem)
        _respond(world, view, answer)
    except SlackError as error:
        world.views.mark(view.id, {}, TROUBLE)
        detail = f"{error.word} {error.extra}" if error.extra else error.word
        return Outcome(TROUBLE, detail, TROUBLE)
    top = world.views.top(view.owner)
    return Outcome(shown=top.shown if top else "")


def _respond(world: SlackWorld, view: View, answer: Answer) -> None:
    """Do what ``response_action`` says; raises ``SlackError`` for an answer Slack refuses."""
    if not answer.body:
        world.views.close(view.id)
        return
    content = _json(answer)
    if content is None:
        raise SlackError("answer is not a JSON object")
    match content.get("response_action"):
        case "clear":
            world.views.clear(view.owner)
        case "errors":
            world.views.mark(view.id, _checked_errors(view, content.get("errors")))
        case "update":
            fresh = world.views.update(view.id, _checked_view(content), None)
            world.inspect_view(fresh)
        case "push":
            fresh = world.views.push(view.owner, _checked_view(content), view.id)
            world.inspect_view(fresh)
        case other:
            raise SlackError(f"unknown response_action: {other}")


def _checked_errors(view: View, errors: object) -> Json:
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors:
        raise SlackError("errors missing")
    wrong = sorted(set(errors) - inputs)
    if wrong or not all(isinstance(text, str) and text for text in errors.values()):
        raise SlackError(f"errors must be texts under input block_ids, not {wrong}")
    return errors


def _checked_view(content: Json) -> Json:
    view = content.get("view")
    if not isinstance(view, dict):
        raise SlackError("view missing")
    check_view(view)
    return view


def _view_of(world: SlackWorld, parcel: Parcel) -> View | None:
    view = parcel.payload.get("view")
    return world.views.get(view["id"]) if view else None


def _json(answer: Answer) -> Json | None:
    try:
        content = json.loads(answer.body)
    except ValueError:
        return None
    return content if isinstance(content, dict) else None
