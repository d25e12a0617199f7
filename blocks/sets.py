"""Sets of groups: the table before they are changed, how it goes, how it came out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from blocks import reasons, set_columns
from blocks.announcement import explanation, group_name
from blocks.consequences import sentence
from blocks.ids import APPLY_SET, APPLY_SET_ON, CANCEL_SET, STOP_SET, UNDO_SET
from blocks.kit import (
    WORDS_LIMIT,
    Block,
    actions,
    button,
    context,
    cut,
    header,
    message,
    neutral,
    section,
)
from blocks.measures import already
from blocks.outcomes import can_be_undone, outcome_of
from blocks.words import before_after, wish
from failover.change import Change
from failover.foresight import WARNINGS, Code
from failover.lifecycle import Record, State, Why
from failover.measures import Lock, Unlock
from failover.roles import Rule
from failover.sets import GOOD, PICKED, Row, SetPicture, SetProgress, rule_names, surprise

ROWS_SHOWN = 20
"""Groups in the table; the rest of those to be changed are named, the rest is counted."""

NAME, CHANGE, WARNING, SHORT_NAME = 60, 120, 160, 40
"""Characters of a row's parts, and of a name among many: 50 groups have to fit."""

EXPLAINED = 3
"""How many different reasons are told at length, each in so many characters:"""
EXPLANATION = 600

ROWS_IN_SECTION = 15

_WORST = (
    Code.SLATE_BEGINS,
    Code.ON_SLATE,
    Code.NO_BACKUP,
    Code.ONE_ELIGIBLE,
    Code.RECENT_FAILOVER,
    Code.SWITCHES_BACK,
    Code.LOST_ACTIVE,
    Code.LOST_SLICERS,
    Code.ORDER_REWRITTEN,
)

_VERBS: Mapping[type[Change], str] = MappingProxyType({Lock: "Lock", Unlock: "Unlock"})
_LEFT_OUT: Mapping[Why, str] = MappingProxyType(
    {
        Why.ROLE: "you may not change it",
        Why.OVERRIDE_ROLE: "you may not set the rule aside",
        Why.ROLE_UNCERTAIN: "it could not be found out whether you may",
        Why.INAPPLICABLE: "auto failback applies only to prioritized groups",
        Why.STALE: "changed since by somebody",
        Why.GONE: "no longer there",
    }
)
_RULES: Mapping[Rule, str] = MappingProxyType(
    {
        Rule.LOCK: "locked",
        Rule.COOLDOWN: "rule cooldown, changed a moment ago",
        Rule.PROTECT: "asks a second person, so ask for it singly",
    }
)


def preview(picture: SetPicture) -> Block:
    """The set before it is made: a row for each group, one confirmation for all."""
    taken = [row for row in picture.rows if row.taken]
    stops = " It stops at the first group that does not come out as asked." if taken else ""
    blocks = looked_at(picture, stops)
    if taken:
        blocks.append(_choice(picture.group_set.id, len(taken)))
    return message(f"Preview of a set: {so_many(len(taken))}. Nothing is changed yet.", blocks)


def looked_at(picture: SetPicture, stops: str = "") -> list[Block]:
    """What would become of each group; ``stops``: what is said of trouble on the way."""
    taken = [row for row in picture.rows if row.taken]
    blocks = [header(_question(picture, len(taken))), section(_asked(picture, len(taken)))]
    blocks += _table(picture, taken)
    blocks += _explained(picture.rows)
    blocks += _beside(picture, taken)
    read_at = f"Read from Uplynk at {picture.read_at:%H:%M:%S} UTC. Nothing is changed yet."
    return [*blocks, context(read_at + stops)]


