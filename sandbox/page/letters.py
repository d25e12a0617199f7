"""One entry of the wire log in full: both halves as JSON, masked, and cut where they are long."""

import json

from sandbox.page.mask import Mask
from sandbox.papers import KEPT_BYTES, Headers, Papers
from sandbox.slack.model import ApiCall, Delivery, Json
from sandbox.uplynk.journal import RequestRecord


def letter(entry: Delivery | ApiCall | RequestRecord, papers: Papers, mask: Mask) -> Json:
    """Request and answer of an entry; over Socket Mode there are no headers."""
    asked: object
    if isinstance(entry, Delivery):
        asked, answer = entry.request, _readable(entry.body)
    elif isinstance(entry, ApiCall):
        asked, answer = entry.arguments, _readable(papers.answer)
    else:
        asked, answer = _readable(papers.body), _readable(papers.answer)
    return {
        "request": _half(papers.asked, asked, mask),
        "answer": {"status": entry.status} | _half(papers.answered, answer, mask),
    }


def _half(headers: Headers, body: object, mask: Mask) -> Json:
    return {"headers": mask.headers(headers.items()), "body": _cut(mask.any(body))}


def _readable(body: bytes | str) -> object:
    text = body if isinstance(body, str) else body.decode("utf-8", "replace")
    try:
        return json.loads(text)
    except ValueError:
        return text


def _cut(body: object) -> object:
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    if len(text) <= 2 * KEPT_BYTES:
        return body
    return f"{text[:KEPT_BYTES]}… (cut here: {len(text):,} characters in all)"
