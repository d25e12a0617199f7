"""Block Kit parts with Slack's limits applied, and the one place where text is made harmless.

Limits: Slack's reference pages "blocks", "block-elements", "composition-objects" and "views".
Foreign text (typed by a person, or sent by Uplynk) goes into ``plain`` objects, which Slack never
parses. ``line`` makes the one-line ``text`` of a message, where escaping alone would leave
formatting marks alive.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

Block: TypeAlias = dict[str, Any]

SECTION_LIMIT = 3000
FIELD_LIMIT = 2000
HEADER_LIMIT = 150
TITLE_LIMIT = 24
BUTTON_LIMIT = 75
OPTION_LIMIT = 75
OPTION_VALUE_LIMIT = 150
LINE_LIMIT = 3000
NAME_LIMIT = 120
"""A group or slicer name longer than this is cut wherever it is shown."""
WORDS_LIMIT = 600
"""The most that is shown of a reason or of Uplynk's words."""

_MARKS = str.maketrans({"*": "\u2217", "~": "\u223c", "`": "\u02cb"})
_JOINER = "\u200d"  # holds the parts of many an emoji together
_EDGE_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")


@lru_cache(maxsize=4096)
def neutral(text: str, limit: int = NAME_LIMIT) -> str:
    """Foreign text on one line, control and direction characters as marks, cut to ``limit``.

    On one line, since words on a line of their own could pass for the bot's.
    """
    kept = text[: limit * 2]
    if not (kept.isascii() and kept.isprintable()):
        kept = "".join(map(_visible, kept))
    kept = kept.strip()
    return cut(kept if kept.strip(_JOINER) else "(empty)", limit)


def cut(text: str, limit: int) -> str:
    """The text, or its beginning and an ellipsis, in at most ``limit`` characters."""
    return text if len(text) <= limit else text[: limit - 1] + "\u2026"


def escape(text: str) -> str:
    """Slack's three escapes, ``&`` first [formatting-message-text]."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def line(text: str, limit: int = NAME_LIMIT) -> str:
    """Foreign text for a message's one-line ``text``: no mention, no link, no formatting.

    Bare addresses are not linked where ``parse`` is none, which every sender here sets.
    """
    harmless = _EDGE_UNDERSCORE.sub("\uff3f", neutral(text, limit).translate(_MARKS))
    return escape(harmless).replace("@", "\uff20")


def plain(text: str, limit: int = SECTION_LIMIT) -> Block:
    """A text object that Slack shows letter for letter."""
    return {"type": "plain_text", "text": cut(text, limit), "emoji": False}


def mrkdwn(text: str) -> Block:
    """A formatted text object; only for words of our own and IDs."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def header(text: str) -> Block:
    """A header block."""
    return {"type": "header", "text": plain(text, HEADER_LIMIT)}


def section(text: str | Block, block_id: str | None = None) -> Block:
    """A section of literal text, or of a ready text object."""
    body = plain(text) if isinstance(text, str) else text
    block: Block = {"type": "section", "text": body}
    return block if block_id is None else block | {"block_id": block_id}


def fields(pairs: Iterable[tuple[str, str | Block]]) -> Block:
    """At most five titles and what they stand for: side by side, one below the other on a phone."""
    drawn: list[Block] = []
    for title, body in list(pairs)[:5]:
        drawn += [
            mrkdwn(f"*{cut(title, NAME_LIMIT)}*"),
            plain(body, FIELD_LIMIT) if isinstance(body, str) else body,
        ]
    return {"type": "section", "fields": drawn}


def context(*texts: str | Block) -> Block:
    """Small print."""
    elements = [plain(text) if isinstance(text, str) else text for text in texts[:10]]
    return {"type": "context", "elements": elements}


def divider() -> Block:
    """A thin line."""
    return {"type": "divider"}


def button(text: str, action_id: str, value: str, style: str | None = None) -> Block:
    """A button; ``value`` must be at most 2,000 characters."""
    if len(value) > 2000:
        raise ValueError(f"the value of button {action_id} has {len(value)} characters")
    element: Block = {
        "type": "button",
        "text": plain(text, BUTTON_LIMIT),
        "action_id": action_id,
        "value": value,
    }
    return element if style is None else element | {"style": style}


def actions(*elements: Block) -> Block:
    """A row of buttons."""
    return {"type": "actions", "elements": list(elements)}


def option(text: str, value: str, description: str | None = None) -> Block:
    """One choice of a select or of radio buttons; ``value``: at most ``OPTION_VALUE_LIMIT``."""
    if len(value) > OPTION_VALUE_LIMIT:
        raise ValueError(f"the value of an option has {len(value)} characters")
    choice: Block = {"text": plain(text, OPTION_LIMIT), "value": value}
    if description is not None:
        choice["description"] = plain(description, OPTION_LIMIT)
    return choice


def radio(action_id: str, options: Sequence[Block], chosen: str | None) -> Block:
    """Radio buttons; ``chosen`` is the value of the one that starts pressed."""
    element: Block = {"type": "radio_buttons", "action_id": action_id, "options": list(options)}
    initial = [choice for choice in options if choice["value"] == chosen]
    return element | ({"initial_option": initial[0]} if initial else {})


def input_block(
    block_id: str, label: str, element: Block, *, optional: bool = False, dispatch: bool = False
) -> Block:
    """An input with its label; ``dispatch``: every edit is sent at once."""
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": element,
        "optional": optional,
    }
    # Slack forgets the flag unless each rendering repeats it.
    return block | ({"dispatch_action": True} if dispatch else {})


def modal(title: str, blocks: Sequence[Block], *, callback_id: str, metadata: str = "") -> Block:
    """A modal view without a submit button."""
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, TITLE_LIMIT),
        "close": plain("Close", TITLE_LIMIT),
        "blocks": list(blocks)[:100],
        "private_metadata": metadata,
    }


def message(text: str, blocks: Sequence[Block]) -> Block:
    """A message: blocks, and the line that notifications and screen readers get."""
    return {"text": cut(text, LINE_LIMIT), "blocks": list(blocks)[:50]}


def mention(user_id: str) -> str:
    """A person in a formatted text; an ID that isn't one is shown as text."""
    return f"<@{user_id}>" if re.fullmatch(r"[UW][A-Z0-9]{1,30}", user_id) else line(user_id)


def _visible(char: str) -> str:
    if char in "\n\t":
        return " "
    hidden = unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
    return "\ufffd" if hidden and char != _JOINER else char
