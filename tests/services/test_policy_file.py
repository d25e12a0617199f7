"""The policy file: read at start, followed afterwards, the last good version never lost."""

import logging
import os
import threading
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from failover.policy import PolicyError
from services.policy_file import CHECK_EVERY_SECONDS, MAX_BYTES, PolicyFile

GOOD = "[limits]\ncooldown_seconds = 10\n"
OTHER = "[limits]\ncooldown_seconds = 20\n"


@dataclass
class Followed:
    """A policy file in a folder of its own, and the clock that paces the looks at it."""

    path: Path
    now: float = 100.0
    policy: PolicyFile = field(init=False)

    def __post_init__(self) -> None:
        self.path.write_text(GOOD, encoding="utf-8")
        self.policy = PolicyFile(self.path, lambda: self.now)

    def later(self) -> int:
        """Let the clock pass the next look; the cool-down then in force, in seconds."""
        self.now += CHECK_EVERY_SECONDS
        return int(self.policy.current().cooldown_seconds)


@pytest.fixture
def followed(tmp_path: Path) -> Followed:
    return Followed(tmp_path / "policy.toml")


def test_a_new_version_is_in_force_at_the_next_look(followed: Followed) -> None:
    assert followed.policy.load().cooldown_seconds == 10
    followed.path.write_text(OTHER, encoding="utf-8")
    assert followed.policy.current().cooldown_seconds == 10
    assert followed.later() == 20
    assert followed.policy.problem is None


def test_an_unchanged_file_gives_the_same_object(followed: Followed) -> None:
    first = followed.policy.load()
    followed.later()
    assert followed.policy.current() is first


def test_an_edit_that_keeps_size_and_times_is_seen(followed: Followed) -> None:
    followed.policy.load()
    times = followed.path.stat()
    followed.path.write_text(OTHER, encoding="utf-8")

    os.utime(followed.path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert followed.later() == 20


def test_an_unreadable_new_version_is_refused_and_said_once(
    followed: Followed, caplog: pytest.LogCaptureFixture
) -> None:
    followed.policy.load()
    followed.path.write_text("[limits]\ncooldown_seconds = = 3\n", encoding="utf-8")
    with caplog.at_level(logging.INFO):
        assert [followed.later() for _ in range(3)] == [10, 10, 10]
        problem = followed.policy.problem or ""
        assert str(followed.path) in problem
        assert "line 2" in problem
        assert [record.levelname for record in caplog.records] == ["ERROR"]
        followed.path.write_text(OTHER, encoding="utf-8")
        assert followed.later() == 20
    assert followed.policy.problem is None
    assert [record.levelname for record in caplog.records] == ["ERROR", "INFO"]


def test_a_file_taken_away_leaves_the_last_good_version(followed: Followed) -> None:
    followed.policy.load()
    followed.path.unlink()
    assert [followed.later(), followed.later()] == [10, 10]
    assert "cannot be read" in (followed.policy.problem or "")
    followed.path.write_text(GOOD, encoding="utf-8")
    assert followed.later() == 10
    assert followed.policy.problem is None


def test_a_version_put_back_clears_the_problem(followed: Followed) -> None:
    first = followed.policy.load()
    followed.path.write_text("[[[", encoding="utf-8")
    followed.later()
    followed.path.write_text(GOOD, encoding="utf-8")
    followed.later()
    assert followed.policy.problem is None
    assert followed.policy.current() == first


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"a = 1\nb = =\n", "line 2"),
        (b'a = "open', "line 1"),
        (b"a = 1\nb = [1,\n", "line 3"),
        (b"a = 1\n# \xff\n", "line 2 is not UTF-8"),
        (b"a = " + b"[" * 100_000, "nested too deeply"),
        (b"x = " + b"1" * 5000, "too long"),
        (b"[limits]\ncooldown_seconds = " + b"9" * 5000, "too long"),
        (b"[limits]\ncooldown_seconds = 0x" + b"f" * 5000, "must be a number"),
        (b"[limits]\ncooldown_seconds = 1e999", "must be a number"),
        (b"x = " + b"{a = " * 900 + b"1" + b"}" * 900, "nested too deeply"),
        (b"#" * (MAX_BYTES + 1), "larger than"),
        (b"[limitz]\n", "limitz"),
    ],
)
def test_what_cannot_be_read_stops_the_start(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "policy.toml"
    path.write_bytes(content)
    with pytest.raises(PolicyError) as caught:
        PolicyFile(path).load()
    assert words in str(caught.value)
    assert str(path) in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("content", ["x = " + "1" * 5000, "x = " + "[" * 100_000])
def test_what_breaks_the_reader_leaves_the_last_good_version(
    followed: Followed, content: str
) -> None:
    followed.policy.load()
    followed.path.write_text(content, encoding="utf-8")
    assert [followed.later(), followed.later()] == [10, 10]
    assert str(followed.path) in (followed.policy.problem or "")
    followed.path.write_text(OTHER, encoding="utf-8")
    assert followed.later() == 20
    assert followed.policy.problem is None


def test_no_file_stops_the_start(tmp_path: Path) -> None:
    nowhere = PolicyFile(tmp_path / "none.toml")
    with pytest.raises(PolicyError, match=r"none\.toml: cannot be read: No such file"):
        nowhere.load()
    with pytest.raises(PolicyError, match="No such file"):
        nowhere.current()
    assert "No such file" in (nowhere.problem or "")


def test_a_byte_order_mark_is_no_problem(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(OTHER, encoding="utf-8-sig")
    assert PolicyFile(path).load().cooldown_seconds == 20


def test_many_threads_see_one_change_logged_once(
    followed: Followed, caplog: pytest.LogCaptureFixture
) -> None:
    followed.policy.load()
    followed.path.write_text(OTHER, encoding="utf-8")
    followed.now += CHECK_EVERY_SECONDS
    seen: list[float] = []
    barrier = threading.Barrier(8)

    def look() -> None:
        barrier.wait(timeout=10)
        seen.append(followed.policy.current().cooldown_seconds)

    threads = [threading.Thread(target=look) for _ in range(8)]
    with caplog.at_level(logging.INFO):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=10)
    assert seen == [20] * 8
    assert len(caplog.records) == 1
