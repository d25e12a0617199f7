"""The door for Slack's requests over HTTP: signature first, then parsing, then Bolt.

Bolt parses a body before it checks the signature, answers 500 to a timestamp that is no number,
loses forms that hold the word "payload", and lets unsigned ``x-slack-bolt-*`` headers steer it.
Signing: Slack's page "verifying-requests-from-slack".
"""

import hmac
import json
import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl

from slack_bolt import App, BoltRequest, BoltResponse

log = logging.getLogger(__name__)

WINDOW_SECONDS = 300
MAX_BODY_BYTES = 1024 * 1024

_REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 413: "Content Too Large"}


class Refused(Exception):
    """Not let in; ``status`` is the HTTP status."""

    def __init__(self, status: int) -> None:
        """400: makes no sense; 401: not signed by Slack, or too old; 413: too large."""
        super().__init__(status)
        self.status = status


class Edge:
    """A WSGI application for ``POST /slack/events``."""

    def __init__(
        self,
        app: App,
        signing_secret: str,
        clock: Callable[[], float] = time.time,
        answered: Callable[[float], None] = lambda _: None,
    ) -> None:
        """``clock``: Unix seconds; ``answered``: told of each of Slack's requests, after how many
        seconds it had its answer.
        """
        self._answered = answered
        self._app = app
        self._secret = signing_secret.encode()
        self._clock = clock

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Answer one request."""
        try:
            response = self._dispatch(environ)
        except Refused as refused:
            return _answer(start_response, refused.status, {}, b'{"error": "refused"}')
        body = (response.body or "").encode()
        return _answer(start_response, response.status, response.first_headers(), body)

    def _dispatch(self, environ: dict[str, Any]) -> BoltResponse:
        begun = time.monotonic()
        raw = _body(environ)
        if _is_certificate_probe(raw):
            return BoltResponse(status=200, body="")
        stamp = environ.get("HTTP_X_SLACK_REQUEST_TIMESTAMP", "")
        self._verify(raw, stamp, environ.get("HTTP_X_SLACK_SIGNATURE", ""))
        request = _request(raw, environ.get("CONTENT_TYPE", ""), stamp)
        try:
            response = self._app.dispatch(request)
        except Exception as error:
            # Listeners' errors never come here: Bolt itself tripped over a shape it does not know.
            name, detail = type(error).__name__, log.isEnabledFor(logging.DEBUG)
            log.warning("a signed request that cannot be dispatched: %s", name, exc_info=detail)
            raise Refused(400) from None
        self._answered(time.monotonic() - begun)
        # Bolt's 404 means that no listener wanted it. Slack would only send it again.
        return BoltResponse(status=200, body="") if response.status == 404 else response

    def _verify(self, raw: bytes, stamp: str, signature: str) -> None:
        if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
            raise Refused(401)
        if abs(self._clock() - int(stamp)) > WINDOW_SECONDS:
            raise Refused(401)
        expected = hmac.new(self._secret, b"v0:" + stamp.encode() + b":" + raw, sha256)
        wanted = "v0=" + expected.hexdigest()
        if not hmac.compare_digest(wanted.encode(), signature.encode("utf-8", "replace")):
            raise Refused(401)


def _body(environ: Mapping[str, Any]) -> bytes:
    length = environ.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdigit()):
        raise Refused(400)
    if len(length) > 12 or int(length) > MAX_BODY_BYTES:
        raise Refused(413)
    body: bytes = environ["wsgi.input"].read(int(length))
    return body


def _is_certificate_probe(raw: bytes) -> bool:
    # Slack sends it unsigned, and it does nothing.
    return b"ssl_check=1" in raw.split(b"&") and b"payload=" not in raw


def _request(raw: bytes, content_type: str, stamp: str) -> BoltRequest:
    try:
        text = raw.decode("utf-8")
        body = _parsed(text, content_type)
    except (ValueError, RecursionError):
        raise Refused(400) from None
    headers: dict[str, str | Sequence[str]] = {
        "content-type": content_type,
        "x-slack-request-timestamp": stamp,
    }
    try:
        # Only in this mode does Bolt take a body that is parsed already.
        request = BoltRequest(body=body, headers=headers, mode="socket_mode")
    except (AttributeError, TypeError, KeyError, ValueError):
        raise Refused(400) from None
    request.raw_body, request.mode = text, "http"
    return request


def _parsed(text: str, content_type: str) -> dict[str, Any]:
    if content_type.split(";", maxsplit=1)[0].strip().lower() == "application/json":
        body = json.loads(text)
    else:
        form = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=200))
        body = json.loads(form["payload"]) if "payload" in form else form
    if not isinstance(body, dict):
        raise ValueError("not an object")
    return body


def _answer(
    start_response: Callable[..., Any], status: int, headers: Mapping[str, str], body: bytes
) -> Iterable[bytes]:
    kept = [(name, value) for name, value in headers.items() if name.lower() == "content-type"]
    lines = [*(kept or [("Content-Type", "application/json")]), ("Content-Length", str(len(body)))]
    start_response(f"{status} {_REASONS.get(status, 'Answer')}", lines)
    return [body]
