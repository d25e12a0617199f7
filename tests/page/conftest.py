"""The sandbox's page in a real browser, with the real bot behind it, for stories of people."""

import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from sandbox.slack.sample import ADMIN, OPERATOR, VIEWER

from .browser import context_of, launch
from .ground import Sandbox, a_sandbox
from .screen import Screen

HERE = Path(__file__).parent
EVERYBODY = (OPERATOR, VIEWER, ADMIN)
SCREENS = pytest.StashKey[list[Screen]]()

Opens = Callable[..., Screen]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a process."""
    with sync_playwright() as playwright:
        started = launch(playwright)
        yield started
        started.close()


@pytest.fixture(scope="module")
def transport() -> str:
    """How Slack reaches the bot; a module may choose the other way."""
    return "http"


@pytest.fixture(scope="module")
def shared_sandbox(transport: str) -> Iterator[Sandbox]:
    """One for all tests of a module; each of them has groups of its own in it."""
    with a_sandbox(socket=transport == "socket") as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(shared_sandbox: Sandbox) -> Iterator[Sandbox]:
    """The module's sandbox with nobody's forms open; what the test leaves behind is checked."""
    slack = shared_sandbox.rig.slack
    for ident in EVERYBODY:
        person = slack.person(ident)
        person.reloads()
        if person.view is not None:
            person.closes(whole_stack=True)
    yield shared_sandbox
    assert "Traceback" not in shared_sandbox.rig.bot.log
    assert shared_sandbox.rig.slack_world.violations == []


@pytest.fixture
def opens(
    sandbox: Sandbox, browser: Browser, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Opens]:
    """Opens the page in a browser of its own; nothing may go wrong on it unnoticed."""
    screens = request.node.stash.setdefault(SCREENS, [])
    with ExitStack() as stack:

        def opened(**more: Any) -> Screen:
            context = context_of(browser, **more)
            stack.callback(context.close)
            screens.append(Screen(context.new_page(), sandbox.url))
            return screens[-1].opens()

        yield opened
        for screen in screens:
            screen.sees_nothing_unknown()
            assert screen.watched.trouble == []


@pytest.fixture
def screen(opens: Opens) -> Screen:
    """The page as the operator opens it at a desk."""
    return opens()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep a picture of each page that was open when a test failed, and say where."""
    report = yield
    if call.when == "call" and report.failed:
        for screen in item.stash.get(SCREENS, []):
            path = Path(tempfile.mkdtemp(prefix="failover-failed-")) / "page.png"
            screen.keeps_a_picture(path)
            told = "\n".join([str(path), *screen.watched.trouble])
            report.sections.append(("The page", told))
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of a module in one process, so that they share a sandbox."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.xdist_group(item.path.stem))
