"""Plants each bug in a copy of the project and runs the test that has to find it.

    python -m tests.planted [WORD ...]

With words, only the bugs whose names hold one of them. Exit status 1 where a bug is not found, or
where a test fails without any bug.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

from tests.planted.bug import Bug
from tests.planted.bugs import BUGS

ROOT = Path(__file__).resolve().parents[2]
COPIES = 2
"""How many bugs are planted side by side, each in a copy of its own."""
FOUND, PASSED = 1, 0
"""pytest's exit status where a test failed, and where all passed; any other proves nothing."""
HANGS_SECONDS = 30
"""A test that a bug makes hang has found it."""


def copied(to: Path) -> Path:
    """A copy of everything that belongs to the project."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, to / name)
    return to


def tested(root: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """What pytest makes of these tests in a copy."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "--no-header", "-p", "no:cacheprovider"]
    # Found by the same examples every time, or a bug would be missed once in a while.
    return subprocess.run(
        [*command, "-p", "no:randomly", "--hypothesis-seed=1", *words],
        cwd=root,
        env={**os.environ, "PYTHONHASHSEED": "0", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def found(root: Path, bug: Bug) -> bool:
    """Whether the bug's test fails with the bug in the copy, which is mended afterwards."""
    bug.plant(root)
    try:
        # What was compiled before stays good for every file but the one with the bug.
        told = tested(root, f"--timeout={HANGS_SECONDS}", bug.test, PYTHONDONTWRITEBYTECODE="1")
    finally:
        bug.mend(root, ROOT)
    # A test that could not even be set up tells of a bug that breaks everything.
    return told.returncode == FOUND and " failed" in told.stdout.splitlines()[-1]


def verdict(bug: Bug, copies: "SimpleQueue[Path]") -> bool:
    """Whether the bug is found, said in a line; in whichever copy is free."""
    root = copies.get()
    begun = time.monotonic()
    try:
        caught = found(root, bug)
    finally:
        copies.put(root)
    said = "found by" if caught else "MISSED by"
    print(f"{bug.name}: {said} {bug.test} ({time.monotonic() - begun:.1f} s)", flush=True)
    return caught


def main(words: list[str]) -> int:
    """Every bug in turn, a line for each; the exit status."""
    bugs = [one for one in BUGS if not words or any(word in one.name for word in words)]
    if not bugs:
        print("no planted bug has such a name")
        return 2
    with tempfile.TemporaryDirectory(prefix="planted-") as folder:
        first = copied(Path(folder, "1"))
        well = tested(first, "-n", str(COPIES), *sorted({one.test for one in bugs}))
        if well.returncode != PASSED:
            print(well.stdout + "the tests fail without any bug: nothing can be told")
            return 1
        copies: SimpleQueue[Path] = SimpleQueue()
        copies.put(first)
        for number in range(2, COPIES + 1):
            copies.put(shutil.copytree(first, Path(folder, str(number))))
        with ThreadPoolExecutor(COPIES) as pool:
            caught = sum(pool.map(lambda bug: verdict(bug, copies), bugs))
    print(f"{caught} of {len(bugs)} planted bugs found")
    return 0 if caught == len(bugs) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
