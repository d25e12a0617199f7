"""Slack through a person's eyes: roles by the bot's own rules, channels, commands, views."""

from __future__ import annotations

import json
from typing import Any

import pytest

from failover.grammar import GrammarError, parse
from sandbox.page.manifest import Manifest, read_manifest
from sandbox.page.roster import roster
from sandbox.page.slack_parts import SlackParts
from sandbox.rig import POLICY
from sandbox.slack.model import Message, Person, UserGroup
from sandbox.slack.sample import sample_world
from sandbox.slack.world import SlackWorld
from tests.sandbox.slack.bot_app import modal, plain, text_input

ME = "U0ME"
GROUP = UserGroup("S0DESK", "sports-desk", (ME,))


@pytest.fixture
def world() -> SlackWorld:
    return sample_world()


def seen(world: SlackWorld, person: str = "U0OPERATOR", policy: str = POLICY) -> Any:
    texts = SlackParts(world, person, read_manifest()).texts(policy)
    return {key: json.loads(text) for key, text in texts.items()}


def row(policy: str, group: UserGroup = GROUP) -> dict[str, str]:
    (found,) = roster([Person(ME, "me", "Me")], [group], policy)
    return found


def grant(role: str, who: str = 'users = ["U0ME"]', groups: str = '["*"]') -> str:
    return f'[[grant]]\nrole = "{role}"\n{who}\ngroups = {groups}\n'


@pytest.mark.parametrize(
    ("policy", "role", "about"),
    [
        ("", "viewer", "may look, but change nothing"),
        ('default_role = "none"', "none", "may do nothing"),
        (grant("operator"), "operator", "may change every group"),
        (grant("approver"), "approver", "may approve what others change in every group"),
        (grant("admin"), "admin", "may do everything with every group, overriding included"),
        (grant("operator", groups='["sports-*", "cup"]'), "operator", "may change sports-*, cup"),
        (
            grant("approver") + grant("operator", groups='["a"]'), "operator",
            "may change a; may approve what others change in every group",
        ),
        (grant("operator", who='users = ["U0OTHER"]'), "viewer", "may look, but change nothing"),
        ("[[grant]\n", "none", "may do nothing"),
        ('default_role = "king"', "none", "may do nothing"),
    ],
)  # fmt: skip
def test_a_role_is_what_the_policy_gives(policy: str, role: str, about: str) -> None:
    assert row(policy) == {"id": ME, "name": "Me", "role": role, "via": "", "about": about}


def test_a_role_through_a_user_group_says_through_which() -> None:
    policy = grant("operator", who='usergroups = ["S0DESK"]')
    assert (row(policy)["role"], row(policy)["via"]) == ("operator", "@sports-desk")
    in_person = policy + grant("operator")
    assert row(in_person)["via"] == ""
    off = UserGroup("S0DESK", "sports-desk", (ME,), disabled=True)
    assert row(policy, off)["role"] == "viewer"


def test_bots_and_the_deactivated_are_nobody_to_be() -> None:
    people = [Person("U0B", "b", is_bot=True), Person("U0D", "d", deleted=True)]
    assert roster(people, [], "") == []


def test_everybody_in_the_sample_has_their_role(world: SlackWorld) -> None:
    roles = {one["id"]: (one["role"], one["via"]) for one in seen(world)["people"]}
    assert roles["U0APPROVER"] == ("approver", "")
    assert roles["U0ADMIN"] == ("admin", "")
    assert roles["U0VIEWER"] == ("viewer", "")
    assert "U0BOT" not in roles


def test_a_change_of_the_user_group_changes_the_role(world: SlackWorld) -> None:
    parts = SlackParts(world, "U0VIEWER", read_manifest())
    policy = grant("operator", who='usergroups = ["S0SPORTS"]')
    before = parts.texts(policy)
    assert parts.texts(policy) == before
    world.add_usergroup(UserGroup("S0SPORTS", "sports-desk", ("U0VIEWER",)))
    after = parts.texts(policy)
    assert {key for key in after if after[key] != before[key]} == {"people"}
    roles = {one["id"]: one["role"] for one in json.loads(after["people"])}
    assert roles["U0VIEWER"] == "operator"


