"""One request to the simulated Uplynk: signature, fault, rules, answer; no sockets."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from threading import Event

from sandbox.uplynk.answers import Answer, Manner, as_json, failure, spoiled
from sandbox.uplynk.faults import Fault, FaultBook, FaultKind, When
from sandbox.uplynk.journal import RequestRecord
from sandbox.uplynk.model import RefusedError
from sandbox.uplynk.routes import Endpoint
from sandbox.uplynk.signature import Verdict
from sandbox.uplynk.world import UplynkWorld

_NO_CONTENT = Answer(204)


class Stage(StrEnum):
    """Where a request is when the hook is called."""

    ARRIVED = "arrived"
    APPLIED = "applied"
    ANSWERED = "answered"


Hook = Callable[[Stage, RequestRecord], None]


@dataclass(frozen=True, slots=True)
class Call:
    """A request as read from the wire; `query` holds msg and sig and is never kept."""

    record: RequestRecord
    query: str
    content_type: str
    body: bytes

    @property
    def writes(self) -> bool:
        """Say whether it is a documented write of a known endpoint."""
        name = self.record.endpoint
        return (
            self.record.method != "GET"
            and name is not None
            and self.endpoint.allows(self.record.method)
        )

    @property
    def endpoint(self) -> Endpoint:
        """The endpoint; ValueError for an unknown path."""
        return Endpoint(self.record.endpoint or "")


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, the record as it is now, and in how many seconds a late write applies."""

    answer: Answer
    record: RequestRecord
    late_seconds: float | None = None


class Exchange:
    """Turns calls into replies; `stopping` cuts every pause short."""

    def __init__(self, world: UplynkWorld, faults: FaultBook, stopping: Event) -> None:
        """Work on this world with these faults."""
        self._world = world
        self._faults = faults
        self._stopping = stopping

    def reply(self, call: Call, hook: Hook | None) -> Reply:
        """Answer a call: unsigned ones get 401 or 403, the others their fault or the truth."""
        record = call.record
        if record.signature != Verdict.OK:
            status = self._world.options.auth_status
            return Reply(failure(status, "authentication failed"), record)
        if hook is not None:
            hook(Stage.ARRIVED, record)
        endpoint = None if record.endpoint is None else call.endpoint
        fault = self._faults.take(record.method, endpoint, record.group_id)
        if fault is None:
            return Reply(self._honest(call, hook), record)
        struck = replace(record, fault=fault.kind.value)
        self._world.journal.put(struck)
        try:
            return self._struck(replace(call, record=struck), fault, hook)
        except RefusedError as refusal:
            return Reply(failure(refusal.status, refusal.message), struck)

    def apply_late(self, call: Call, hook: Hook | None, seconds: float) -> None:
        """Apply a write `seconds` from now, unless the simulator stops before."""
        if self._stopping.wait(seconds):
            return
        # the client has its answer already, nobody is left to hear of a refusal
        with suppress(RefusedError):
            self._apply(call, hook)

    def _struck(self, call: Call, fault: Fault, hook: Hook | None) -> Reply:
        if fault.kind is FaultKind.DELAY and fault.when is When.BEFORE:
            self._stopping.wait(fault.seconds)
            return Reply(self._honest(call, hook), call.record)
        late = call.writes and _when(fault) is When.LATE
        honest = self._behind(call, fault, hook)
        if fault.kind not in (FaultKind.TRICKLE, FaultKind.DATE_SHIFT):
            self._stopping.wait(fault.seconds)
        answer = spoiled(fault, self._with_body(call, fault, honest), call.query)
        refused = late and answer is honest and honest.status != 204
        return Reply(answer, call.record, fault.late_seconds if late and not refused else None)

    def _behind(self, call: Call, fault: Fault, hook: Hook | None) -> Answer:
        """Apply what the fault lets through, and say what an honest Uplynk would answer."""
        when = _when(fault)
        if not call.writes or when is When.AFTER:
            return self._honest(call, hook)
        return self._checked(call) if when is When.LATE else _NO_CONTENT

    def _with_body(self, call: Call, fault: Fault, honest: Answer) -> Answer:
        needs_body = fault.kind in (FaultKind.WRONG_TYPE, FaultKind.GZIP_BOMB)
        if not needs_body or honest.body or call.record.group_id is None:
            return honest
        return as_json(200, self._world.read(Endpoint.GROUP, call.record.group_id))

    def _honest(self, call: Call, hook: Hook | None) -> Answer:
        try:
            if call.record.endpoint is None:
                raise RefusedError(404, "no such path")
            if not call.endpoint.allows(call.record.method):
                raise RefusedError(405, "method not allowed")
            if call.writes:
                self._apply(call, hook)
                return _NO_CONTENT
            return Answer(200, self._world.read_bytes(call.endpoint, call.record.group_id))
        except RefusedError as refusal:
            return failure(refusal.status, refusal.message)

    def _checked(self, call: Call) -> Answer:
        try:
            self._world.check(call.endpoint, call.record.group_id or "", _document(call))
        except RefusedError as refusal:
            return failure(refusal.status, refusal.message)
        return _NO_CONTENT

    def _apply(self, call: Call, hook: Hook | None) -> None:
        record = call.record
        body = _document(call)
        self._world.apply(call.endpoint, record.group_id or "", body, record.number)
        if hook is not None:
            hook(Stage.APPLIED, record)


def answers_before_effect(reply: Reply) -> bool:
    """Say whether a late write waits for the end of the answer: not when that has no end."""
    return reply.answer.manner not in (Manner.HANG, Manner.TRICKLE)


def _when(fault: Fault) -> When:
    fixed = {FaultKind.LIE: When.BEFORE, FaultKind.DATE_SHIFT: When.AFTER}
    return fixed.get(fault.kind, fault.when)


def _document(call: Call) -> object:
    kind = call.content_type.partition(";")[0].strip().lower()
    if kind != "application/json":
        raise RefusedError(400, "Content-Type must be application/json")
    try:
        return json.loads(call.body)
    except ValueError as error:
        raise RefusedError(400, "the body is not JSON") from error
