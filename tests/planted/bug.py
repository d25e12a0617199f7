"""One planted bug: a few words of the product put otherwise."""

import os
from dataclasses import dataclass
from pathlib import Path


class NotPlanted(Exception):
    """The words that the bug would change stand not exactly once in the file."""


@dataclass(frozen=True, slots=True)
class Bug:
    """In ``file``, ``right`` becomes ``wrong``; then ``test`` (a pytest node ID) must fail."""

    name: str
    file: str
    right: str
    wrong: str
    test: str

    def planted(self, source: str) -> str:
        """The source with the bug. Raises NotPlanted."""
        if source.count(self.right) != 1:
            times = source.count(self.right)
            raise NotPlanted(f"{self.name}: found {times} times in {self.file}: {self.right!r}")
        return source.replace(self.right, self.wrong)

    def plant(self, root: Path) -> None:
        """Change the file in a copy of the project. Raises NotPlanted."""
        path = root / self.file
        was = path.stat()
        path.write_text(self.planted(path.read_text(encoding="utf-8")), encoding="utf-8")
        # Python goes by the time in seconds, and must not take the compiled file for this one's.
        os.utime(path, (was.st_atime, was.st_mtime + 2))

    def mend(self, root: Path, source: Path) -> None:
        """Put the file back as it is in ``source``."""
        path, right = root / self.file, source / self.file
        path.write_bytes(right.read_bytes())
        was = right.stat()
        os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))
