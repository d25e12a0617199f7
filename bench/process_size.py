"""What a process occupies, from /proc (Linux)."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Size:
    """Resident memory in megabytes (10**6 bytes), threads, open descriptors."""

    megabytes: float
    threads: int
    descriptors: int


def size(pid: int) -> Size:
    """The process as it is now. Raises OSError where it has ended."""
    folder = Path(f"/proc/{pid}")
    fields = dict(
        line.split(":", 1) for line in (folder / "status").read_text(encoding="ascii").splitlines()
    )
    kilobytes = int(fields["VmRSS"].split()[0])
    descriptors = sum(1 for _ in (folder / "fd").iterdir())
    return Size(kilobytes * 1024 / 1e6, int(fields["Threads"]), descriptors)
