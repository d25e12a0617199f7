"""The chat.* methods of the simulated Web API (reference pages of the same names)."""

from __future__ import annotations

from dataclasses import replace

from sandbox.slack import wire as slack_wire
from sandbox.slack.args import Arguments
from sandbox.slack.limits import POST_TEXT, UPDATE_TEXT
from sandbox.slack.model import Json, Message, SlackError
from sandbox.slack.posting import channel_for, check_blocks, postable
from sandbox.slack.world import SlackWorld


def post_message(world: SlackWorld, args: Arguments) -> Json:
    """chat.postMessage: a message of the bot; a person's id posts in their DM."""
    channel = postable(world, args.required("channel"))
    message = _message(world, args, channel.id, "chat.postMessage")
    kept = world.post(message, _posting_parse(args))
    shape = slack_wire.message_json(kept, world.team)
    return {"channel": channel.id, "ts": kept.ts, "message": shape}


def post_ephemeral(world: SlackWorld, args: Arguments) -> Json:
    """chat.postEphemeral: a message only ``user`` sees; they must be in the channel."""
    channel = postable(world, args.required("channel"))
    person = world.people.get(args.required("user"))
    if person is None or person.deleted or person.id not in channel.members:
        raise SlackError("user_not_in_channel")
    message = _message(world, args, channel.id, "chat.postEphemeral")
    kept = world.post(replace(message, viewer=person.id), _posting_parse(args))
    return {"message_ts": kept.ts}


def update(world: SlackWorld, args: Arguments) -> Json:
    """chat.update: a new version of the bot's own message; text without blocks drops them."""
    channel = world.channels.get(args.required("channel"))
    if channel is None:
        raise SlackError("channel_not_found")
    old = world.message(channel.id, args.required("ts"))
    if old is None or old.is_ephemeral:
        raise SlackError("message_not_found")
    if old.author != world.team.bot_user:
        raise SlackError("cant_update_message")
    if len(args.text("text")) > UPDATE_TEXT:
        raise SlackError("msg_too_long")
    new = _message(world, args, channel.id, old.via)
    fresh = replace(
        old,
        text=new.text,
        blocks=new.blocks,
        edited=not new.blocks,
        metadata=new.metadata if args.has("metadata") else old.metadata,
    )
    kept = world.replace_message(fresh, args.text("parse") or "client")
    shape = slack_wire.message_json(kept, world.team)
    return {"channel": channel.id, "ts": kept.ts, "text": kept.text, "message": shape}


def delete(world: SlackWorld, args: Arguments) -> Json:
    """chat.delete: the bot's own message."""
    channel, ts = channel_for(world, args.required("channel")), args.required("ts")
    old = world.message(channel.id, ts)
    if old is None or old.is_ephemeral:
        raise SlackError("message_not_found")
    if old.author != world.team.bot_user:
        raise SlackError("cant_delete_message")
    world.remove_message(channel.id, ts)
    return {"channel": channel.id, "ts": ts}


def get_permalink(world: SlackWorld, args: Arguments) -> Json:
    """chat.getPermalink: the address of a message."""
    channel, ts = channel_for(world, args.required("channel")), args.required("message_ts")
    if world.message(channel.id, ts) is None:
        raise SlackError("message_not_found")
    return {"channel": channel.id, "permalink": permalink(world, channel.id, ts)}


def permalink(world: SlackWorld, channel: str, ts: str) -> str:
    """The address of a message as Slack builds it."""
    return f"https://{world.team.domain}.slack.com/archives/{channel}/p{ts.replace('.', '')}"


def _message(world: SlackWorld, args: Arguments, channel: str, via: str) -> Message:
    blocks, text = args.blocks(), args.text("text")
    if not blocks and not text:
        raise SlackError("no_text")
    check_blocks(blocks)
    thread = args.text("thread_ts") or None
    if thread and world.message(channel, thread) is None:
        raise SlackError("cannot_reply_to_message")
    return Message(
        ts="",
        channel=channel,
        author=world.team.bot_user,
        text=text[:POST_TEXT],
        blocks=tuple(blocks),
        metadata=_metadata(args),
        thread_ts=thread,
        via=via,
    )


def _metadata(args: Arguments) -> Json | None:
    metadata = args.structure("metadata")
    if metadata in (None, {}):
        return None
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_type"), str):
        raise SlackError("invalid_metadata_format")
    if not isinstance(metadata.get("event_payload"), dict):
        raise SlackError("invalid_metadata_schema")
    return metadata


def _posting_parse(args: Arguments) -> str:
    """Names are off unless asked for; addresses are live unless ``parse`` is given as none."""
    given = args.text("parse")
    if args.flag("link_names") or given == "full":
        return "full"
    return given or "links"
