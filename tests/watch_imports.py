"""Imports every module under the names given and prints what that did besides defining things.

Run as a program, in a process of its own: `python tests/watch_imports.py MODULE…`. A finding is
`module: event`: whatever happens while a module's own top level runs. What third-party code does
while it is imported itself is its own affair, and so is Python's reading of source files.
"""

import importlib
import os
import sys
import threading
from types import FrameType
from typing import Any

WATCHED = ("open", "socket.", "subprocess.", "os.", "sqlite3.", "shutil.", "signal.")


def importing_module(frame: FrameType | None, root: str) -> str | None:
    """The file under `root` whose top level runs innermost; None when it is not ours."""
    while frame is not None:
        file = frame.f_code.co_filename
        if file.startswith("<frozen importlib"):
            return None
        if frame.f_code.co_name == "<module>":
            own = file.startswith(root + os.sep) and ".venv" not in file and file != __file__
            return os.path.relpath(file, root) if own else None
        frame = frame.f_back
    return None


def main(root: str, modules: list[str]) -> None:
    """Import the modules and print the findings."""
    findings: list[str] = []

    def note(event: str) -> None:
        place = importing_module(sys._getframe(2), root)
        if place is not None:
            findings.append(f"{place}: {event}")

    def hook(event: str, arguments: Any) -> None:
        if event.startswith(WATCHED):
            note(event)

    environ: Any = type(os.environ)
    look_up = environ.__getitem__

    def watched_look_up(self: Any, name: str) -> Any:
        note("environment")
        return look_up(self, name)

    start = threading.Thread.start

    def watched_start(self: threading.Thread) -> None:
        note("thread")
        start(self)

    environ.__getitem__ = watched_look_up
    threading.Thread.start = watched_start  # type: ignore[method-assign]
    sys.addaudithook(hook)
    sys.path.insert(0, root)
    for module in modules:
        importlib.import_module(module)
    if threading.active_count() > 1:
        findings.append(f"threads left: {threading.enumerate()}")
    print("\n".join(findings), end="")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
