"""The reading methods and conversations.* of the simulated Web API (pages of the same names)."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from sandbox.slack import wire as slack_wire
from sandbox.slack.args import Arguments
from sandbox.slack.model import Channel, Json, SlackError
from sandbox.slack.posting import channel_for
from sandbox.slack.world import SlackWorld

T = TypeVar("T")


def auth_test(world: SlackWorld, args: Arguments) -> Json:
    """auth.test: who the token belongs to."""
    team = world.team
    return {
        "url": f"https://{team.domain}.slack.com/",
        "team": team.name,
        "team_id": team.id,
        "user": world.people[team.bot_user].name,
        "user_id": team.bot_user,
        "bot_id": team.bot_id,
        "is_enterprise_install": False,
    }


def users_info(world: SlackWorld, args: Arguments) -> Json:
    """users.info: one member; raises ``user_not_found``."""
    person = world.people.get(args.required("user"))
    if person is None:
        raise SlackError("user_not_found")
    return {"user": slack_wire.person_json(person, world.team)}


def usergroups_list(world: SlackWorld, args: Arguments) -> Json:
    """usergroups.list: raises ``plan_upgrade_required`` where the plan has none."""
    _check_plan(world)
    disabled, users = args.flag("include_disabled"), args.flag("include_users")
    groups = [g for g in world.usergroups.values() if disabled or not g.disabled]
    shapes = [slack_wire.usergroup_json(g, world.team, users=users) for g in groups]
    return {"usergroups": shapes}


def usergroups_users(world: SlackWorld, args: Arguments) -> Json:
    """usergroups.users.list: the members' ids; raises ``no_such_subteam``."""
    _check_plan(world)
    group = world.usergroups.get(args.required("usergroup"))
    if group is None or (group.disabled and not args.flag("include_disabled")):
        raise SlackError("no_such_subteam")
    return {"users": list(group.users)}


def conversations_info(world: SlackWorld, args: Arguments) -> Json:
    """conversations.info: one conversation the bot can see."""
    channel = channel_for(world, args.required("channel"))
    _need_scope(world, channel, "read")
    return {"channel": slack_wire.channel_json(channel, world.team.bot_user)}


def conversations_list(world: SlackWorld, args: Arguments) -> Json:
    """conversations.list: pages of what the bot can see."""
    types = (args.text("types") or "public_channel").split(",")
    found = [c for c in world.channels.values() if _listed(world, c, types)]
    if args.flag("exclude_archived"):
        found = [c for c in found if not c.is_archived]
    page, cursor = _page(found, args)
    shapes = [slack_wire.channel_json(c, world.team.bot_user) for c in page]
    return {"channels": shapes, "response_metadata": {"next_cursor": cursor}}


def conversations_join(world: SlackWorld, args: Arguments) -> Json:
    """conversations.join: the bot becomes a member of a public channel."""
    channel = world.channels.get(args.required("channel"))
    if channel is None:
        raise SlackError("channel_not_found")
    if channel.is_private:
        raise SlackError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackError("is_archived")
    joined = replace(channel, members=channel.members | {world.team.bot_user})
    world.add_channel(joined)
    return {"channel": slack_wire.channel_json(joined, world.team.bot_user)}


def conversations_open(world: SlackWorld, args: Arguments) -> Json:
    """conversations.open: the DM with one person."""
    users = [user for user in args.text("users").split(",") if user]
    if not users and args.has("channel"):
        return {"channel": {"id": channel_for(world, args.text("channel")).id}, "no_op": True}
    if len(users) != 1 or users[0] not in world.people:
        raise SlackError("user_not_found")
    if world.people[users[0]].deleted:
        raise SlackError("user_disabled")
    known = "D" + users[0][1:] in world.channels
    return {"channel": {"id": world.direct_channel(users[0]).id}, "already_open": known}


def conversations_history(world: SlackWorld, args: Arguments) -> Json:
    """conversations.history: newest first; the bot must be a member."""
    channel = channel_for(world, args.required("channel"))
    if world.team.bot_user not in channel.members:
        raise SlackError("not_in_channel")
    _need_scope(world, channel, "history")
    latest, oldest = args.text("latest"), args.text("oldest")
    found = [m for m in reversed(world.messages(channel.id)) if m.thread_ts in (None, m.ts)]
    edge = args.flag("inclusive")
    if latest:
        found = [m for m in found if m.ts < latest or (edge and m.ts == latest)]
    if oldest:
        found = [m for m in found if m.ts > oldest or (edge and m.ts == oldest)]
    page, cursor = _page(found, args)
    metadata = args.flag("include_all_metadata")
    shapes = [slack_wire.message_json(m, world.team, metadata=metadata) for m in page]
    return {
        "messages": shapes,
        "has_more": bool(cursor),
        "response_metadata": {"next_cursor": cursor},
    }


def _need_scope(world: SlackWorld, channel: Channel, what: str) -> None:
    kind = "im" if channel.is_im else "groups" if channel.is_private else "channels"
    if f"{kind}:{what}" not in world.scopes:
        provided = ",".join(sorted(world.scopes))
        raise SlackError("missing_scope", needed=f"{kind}:{what}", provided=provided)


def _check_plan(world: SlackWorld) -> None:
    if not world.usergroups_allowed:
        raise SlackError("plan_upgrade_required")


def _listed(world: SlackWorld, channel: Channel, types: list[str]) -> bool:
    if channel.is_im:
        return "im" in types
    if not channel.is_private:
        return "public_channel" in types
    return "private_channel" in types and world.team.bot_user in channel.members


def _page(found: list[T], args: Arguments) -> tuple[list[T], str]:
    try:
        limit, start = int(args.text("limit") or 100), int(args.text("cursor") or 0)
    except ValueError:
        raise SlackError("invalid_cursor") from None
    if not 1 <= limit <= 1000:
        raise SlackError("invalid_limit")
    end = start + limit
    return found[start:end], str(end) if end < len(found) else ""
