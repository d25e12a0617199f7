"""Which process this is, and whether another one still runs, as far as this host can tell."""

import json
import os
import time
from pathlib import Path

PROC = Path("/proc")
STATE, STARTED = 0, 19
"""Places in ``/proc/PID/stat`` behind the name [proc_pid_stat(5)]."""
ENDED = frozenset("ZXx")


def seconds() -> float:
    """Seconds on a clock that cannot be set and goes on while the host sleeps, where it has one."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def identity(pid: int | None = None, proc: Path = PROC) -> str:
    """What tells a process of this host from every other there ever was; "" where nothing does."""
    number = os.getpid() if pid is None else pid
    try:
        return json.dumps({**_host(proc), "pid": number, "started": _stat(proc, number)[STARTED]})
    except OSError:
        return ""


def gone(known: str, proc: Path = PROC) -> bool:
    """Whether the process with this ``identity`` certainly has ended: False where nobody can tell.

    That is so on another host or in another container, and without ``/proc``.
    """
    if not known:
        return False
    theirs = json.loads(known)
    pid, started = theirs.pop("pid"), theirs.pop("started")
    try:
        if theirs != _host(proc):
            return False
        os.kill(pid, 0)
        fields = _stat(proc, pid)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return fields[STARTED] != started or fields[STATE] in ENDED


def _host(proc: Path) -> dict[str, str]:
    return {
        "boot": (proc / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip(),
        "space": str((proc / "self/ns/pid").readlink()),
    }


def _stat(proc: Path, pid: int) -> list[str]:
    """The fields behind the name, which may itself hold blanks and brackets."""
    text = (proc / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    return text.rpartition(")")[2].split()
