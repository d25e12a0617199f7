"""The Home tab's sections on what is in force and on what waits for a second person.

A button is drawn for those alone who may press it as far as is remembered; the press is checked
anew, as it is on the card in the channel.
"""

from blocks import second_person
from blocks.announcement import change_line, group_name
from blocks.ids import HOME_UNLOCK
from blocks.kit import (
    Block,
    actions,
    button,
    context,
    header,
    mention,
    mrkdwn,
    neutral,
    plain,
    section,
)
from blocks.pieces import SHORT_NAME
from blocks.words import clock_time
from failover.home import HomePicture, Locked, Waiting
from failover.measures import InForce, Unlock

LOCKS_SHOWN = 8
WAITING_SHOWN = 6


def in_force(picture: HomePicture) -> list[Block]:
    """The pause and the locks: what would be refused."""
    blocks: list[Block] = []
    if picture.pause is not None:
        blocks.append(section("\u23f8\ufe0f All changes are paused."))
        blocks.append(_put_by(picture.pause))
    if picture.locks:
        blocks.append(header(f"Locked groups ({len(picture.locks)})"))
    for lock in picture.locks[:LOCKS_SHOWN]:
        blocks += [_locked(lock), _put_by(lock.force)]
    return blocks


def unlocked(value: str) -> tuple[str, Unlock] | None:
    """The group, and the lock that was shown, of a pressed button's value; None: it is too old."""
    lock, colon, group = value.partition(":")
    return (group, Unlock(lock)) if lock and colon and group else None


def waiting(picture: HomePicture) -> list[Block]:
    """What waits for a second person; the card in the channel shows what would follow."""
    blocks: list[Block] = []
    for one in picture.waiting[:WAITING_SHOWN]:
        name = neutral(group_name(one.record), SHORT_NAME)
        told = f"{name}: {change_line(one.record)}"
        asked_by = mention(one.record.request.actor.user_id)
        blocks += [section(f"\u270b {told}"), context(mrkdwn(f"asked by {asked_by}"))]
        blocks += _ways(one, told)
    title = header(f"Waiting for a second person ({len(picture.waiting)})")
    more = context("The request card in the channel shows what would follow, and until when.")
    return [title, *blocks, more] if blocks else []


def _ways(one: Waiting, told: str) -> list[Block]:
    found = second_person.deciding(one.record, told) if one.may_decide else []
    found += [second_person.withdrawing(one.record)] if one.may_withdraw else []
    return [actions(*found)] if found else []


def _locked(lock: Locked) -> Block:
    until = "until it is taken away" if lock.force.until is None else "until then"
    drawn = section(f"\U0001f512 {neutral(lock.name, SHORT_NAME)}: locked {until}.")
    return drawn | {"accessory": _unlock(lock)} if lock.may_unlock else drawn


def _unlock(lock: Locked) -> Block:
    told = f"Everybody who has the role can then change {neutral(lock.name, SHORT_NAME)} again."
    dialog: Block = {
        "title": plain("Take the lock away?"),
        "text": plain(told),
        "confirm": plain("Unlock"),
        "deny": plain("Not yet"),
    }
    return button("Unlock\u2026", HOME_UNLOCK, f"{lock.force.id}:{lock.group_id}") | {
        "confirm": dialog
    }


def _put_by(force: InForce) -> Block:
    parts: list[str | Block] = [mrkdwn(f"by {mention(force.by)}")]
    if force.until is not None:
        parts.append(clock_time(force.until, "ends at "))
    if force.reason:
        parts.append(f"Reason: {neutral(force.reason, SHORT_NAME)}")
    return context(*parts)
