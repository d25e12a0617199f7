"""Where the bot may post and what a message may hold: the rules all posting ways share."""

from __future__ import annotations

from collections.abc import Callable

from sandbox.slack import limits as slack_limits
from sandbox.slack.model import Channel, Json, SlackError
from sandbox.slack.world import SlackWorld


def channel_for(world: SlackWorld, ident: str) -> Channel:
    """The conversation of an id, a person's id opening their DM; raises ``channel_not_found``."""
    if ident in world.people:
        person = world.people[ident]
        if person.deleted or person.is_bot:
            raise SlackError("channel_not_found")
        return world.direct_channel(ident)
    channel = world.channels.get(ident)
    if channel is None or (channel.is_private and world.team.bot_user not in channel.members):
        raise SlackError("channel_not_found")
    return channel


def postable(world: SlackWorld, ident: str) -> Channel:
    """A conversation the bot may post in; raises ``is_archived``, ``not_in_channel``."""
    channel = channel_for(world, ident)
    if channel.is_archived:
        raise SlackError("is_archived")
    if world.team.bot_user not in channel.members and "chat:write.public" not in world.scopes:
        raise SlackError("not_in_channel")
    return channel


def check_blocks(blocks: list[Json], *, total: bool = True) -> None:
    """Raise ``invalid_blocks`` with messages, or ``msg_blocks_too_long`` where sums count."""
    problems = _problems(lambda: slack_limits.message_problems(blocks))
    if problems:
        raise SlackError("invalid_blocks", response_metadata={"messages": problems})
    if total and slack_limits.block_text_length(blocks) > slack_limits.BLOCK_TEXT_SUM:
        raise SlackError("msg_blocks_too_long")


def check_view(view: Json) -> None:
    """Raise ``view_too_large``, or ``invalid_arguments`` with messages."""
    if slack_limits.view_is_too_large(view):
        raise SlackError("view_too_large")
    problems = _problems(lambda: slack_limits.view_problems(view))
    if problems:
        raise SlackError("invalid_arguments", response_metadata={"messages": problems})


def _problems(check: Callable[[], list[str]]) -> list[str]:
    """What a check finds; a shape too odd to be checked is a problem as well."""
    try:
        return check()
    except (AttributeError, KeyError, TypeError) as error:
        return [f"[ERROR] malformed: {error!r}"]
