"""The client on a server that says exactly what a test wants."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from tests.uplynk.scripted import Scripted, Step
from workspace.client import PooledWebClient

TOKEN = "xoxb-canary-0123456789"


@contextlib.contextmanager
def slack(*steps: Step) -> Iterator[tuple[PooledWebClient, Scripted]]:
    """A client, and the server that it takes for Slack."""
    with Scripted(list(steps)) as server:
        client = PooledWebClient(TOKEN, f"{server.url}/api/")
        yield client, server
        client.close()
