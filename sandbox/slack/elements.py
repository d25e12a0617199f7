"""Slack's limits on block elements and composition objects.

Sources: reference pages "block elements" and "composition objects"; ``Check`` collects problems in
the wording of ``response_metadata.messages``.
"""

from __future__ import annotations

from sandbox.slack.form import VALUE_KEYS, options_of
from sandbox.slack.model import Json

_COMMON = {"type", "action_id", "confirm", "focus_on_load", "placeholder"}
_SELECT = _COMMON | {"options", "option_groups", "initial_option", "response_url_enabled"}
_MULTI = _COMMON | {"options", "option_groups", "initial_options", "max_selected_items"}
_TEXT = _COMMON | {"initial_value", "dispatch_action_config", "min_length", "max_length"}
_KEYS = {
    "button": {"type", "action_id", "text", "url", "value", "style", "confirm",
               "accessibility_label"},
    "overflow": {"type", "action_id", "options", "confirm"},
    "static_select": _SELECT,
    "external_select": (_SELECT - {"options", "option_groups"}) | {"min_query_length"},
    "multi_static_select": _MULTI,
    "multi_external_select": (_MULTI - {"options", "option_groups"}) | {"min_query_length"},
    "radio_buttons": {*_COMMON, "options", "initial_option"} - {"placeholder"},
    "checkboxes": {*_COMMON, "options", "initial_options"} - {"placeholder"},
    "plain_text_input": _TEXT | {"multiline"},
    "email_text_input": _COMMON | {"initial_value", "dispatch_action_config"},
    "url_text_input": _COMMON | {"initial_value", "dispatch_action_config"},
    "number_input": _TEXT | {"is_decimal_allowed", "min_value", "max_value"},
}  # fmt: skip
_INPUT_ONLY = frozenset({
    "plain_text_input", "email_text_input", "url_text_input", "number_input",
    "rich_text_input", "file_input",
})  # fmt: skip
_NOT_INPUT = frozenset({"button", "overflow", "image"})
_MOST_OPTIONS = {"radio_buttons": 10, "checkboxes": 10, "overflow": 5}
_CONFIRM_LIMITS = (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30))


