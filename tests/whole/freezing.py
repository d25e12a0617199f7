"""A process that stands still for a while, as on a host that is short of memory."""

import os
import signal


def freeze(pid: int) -> None:
    """Stop a child process; once this returns none of its threads runs any more."""
    os.kill(pid, signal.SIGSTOP)
    os.waitid(os.P_PID, pid, os.WSTOPPED)


def thaw(pid: int) -> None:
    """Let it go on as if no time had passed."""
    os.kill(pid, signal.SIGCONT)
