"""The shape of the policy file, and the words for what does not fit it: all on one line."""

from collections.abc import Mapping
from datetime import date, datetime
from difflib import get_close_matches

TOP = "the top of the file"
KEYS: Mapping[str, tuple[str, ...]] = {
    TOP: ("default_role", "grant", "protect", "freeze", "require", "limits"),
    "[[grant]]": ("role", "users", "usergroups", "groups"),
    "[[protect]]": ("groups", "actions", "risk", "approvals", "expires_minutes"),
    "[[freeze]]": ("groups", "from", "until", "reason"),
    "[[require]]": ("groups", "eligible_slicers", "mode"),
    "[limits]": ("cooldown_seconds",),
}
"""What may stand where."""

_KINDS: tuple[tuple[type, str], ...] = (
    (bool, "true or false"),
    (int, "a whole number"),
    (float, "a number"),
    (str, "text"),
    (list, "a list"),
    (Mapping, "a table"),
    (datetime, "a date with a time"),
    (date, "a date alone"),
)


def shown(value: object) -> str:
    """Text from the file for a one-line message: escaped and cut to 60 characters."""
    return f"`{repr(str(value)[:60])[1:-1]}`"


def kind_of(value: object) -> str:
    """What sort of TOML value this is, in words."""
    return next((words for kind, words in _KINDS if isinstance(value, kind)), "something else")


def instead(value: object, *right: type) -> str:
    """The wrong kind, in words; nothing when only the size was wrong."""
    is_right = isinstance(value, right) and not isinstance(value, bool)
    return "" if is_right else f", not {kind_of(value)}"


def close(value: object, known: list[str]) -> str:
    """The known word that a wrong one resembles, as a question; or nothing."""
    alike = get_close_matches(value.casefold()[:60], known, n=1) if isinstance(value, str) else []
    return f"; did you mean `{alike[0]}`?" if alike else ""


def meant(key: str, kind: str) -> str:
    """Where a misplaced key belongs, the key it resembles, or the keys there are."""
    homes = [place for place, keys in KEYS.items() if key in keys]
    if homes == [TOP]:
        return "it belongs at the top of the file, before the first table"
    if len(homes) == 1:
        return f"it belongs under {homes[0]}"
    if alike := get_close_matches(key.casefold()[:60], KEYS[kind], n=1):
        return f"did you mean `{alike[0]}`?"
    return f"known here: {', '.join(KEYS[kind])}"
