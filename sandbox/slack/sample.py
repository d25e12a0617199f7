"""A ready workspace: one person of each role and two more, three channels, one user group."""

from __future__ import annotations

from sandbox.slack.model import Channel, Person, UserGroup
from sandbox.slack.world import SlackWorld

OPERATOR, VIEWER, APPROVER, ADMIN = "U0OPERATOR", "U0VIEWER", "U0APPROVER", "U0ADMIN"
OUTSIDER, DESK = "U0OUTSIDER", "U0DESK"
LIVEOPS, AUDIT, PRIVATE = "C0LIVEOPS", "C0AUDIT", "C0PRIVATE"
SPORTS_DESK = "S0SPORTS"


def sample_world() -> SlackWorld:
    """A new workspace; the bot is a member of all channels."""
    world = SlackWorld()
    names = {
        OPERATOR: "Operator",
        VIEWER: "Viewer",
        APPROVER: "Approver",
        ADMIN: "Admin",
        OUTSIDER: "Outsider",
        DESK: "Desk",
    }
    for ident, name in names.items():
        world.add_person(Person(ident, name.lower(), name))
    members = frozenset({*names, world.team.bot_user})
    world.add_channel(Channel(LIVEOPS, "live-ops", members))
    world.add_channel(Channel(AUDIT, "failover-audit", members))
    world.add_channel(Channel(PRIVATE, "control-room", members, is_private=True))
    world.add_usergroup(UserGroup(SPORTS_DESK, "sports-desk", (OPERATOR,)))
    return world
