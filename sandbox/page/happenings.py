"""A change at the simulated Uplynk in words: what was, what is."""

from collections.abc import Iterator

from sandbox.page.parts import Json
from sandbox.uplynk.journal import Applied
from sandbox.uplynk.model import NO_SLICER


def described(change: Applied) -> str:
    """One line about a change; it says so where nothing differs."""
    before, after = change.before, change.after
    if before is None:
        return "this group is new"
    if after is None:
        return "this group is gone"
    said = [*_settings(before, after), *_slicers(before, after), *_channels(before, after)]
    if not said and change.path.endswith("allowed-owners"):
        said = ["who else may use it was written"]
    return " · ".join(said) or "written again, nothing differs"


def _settings(before: Json, after: Json) -> Iterator[str]:
    if before["name"] != after["name"]:
        yield f"was called {before['name']} until now"
    if before["mode"] != after["mode"]:
        yield f"{before['mode']} → {after['mode']}"
    if before["auto_failback"] != after["auto_failback"]:
        yield f"automatic failback {'on' if after['auto_failback'] else 'off'}"
    was, now = before["active_slicer_id"], after["active_slicer_id"]
    if was != now:
        yield _served(was, now)


def _served(was: str, now: str) -> str:
    if now == NO_SLICER:
        return f"the slate is on instead of {was}"
    return (
        f"the slate is off, {now} serves" if was == NO_SLICER else f"{now} serves instead of {was}"
    )


def _slicers(before: Json, after: Json) -> Iterator[str]:
    old = {one["slicer_id"]: one for one in before["slicers"]}
    new = {one["slicer_id"]: one for one in after["slicers"]}
    for ident in [*old, *(one for one in new if one not in old)]:
        was, now = old.get(ident), new.get(ident)
        if was is None or now is None:
            yield f"{ident} {'joined' if was is None else 'left'}"
            continue
        if was["health"] != now["health"]:
            yield (
                f"{ident} has its input back"
                if now["health"] == "healthy"
                else f"{ident} lost its input"
            )
        if was["enabled"] != now["enabled"]:
            yield f"{ident} is {'' if now['enabled'] else 'not '}eligible"
    if [_place(one) for one in old.values()] != [_place(one) for one in new.values()]:
        yield "order: " + ", ".join(one["slicer_id"] for one in _ranked(after))


def _place(slicer: Json) -> Json:
    return slicer["slicer_id"], slicer["order"]


def _ranked(group: Json) -> list[Json]:
    return sorted(group["slicers"], key=lambda one: one["order"])


def _channels(before: Json, after: Json) -> Iterator[str]:
    old = [one["id"] for one in before["channels"]]
    new = [one["id"] for one in after["channels"]]
    for ident in new:
        if ident not in old:
            yield f"channel {ident} added"
    for ident in old:
        if ident not in new:
            yield f"channel {ident} removed"
