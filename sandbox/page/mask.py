"""Striking out: what is shown of the wire holds no token, no signature, no key and no owner."""

import re
from collections.abc import Iterable

from sandbox.slack.model import Json

STRUCK = "***"
_HEADERS = frozenset({"authorization", "x-slack-signature", "cookie", "set-cookie"})
_FIELDS = frozenset({"token"})
_CAPABILITY = re.compile(r"(/response/|[?&](?:ticket|msg|sig)=)[^/&\"\s]+")
"""What opens a door to whoever knows it stands in some addresses."""


class Mask:
    """Knows the secrets of one rig."""

    def __init__(self, secrets: Iterable[str]) -> None:
        """``secrets``: texts that show nowhere."""
        longest_first = sorted(secrets, key=len, reverse=True)
        self._secrets = re.compile("|".join(re.escape(secret) for secret in longest_first))

    def text(self, text: str) -> str:
        """The text without them."""
        return _CAPABILITY.sub(rf"\1{STRUCK}", self._secrets.sub(STRUCK, text))

    def json(self, value: Json) -> Json:
        """A JSON object without them, keys included."""
        return {self.text(key): self._inside(key, item) for key, item in value.items()}

    def headers(self, pairs: Iterable[tuple[str, str]]) -> Json:
        """Headers: of a signature or a token the kind stays and the rest goes."""
        return {
            name: _kind(value) if name.lower() in _HEADERS else self.text(value)
            for name, value in pairs
        }

    def any(self, value: object) -> object:
        """Any JSON value without them."""
        return self._inside("", value)

    def _inside(self, key: str, value: object) -> object:
        if key in _FIELDS and isinstance(value, str):
            return STRUCK
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return self.json(value)
        if isinstance(value, list | tuple):
            return [self._inside("", item) for item in value]
        return value


def _kind(value: str) -> str:
    """``Bearer xoxb-…`` and ``v0=…`` say what they are without what they hold."""
    known = re.match(r"v0=|(?:Bearer )?(?:xox[a-z]-|xapp-)?", value)
    return (known.group() if known else "") + STRUCK
