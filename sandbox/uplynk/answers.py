"""Answers of the simulated Uplynk, honest and spoiled, as bytes for the wire."""

import json
import zlib
from dataclasses import dataclass, replace
from email.utils import formatdate
from enum import StrEnum
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

from sandbox.uplynk.faults import MEBIBYTE, Fault, FaultKind

_HTML = "<!doctype html><html><body><h1>Something went wrong</h1></body></html>"
_GARBAGE = '{"@id": "/api/v4/failover-groups", "items": [{"id": tru\x00'


class Manner(StrEnum):
    """How an answer goes out."""

    FULL = "full"
    HALF = "half"
    TRICKLE = "trickle"
    RESET = "reset"
    CLOSE = "close"
    HANG = "hang"


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer; `date_shift` in seconds, `pause` in seconds between bytes of a trickle."""

    status: int
    body: bytes = b""
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    manner: Manner = Manner.FULL
    date_shift: float = 0.0
    pause: float = 0.0

    def head(self, now: float, *, closing: bool) -> bytes:
        """Draw status line and headers at `now` (Unix seconds)."""
        lines = [f"HTTP/1.1 {self.status} {_phrase(self.status)}"]
        lines.append(f"Date: {formatdate(now + self.date_shift, usegmt=True)}")
        if self.status != HTTPStatus.NO_CONTENT:
            lines += [f"Content-Type: {self.content_type}", f"Content-Length: {len(self.body)}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        lines += ["Connection: close"] if closing else []
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def as_json(status: int, document: Any) -> Answer:
    """Draw a JSON document."""
    return Answer(status, json.dumps(document).encode())


def failure(status: int, message: str) -> Answer:
    """Draw an error body as it is assumed to be."""
    return as_json(status, {"message": message})


def spoiled(fault: Fault, honest: Answer, query: str) -> Answer:
    """Turn an honest answer into what the fault lets the client see."""
    match fault.kind:
        case FaultKind.STATUS:
            return _status(fault, query)
        case FaultKind.HANG | FaultKind.RESET | FaultKind.CLOSE | FaultKind.HALF:
            return replace(honest, manner=Manner(fault.kind.value))
        case FaultKind.TRICKLE:
            return replace(honest, manner=Manner.TRICKLE, pause=fault.seconds)
        case FaultKind.DATE_SHIFT:
            return replace(honest, date_shift=fault.seconds)
        case FaultKind.DELAY | FaultKind.LIE:
            return honest
        case FaultKind.WRONG_TYPE:
            return as_json(200, _wrong_type(fault, json.loads(honest.body or b"{}")))
        case FaultKind.GZIP_BOMB:
            return _bomb(honest.body or b"{}", fault.size)
        case _:
            return _other_body(fault)


def _status(fault: Fault, query: str) -> Answer:
    text = fault.body
    if text is None:
        text = json.dumps({"message": f"simulated {fault.status} {_phrase(fault.status)}"})
    sent = parse_qs(query)
    for mark, value in (
        ("$MSG", "".join(sent.get("msg", []))),
        ("$SIG", "".join(sent.get("sig", []))),
        ("$QUERY", query),
    ):
        text = text.replace(mark, value)
    headers = fault.headers
    if fault.retry_after is not None:
        headers += (("Retry-After", fault.retry_after),)
    return Answer(fault.status, text.encode(), fault.content_type, headers)


def _other_body(fault: Fault) -> Answer:
    texts = {
        FaultKind.HTML: _HTML,
        FaultKind.GARBAGE: _GARBAGE,
        FaultKind.OTHER_SHAPE: '{"data": ["unexpected"]}',
        FaultKind.OK_WITH_ERROR: '{"error": 1, "msg": "simulated error inside a 200"}',
    }
    text = texts[fault.kind] if fault.body is None else fault.body
    html = fault.kind is FaultKind.HTML
    return Answer(200, text.encode(), "text/html; charset=utf-8" if html else "application/json")


def _wrong_type(fault: Fault, document: dict[str, Any]) -> dict[str, Any]:
    inside = fault.field not in document and isinstance(document.get("items"), list)
    if inside:
        items = [item | {fault.field: fault.value} for item in document["items"]]
        return document | {"items": items}
    return document | {fault.field: fault.value}


def _bomb(text: bytes, size: int) -> Answer:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    parts = [packer.compress(text)]
    blank = b" " * MEBIBYTE
    parts += [packer.compress(blank) for _ in range(size // MEBIBYTE)]
    body = b"".join([*parts, packer.flush()])
    return Answer(200, body, headers=(("Content-Encoding", "gzip"),))


def _phrase(status: int) -> str:
    known = {item.value: item.phrase for item in HTTPStatus}
    return known.get(status, "Unknown")
