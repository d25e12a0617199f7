"""How old a press is goes by Slack's clock, not by that of a host that is wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from tests.uplynk.scripted import says
from tests.workspace.conftest import slack
from workspace.client import PooledWebClient
from workspace.screen import called


def post(client: PooledWebClient) -> object:
    return called(lambda: client.chat_postMessage(channel="C1", text="hello"))


@pytest.mark.parametrize(("ahead", "counts"), [(0, False), (60, True), (-60, True), (3600, True)])
def test_the_time_is_slacks_where_the_clocks_differ(ahead: int, counts: bool) -> None:
    theirs = datetime.now(UTC) - timedelta(seconds=ahead)
    date = format_datetime(theirs, usegmt=True)
    with slack(says(200, b'{"ok": true}', f"Date: {date}")) as (client, _):
        assert abs((client.now() - datetime.now(UTC)).total_seconds()) < 5
        post(client)
        expected = theirs if counts else datetime.now(UTC)
        assert abs((client.now() - expected).total_seconds()) < 5


def test_a_date_that_makes_no_sense_changes_nothing() -> None:
    with slack(says(200, b'{"ok": true}', "Date: yesterday")) as (client, _):
        post(client)
        assert abs((client.now() - datetime.now(UTC)).total_seconds()) < 5
