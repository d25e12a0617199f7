"""The sandbox as `make sandbox` starts it, in this process: a stage and the server of its page."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from sandbox.page.keeping import Keeping
from sandbox.page.server import PageServer
from sandbox.page.stage import Stage
from sandbox.rig import Rig
from sandbox.uplynk.model import SimGroup


class Sandbox:
    """A stage and the server that shows it."""

    def __init__(self, stage: Stage, server: PageServer) -> None:
        self.stage = stage
        self.server = server

    @property
    def url(self) -> str:
        """The page's address."""
        return self.server.url

    @property
    def rig(self) -> Rig:
        """What runs behind the page now."""
        assert self.stage.rig is not None, self.stage.wait()
        return self.stage.rig

    def group(self, group_id: str) -> SimGroup:
        """A failover group as Uplynk holds it."""
        return self.rig.world.group(group_id)

    def attempts(self) -> int:
        """How many writes were sent to Uplynk, whatever became of them."""
        return sum(one.method != "GET" for one in self.rig.world.journal.requests())


@contextmanager
def a_sandbox(**options: Any) -> Iterator[Sandbox]:
    """A stage that is set up, and its page; ``options`` are the stage's."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="failover-page-")))
        keeping = stack.enter_context(Keeping(folder, print))
        stage = Stage(keeping, **options)
        stage.start()
        stack.callback(stage.stop)
        assert stage.wait() == ""
        yield Sandbox(stage, stack.enter_context(PageServer(stage)))