def progress(picture: SetProgress) -> Block:
    """How a set goes, and how it came out, a line for each group."""
    records = picture.records
    good = sum(one.state in GOOD for one in records)
    total = f"{good} of {len(records)}"
    blocks = [header(_came_out(picture, total) if picture.ended else _goes(records))]
    if picture.ended:
        blocks.append(section(_counted([outcome_of(one)[1] for one in records])))
    blocks += _sections([_line(one) for one in records])
    if picture.ended:
        blocks += _troubles(records)
    blocks.append(context(*_small_print(picture)))
    blocks += _ways(picture)
    told = f"{total} groups are as asked." if picture.ended else f"{total} groups so far."
    return message(f"A set of changes: {told}", blocks)


def _question(picture: SetPicture, count: int) -> str:
    if not count:
        return "There is no group to change"
    if picture.group_set.takes_back:
        return f"Take back the changes of {so_many(count)}?"
    verb = _VERBS.get(type(picture.group_set.request.change), "Change")
    return f"{verb} {so_many(count)}?"


def _asked(picture: SetPicture, count: int) -> str:
    request = picture.group_set.request
    if picture.group_set.undoes is not None:
        asked = f"Undo of set {picture.group_set.undoes[:8]}, the last change first"
    elif picture.group_set.takes_back:
        pattern = neutral(request.group, NAME)
        asked = f"{pattern}: undo of the last change of each group, the newest first"
    elif request.group == PICKED:
        asked = f"Picked in the form: {wish(request.change)}"
    else:
        asked = f"{neutral(request.group, NAME)}: {wish(request.change)}"
    left = [_left_out(row) for row in picture.rows if not row.taken]
    lines = [asked]
    if count:
        lines.append(f"To be changed, one after the other: {count}")
    if left:
        lines.append(f"Left out: {len(left)} ({_counted(left)})")
    return "\n".join(lines)


def _table(picture: SetPicture, taken: list[Row]) -> list[Block]:
    left = [row for row in picture.rows if not row.taken]
    shown = taken[:ROWS_SHOWN]
    lines = [_row(place, row, picture) for place, row in enumerate(shown, start=1)]
    unseen = [neutral(row.group.name, SHORT_NAME) for row in taken[ROWS_SHOWN:]]
    if unseen:
        lines.append(f"And {len(unseen)} more to be changed: {', '.join(unseen)}")
    for row in left[: ROWS_SHOWN - len(shown)]:
        lines.append(f"\u2013 {neutral(row.group.name, NAME)}: left out, {_left_out(row)}")
    return _sections(lines, 5)


def _row(place: int, row: Row, picture: SetPicture) -> str:
    change = cut(before_after(row.group, row.change), CHANGE)
    told = f"{place}. {neutral(row.group.name, NAME)}: {change}"
    found = [one for one in row.foreseen if one.code in WARNINGS]
    if not found:
        return told
    worst = min(found, key=lambda one: _WORST.index(one.code) if one.code in _WORST else 99)
    return f"{told}\n\u26a0\ufe0f {cut(sentence(worst, picture.now), WARNING)}"


def _left_out(row: Row) -> str:
    if row.untouched:
        return "nothing to take back"
    if row.already and isinstance(row.change, Lock | Unlock):
        return already(row.change)
    if row.already or row.why is None:
        return "already so"
    if row.why is Why.RULE:
        names = dict.fromkeys(rule_names(row.facts))
        return " and ".join(_RULES.get(name, f"rule {name}") for name in names)
    return _LEFT_OUT.get(row.why, row.why.replace("_", " "))


def _explained(rows: Sequence[Row]) -> list[Block]:
    """The reasons at length, one for each kind, with who could help."""
    blocks = set_columns.stale([row for row in rows if row.why is Why.STALE])
    others = [row for row in rows if row.why not in (None, Why.STALE)]
    kinds = {_left_out(row): row for row in reversed(others)}
    for row in list(kinds.values())[:EXPLAINED]:
        assert row.why is not None
        facts = {**row.facts, "measure": isinstance(row.change, Lock | Unlock)}
        told = cut(reasons.explain(row.why, facts), EXPLANATION)
        blocks += [section(f"{neutral(row.group.name, NAME)}: {told}")]
        blocks += reasons.beside(row.why, row.facts)
    return blocks


