"""One group, and many: the private answers to ``status`` and ``list``."""

import json

from blocks.answers import state_pairs
from blocks.from_uplynk import troubled
from blocks.ids import MORE_GROUPS, OPEN_FORM
from blocks.kit import (
    Block,
    actions,
    button,
    context,
    fields,
    header,
    message,
    neutral,
    section,
)
from blocks.opening import next_step
from blocks.words import active, age, ago, clock_time, settings
from failover.model import FailoverGroup, Reading
from failover.pictures import Page

PAGE_SIZE = 15
"""Groups in one message: far enough from Slack's limits, and from what a phone can show."""


def status(reading: Reading) -> Block:
    """How one group is, and a button into the form: for the natural next step, if there is one."""
    group = reading.group
    told, opening = next_step(group)
    blocks = [
        header(neutral(group.name, 120)),
        fields(state_pairs(group, reading.read_at)),
        context(
            clock_time(reading.read_at, "Read from Uplynk at ", "."), f"ID {neutral(group.id, 64)}"
        ),
        actions(button(told, OPEN_FORM, opening.write())),
    ]
    return message(f"A failover group: {settings(group)}", blocks)


def listing(page: Page) -> Block:
    """Groups, a line each, with how old the picture is and a button to the next ones."""
    title = _title(page)
    blocks = [section(title)]
    if page.groups:
        blocks.append(section("\n".join(_row(group, page) for group in page.groups)))
    elif page.filter:
        blocks.append(section("\u201c/failover list\u201d shows all groups."))
    blocks.append(context(*_small_print(page)))
    shown = page.offset + len(page.groups)
    if shown < page.total:
        # Letters as they are: an escaped one may take twelve characters of the value's room.
        value = json.dumps({"filter": page.filter[:200], "start": shown}, ensure_ascii=False)
        blocks.append(actions(button(f"Next {PAGE_SIZE}", MORE_GROUPS, value)))
    return message("Failover groups", blocks)


def _title(page: Page) -> str:
    about = f" matching \u201c{neutral(page.filter, 60)}\u201d" if page.filter else ""
    if not page.total:
        return f"No failover groups{about}."
    span = f"{page.offset + 1}\u2013{page.offset + len(page.groups)} of {page.total}"
    return f"Failover groups{about}: {span}"


def _row(group: FailoverGroup, page: Page) -> str:
    mark = (
        "\u26a0\ufe0f"
        if group.on_slate or sum(one.enabled for one in group.slicers) < 2
        else "\u2022"
    )
    failed_over = ""
    if group.failover_time is not None:
        failed_over = f" \u00b7 last failover {ago(group.failover_time, page.now)}"
    return (
        f"{mark} {neutral(group.name, 60)}: {settings(group)} \u00b7 "
        f"viewers see {active(group, 60)}{failed_over}"
    )


def _small_print(page: Page) -> list[str | Block]:
    seconds = (page.now - page.read_at).total_seconds()
    parts: list[str | Block] = [clock_time(page.read_at, "Read from Uplynk at ")]
    if page.problem is not None:
        parts.append(f"\u26a0\ufe0f Uplynk does not answer now: this is {age(seconds)} old.")
        if page.problem.trouble is not None:
            parts.append(troubled(page.problem.trouble))
    return parts
