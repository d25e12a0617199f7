"""The arguments of one Web API call, from JSON or form encoding."""

from __future__ import annotations

import json
from dataclasses import dataclass
from urllib.parse import parse_qsl

from sandbox.slack.model import Json, SlackError


@dataclass(frozen=True, slots=True)
class Arguments:
    """Named arguments; structures may come as JSON text, flags as 0/1 or words."""

    given: Json

    def has(self, name: str) -> bool:
        """Whether the argument is there and not null."""
        return self.given.get(name) is not None

    def text(self, name: str) -> str:
        """A string, empty when missing."""
        value = self.given.get(name)
        return "" if value is None else str(value)

    def required(self, name: str) -> str:
        """A string; raises ``SlackError`` ``invalid_arguments`` when missing."""
        if not self.text(name):
            messages = [f"[ERROR] missing required field: {name}"]
            raise SlackError("invalid_arguments", response_metadata={"messages": messages})
        return self.text(name)

    def flag(self, name: str) -> bool:
        """A boolean: true, 1 and their spellings."""
        return self.text(name).lower() in ("1", "true")

    def structure(self, name: str) -> object:
        """A JSON structure, parsed where it came as text; raises ``invalid_arguments``."""
        value = self.given.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            messages = [f"[ERROR] {name} is not valid JSON"]
            raise SlackError(
                "invalid_arguments", response_metadata={"messages": messages}
            ) from None

    def view(self) -> Json:
        """The ``view`` argument; raises ``invalid_arguments`` unless an object."""
        value = self.structure("view")
        if isinstance(value, dict):
            return value
        messages = ["[ERROR] must provide an object [json-pointer:/view]"]
        raise SlackError("invalid_arguments", response_metadata={"messages": messages})

    def blocks(self) -> list[Json]:
        """The ``blocks`` argument; raises ``invalid_blocks_format`` unless a list."""
        try:
            value = self.structure("blocks")
        except SlackError:
            raise SlackError("invalid_blocks_format") from None
        if value is None:
            return []
        if not isinstance(value, list):
            raise SlackError("invalid_blocks_format")
        return value


def read_arguments(content_type: str, body: bytes) -> Arguments:
    """Arguments of a request body; raises ``invalid_json``, ``json_not_object``."""
    if "json" not in content_type:
        text = body.decode("utf-8", "replace")
        return Arguments(dict(parse_qsl(text, keep_blank_values=True)))
    try:
        value = json.loads(body or b"{}")
    except ValueError:
        raise SlackError("invalid_json") from None
    if not isinstance(value, dict):
        raise SlackError("json_not_object")
    return Arguments(value)
