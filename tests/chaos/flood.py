"""Thousands of requests that Slack never sent, over real HTTP, while people go on working."""

import random
import re
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from sandbox.slack.people import SimulatedPerson
from sandbox.slack.sample import OPERATOR, VIEWER
from sandbox.slack.signing import SignedRequest

from .figures import Figures
from .fleet import Fleet
from .forgeries import CANARY, Forger, Junk, wire
from .ledgers import Finding, Kind

SENDERS = 8
HALVES_HELD = 40
EVERY = 100
REPLAYS = 5
PATIENCE_SECONDS = 20.0
STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})")


@dataclass(slots=True)
class Tally:
    """What came back: ``answers`` by kind and status, 0 where the line was closed without one."""

    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    slowest_good: float = 0.0
    good: int = 0
    failed_good: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def failures(self) -> int:
        """How many were answered with 5xx."""
        return sum(count for (_, status), count in self.answers.items() if status >= 500)


def run(seed: int, count: int) -> Figures:
    """So many; then a replay of a change that was really made."""
    chance = random.Random(seed)
    with Fleet(seed) as fleet:
        operator, viewer = fleet.slack.person(OPERATOR), fleet.slack.person(VIEWER)
        forger = Forger(fleet.slack.signer, chance)
        _warm(fleet, operator, viewer)
        pieces = [forger.next() for _ in range(count)]
        before, memory = _effects(fleet), _memory(fleet)
        tally = _send(fleet, pieces, viewer)
        grown = _memory(fleet) - memory
        findings = [*_judged(fleet, tally, before), *_replayed(fleet)]
    told = {
        "requests": str(count),
        "5xx": str(tally.failures()),
        "good requests": f"{tally.good}, slowest {tally.slowest_good * 1000:.0f} ms",
        "memory grew by": f"{grown:.1f} MiB",
        "answers": ", ".join(f"{n} × {status or 'closed'}" for status, n in _by_status(tally)),
    }
    return Figures("forgeries", findings=tuple(findings), more=told)


def _by_status(tally: Tally) -> Iterator[tuple[int, int]]:
    found: Counter[int] = Counter()
    for (_, status), count in tally.answers.items():
        found[status] += count
    return iter(sorted(found.items()))


def _warm(fleet: Fleet, operator: SimulatedPerson, viewer: SimulatedPerson) -> None:
    operator.types('/failover set "NBA Finals" prioritized now because the one real change')
    viewer.types("/failover help")
    fleet.settles()


def _send(fleet: Fleet, pieces: list[Junk], viewer: SimulatedPerson) -> Tally:
    parts = urlsplit(fleet.bots[0].url)
    address = parts.hostname or "", parts.port or 0
    tally, held = Tally(), list[socket.socket]()

    def send(numbered: tuple[int, Junk]) -> None:
        number, piece = numbered
        if number % EVERY == 0:
            _good(viewer, tally)
        status = _exchange(address, piece, held, tally.lock)
        with tally.lock:
            tally.answers[piece.kind, status] += 1

    with ThreadPoolExecutor(SENDERS) as pool:
        for _ in pool.map(send, enumerate(pieces), chunksize=1):
            pass
    _good(viewer, tally)
    for line in held:
        line.close()
    return tally


def _good(viewer: SimulatedPerson, tally: Tally) -> None:
    delivery = viewer.types("/failover help")
    with tally.lock:
        tally.good += 1
        tally.failed_good += not delivery.ok
        tally.slowest_good = max(tally.slowest_good, delivery.seconds)


def _exchange(
    address: tuple[str, int], piece: Junk, held: list[socket.socket], lock: threading.Lock
) -> int:
    """Send a piece; the status of the answer, 0 for none. Some half-sent ones are left hanging."""
    line = socket.create_connection(address, timeout=PATIENCE_SECONDS)
    with suppress(ConnectionError):
        line.sendall(piece.data)
        if not piece.whole:
            with lock:
                if len(held) < HALVES_HELD:
                    held.append(line)
                    return 0
            line.shutdown(socket.SHUT_WR)
        with line:
            found = STATUS.match(_head(line))
            return int(found.group(1)) if found else 0
    line.close()
    return 0


def _head(line: socket.socket) -> bytes:
    head = b""
    while len(head) < 16 and (more := line.recv(4096)):
        head += more
    return head


def _effects(fleet: Fleet) -> tuple[int, int, int]:
    calls = [one for one in fleet.slack.world.journal.calls() if one.method != "auth.test"]
    requests = fleet.world.journal.requests()
    return len(calls), len(requests), len(fleet.books.entries())


def _judged(fleet: Fleet, tally: Tally, before: tuple[int, int, int]) -> Iterator[Finding]:
    if tally.failures():
        yield Finding(Kind.OPEN, f"answers of 5xx: {tally.answers}")
    if tally.failed_good:
        yield Finding(Kind.LOST, f"{tally.failed_good} good requests were not answered in time")
    if _effects(fleet) != before:
        yield Finding(Kind.UNAUDITED, f"calls and records {before}, then {_effects(fleet)}")
    if CANARY in fleet.log or "Traceback" in fleet.log:
        yield Finding(Kind.TOLD_WRONGLY, "the log holds what was sent, or a traceback")


def _replayed(fleet: Fleet) -> Iterator[Finding]:
    """The one real change, byte by byte the same, again and again: it has had its effect."""
    delivery = fleet.slack.world.journal.deliveries("command")[0]
    request: SignedRequest = fleet.slack.request_of(delivery)
    parts = urlsplit(fleet.bots[0].url)
    made, sent = len(fleet.books.entries()), len(fleet.witness.sent())
    for _ in range(REPLAYS):
        _exchange(
            (parts.hostname or "", parts.port or 0),
            Junk("replayed", wire(request)),
            [],
            threading.Lock(),
        )
    fleet.settles()
    if (len(fleet.books.entries()), len(fleet.witness.sent())) != (made, sent):
        yield Finding(Kind.DOUBLED, "a replayed request had an effect")


def _memory(fleet: Fleet) -> float:
    """The bot's resident memory in MiB; 0 where the system does not tell."""
    status = Path(f"/proc/{fleet.bots[0].pid}/status")
    if not status.exists():
        return 0.0
    found = re.search(r"VmRSS:\s+(\d+) kB", status.read_text(encoding="ascii"))
    return int(found.group(1)) / 1024 if found else 0.0
