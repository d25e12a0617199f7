"""The folder in which a run leaves its state, so that a later one can go on from it.

Kept are the bot's database, Uplynk's groups and Slack's messages. Open forms, triggers,
response_urls and what only one person sees end with a run, as they do when Slack is reloaded.
"""

import fcntl
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

from sandbox.page import state
from sandbox.page.state import State

_STATE, _DATABASE = "state.json", "failover.db"

Say = Callable[[str], None]


class Keeping:
    """Owns the folder while it is open; a second sandbox gets a temporary one.

    Everything lies in ``now`` below the folder; what could not be read is moved beside it.
    """

    def __init__(self, folder: Path, say: Say) -> None:
        """``say``: tells the person at the terminal, one line at a time."""
        self._wanted = folder
        self._say = say
        self._stack = ExitStack()
        self._now = folder / "now"
        self._written: State | None = None

    def __enter__(self) -> "Keeping":
        """Take the folder, or a temporary one where it is taken or can't be written."""
        try:
            self._lock()
        except BlockingIOError:
            self._use_temporary("Another sandbox runs here")
        except OSError as error:
            self._use_temporary(f"{self._wanted} can't be written ({error.strerror})")
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the folder; a temporary one is removed."""
        self._stack.close()

    @property
    def database_url(self) -> str:
        """Where the bot keeps its records."""
        return f"sqlite:///{self._now / _DATABASE}"

    def begin_clean(self) -> None:
        """Forget what is there. OSError."""
        if self._now.exists():
            shutil.rmtree(self._now)
        self._now.mkdir(parents=True)
        self._written = None

    def kept(self) -> State | None:
        """What an earlier run has left; None where there is nothing, or nothing usable."""
        file = self._now / _STATE
        if not file.exists():
            return None
        try:
            found = state.read(file.read_text(encoding="utf-8"))
            _check_database(self._now / _DATABASE)
        except (OSError, ValueError, sqlite3.Error) as error:
            self.move_aside(f"can't be read ({error})")
            return None
        return found

    def move_aside(self, why: str) -> None:
        """Say in one line why what is kept is not gone on from, and move it out of the way."""
        stamp = time.strftime("%Y%m%d-%H%M%S")
        aside = Path(tempfile.mkdtemp(prefix=f"aside-{stamp}-", dir=self._now.parent))
        self._now.rename(aside / self._now.name)
        reason = " ".join(why.split())
        self._say(f"What was kept {reason}: beginning clean. The old state is in {aside}.")

    def write(self, now: State) -> None:
        """Leave this state, whole or not at all. OSError."""
        if now == self._written:
            return
        fresh = self._now / f"{_STATE}.new"
        fresh.write_text(state.text(now), encoding="utf-8")
        fresh.replace(self._now / _STATE)
        self._written = now

    def complain(self, error: OSError) -> None:
        """Say that the state could not be left."""
        self._say(f"The state could not be kept: {error}")

    def _lock(self) -> None:
        self._wanted.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            lock = stack.enter_context((self._wanted / "lock").open("a"))
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._stack = stack.pop_all()

    def _use_temporary(self, why: str) -> None:
        made = tempfile.TemporaryDirectory(prefix="failover-sandbox-")
        self._now = Path(self._stack.enter_context(made)) / "now"
        self._say(f"{why}: the state of this one is kept in a temporary folder and goes with it.")


def _check_database(file: Path) -> None:
    """Raises sqlite3.Error where it is no sound database; there may be none yet."""
    if file.exists():
        with closing(sqlite3.connect(file)) as database:
            (verdict,) = database.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise sqlite3.DatabaseError(verdict)
