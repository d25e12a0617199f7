"""A message as a terminal shows it: the same words that Slack would show, without its buttons."""

import re
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

WIDTH = 100
"""Columns; longer paragraphs are wrapped at blanks."""

_TOKEN = re.compile(r"<(?:!date\^\d+\^[^|>]*\||(@|#|!subteam\^))([^|>]*)[^>]*>")
_BOLD = re.compile(r"(?<!\w)\*(\S[^*\n]*\S|\S)\*(?!\w)")
_ESCAPES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def plain(message: Mapping[str, Any]) -> str:
    """The blocks of a message as paragraphs; what a person would press is left out."""
    found = (paragraph for block in message["blocks"] for paragraph in _paragraphs(block))
    return "\n\n".join(found)


def _paragraphs(block: Mapping[str, Any]) -> Iterator[str]:
    if block["type"] == "header":
        yield _text(block["text"]).upper()
    elif block["type"] == "context":
        yield _wrapped(" \u00b7 ".join(_text(one) for one in block["elements"]))
    elif block["type"] == "section":
        if "text" in block:
            yield _wrapped(_text(block["text"]))
        if "fields" in block:
            yield "\n".join(_pairs(block["fields"]))


def _pairs(fields: list[Mapping[str, Any]]) -> Iterator[str]:
    texts = [_text(one) for one in fields]
    for title, body in zip(texts[::2], texts[1::2], strict=True):
        indented = textwrap.indent(body, "  ").strip()
        yield f"{title}: {indented}"


def _text(element: Mapping[str, Any]) -> str:
    text = str(element["text"])
    if element["type"] != "mrkdwn":
        return text
    text = _BOLD.sub(r"\1", _TOKEN.sub(_spelled, text))
    for escaped, letter in _ESCAPES:
        text = text.replace(escaped, letter)
    return text


def _spelled(found: re.Match[str]) -> str:
    kind, name = found.groups()
    if kind is None:
        return name
    return f"user group {name}" if kind.startswith("!") else f"{kind}{name}"


def _wrapped(text: str) -> str:
    lines = text.split("\n")
    return "\n".join(textwrap.fill(line, WIDTH, break_long_words=False) for line in lines)
