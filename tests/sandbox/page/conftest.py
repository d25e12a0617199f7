"""A page over both simulated worlds; where a test wants a bot, it brings its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sandbox.page.server import PageServer
from sandbox.rig import Rig
from tests.sandbox.page.browser import Browser, SmallStage


@pytest.fixture
def rig() -> Iterator[Rig]:
    both = Rig()
    with both.slack:
        yield both


@pytest.fixture
def stage(rig: Rig) -> SmallStage:
    return SmallStage(rig)


@pytest.fixture
def page(stage: SmallStage) -> Iterator[PageServer]:
    with PageServer(stage) as server:
        yield server


@pytest.fixture
def browser(page: PageServer) -> Browser:
    return Browser(page)
