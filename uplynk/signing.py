"""Uplynk's v4 authentication: a dated message and its HMAC, both sent in the query. Pure.

Vendor pages: "getting-started-new" and the samples of the Integration API. The values of this
module are secret; none of them shows up in a ``repr``.
"""

import hashlib
import hmac
import json
import zlib
from base64 import b64encode
from dataclasses import dataclass, field
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Credentials:
    """An Uplynk user ID (CMS: User Settings) and an API key (CMS: Integration Keys)."""

    owner: str = field(repr=False)
    api_key: str = field(repr=False)

    @property
    def values(self) -> tuple[str, str]:
        """Both, to be struck out of whatever is shown."""
        return self.owner, self.api_key


@dataclass(frozen=True, slots=True)
class Signature:
    """One attempt's authentication: the ``msg`` and ``sig`` parameters, not yet percent-encoded."""

    msg: str = field(repr=False)
    sig: str = field(repr=False)

    @property
    def query(self) -> str:
        """The two as a query string, percent-encoded."""
        return f"msg={quote(self.msg, safe='')}&sig={self.sig}"


def sign(credentials: Credentials, timestamp: int) -> Signature:
    """Sign for this very moment; ``timestamp`` is in Unix seconds, UTC.

    ``msg`` is JSON, then zlib at level 9, then standard base64; ``sig`` is the HMAC-SHA256 of that
    base64 text under the API key, in lowercase hex.
    """
    claim = json.dumps({"_owner": credentials.owner, "_timestamp": timestamp})
    msg = b64encode(zlib.compress(claim.encode(), 9))
    digest = hmac.digest(credentials.api_key.encode(), msg, hashlib.sha256)
    return Signature(msg.decode("ascii"), digest.hex())
