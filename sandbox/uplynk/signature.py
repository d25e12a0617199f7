"""Checking the signed query string of a request to Uplynk (page: getting-started-new)."""

import base64
import hashlib
import hmac
import json
import zlib
from enum import StrEnum
from threading import Lock
from urllib.parse import parse_qsl

SKEW_SECONDS = 300
_MESSAGE_LIMIT = 65_536
_PAIRS_KEPT = 50_000


class Verdict(StrEnum):
    """What a look at msg and sig gave."""

    OK = "ok"
    MISSING = "missing"
    MALFORMED = "malformed"
    WRONG_SIGNATURE = "wrong_signature"
    WRONG_OWNER = "wrong_owner"
    BAD_TIMESTAMP = "bad_timestamp"
    STALE = "stale"


class Verifier:
    """Knows one account's key; keeps digests of what it saw, never msg or sig themselves."""

    def __init__(self, owner: str, api_key: str) -> None:
        """Check against this user ID and this API key."""
        self._owner = owner
        self._key = api_key.encode()
        self._seen: dict[bytes, int] = {}
        self._lock = Lock()

    def verdict(self, query: str, now: float) -> Verdict:
        """Check a raw query string at `now` (Unix seconds); the signature comes first."""
        pairs = parse_qsl(query, keep_blank_values=True)
        msgs = [value for name, value in pairs if name == "msg"]
        sigs = [value for name, value in pairs if name == "sig"]
        if not any(msgs) or not any(sigs):
            return Verdict.MISSING
        if len(msgs) > 1 or len(sigs) > 1:
            return Verdict.MALFORMED
        expected = hmac.new(self._key, msgs[0].encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected.encode(), sigs[0].encode()):
            return Verdict.WRONG_SIGNATURE
        return self._content(msgs[0], now)

    def first_use(self, query: str, number: int) -> int | None:
        """Remember this pair under `number`; return the number that used it before, or None."""
        if not query:
            return None
        digest = hashlib.sha256(query.encode()).digest()
        with self._lock:
            earlier = self._seen.setdefault(digest, number)
            if len(self._seen) > _PAIRS_KEPT:
                del self._seen[next(iter(self._seen))]
        return None if earlier == number else earlier

    def _content(self, msg: str, now: float) -> Verdict:
        try:
            unpacker = zlib.decompressobj()
            packed = base64.b64decode(msg, validate=True)
            fields = json.loads(unpacker.decompress(packed, _MESSAGE_LIMIT))
        except (ValueError, zlib.error):
            return Verdict.MALFORMED
        if not isinstance(fields, dict) or not unpacker.eof:
            return Verdict.MALFORMED
        if fields.get("_owner") != self._owner:
            return Verdict.WRONG_OWNER
        stamp = fields.get("_timestamp")
        if type(stamp) is not int:
            return Verdict.BAD_TIMESTAMP
        return Verdict.STALE if abs(now - stamp) > SKEW_SECONDS else Verdict.OK


def masked(query: str) -> str:
    """Return the names of the parameters with every value struck out."""
    names = [name for name, _ in parse_qsl(query, keep_blank_values=True)]
    return "&".join(f"{name}=***" for name in names if name in ("msg", "sig"))
