"""A stage for the tests of this folder, and what they do on it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sandbox.page.keeping import Keeping
from sandbox.page.stage import Stage
from sandbox.rig import Rig
from sandbox.slack.sample import LIVEOPS

WAIT_SECONDS = 20.0
Body = dict[str, Any]


@contextmanager
def on_stage(folder: Path, said: list[str] | None = None, **options: Any) -> Iterator[Stage]:
    """A stage that is set up; it stops at the end."""
    lines: list[str] = [] if said is None else said
    with Keeping(folder, lines.append) as keeping:
        stage = Stage(keeping, **options)
        stage.start()
        try:
            assert stage.wait() == ""
            yield stage
        finally:
            stage.stop()


def rig_of(stage: Stage) -> Rig:
    """The rig, which is there."""
    assert stage.rig is not None
    return stage.rig


def waits(stage: Stage, condition: Callable[[], Any], timeout: float = WAIT_SECONDS) -> Any:
    """Until the condition holds."""
    person = rig_of(stage).slack.person("U0OPERATOR")
    return person.waits_for(condition, timeout)


def types(stage: Stage, line: str, person: str = "U0OPERATOR") -> None:
    """Somebody sends a command, and the bot takes it."""
    assert rig_of(stage).slack.person(person).types(line, channel=LIVEOPS).ok
