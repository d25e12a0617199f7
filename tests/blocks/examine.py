"""What Slack and a careful reader ask of everything that is drawn."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from sandbox.slack import limits as slack_limits
from sandbox.slack.text import message_lines, view_lines
from sandbox.slack.untrusted import Foreign, pieces, violations
from tests.blocks.samples import MARK

OWN_TOKENS = re.compile(
    r"<@[UW][A-Z0-9]+>|<!subteam\^S[A-Z0-9]+>"
    r"|<!date\^\d+\^\{time_secs\}\|\d\d:\d\d:\d\d UTC>"
    r"|<!date\^\d+\^\{time\}\|\d\d:\d\d UTC>"
    r"|<!date\^\d+\^\{date_short_pretty\}, \{time\}\|\d{4}-\d\d-\d\d \d\d:\d\d UTC>"
    r"|<!date\^-?\d+\^\{date_short_pretty\}, \{time_secs\}\|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC>"
)
TEXT_SUM = 10_000
NAMES = {"U0OPERATOR": "Operator", "U0ADMIN": "Admin", "U0VIEWER": "Viewer", "S0SPORTS": "sports"}


def message(drawn: dict[str, Any], *foreign: str, private: bool = False) -> None:
    """A message that Slack takes, and in which nothing from outside is alive.

    ``private``: it goes to a response URL, where nobody knows how ``text`` is parsed.
    """
    assert set(drawn) == {"text", "blocks"}
    assert slack_limits.message_problems(drawn["blocks"]) == []
    assert 1 <= len(drawn["text"]) <= slack_limits.UPDATE_TEXT
    assert slack_limits.block_text_length(drawn["blocks"]) < TEXT_SUM
    _is_dead(drawn, foreign, "client" if private else "none")
    if private:
        assert MARK not in drawn["text"]
    bare = OWN_TOKENS.sub("", drawn["text"])
    assert not set(bare) & set("<>@*~`"), bare
    assert not re.search(r"&(?!amp;|lt;|gt;)", bare), "an escape was cut in two"


def view(drawn: dict[str, Any], *foreign: str) -> None:
    """A view that Slack takes, and in which nothing from outside is alive."""
    assert slack_limits.view_problems(drawn) == []
    assert not slack_limits.view_is_too_large(drawn)
    _is_dead(drawn, foreign, "client")


def shown(drawn: dict[str, Any]) -> str:
    """What a person reads."""
    return "\n".join(message_lines(drawn["text"], drawn["blocks"], NAMES))


def shown_view(drawn: dict[str, Any]) -> str:
    """What a person reads in a view that nobody has touched."""
    values = {
        block["block_id"]: {element["action_id"]: _initial(element)}
        for block in drawn["blocks"]
        for element in [block.get("element") or (block.get("elements") or [{}])[0]]
        if "block_id" in block
    }
    return "\n".join(view_lines(drawn, values, {}, NAMES))


def _initial(element: dict[str, Any]) -> dict[str, Any]:
    return {"selected_option": element.get("initial_option"), "value": None}


def _is_dead(drawn: dict[str, Any], foreign: tuple[str, ...], parse: str) -> None:
    texts = [Foreign(text) for text in foreign if text.strip()]
    for piece in pieces(drawn, parse, "drawn"):
        assert [found for found in violations(piece, texts, ()) if not _own(found.live)] == []
    for kind, text in _texts(drawn.get("blocks")):
        if kind == "mrkdwn":
            assert MARK not in text, "foreign words in a formatted text"
            assert not set(OWN_TOKENS.sub("", text)) & set("<>&"), text
        hidden = {char for char in text if _is_hidden(char)}
        assert not hidden, hidden
        for line in text.splitlines():
            assert not line.startswith(("\u2705 applied and verified", "Approver:")), "forged line"


def _own(live: str) -> bool:
    return OWN_TOKENS.fullmatch(live) is not None


def _is_hidden(char: str) -> bool:
    if char in "\n\u200d":
        return False
    return unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"}


def _texts(node: object) -> Iterator[tuple[str, str]]:
    if isinstance(node, list):
        for item in node:
            yield from _texts(item)
    elif isinstance(node, dict):
        if node.get("type") in ("plain_text", "mrkdwn"):
            yield node["type"], node["text"]
            if node["type"] == "mrkdwn":
                assert node["verbatim"] is True
        for value in node.values():
            yield from _texts(value)
