"""``change``, ``undo`` and ``status`` at the terminal: the way in for when Slack is down.

The grammar, the rules, the record and the reading back are those of Slack. Whoever holds the host
acts as a person whom they name; the record says that it was so, and who was logged in where.
"""

import argparse
import re
from collections.abc import Mapping
from dataclasses import replace
from threading import Timer
from types import MappingProxyType

from blocks import errors, groups, help
from blocks.answers import answer, preview
from blocks.reasons import explain
from cli.plain import plain
from cli.terminal import Terminal, typed
from failover.change import Configure
from failover.errors import FailoverError, LedgerUnavailable, Overtaken
from failover.grammar import parse
from failover.intents import Ask, AskAll, GrammarError, ListGroups, Status, Undo
from failover.lifecycle import ON_HOST, READY, Actor, Record, Request, State, Why
from failover.model import FailoverGroup, fingerprint
from failover.sets import asks_many
from services.by_hand import ByHand
from services.groups import Ambiguous, NoSuchGroup

DONE, NOT_DONE, MISUSED = 0, 1, 2
"""The exit status: done, or already so, or waiting for a second person; not done; bad usage."""

WELL = frozenset({State.VERIFIED, State.UNCHANGED, State.AWAITING, State.DONE})
PERSON = re.compile(r"[UW][A-Z0-9]{2,30}")
UNTOLD = (
    "The channel could not be told yet. The message is stored: the bot posts it as soon as it runs "
    "and Slack answers."
)
ONE_GROUP = (
    "This pattern stands for several groups, and here a change takes one group at a time. "
    "Nothing was changed. Name one group."
)
UNASKED = (
    "There is no terminal to ask for your word. Nothing was changed. "
    "Put \u201cnow\u201d before \u201cbecause\u201d to go ahead without being asked."
)
NO_CHANGE = (
    "This is no command that changes something. Nothing was changed. "
    "Say what to change, as after /failover: set, activate, slate, order, channels, owners, undo, "
    "lock, unlock, pause or resume."
)
BAD_PERSON = (
    "--as takes the Slack user ID of the person who decides, such as U0123ABCD. "
    "Nothing was changed."
)
CUT_SHORT = (
    "Cut short, and what became of the change is not known here: it may have been sent, or may "
    "still be carried out. The bot, where it runs, finds it out by reading and tells it in the "
    "channel. Look at the group (python bot.py status GROUP) before you try again."
)
NOT_SENT = "Cut short before anything was sent. Nothing was changed; the channel is told so."
SLOW_SECONDS = 3.0
SLOW = (
    "Under way. Where Uplynk gives no clear answer it is read until it is known what became of "
    "the change; that can take two minutes."
)
NEXT: Mapping[Why | State, str] = MappingProxyType(
    {
        Why.STALE: "Here there is nothing to press: type the command again, without "
        "\u201cnow\u201d, to see what it would do to the group as it is.",
        Why.INAPPLICABLE: "Here there is nothing to press: type what shall be done instead.",
        State.HALFWAY: "Here there is nothing to press: the same command again does what is still "
        "missing, and \u201cpython bot.py undo\u201d takes back what was done.",
        State.UNKNOWN: "Nobody reads on here. The bot, where it runs, does, and tells the channel.",
    }
)
"""What to do next, where Slack would show a button or go on telling."""
LEFT = "Nothing was changed."


def change(arguments: list[str], by_hand: ByHand, terminal: Terminal) -> int:
    """Make a change in a named person's name; the exit status."""
    parser = argparse.ArgumentParser(
        prog="bot.py change",
        usage="python bot.py change --as U0123ABCD set GROUP flat because REASON",
        description="Make a change without Slack: the words are those after /failover.",
    )
    person, words = _read(parser, arguments)
    return _asked(person, typed(words), by_hand, terminal)


def undo(arguments: list[str], by_hand: ByHand, terminal: Terminal) -> int:
    """Take back a change in a named person's name; the exit status."""
    parser = argparse.ArgumentParser(
        prog="bot.py undo",
        usage="python bot.py undo --as U0123ABCD [GROUP] [now] [because REASON]",
        description="Take back the last change of a group, or that person's own last one.",
    )
    person, words = _read(parser, arguments)
    return _asked(person, typed(["undo", *words]), by_hand, terminal)


def status(arguments: list[str], by_hand: ByHand, terminal: Terminal) -> int:
    """Show one group, or all; the exit status."""
    line = typed(["status", *arguments])
    match parse(line):
        case GrammarError() as error:
            terminal.object_to(plain(help.misread(error)))
            return MISUSED
        case Status(str(word)):
            return _one(word, by_hand, terminal)
        case Status() | ListGroups():
            return _all(by_hand, terminal)
        case _:
            terminal.object_to("usage: python bot.py status [GROUP]")
            return MISUSED


def unforeseen(name: str) -> str:
    """The paragraph for an error that nobody foresaw; ``name``: its kind."""
    return (
        f"Something in the bot went wrong ({name}). {CUT_SHORT} "
        "If it goes on, tell whoever looks after the bot."
    )


def _read(parser: argparse.ArgumentParser, arguments: list[str]) -> tuple[str, list[str]]:
    parser.add_argument("--as", dest="person", required=True, metavar="USER")
    parser.add_argument("words", nargs=argparse.REMAINDER)
    found = parser.parse_args(arguments)
    if not PERSON.fullmatch(found.person):
        parser.error(BAD_PERSON)
    return found.person, found.words


