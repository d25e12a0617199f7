"""The sandbox with its page: starts everything, prints the address, ends all on a signal."""

import argparse
import os
import signal
import sys
import threading
import webbrowser
from collections.abc import Mapping
from pathlib import Path

from sandbox.page.keeping import Keeping
from sandbox.page.server import PageServer
from sandbox.page.stage import Stage

FOLDER = ".sandbox"
"""Below the working directory, which is the project's where make starts it."""
_STOPPING = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]


def serve(options: argparse.Namespace) -> int:
    """Until a signal says stop; the exit status: 1 where the bot does not start."""
    ended = threading.Event()
    for number in _STOPPING:
        signal.signal(number, lambda *_: ended.set())
    with Keeping(Path(FOLDER).resolve(), _tell) as keeping:
        stage = Stage(keeping, scene=options.scene, keep=options.keep, socket=options.socket)
        stage.start()
        try:
            return _show(stage, ended, options.no_open)
        finally:
            stage.stop()


def _show(stage: Stage, ended: threading.Event, no_open: bool) -> int:
    problem = stage.wait()
    if problem:
        _tell(problem)
        return 1
    server = PageServer(stage)
    server.start()
    try:
        print(f"The sandbox is at {server.url}   (Ctrl-C ends it)", flush=True)
        if not no_open and has_desktop(sys.platform, os.environ):
            # A browser may take its time, or need somebody to be asked.
            threading.Thread(target=webbrowser.open, args=(server.url,), daemon=True).start()
        ended.wait()
    finally:
        server.stop()
    return 0


def has_desktop(platform: str, environment: Mapping[str, str]) -> bool:
    """Whether there is a screen to open a browser on."""
    if platform in ("darwin", "win32"):
        return True
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
