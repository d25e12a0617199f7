"""Slack's limits on messages, modals and Home tabs, checked as its servers do.

Every function returns a list of messages worded like ``response_metadata.messages``; an empty list
means accepted. Limits: reference pages of blocks, block elements, composition objects and views.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from sandbox.slack.elements import Check, check_element, check_text
from sandbox.slack.model import Json

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
BLOCK_TEXT_SUM = 11_300
UPDATE_TEXT, POST_TEXT = 4_000, 40_000
VIEW_BYTES = 250_000
_VIEW_KEYS = {
    "type", "title", "blocks", "close", "submit", "private_metadata", "callback_id",
    "clear_on_close", "notify_on_close", "external_id", "submit_disabled",
}  # fmt: skip
_HOME_KEYS = {"type", "blocks", "private_metadata", "callback_id", "external_id"}
_BLOCK_KEYS = {
    "section": {"text", "fields", "accessory", "expand"},
    "header": {"text"},
    "divider": set[str](),
    "context": {"elements"},
    "actions": {"elements"},
    "input": {"label", "element", "hint", "optional", "dispatch_action"},
    "image": {"image_url", "slack_file", "alt_text", "title"},
    "markdown": {"text"},
    "rich_text": {"elements"},
}


def message_problems(blocks: list[Json]) -> list[str]:
    """What Slack refuses in a message's blocks."""
    check = Check()
    if len(blocks) > MESSAGE_BLOCKS:
        check.add("/blocks", f"no more than {MESSAGE_BLOCKS} items allowed")
    _check_blocks(check, blocks, "/blocks", in_view=False)
    return check.problems


def view_problems(view: Json) -> list[str]:
    """What Slack refuses in a modal or Home tab; its byte size is ``view_is_too_large``."""
    check = Check()
    kind = view.get("type")
    if kind not in ("modal", "home"):
        check.add("/view/type", "must be one of: modal, home")
        return check.problems
    for key in sorted(set(view) - (_VIEW_KEYS if kind == "modal" else _HOME_KEYS)):
        check.add("/view", f"invalid additional property: {key}")
    if kind == "modal":
        _check_frame(check, view)
    for key, most in (("private_metadata", 3000), ("callback_id", 255), ("external_id", 255)):
        check.length(f"/view/{key}", view.get(key), 0, most)
    blocks = view.get("blocks")
    if not isinstance(blocks, list) or not blocks:
        check.add("/view/blocks", "must provide at least 1 block")
        return check.problems
    if len(blocks) > VIEW_BLOCKS:
        check.add("/view/blocks", f"no more than {VIEW_BLOCKS} items allowed")
    _check_blocks(check, blocks, "/view/blocks", in_view=True)
    return check.problems


def view_is_too_large(view: Json) -> bool:
    """Whether the view's JSON is above 250 KB."""
    return len(json.dumps(view, separators=(",", ":")).encode()) > VIEW_BYTES


def block_text_length(blocks: list[Json]) -> int:
    """Characters of all text objects, for ``msg_blocks_too_long``."""
    return sum(len(text) for text in _texts(blocks))


def _texts(node: object) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _texts(item)
    elif isinstance(node, dict):
        text = node.get("text")
        if isinstance(text, str):
            yield text
        for value in node.values():
            yield from _texts(value)


def _check_frame(check: Check, view: Json) -> None:
    check_text(check, view.get("title"), "/view/title", 24, plain_only=True)
    for key in ("submit", "close"):
        if key in view and view[key] is not None:
            check_text(check, view[key], f"/view/{key}", 24, plain_only=True)
    blocks = view.get("blocks")
    has_input = isinstance(blocks, list) and any(
        isinstance(block, dict) and block.get("type") == "input" for block in blocks
    )
    if has_input and not view.get("submit"):
        check.add("/view/submit", "must be provided when there is an input block")


