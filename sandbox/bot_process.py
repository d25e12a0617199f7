"""The bot as a real process of its own, with its simulated surroundings in the environment."""

import json
import os
import re
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Mapping
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError

ROOT = Path(__file__).resolve().parent.parent
LISTENING = re.compile(r"listening on (http://[0-9.]+:\d+)")


class BotDied(Exception):
    """The process ended before it listened; ``log`` holds what it said."""

    def __init__(self, status: int | None, log: str) -> None:
        """``status``: its exit status."""
        super().__init__(f"the bot ended with status {status}:\n{log}")
        self.status = status
        self.log = log


class BotProcess:
    """Starts ``python bot.py`` with just the given settings, and reads its log."""

    def __init__(self, settings: Mapping[str, str], folder: Path) -> None:
        """``settings``: environment variables; ``folder``: where it runs, without a ``.env``."""
        kept = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG", "SYSTEMROOT")}
        self.environment = {**kept, "HOST": "127.0.0.1", "PORT": "0", **settings}
        self._folder = folder
        self._lines: list[str] = []
        self._news = threading.Condition()
        self._process: subprocess.Popen[str] | None = None
        self._started_at_line = 0
        self.url = ""

    def start(self, within: float = 20.0) -> None:
        """Start it and wait until it listens. Raises BotDied."""
        self._started_at_line = len(self._lines)
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, str(ROOT / "bot.py")],
            env=self.environment,
            cwd=self._folder,
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
            errors="replace",
        )
        self._reader = threading.Thread(target=self._read, args=(self._process,), daemon=True)
        self._reader.start()
        with self._news:
            self._news.wait_for(lambda: self._address() or self._ended(), within)
        address = self._address()
        if address is None:
            self.kill()
            raise BotDied(self._process.returncode, self.log)
        self.url = address

    def says(
        self, *words: str, typed: str | None = None, folder: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run ``python bot.py`` with words beside it, with the same settings, to its end.

        ``typed``: standard input; None: there is none. ``folder``: where; None: beside the bot.
        """
        return subprocess.run(  # noqa: S603
            [sys.executable, str(ROOT / "bot.py"), *words],
            env=self.environment,
            cwd=folder or self._folder,
            input=typed,
            stdin=subprocess.DEVNULL if typed is None else None,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    @property
    def pid(self) -> int:
        """The process ID."""
        return self._running().pid

    @property
    def log(self) -> str:
        """Everything that it has logged so far."""
        with self._news:
            return "".join(self._lines)

    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.poll() is None

    def wait_until_ready(self, within: float = 20.0) -> None:
        """Until ``/readyz`` says yes. Raises BotDied where it never does."""
        until = time.monotonic() + within
        while self.get("/readyz")[0] != 200:
            with self._news:
                self._news.wait(0.02)
            if not self.alive() or time.monotonic() > until:
                raise BotDied(self._running().returncode, self.log)

    def get(self, path: str) -> tuple[int, dict[str, object]]:
        """One GET; the status and the JSON. (0, {}): it does not answer, or ended meanwhile."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(self.url + path, timeout=5) as answer:
                return answer.status, json.loads(answer.read())
        except HTTPError as error:
            with error:
                return error.code, json.loads(error.read())
        except (OSError, HTTPException):
            return 0, {}

    def stop(self, within: float = 30.0) -> int:
        """Ask it to end, and wait; its exit status."""
        process = self._running()
        process.terminate()
        return self._wait(process, within)

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        process = self._running()
        process.kill()
        self._wait(process, 10)

    def _wait(self, process: subprocess.Popen[str], within: float) -> int:
        try:
            status = process.wait(within)
        except subprocess.TimeoutExpired:
            process.kill()
            status = process.wait()
        self._reader.join(5)
        if process.stderr is not None:
            process.stderr.close()
        return status

    def _running(self) -> subprocess.Popen[str]:
        if self._process is None:
            raise RuntimeError("the bot was not started")
        return self._process

    def _read(self, process: subprocess.Popen[str]) -> None:
        if process.stderr is not None:
            for line in process.stderr:
                self._note(line)
        process.wait()
        self._note("")

    def _note(self, line: str) -> None:
        with self._news:
            self._lines.append(line)
            self._news.notify_all()

    def _ended(self) -> bool:
        return self._process is not None and self._process.poll() is not None

    def _address(self) -> str | None:
        for line in self._lines[self._started_at_line :]:
            found = LISTENING.search(line)
            if found:
                return found.group(1)
        return None