def _asked(person: str, line: str, by_hand: ByHand, terminal: Terminal) -> int:
    intent = parse(line)
    if isinstance(intent, GrammarError):
        terminal.object_to(plain(help.misread(intent)))
        return MISUSED
    if not isinstance(intent, Ask | AskAll | Undo):
        terminal.object_to(NO_CHANGE)
        return MISUSED
    if isinstance(intent, Ask) and asks_many(intent.group, intent.change):
        terminal.object_to(ONE_GROUP)
        return MISUSED
    try:
        wanted = _request(person, intent, by_hand)
        if isinstance(wanted, str):
            terminal.object_to(wanted)
            return NOT_DONE
        at_once = isinstance(intent, AskAll) or intent.now
        confirmed = wanted if at_once else _confirmed(wanted, by_hand, terminal)
        return confirmed if isinstance(confirmed, int) else _made(confirmed, by_hand, terminal)
    except FailoverError as error:
        terminal.object_to(errors.told(error))
        return NOT_DONE


def _request(person: str, intent: Ask | AskAll | Undo, by_hand: ByHand) -> Request | str:
    asked = Request(
        key=f"host:{by_hand.new_id()}",
        actor=Actor(person, person, ON_HOST),
        group=intent.group or "-" if isinstance(intent, Ask | Undo) else "-",
        change=Configure() if isinstance(intent, Undo) else intent.change,
        received_at=by_hand.overview.now(),
        reason=intent.reason,
        override=None if isinstance(intent, AskAll) else intent.override,
        host=by_hand.host,
    )
    if not isinstance(intent, Undo):
        return asked
    group = None if intent.group is None else by_hand.overview.find(intent.group)
    if group is not None and not isinstance(group, FailoverGroup):
        return _not_one(group)
    wanted = by_hand.previews.last_undone(asked, None if group is None else group.id)
    if wanted is None:
        return errors.NO_OWN_CHANGE if group is None else errors.NO_CHANGE
    return wanted


def _confirmed(wanted: Request, by_hand: ByHand, terminal: Terminal) -> Request | int:
    """What was shown and agreed to, or the exit status."""
    if terminal.ask is None:
        terminal.object_to(UNASKED)
        return MISUSED
    shown = by_hand.previews.show(wanted)
    if isinstance(shown, Record):
        return _told(shown, by_hand, terminal)
    terminal.say(plain(preview(shown)))
    if not terminal.agrees("Type yes to go ahead: "):
        terminal.object_to(LEFT)
        return NOT_DONE
    return replace(
        wanted,
        key=f"host:{by_hand.new_id()}",
        group=shown.reading.group.id,
        received_at=by_hand.overview.now(),
        seen=fingerprint(shown.reading.group),
    )


def _made(wanted: Request, by_hand: ByHand, terminal: Terminal) -> int:
    record, _ = by_hand.changes.accept(wanted)
    patience = Timer(SLOW_SECONDS, terminal.object_to, [SLOW])
    patience.daemon = True
    patience.start()
    try:
        ended = by_hand.changes.run(record) or record
    except (LedgerUnavailable, KeyboardInterrupt):
        terminal.object_to(_cut_short(record, by_hand))
        return NOT_DONE
    finally:
        patience.cancel()
    status = _told(ended, by_hand, terminal)
    try:
        told = by_hand.announce(ended)
    except (FailoverError, KeyboardInterrupt):
        told = False  # the message is stored; the outcome stands, whatever becomes of telling it
    if not told:
        terminal.object_to(UNTOLD)
    return status


def _cut_short(record: Record, by_hand: ByHand) -> str:
    """End a change that was not begun, so that nobody carries it out later; what to say of it."""
    try:
        now = by_hand.previews.known(record.id)
        if now is None or now.state not in READY:
            return CUT_SHORT
        by_hand.changes.interrupt(now, Why.INTERRUPTED, {})
    except (LedgerUnavailable, Overtaken):
        return CUT_SHORT
    return NOT_SENT


def _not_one(found: NoSuchGroup | Ambiguous) -> str:
    if isinstance(found, NoSuchGroup):
        return explain(Why.NO_SUCH_GROUP, {"near": found.near})
    return explain(
        Why.AMBIGUOUS_GROUP, {"candidates": [(one.name, one.id) for one in found.candidates]}
    )


def _told(record: Record, by_hand: ByHand, terminal: Terminal) -> int:
    try:
        shown = by_hand.previews.shown(record)
    except LedgerUnavailable:
        shown = None  # it is for three columns alone, and there is an outcome to tell
    text = plain(answer(record, shown, by_hand.overview.now()))
    if record.state in WELL:
        terminal.say(text)
        return DONE
    terminal.object_to(text)
    following = NEXT.get(record.why or record.state) or NEXT.get(record.state)
    if following is not None:
        terminal.object_to(following)
    return NOT_DONE


def _one(word: str, by_hand: ByHand, terminal: Terminal) -> int:
    try:
        found = by_hand.overview.find(word)
        if not isinstance(found, FailoverGroup):
            terminal.object_to(_not_one(found))
            return NOT_DONE
        terminal.say(plain(groups.status(by_hand.overview.read(found.id))))
    except FailoverError as error:
        terminal.object_to(errors.told(error))
        return NOT_DONE
    return DONE


def _all(by_hand: ByHand, terminal: Terminal) -> int:
    start = 0
    try:
        while (page := by_hand.overview.page("", start, groups.PAGE_SIZE)) is not None:
            terminal.say(plain(groups.listing(page)))
            start += groups.PAGE_SIZE
            if start >= page.total:
                break
    except FailoverError as error:
        terminal.object_to(errors.told(error))
        return NOT_DONE
    return DONE
