"""The Home tab: who somebody is, the groups they may change, the last changes.

Limits: Slack's pages "app-home" and "blocks": 100 blocks, no title and no submit button.
"""

import json
from collections.abc import Callable

from blocks import errors, help
from blocks.history import history
from blocks.home_pressing import in_force, waiting
from blocks.ids import HOME, HOME_ALL, HOME_BACK, HOME_FORM, HOME_MORE, HOME_REFRESH
from blocks.kit import (
    Block,
    actions,
    button,
    context,
    header,
    neutral,
    section,
)
from blocks.pieces import SHORT_NAME
from blocks.words import active, age, ago, clock_time, settings
from failover.home import PAGE_SIZE, GroupsPage, HomePicture, Note, Place
from failover.lifecycle import Why
from failover.model import FailoverGroup
from failover.roles import Action, Role
from failover.standing import Standing

BLOCKS_LIMIT = 100
LINES_IN_SECTION = 10
"""Groups that share a section, whose text may have 3,000 characters."""

NOT_IN_TIME = (
    "\u26a0\ufe0f Slack delivered your press too late to open the form. "
    "Nothing was changed. Press again."
)
UNLOCKING = "You asked to take a lock away: a direct message tells you how it came out."


def home(picture: HomePicture) -> Block:
    """The view to publish; ``private_metadata`` holds the place in it."""
    blocks = [dict(block) for block in picture.note]
    standing = picture.standing
    if standing is None:
        blocks.append(section("\u23f3 Looking up your roles\u2026"))
    elif not standing.may(Action.VIEW):
        blocks += _barred(picture, standing)
    else:
        for part in PARTS:
            blocks += part(picture)
    return {
        "type": "home",
        "callback_id": HOME,
        "private_metadata": metadata(picture.place),
        "blocks": blocks[:BLOCKS_LIMIT],
    }


def metadata(place: Place) -> str:
    """A place as buttons and views carry it."""
    return json.dumps([place.offset, place.everything])


def place_of(text: str) -> Place:
    """The place that ``metadata`` wrote down; the first page where that can't be read any more."""
    try:
        offset, everything = json.loads(text)
    except (ValueError, TypeError, RecursionError):
        return Place()
    if type(offset) is not int or type(everything) is not bool:
        return Place()
    return Place(max(0, offset), everything)


def _barred(picture: HomePicture, standing: Standing) -> list[Block]:
    users, usergroups = picture.holders
    if standing.unread:
        facts = {"usergroups": standing.unread, "problem": standing.problem or ""}
        told = errors.refusal(Why.ROLE_UNCERTAIN, facts)
    else:
        facts = {"roles": [Role.VIEWER.value], "users": users, "usergroups": usergroups}
        told = errors.refusal(Why.ROLE, facts)
    return [*told["blocks"], actions(_refresh(picture))]


def _who(picture: HomePicture) -> list[Block]:
    assert picture.standing is not None
    blocks: list[Block] = help.whoami(picture.user_id, picture.standing)["blocks"]
    return blocks


def _ways(picture: HomePicture) -> list[Block]:
    page = picture.page
    buttons = [button("Open the form", HOME_FORM, "-", "primary"), _refresh(picture)]
    if page is not None and 0 < page.changeable < page.total:
        first = page.changeable // PAGE_SIZE * PAGE_SIZE
        there = Place() if page.place.everything else Place(first, everything=True)
        text = "Show only groups that I may change" if page.place.everything else "Show all groups"
        buttons.append(button(text, HOME_ALL, metadata(there)))
    return [actions(*buttons)]


def _refresh(picture: HomePicture) -> Block:
    return button("Refresh", HOME_REFRESH, metadata(picture.place))


def _reading(picture: HomePicture) -> list[Block]:
    """How old all this is, and whether anything newer can be had."""
    page, problem = picture.page, picture.problem
    if page is None:
        if problem is None:
            return [section("\u23f3 Reading the failover groups from Uplynk\u2026")]
        told = "\u26a0\ufe0f The failover groups are not known: they could not be read yet."
        return [section(told), section(errors.told(problem))]
    old = age((picture.now - page.read_at).total_seconds())
    when = context(
        clock_time(page.read_at, "Read from Uplynk at "), f"{old} before this page was drawn"
    )
    if picture.reading:
        return [when, context("\u23f3 They are being read again\u2026")]
    if problem is None:
        return [when]
    told = f"\u26a0\ufe0f Uplynk does not answer now: what you see of the groups is {old} old."
    return [section(told), section(errors.told(problem)), when]


def _groups(picture: HomePicture) -> list[Block]:
    page = picture.page
    if page is None:
        return []
    if not page.total:
        return [section("There are no failover groups.")]
    blocks = []
    if page.mine:
        blocks.append(header(f"Groups that you may change ({page.changeable:,})"))
        blocks += [_group(group, picture, row) for row, group in enumerate(page.mine)]
    if page.others:
        kind = "Other groups" if page.changeable else "Groups"
        blocks.append(header(f"{kind}, to look at ({page.total - page.changeable:,})"))
        for start in range(0, len(page.others), LINES_IN_SECTION):
            some = page.others[start : start + LINES_IN_SECTION]
            blocks.append(section("\n".join(_line(group) for group in some)))
    return blocks + _paging(page)


def _group(group: FailoverGroup, picture: HomePicture, row: int) -> Block:
    lines = [_line(group)]
    if group.failover_time is not None:
        lines.append(f"Last failover {ago(group.failover_time, picture.now)}")
    drawn = section("\n".join(lines), block_id=f"group:{row}")
    return drawn | {"accessory": button("Change\u2026", HOME_FORM, group.id)}


def _line(group: FailoverGroup) -> str:
    """A group's name and state, and what is wrong with it."""
    wrong = [*_warnings(group)]
    mark = "\u26a0\ufe0f" if wrong else "\u2022"
    seen = f"viewers see {active(group, SHORT_NAME)}"
    told = " \u00b7 ".join([settings(group), seen, *wrong])
    return f"{mark} {neutral(group.name, SHORT_NAME)}: {told}"


def _warnings(group: FailoverGroup) -> list[str]:
    slate = ["slate is on"] if group.on_slate else []
    return slate + (["no backup"] if len(group.eligible) < 2 else [])


def _paging(page: GroupsPage) -> list[Block]:
    place, length = page.place, page.length
    last = place.offset + len(page.mine) + len(page.others)
    blocks = [context(f"Groups {place.offset + 1:,}\u2013{last:,} of {length:,}")]
    buttons = []
    if place.offset:
        before = Place(max(0, place.offset - PAGE_SIZE), place.everything)
        buttons.append(button("Back", HOME_BACK, metadata(before)))
    if last < length:
        buttons.append(button("More", HOME_MORE, metadata(Place(last, place.everything))))
    return blocks + ([actions(*buttons)] if buttons else [])


def _last_changes(picture: HomePicture) -> list[Block]:
    if picture.recent is None:
        return [section("\u26a0\ufe0f The bot's database did not tell the last changes.")]
    drawn: list[Block] = history(picture.recent, None, picture.now)["blocks"]
    # The button to undo answers in a message, and a Home tab has none.
    return [block for block in drawn if block["type"] != "actions"]


def noted(text: str) -> Note:
    """A word to whoever looks, as their Home tab carries it."""
    return (section(text),)


PARTS: tuple[Callable[[HomePicture], list[Block]], ...] = (
    _who,
    _ways,
    in_force,
    waiting,
    _reading,
    _groups,
    _last_changes,
)
"""The sections in their order: a further one is a function like these, and a line here."""
