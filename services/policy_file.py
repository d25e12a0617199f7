"""The policy as it stands in its file: read at start, and again soon after somebody edits it."""

import logging
import threading
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

from failover.policy import Policy, PolicyError, parse

CHECK_EVERY_SECONDS = 1.0
MAX_BYTES = 1 << 20

_log = logging.getLogger(__name__)


class PolicyFile:
    """A policy file that is followed. An unreadable new version is refused, the last good stays.

    The bytes are compared, not the file's times: an edit within one tick of the file system's
    clock, or a swapped symbolic link, counts as well. Safe to share between threads.
    """

    def __init__(self, path: Path, monotonic: Callable[[], float] = time.monotonic) -> None:
        """`monotonic` returns seconds; it paces the looks at the file."""
        self._path = path
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._policy: Policy | None = None
        self._problem: str | None = None
        self._seen: bytes | OSError | None = None
        self._looked_at = 0.0

    def load(self) -> Policy:
        """Read the file now. Raises PolicyError, naming the file and the line or table."""
        with self._lock:
            self._looked_at, self._seen = self._monotonic(), self._bytes()
            self._policy = self._parse(self._seen)
            self._problem = None
            return self._policy

    def current(self) -> Policy:
        """Return the last good policy, after a look at the file (at most one a second).

        Raises PolicyError only when no version was ever good.
        """
        with self._lock:
            fresh = self._monotonic() - self._looked_at < CHECK_EVERY_SECONDS
            if self._policy is not None and fresh:
                return self._policy
        return self._look()

    @property
    def problem(self) -> str | None:
        """What is wrong with the file's newest version, or None; looks at it as `current` does."""
        try:
            self.current()
        except PolicyError as error:
            return str(error)
        return self._problem

    def _look(self) -> Policy:
        with self._lock:
            self._looked_at = self._monotonic()
            content = self._bytes()
            if self._policy is None:
                self._policy = self._parse(content)
            elif not _same(content, self._seen):
                self._take(content, self._policy)
            self._seen = content
            return self._policy

    def _take(self, content: bytes | OSError, good: Policy) -> None:
        try:
            self._policy, self._problem = self._parse(content), None
            _log.info("%s: the new version is in force", self._path)
        except PolicyError as error:
            self._policy, self._problem = good, str(error)
            _log.error("the new policy is refused, the last good one stays: %s", error)

    def _bytes(self) -> bytes | OSError:
        try:
            with self._path.open("rb") as file:
                return file.read(MAX_BYTES + 1)
        except OSError as error:
            return error

    def _parse(self, content: bytes | OSError) -> Policy:
        if isinstance(content, OSError):
            raise PolicyError([f"{self._path}: cannot be read: {content.strerror}"])
        if len(content) > MAX_BYTES:
            raise PolicyError([f"{self._path}: is larger than {MAX_BYTES} bytes"])
        return parse(self._toml(content), str(self._path))

    def _toml(self, content: bytes) -> dict[str, object]:
        try:
            return tomllib.loads(content.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            line = _lines(content[: error.start])
            raise PolicyError([f"{self._path}: line {line} is not UTF-8 text"]) from None
        except tomllib.TOMLDecodeError as error:
            words = str(error).replace("end of document", f"the end, line {_lines(content)}")
            raise PolicyError([f"{self._path}: {words}"]) from None
        except ValueError:
            # Python reads no number of more than 4,300 digits, and tomllib hands its error on.
            raise PolicyError([f"{self._path}: holds a number that is too long"]) from None
        except RecursionError:
            raise PolicyError([f"{self._path}: is nested too deeply"]) from None


def _lines(content: bytes) -> int:
    return content.count(b"\n") + 1


def _same(one: bytes | OSError, other: bytes | OSError | None) -> bool:
    if isinstance(one, OSError) and isinstance(other, OSError):
        return one.errno == other.errno
    return one == other