def test_channels_are_those_joined_and_the_messages_tab(world: SlackWorld) -> None:
    world.direct_channel("U0VIEWER")
    found = {one["id"]: one for one in seen(world)["channels"]}
    kinds = {ident: (one["kind"], one["audit"]) for ident, one in found.items()}
    assert kinds == {
        "C0LIVEOPS": ("channel", False),
        "C0AUDIT": ("channel", True),
        "C0PRIVATE": ("private", False),
        "D0OPERATOR": ("dm", False),
    }
    assert found["D0OPERATOR"]["name"] == "Failover"
    assert found["D0OPERATOR"]["read_only"] is True
    assert found["C0LIVEOPS"]["read_only"] is False


def test_names_stand_for_ids(world: SlackWorld) -> None:
    names = seen(world)["names"]
    assert names["people"]["U0OPERATOR"] == "Operator"
    assert names["people"]["U0BOT"] == "Failover"
    assert names["people"]["USLACKBOT"] == "Slackbot"
    assert names["channels"]["C0AUDIT"] == "failover-audit"
    assert names["usergroups"] == {"S0SPORTS": "sports-desk"}
    assert (names["bot"], names["team"]) == ("U0BOT", "Sandbox")


def test_commands_come_with_examples_that_mean_something(world: SlackWorld) -> None:
    (command,) = seen(world)["commands"]
    assert command["command"] == "/failover"
    assert command["usage_hint"].startswith("[GROUP] | set")
    assert command["examples"][0] == "/failover"
    assert "/failover whoami" in command["examples"]
    for line in command["examples"]:
        assert not isinstance(parse(line.removeprefix("/failover").strip()), GrammarError)


def test_a_message_has_what_its_readers_see(world: SlackWorld) -> None:
    blocks = (text_input() | {"type": "section", "text": plain("x")},)
    posted = world.post(
        Message("", "C0AUDIT", "U0BOT", "Done", blocks, {"event_type": "x"}, edited=True)
    )
    message = seen(world)[f"message/C0AUDIT/{posted.ts}"]
    assert message == {
        "ts": posted.ts, "channel": "C0AUDIT", "author": "U0BOT", "text": "Done",
        "blocks": [dict(blocks[0])], "edited": True, "ephemeral": False, "via": "person",
        "values": posted.values, "thread_ts": None,
    }  # fmt: skip


def test_the_modals_and_the_home_tab_are_shown_to_their_owner(world: SlackWorld) -> None:
    bottom = world.views.open("U0OPERATOR", modal(text_input(), private_metadata="inner"))
    world.views.push("U0OPERATOR", modal(submit=None, notify_on_close=True), bottom.id)
    world.views.publish("U0OPERATOR", {"type": "home", "blocks": []}, None)
    world.views.mark(bottom.id, {"reason": "Too short"}, "Trouble")
    mine = seen(world)
    first, second = mine["modal"]
    assert (first["title"], first["submit"], first["close"]) == ("Form", "Go", None)
    assert (first["errors"], first["warning"]) == ({"reason": "Too short"}, "Trouble")
    assert first["values"]["reason"]["reason_text"]["value"] is None
    assert first["callback_id"] == "form"
    assert (second["submit"], second["notify_on_close"]) == (None, True)
    assert "inner" not in json.dumps(mine)
    assert (mine["home"]["title"], mine["home"]["blocks"]) == (None, [])
    assert (seen(world, "U0VIEWER")["modal"], seen(world, "U0VIEWER")["home"]) == ([], None)


def test_an_app_without_a_read_only_tab_takes_messages(world: SlackWorld) -> None:
    open_app = Manifest("Failover", (), False, frozenset())
    texts = SlackParts(world, "U0VIEWER", open_app).texts(POLICY)
    assert [one["read_only"] for one in json.loads(texts["channels"])] == [False] * 4