class Check:
    """The problems found so far, each with where it is."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def add(self, where: str, text: str) -> None:
        """Write down a problem at a JSON pointer."""
        self.problems.append(f"[ERROR] {text} [json-pointer:{where}]")

    def keys(self, where: str, node: Json, allowed: set[str]) -> None:
        """Refuse keys that Slack does not know."""
        for key in sorted(set(node) - allowed):
            self.add(where, f"invalid additional property: {key}")

    def length(
        self, where: str, value: object, least: int, most: int, *, required: bool = False
    ) -> None:
        """A string between ``least`` and ``most`` characters; None passes unless required."""
        if value is None:
            if required:
                self.add(where, "missing required field")
        elif not isinstance(value, str):
            self.add(where, "must be a string")
        elif len(value) < least:
            self.add(where, f"must be more than {least - 1} characters")
        elif len(value) > most:
            self.add(where, f"must be less than {most + 1} characters")


def check_text(
    check: Check, obj: object, where: str, most: int, *, plain_only: bool = False
) -> None:
    """A text object of 1 to ``most`` characters."""
    if not isinstance(obj, dict) or obj.get("type") not in ("plain_text", "mrkdwn"):
        check.add(where, "must be a text object")
        return
    if plain_only and obj["type"] != "plain_text":
        check.add(where, "must be a plain_text object")
    extra = {"emoji"} if obj["type"] == "plain_text" else {"verbatim"}
    check.keys(where, obj, {"type", "text"} | extra)
    check.length(f"{where}/text", obj.get("text"), 1, most, required=True)


def check_element(check: Check, element: object, where: str, inside: str) -> None:
    """An element standing in a ``section``, ``actions`` or ``input`` block."""
    if not isinstance(element, dict) or not _known(str(element.get("type"))):
        check.add(where, "unsupported type of element")
        return
    kind = str(element["type"])
    if (inside != "input" and kind in _INPUT_ONLY) or (inside == "input" and kind in _NOT_INPUT):
        check.add(where, f"unsupported type of element in {inside}: {kind}")
    if kind in _KEYS:
        check.keys(where, element, _KEYS[kind])
    check.length(f"{where}/action_id", element.get("action_id"), 1, 255)
    if element.get("placeholder") is not None:
        check_text(check, element["placeholder"], f"{where}/placeholder", 150, plain_only=True)
    if element.get("confirm") is not None:
        _check_confirm(check, element["confirm"], f"{where}/confirm")
    if kind == "button":
        _check_button(check, element, where)
    elif kind == "plain_text_input":
        _check_input_lengths(check, element, where)
    elif kind in ("image",):
        check.length(f"{where}/alt_text", element.get("alt_text"), 1, 2000, required=True)
    else:
        _check_menu(check, element, where)


def option_problems(answer: Json) -> list[str]:
    """What Slack refuses in the answer to ``block_suggestion``."""
    check = Check()
    if ("options" in answer) == ("option_groups" in answer):
        check.add("", "either options or option_groups must be given")
    else:
        _check_options(check, {**answer, "type": "external_select"}, "")
    return check.problems


def _known(kind: str) -> bool:
    return kind in _KEYS or kind in VALUE_KEYS or kind == "image"


def _check_button(check: Check, element: Json, where: str) -> None:
    check_text(check, element.get("text"), f"{where}/text", 75, plain_only=True)
    for key, most in (("value", 2000), ("url", 3000), ("accessibility_label", 75)):
        check.length(f"{where}/{key}", element.get(key), 0, most)
    if element.get("style") not in (None, "primary", "danger"):
        check.add(f"{where}/style", "must be one of: primary, danger")


def _check_input_lengths(check: Check, element: Json, where: str) -> None:
    least, most = element.get("min_length") or 0, element.get("max_length") or 3000
    if not 0 <= least <= 3000:
        check.add(f"{where}/min_length", "must be between 0 and 3000")
    if not 1 <= most <= 3000:
        check.add(f"{where}/max_length", "must be between 1 and 3000")
    check.length(f"{where}/initial_value", element.get("initial_value"), 0, most)


def _check_menu(check: Check, element: Json, where: str) -> None:
    kind = element["type"]
    if kind in ("external_select", "multi_external_select"):
        initial = element.get("initial_option")
        if initial is not None:
            _check_option(check, initial, f"{where}/initial_option", kind)
        return
    if "static_select" not in kind and kind not in _MOST_OPTIONS:
        return
    if ("options" in element) == ("option_groups" in element):
        check.add(where, "either options or option_groups must be given")
        return
    _check_options(check, element, where)
    chosen = [element["initial_option"]] if element.get("initial_option") else []
    for option in chosen + list(element.get("initial_options") or ()):
        if option not in options_of(element):
            check.add(where, "initial option must be one of the options")


def _check_options(check: Check, element: Json, where: str) -> None:
    kind = element["type"]
    empty_allowed = kind == "external_select"
    if "option_groups" in element:
        groups = element["option_groups"]
        if len(groups) > 100:
            check.add(f"{where}/option_groups", "no more than 100 items allowed")
        for index, group in enumerate(groups):
            here = f"{where}/option_groups/{index}"
            check_text(check, group.get("label"), f"{here}/label", 75, plain_only=True)
            _check_list(check, group.get("options"), f"{here}/options", kind)
    elif not (empty_allowed and element["options"] == []):
        _check_list(check, element["options"], f"{where}/options", kind)


def _check_list(check: Check, options: object, where: str, kind: str) -> None:
    most = _MOST_OPTIONS.get(kind, 100)
    if not isinstance(options, list) or not 1 <= len(options) <= most:
        check.add(where, f"must have 1 to {most} items")
        return
    for index, option in enumerate(options):
        _check_option(check, option, f"{where}/{index}", kind)


def _check_option(check: Check, option: object, where: str, kind: str) -> None:
    if not isinstance(option, dict):
        check.add(where, "must be an option object")
        return
    plain_only = kind not in ("radio_buttons", "checkboxes")
    url = {"url"} if kind == "overflow" else set[str]()
    check.keys(where, option, {"text", "value", "description"} | url)
    check_text(check, option.get("text"), f"{where}/text", 75, plain_only=plain_only)
    check.length(f"{where}/value", option.get("value"), 1, 150, required=True)
    if option.get("description") is not None:
        check_text(check, option["description"], f"{where}/description", 75, plain_only=plain_only)


def _check_confirm(check: Check, confirm: object, where: str) -> None:
    if not isinstance(confirm, dict):
        check.add(where, "must be a confirm object")
        return
    check.keys(where, confirm, {"title", "text", "confirm", "deny", "style"})
    for key, most in _CONFIRM_LIMITS:
        check_text(check, confirm.get(key), f"{where}/{key}", most, plain_only=key != "text")
