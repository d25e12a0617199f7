"""Signed requests as Slack makes them, and their forgeries.

Rules: page "verifying requests from slack" (``v0:timestamp:body``, HMAC-SHA256).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from sandbox.slack.payloads import Parcel, ParcelKind

SIGNATURE, TIMESTAMP = "X-Slack-Signature", "X-Slack-Request-Timestamp"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """A request ready to send: raw body and headers."""

    body: bytes
    headers: Mapping[str, str]

    def with_headers(self, **headers: str) -> SignedRequest:
        """The same with more headers, underscores standing for dashes; they are unsigned."""
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        return replace(self, headers={**self.headers, **named})

    def without(self, *names: str) -> SignedRequest:
        """The same lacking some headers."""
        kept = {key: value for key, value in self.headers.items() if key not in names}
        return replace(self, headers=kept)


class Signer:
    """Signs with one secret; each forging method makes one kind of bad request."""

    def __init__(self, secret: str) -> None:
        self._key = secret.encode()

    def sign(self, body: bytes, content_type: str, timestamp: str | None = None) -> SignedRequest:
        """A rightly signed request; ``timestamp`` (Unix seconds as text) defaults to now."""
        stamp = str(int(time.time())) if timestamp is None else timestamp
        digest = hmac.new(self._key, b"v0:" + stamp.encode() + b":" + body, hashlib.sha256)
        headers = {"Content-Type": content_type, TIMESTAMP: stamp}
        return SignedRequest(body, {**headers, SIGNATURE: "v0=" + digest.hexdigest()})

    def parcel(self, parcel: Parcel, timestamp: str | None = None) -> SignedRequest:
        """The request that carries ``parcel``, its extra headers included."""
        body, kind = encoded(parcel)
        request = self.sign(body, kind, timestamp)
        return replace(request, headers={**request.headers, **parcel.headers})

    def stale(self, request: SignedRequest, seconds: int) -> SignedRequest:
        """Rightly signed with a clock ``seconds`` behind; negative is in the future."""
        stamp = str(int(time.time()) - seconds)
        return self.sign(request.body, request.headers["Content-Type"], stamp)

    def timestamped(self, request: SignedRequest, timestamp: str) -> SignedRequest:
        """Rightly signed over any text as timestamp."""
        return self.sign(request.body, request.headers["Content-Type"], timestamp)

    def wrong_signature(self, request: SignedRequest) -> SignedRequest:
        """Signed with another secret."""
        forged = Signer("not the secret").sign(request.body, request.headers["Content-Type"])
        return replace(request, headers={**request.headers, **forged.headers})

    def tampered(self, request: SignedRequest, body: bytes) -> SignedRequest:
        """Another body under the old signature."""
        return replace(request, body=body)


def encoded(parcel: Parcel) -> tuple[bytes, str]:
    """Body and content type of a parcel over HTTP."""
    if parcel.kind is ParcelKind.COMMAND:
        return urlencode(parcel.payload).encode(), FORM
    text = json.dumps(parcel.payload)
    if parcel.kind is ParcelKind.INTERACTIVE:
        return urlencode({"payload": text}).encode(), FORM
    return text.encode(), JSON
