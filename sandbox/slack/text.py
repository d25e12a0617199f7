"""Messages and views as lines of plain text: what a person would read on the screen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from sandbox.slack.form import VALUE_KEYS, options_of
from sandbox.slack.model import Json

Names = Mapping[str, str]
_TOKEN = re.compile(r"<([^<>\n]+)>")
_CHOSEN, _FREE = "(•)", "( )"


def plain(text: str, names: Names) -> str:
    """mrkdwn as read: mentions by name, links as label, dates by fallback, escapes decoded."""
    out = _TOKEN.sub(lambda match: _token(match.group(1), names), text)
    return out.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _token(inside: str, names: Names) -> str:
    target, _, label = inside.partition("|")
    if target.startswith("!date^"):
        return label or target
    if target.startswith("!subteam^"):
        ident = target.removeprefix("!subteam^")
        return "@" + names.get(ident, label.lstrip("@") or ident)
    if target.startswith("!"):
        return "@" + target[1:]
    if target.startswith("@"):
        return "@" + names.get(target[1:], label or target[1:])
    if target.startswith("#"):
        return "#" + names.get(target[1:], label or target[1:])
    return f"{label} ({target})" if label else target


def text_object(obj: Json | None, names: Names) -> str:
    """The text of a ``plain_text`` or ``mrkdwn`` object."""
    if not obj:
        return ""
    text = str(obj.get("text", ""))
    return text if obj.get("type") == "plain_text" else plain(text, names)


def message_lines(text: str, blocks: Iterable[Json], names: Names) -> list[str]:
    """A message: its blocks, or its text where it has none."""
    lines = [line for block in blocks for line in block_lines(block, {}, {}, names)]
    return lines or plain(text, names).splitlines()


def view_lines(content: Json, values: Json, errors: Json, names: Names) -> list[str]:
    """A view: title, blocks with what the person entered, then the buttons below."""
    title = text_object(content.get("title"), names)
    lines = [f"== {title} =="] if title else []
    for block in content.get("blocks") or ():
        lines += block_lines(block, values, errors, names)
    foot = [text_object(content.get(key), names) for key in ("submit", "close")]
    if any(foot):
        lines.append(" ".join(f"[{word}]" for word in foot if word))
    return lines


def block_lines(block: Json, values: Json, errors: Json, names: Names) -> list[str]:
    """One block as lines."""
    state = values.get(block.get("block_id", ""), {})
    lines: list[str] = []
    match block.get("type"):
        case "header":
            lines = ["# " + text_object(block["text"], names)]
        case "section":
            lines = _section(block, state, names)
        case "divider":
            lines = ["---"]
        case "context":
            lines = ["  " + " · ".join(_small(e, names) for e in block["elements"])]
        case "actions":
            lines = _row([element_text(e, state, names) for e in block["elements"]])
        case "input":
            lines = _input(block, state, names)
        case "image":
            lines = [f"[image: {block.get('alt_text', '')}]"]
        case "markdown":
            lines = str(block.get("text", "")).splitlines()
        case "rich_text":
            lines = "".join(_rich(e, names) for e in block["elements"]).splitlines()
        case other:
            lines = [f"[{other}]"]
    error = errors.get(block.get("block_id", ""))
    return [*lines, f"  ! {error}"] if error else lines


def _section(block: Json, state: Json, names: Names) -> list[str]:
    lines = text_object(block.get("text"), names).splitlines()
    for field in block.get("fields") or ():
        lines += ["| " + line for line in text_object(field, names).splitlines()]
    if accessory := block.get("accessory"):
        lines += _row([element_text(accessory, state, names)])
    return lines


def _input(block: Json, state: Json, names: Names) -> list[str]:
    mark = " (optional)" if block.get("optional") else ""
    shown = element_text(block["element"], state, names)
    lines = [f"{text_object(block['label'], names)}{mark}: {shown}"]
    hint = text_object(block.get("hint"), names)
    return [*lines, f"  {hint}"] if hint else lines


def _row(cells: list[str]) -> list[str]:
    return ["  " + " ".join(cells)]


def _small(element: Json, names: Names) -> str:
    if element.get("type") == "image":
        return f"[image: {element.get('alt_text', '')}]"
    return text_object(element, names)


def element_text(element: Json, state: Json, names: Names) -> str:
    """One interactive element with its present value."""
    kind = element.get("type", "")
    if kind == "button":
        return f"[{text_object(element['text'], names)}]"
    if kind == "overflow":
        return "[… " + " | ".join(_options(element, names)) + "]"
    if kind == "image":
        return f"[image: {element.get('alt_text', '')}]"
    held = state.get(element.get("action_id", ""), {}).get(VALUE_KEYS.get(kind, ""))
    if kind in ("radio_buttons", "checkboxes"):
        return _marked(element, held, names)
    return f"<{_held(held, names) or text_object(element.get('placeholder'), names)}>"


def _marked(element: Json, held: object, names: Names) -> str:
    chosen = held if isinstance(held, list) else [held]
    values = [item.get("value") for item in chosen if isinstance(item, dict)]
    marks = [
        (_CHOSEN if option.get("value") in values else _FREE) + " " + label
        for option, label in zip(options_of(element), _options(element, names), strict=True)
    ]
    return "  ".join(marks)


def _options(element: Json, names: Names) -> list[str]:
    return [text_object(option.get("text"), names) for option in options_of(element)]


def _held(held: object, names: Names) -> str:
    if isinstance(held, list):
        return ", ".join(_held(item, names) for item in held)
    if isinstance(held, dict):
        return text_object(held.get("text"), names)
    return "" if held is None else names.get(str(held), str(held))


def _rich(element: Json, names: Names) -> str:
    inner = "".join(_rich(child, names) for child in element.get("elements") or ())
    match element.get("type"):
        case "text":
            return str(element.get("text", ""))
        case "link":
            return str(element.get("text") or element.get("url", ""))
        case "user":
            return "@" + names.get(str(element.get("user_id")), str(element.get("user_id")))
        case "channel":
            ident = str(element.get("channel_id"))
            return "#" + names.get(ident, ident)
        case "broadcast":
            return "@" + str(element.get("range", ""))
        case "emoji":
            return f":{element.get('name', '')}:"
        case "rich_text_section" | "rich_text_preformatted" | "rich_text_quote":
            return inner + "\n"
        case _:
            return inner
