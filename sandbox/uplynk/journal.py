"""What the simulated Uplynk saw and did: every request, and every change with before and after."""

from collections import deque
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from threading import Condition

from sandbox.papers import Papers, Shelf
from sandbox.uplynk.model import Json

_REQUESTS_KEPT = 50_000
_CHANGES_KEPT = 20_000


class Source(StrEnum):
    """Who changed a group."""

    API = "api"
    CMS = "cms"
    FAILOVER = "failover"
    FAILBACK = "failback"
    HEALTH = "health"


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """One request; `time` is Unix seconds, `status` None without an answer, `bytes` as sent.

    `repeats` is the number of an earlier request that carried the very same msg and sig.
    """

    number: int
    time: float
    connection: int
    method: str
    path: str
    query: str
    endpoint: str | None
    group_id: str | None
    signature: str
    repeats: int | None = None
    fault: str | None = None
    status: int | None = None
    milliseconds: float = 0.0
    bytes: int = 0
    done: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """What is about to be written down of a change, without its number and time."""

    source: Source
    group_id: str
    before: Json | None
    after: Json | None
    method: str = ""
    path: str = ""
    body: object = None
    request: int | None = None


@dataclass(frozen=True, slots=True)
class Applied(Change):
    """A change that took effect; `before` is None for a new group, `after` for a removed one."""

    seq: int = 0
    time: float = 0.0


class Journal:
    """Append-only and bounded; shares the world's condition, so waiting on it sees both."""

    def __init__(self, condition: Condition) -> None:
        """Use the world's condition as lock and bell."""
        self._condition = condition
        self._requests: dict[int, RequestRecord] = {}
        self._changes: deque[Applied] = deque(maxlen=_CHANGES_KEPT)
        self._last_request = 0
        self._last_change = 0
        self._shelf = Shelf()

    def next_number(self) -> int:
        """Hand out the number of the next request, counted from 1."""
        with self._condition:
            self._last_request += 1
            return self._last_request

    def put(self, record: RequestRecord) -> None:
        """Write down a request, or replace what was known of it."""
        with self._condition:
            self._requests[record.number] = record
            if len(self._requests) > _REQUESTS_KEPT:
                del self._requests[next(iter(self._requests))]
            self._condition.notify_all()

    def applied(self, change: Change, now: float) -> Applied:
        """Write down a change that took effect at `now` (Unix seconds)."""
        with self._condition:
            self._last_change += 1
            entry = Applied(**_fields(change), seq=self._last_change, time=now)
            self._changes.append(entry)
            self._condition.notify_all()
            return entry

    def requests(self) -> list[RequestRecord]:
        """Return every request kept, in the order of arrival."""
        with self._condition:
            return sorted(self._requests.values(), key=lambda record: record.number)

    def request(self, number: int) -> RequestRecord | None:
        """Return one request as it is known now, None where it is not kept (any more)."""
        with self._condition:
            return self._requests.get(number)

    @property
    def last_request(self) -> int:
        """The number of the newest request."""
        with self._condition:
            return self._last_request

    def file(self, number: int, papers: Papers) -> None:
        """Keep what went over the wire for a request."""
        with self._condition:
            self._shelf.put(number, papers)

    def papers_of(self, number: int) -> Papers:
        """Return what went over the wire for a request, of the newest ones only."""
        with self._condition:
            return self._shelf.get(number)

    def changes(self) -> list[Applied]:
        """Return every change kept, whoever made it."""
        with self._condition:
            return list(self._changes)

    def writes(self) -> list[Applied]:
        """Return the changes that came through the API."""
        return [change for change in self.changes() if change.source is Source.API]

    def to_json(self) -> Json:
        """Draw both lists."""
        return {
            "changes": [asdict(change) for change in self.changes()],
            "requests": [asdict(record) for record in self.requests()],
        }


def finished(record: RequestRecord, status: int | None, sent: int, now: float) -> RequestRecord:
    """Complete a record; `sent` in bytes, `now` in Unix seconds."""
    spent = round((now - record.time) * 1000, 3)
    return replace(record, status=status, bytes=sent, milliseconds=spent, done=True)


def _fields(change: Change) -> Json:
    return {name: getattr(change, name) for name in Change.__dataclass_fields__}
