"""How views, people and channels look as JSON in Slack's answers and payloads."""

from __future__ import annotations

from sandbox.slack.model import Channel, Json, Message, Person, Team, UserGroup, View


def view_json(view: View, team: Team, *, values: bool = True) -> Json:
    """A view object (page "views"); without ``values`` the state is left out."""
    content = view.content
    shape: Json = {
        "id": view.id,
        "team_id": team.id,
        "app_id": team.app_id,
        "app_installed_team_id": team.id,
        "bot_id": team.bot_id,
        "type": content["type"],
        "blocks": view.blocks,
        "private_metadata": view.private_metadata,
        "callback_id": content.get("callback_id") or "",
        "external_id": view.external_id,
        "hash": view.hash,
        "root_view_id": view.root_id,
        "previous_view_id": view.previous_id,
        "title": content.get("title"),
        "submit": content.get("submit"),
        "close": content.get("close"),
        "clear_on_close": bool(content.get("clear_on_close")),
        "notify_on_close": bool(content.get("notify_on_close")),
    }
    return {**shape, "state": {"values": view.values}} if values else shape


def message_json(message: Message, team: Team, *, metadata: bool = True) -> Json:
    """A message object as in conversations.history."""
    shape: Json = {"type": "message", "user": message.author, "ts": message.ts}
    shape |= {"text": message.text, "team": team.id}
    if message.author == team.bot_user:
        shape |= {"bot_id": team.bot_id, "app_id": team.app_id}
    if message.blocks:
        shape["blocks"] = list(message.blocks)
    if message.thread_ts:
        shape["thread_ts"] = message.thread_ts
    if message.edited:
        shape["edited"] = {"user": message.author, "ts": message.ts}
    if message.metadata and metadata:
        shape["metadata"] = message.metadata
    return shape


def person_json(person: Person, team: Team) -> Json:
    """A user object as in users.info."""
    label = person.display or person.name
    return {
        "id": person.id,
        "team_id": team.id,
        "name": person.name,
        "real_name": label,
        "deleted": person.deleted,
        "is_bot": person.is_bot,
        "is_restricted": person.is_restricted,
        "tz": person.tz,
        "profile": {"display_name": label, "real_name": label},
    }


def channel_json(channel: Channel, bot_user: str) -> Json:
    """A conversation object as in conversations.info."""
    shape: Json = {
        "id": channel.id,
        "name": channel.name,
        "is_channel": not channel.is_im and not channel.is_private,
        "is_group": channel.is_private and not channel.is_im,
        "is_im": channel.is_im,
        "is_private": channel.is_private,
        "is_archived": channel.is_archived,
        "is_member": bot_user in channel.members,
        "is_ext_shared": False,
    }
    if channel.is_im:
        shape["user"] = next(iter(channel.members - {bot_user}), bot_user)
    return shape


def usergroup_json(group: UserGroup, team: Team, *, users: bool) -> Json:
    """A user group object as in usergroups.list."""
    shape: Json = {
        "id": group.id,
        "team_id": team.id,
        "is_usergroup": True,
        "handle": group.handle,
        "name": group.handle,
        "date_delete": 1_700_000_000 if group.disabled else 0,
        "user_count": len(group.users),
    }
    return {**shape, "users": list(group.users)} if users else shape
