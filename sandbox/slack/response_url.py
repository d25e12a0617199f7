"""What a POST to a response_url does (page "handling user interaction")."""

from __future__ import annotations

from dataclasses import replace

from sandbox.slack.args import Arguments
from sandbox.slack.model import Message, SlackError
from sandbox.slack.posting import check_blocks
from sandbox.slack.tickets import ResponseUrl
from sandbox.slack.world import SlackWorld


def respond(world: SlackWorld, ident: str, args: Arguments) -> None:
    """Post, replace or delete; raises ``SlackError`` when spent, expired or malformed."""
    with world.changed:
        found = world.tickets.response_urls.get(ident)
        deleting = args.flag("delete_original")
        if found and not deleting:
            _check(args)
        used = world.tickets.use_response_url(ident)
        source = world.message(used.channel, used.source_ts) if used.source_ts else None
        if deleting and source:
            world.remove_message(source.channel, source.ts)
        elif args.flag("replace_original") and source:
            blocks = tuple(args.blocks())
            world.replace_message(replace(source, text=args.text("text"), blocks=blocks))
        elif not deleting:
            world.post(_message(world, used, args))


def _check(args: Arguments) -> None:
    blocks = args.blocks()
    if not blocks and not args.text("text"):
        raise SlackError("no_text")
    check_blocks(blocks, total=False)


def _message(world: SlackWorld, used: ResponseUrl, args: Arguments) -> Message:
    public = args.text("response_type") == "in_channel"
    return Message(
        ts="",
        channel=used.channel,
        author=world.team.bot_user,
        text=args.text("text"),
        blocks=tuple(args.blocks()),
        viewer=None if public else used.user,
        thread_ts=args.text("thread_ts") or None,
        via="response_url",
    )
