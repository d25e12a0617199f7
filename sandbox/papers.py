"""What went over the wire word by word: of the newest exchanges only, for people who look at it.

Nothing is copied or decoded when an exchange is filed; that is left to whoever looks. Nothing is
masked here either: papers are for the page, which masks what it shows.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

KEPT_BYTES = 8 * 1024
KEPT_EXCHANGES = 500


class Headers(Protocol):
    """Headers as any library holds them."""

    def items(self) -> Iterable[tuple[str, str]]:
        """Name and value of each."""


class HeadLines:
    """The headers in the head of an answer as it was sent."""

    def __init__(self, head: bytes = b"") -> None:
        """``head``: status line and headers."""
        self._head = head

    def items(self) -> Iterable[tuple[str, str]]:
        """Name and value of each."""
        lines = self._head.decode("latin-1").split("\r\n")[1:]
        pairs = (line.partition(": ") for line in lines)
        return [(name, value) for name, colon, value in pairs if colon]


@dataclass(frozen=True, slots=True)
class Papers:
    """Headers and bodies of a request and its answer; empty where there were none."""

    asked: Headers = field(default_factory=dict)
    body: bytes | str = b""
    answered: Headers = field(default_factory=dict)
    answer: bytes | str = b""


class Shelf:
    """The papers of the newest exchanges by their number; used under the journal's lock."""

    def __init__(self) -> None:
        self._papers: dict[int, Papers] = {}

    def put(self, number: int, papers: Papers) -> None:
        """File papers, the oldest make room."""
        self._papers[number] = papers
        if len(self._papers) > KEPT_EXCHANGES:
            del self._papers[next(iter(self._papers))]

    def get(self, number: int) -> Papers:
        """The papers of an exchange; empty ones where there are none any more."""
        return self._papers.get(number) or Papers()


def short(body: bytes | str) -> bytes | str:
    """The body itself, or a note in place of a long one."""
    return body if len(body) <= KEPT_BYTES else f"({len(body):,} bytes, too long to keep)"
