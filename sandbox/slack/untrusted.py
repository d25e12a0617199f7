"""Finds text of people or of Uplynk that came alive in a message: mentions, links, formatting.

The rules are those of the page "formatting message text": ``mrkdwn`` objects are parsed unless
``verbatim``, a top-level text by its ``parse`` argument, ``plain_text`` never.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from sandbox.slack.model import Json

_TOKEN = re.compile(r"<([^<>\n]+)>")
_BARE_URL = re.compile(r"(?:https?://|www\.|mailto:)[^\s<>|]+", re.I)
_BARE_NAME = re.compile(r"(?<![\w@])@(?:here|channel|everyone)\b|(?<!\w)[#@][a-z0-9][\w.-]*", re.I)
_FORMAT = re.compile(r"(?<![\w*_~])([*_~])(?=\S)([^\n]+?)(?<=\S)\1(?![\w*_~])|```.+?```|`[^`\n]+`")
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.S)
_ESCAPES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


class Parsing(StrEnum):
    """How a text object is read."""

    VERBATIM = "verbatim"
    LINKS = "links"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Piece:
    """A text in a message, where it stands and how Slack reads it."""

    where: str
    text: str
    parsing: Parsing


@dataclass(frozen=True, slots=True)
class Violation:
    """Foreign text that came alive: what kind, the live part, where, and in which text."""

    kind: str
    live: str
    where: str
    text: str
    foreign: str


@dataclass(frozen=True, slots=True)
class Foreign:
    """A text from outside; ``author`` is the person who typed it, empty for Uplynk's."""

    text: str
    author: str = ""


def pieces(payload: Json, parse: str, surface: str) -> Iterator[Piece]:
    """Every text of a message or view; ``parse`` (none, client, full, links) rules ``text``."""
    text = payload.get("text")
    if isinstance(text, str):
        parsing = {"none": Parsing.VERBATIM, "links": Parsing.LINKS}.get(parse, Parsing.FULL)
        yield Piece(f"{surface} text", text, parsing)
    for key in ("blocks", "title", "submit", "close"):
        yield from _inside(payload.get(key), f"{surface}/{key}")


def _inside(node: object, where: str) -> Iterator[Piece]:
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield from _inside(item, f"{where}/{index}")
    if not isinstance(node, dict):
        return
    kind, text = node.get("type"), node.get("text")
    if kind == "mrkdwn" and isinstance(text, str):
        yield Piece(where, text, Parsing.VERBATIM if node.get("verbatim") else Parsing.FULL)
    elif kind == "markdown" and isinstance(text, str):
        yield Piece(where, text, Parsing.FULL)
    elif kind == "link" and "url" in node:
        yield Piece(where, f"<{node['url']}>", Parsing.VERBATIM)
    elif kind == "user" and "user_id" in node:
        yield Piece(where, f"<@{node['user_id']}>", Parsing.VERBATIM)
    elif kind == "broadcast":
        yield Piece(where, f"<!{node.get('range')}>", Parsing.VERBATIM)
    for key, value in node.items():
        yield from _inside(value, f"{where}/{key}")


def violations(
    piece: Piece, texts: Iterable[Foreign], actors: Collection[str]
) -> Iterator[Violation]:
    """What of foreign ``texts`` is alive in ``piece``, each live part once.

    Mentions of ``actors`` are the bot's own.
    """
    for kind, live in _alive(piece):
        if kind == "mention" and live.strip("<>@").partition("|")[0] in actors:
            continue
        for foreign in texts:
            if _comes_from(kind, live, foreign.text):
                yield Violation(kind, live, piece.where, piece.text, foreign.text)
                break


def _alive(piece: Piece) -> Iterator[tuple[str, str]]:
    for match in _TOKEN.finditer(piece.text):
        yield _kind(match.group(1)), match.group(0)
    if not piece.where.endswith(" text"):
        for match in _FORMAT.finditer(_TOKEN.sub(" ", piece.text)):
            yield "format", match.group(0)
    rest = _decoded(_CODE.sub(" ", _TOKEN.sub(" ", piece.text)))
    if piece.parsing in (Parsing.LINKS, Parsing.FULL):
        for match in _BARE_URL.finditer(rest):
            yield "link", match.group(0)
    if piece.parsing is Parsing.FULL:
        for match in _BARE_NAME.finditer(rest):
            yield "mention", match.group(0)


def _kind(inside: str) -> str:
    if inside.startswith(("!here", "!channel", "!everyone")):
        return "broadcast"
    if inside.startswith("!date^"):
        return "date"
    return "mention" if inside[0] in "@#!" else "link"


def _comes_from(kind: str, live: str, foreign: str) -> bool:
    if live in foreign:
        return True
    if kind == "link" and live.startswith("<"):
        target = live[1:-1].split("|", maxsplit=1)[0]
        return len(target) > 3 and (target in foreign or _decoded(target) in foreign)
    return False


def _decoded(text: str) -> str:
    for code, sign in _ESCAPES:
        text = text.replace(code, sign)
    return text
