"""The simulated Slack for the tests of this room."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from slack_sdk import WebClient

from sandbox.slack.model import Channel, Person, UserGroup
from sandbox.slack.people import SimulatedPerson
from sandbox.slack.sample import OPERATOR, sample_world
from sandbox.slack.server import SlackSimulator


@pytest.fixture
def slack() -> Iterator[SlackSimulator]:
    with SlackSimulator(sample_world()) as simulator:
        yield simulator


@pytest.fixture
def operator(slack: SlackSimulator) -> SimulatedPerson:
    return slack.person(OPERATOR)


@pytest.fixture
def client(slack: SlackSimulator) -> WebClient:
    slack.world.add_person(Person("U0GONE", "gone", deleted=True))
    slack.world.add_channel(Channel("C0OLD", "old", is_archived=True))
    slack.world.add_channel(Channel("C0SECRET", "secret", is_private=True))
    slack.world.add_channel(Channel("C0PUBLIC", "public"))
    slack.world.add_usergroup(UserGroup("S0OFF", "off", (), disabled=True))
    return WebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[])