def _beside(picture: SetPicture, taken: list[Row]) -> list[Block]:
    """What stands below the table: rules that are set aside, and the reason given."""
    texts = []
    aside = Counter(rule for row in taken for rule in row.overridden)
    for rule, count in aside.items():
        loud = f"Rule {rule} will be set aside for {so_many(count)}; the channel is told so."
        texts.append(f"\U0001f6a8 {loud}")
    if picture.group_set.request.reason:
        texts.append(f"Reason: {neutral(picture.group_set.request.reason, WORDS_LIMIT)}")
    return [section(text) for text in texts]


def _choice(set_id: str, count: int) -> Block:
    buttons = [button(f"Apply to {so_many(count)}", APPLY_SET, set_id, "primary")]
    if count > 1:
        buttons.append(button("Apply, and go on after trouble", APPLY_SET_ON, set_id))
    return actions(*buttons, button("Cancel", CANCEL_SET, set_id))


def _goes(records: Sequence[Record]) -> str:
    begun = [one for one in records if one.state is not State.RECEIVED]
    if not begun:
        return f"\u23f3 0 of {len(records)}: begun"
    last = begun[-1]
    name = neutral(group_name(last), NAME)
    return f"\u23f3 {len(begun)} of {len(records)}: {name} \u2013 {outcome_of(last)[1]}"


def _came_out(picture: SetProgress, total: str) -> str:
    whole = all(one.state in GOOD for one in picture.records)
    sign = "\u2705" if whole else "\u26a0\ufe0f"
    return f"{sign} {total} groups are as asked"


def _line(record: Record) -> str:
    if record.state is State.RECEIVED:
        return f"\u2022 {neutral(group_name(record), NAME)}: waits for its turn"
    sign, outcome = outcome_of(record)
    return f"{sign} {neutral(group_name(record), NAME)}: {outcome}"


def _troubles(records: Sequence[Record]) -> list[Block]:
    """Why some did not come out as asked: the cards do not tell of what was refused."""
    found = [one for one in records if one.state not in GOOD and one.why is not Why.SET_STOPPED]
    blocks = []
    for one in found[:EXPLAINED]:
        told = cut(explanation(one), EXPLANATION)
        if told:
            blocks.append(section(f"{neutral(group_name(one), NAME)}: {told}"))
        if one.why is not None:
            blocks += reasons.beside(one.why, one.facts)
    unbegun = next((one for one in records if one.why is Why.SET_STOPPED), None)
    if unbegun is not None:
        blocks.append(section(f"{neutral(group_name(unbegun), NAME)}: {reasons.of(unbegun)}"))
        blocks += reasons.beside(Why.SET_STOPPED, unbegun.facts)
    return blocks


def _ways(picture: SetProgress) -> list[Block]:
    """Where it can be stopped, or taken back."""
    set_id = picture.group_set.id
    if not picture.ended:
        return [actions(button("Stop", STOP_SET, set_id, "danger"))]
    undoable = any(_undoable(one) for one in picture.records)
    return [actions(button("Undo all\u2026", UNDO_SET, set_id))] if undoable else []


def _small_print(picture: SetProgress) -> list[str]:
    parts = [f"set {picture.group_set.id}"]
    if not picture.ended:
        on = surprise(picture.records) is not None and picture.group_set.go_on
        parts.append("goes on after trouble" if on else "the card of each stands in the channel")
    if picture.elsewhere:
        parts.append("how it goes on is told in a direct message")
    return [" \u00b7 ".join(parts)]


def _undoable(record: Record) -> bool:
    return record.state is State.VERIFIED and can_be_undone(record)


def _counted(kinds: Sequence[str]) -> str:
    return "; ".join(f"{kind}: {count}" for kind, count in Counter(kinds).items())


def _sections(lines: Sequence[str], size: int = ROWS_IN_SECTION) -> list[Block]:
    return [section("\n".join(lines[start : start + size])) for start in range(0, len(lines), size)]


def so_many(count: int) -> str:
    """So many groups."""
    return "1 group" if count == 1 else f"{count} groups"