def _check_blocks(check: Check, blocks: list[Json], where: str, in_view: bool) -> None:
    seen: set[str] = set()
    focused = 0
    for index, block in enumerate(blocks):
        here = f"{where}/{index}"
        if not _is_known(block):
            check.add(here, "unsupported block type")
            continue
        kind = str(block["type"])
        if in_view and kind == "markdown":
            check.add(here, "unsupported block type: markdown")
        check.keys(here, block, _BLOCK_KEYS[kind] | {"type", "block_id"})
        check.length(f"{here}/block_id", block.get("block_id"), 0, 255)
        if block_id := block.get("block_id"):
            if block_id in seen:
                check.add(here, f"block_id already exists: {block_id}")
            seen.add(block_id)
        _check_block(check, block, here)
        focused += json.dumps(block).count('"focus_on_load": true')
    if focused > 1:
        check.add(where, "focus_on_load may be set on one element only")


def _is_known(block: object) -> bool:
    return isinstance(block, dict) and block.get("type") in _BLOCK_KEYS


def _check_block(check: Check, block: Json, here: str) -> None:
    match block["type"]:
        case "section":
            _check_section(check, block, here)
        case "header":
            check_text(check, block.get("text"), f"{here}/text", 150, plain_only=True)
        case "markdown":
            check.length(f"{here}/text", block.get("text"), 1, 12_000, required=True)
        case "actions":
            _check_elements(check, block, here, 25)
        case "context":
            _check_context(check, block, here)
        case "input":
            _check_input(check, block, here)
        case "image":
            _check_image(check, block, here)


def _check_section(check: Check, block: Json, here: str) -> None:
    fields = block.get("fields")
    if "text" not in block and not fields:
        check.add(here, "missing required field: text or fields")
    if "text" in block:
        check_text(check, block["text"], f"{here}/text", 3000)
    if fields is not None and not 1 <= len(fields) <= 10:
        check.add(f"{here}/fields", "must have 1 to 10 items")
    for index, field in enumerate(fields or ()):
        check_text(check, field, f"{here}/fields/{index}", 2000)
    if "accessory" in block:
        check_element(check, block["accessory"], f"{here}/accessory", "section")


def _check_elements(check: Check, block: Json, here: str, most: int) -> None:
    elements = block.get("elements")
    if not isinstance(elements, list) or not 1 <= len(elements) <= most:
        check.add(f"{here}/elements", f"must have 1 to {most} items")
        return
    for index, element in enumerate(elements):
        check_element(check, element, f"{here}/elements/{index}", str(block["type"]))
    ids = [element.get("action_id") for element in elements if isinstance(element, dict)]
    named = [ident for ident in ids if ident]
    if len(set(named)) != len(named):
        check.add(f"{here}/elements", "action_id must be unique within the block")


def _check_context(check: Check, block: Json, here: str) -> None:
    elements = block.get("elements")
    if not isinstance(elements, list) or not 1 <= len(elements) <= 10:
        check.add(f"{here}/elements", "must have 1 to 10 items")
        return
    for index, element in enumerate(elements):
        if isinstance(element, dict) and element.get("type") == "image":
            check.length(f"{here}/elements/{index}/alt_text", element.get("alt_text"), 1, 2000)
        else:
            check_text(check, element, f"{here}/elements/{index}", 3000)


def _check_input(check: Check, block: Json, here: str) -> None:
    check_text(check, block.get("label"), f"{here}/label", 2000, plain_only=True)
    if block.get("hint") is not None:
        check_text(check, block["hint"], f"{here}/hint", 2000, plain_only=True)
    check_element(check, block.get("element"), f"{here}/element", "input")


def _check_image(check: Check, block: Json, here: str) -> None:
    check.length(f"{here}/alt_text", block.get("alt_text"), 1, 2000, required=True)
    check.length(f"{here}/image_url", block.get("image_url"), 1, 3000)
    if "title" in block:
        check_text(check, block["title"], f"{here}/title", 2000, plain_only=True)
