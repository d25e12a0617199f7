"""The sandbox's command line."""

import argparse

from sandbox.page.scenes import SCENES

ABOUT = "The whole product on this machine: a simulated Slack, a simulated Uplynk, the real bot."


def parsed(arguments: list[str]) -> argparse.Namespace:
    """The options. SystemExit, with the reason told, where they make no sense."""
    parser = argparse.ArgumentParser(prog="make sandbox --", description=ABOUT)
    parser.add_argument("--socket", action="store_true", help="Socket Mode instead of HTTP")
    page = parser.add_argument_group("the page in the browser")
    page.add_argument("--scene", choices=list(SCENES), help="what to start with")
    page.add_argument("--keep", action="store_true", help="go on from where the last one stopped")
    page.add_argument("--no-open", action="store_true", help="only print the address")
    words = parser.add_argument_group("a conversation in the terminal instead")
    words.add_argument("--terminal", action="store_true", help="type at the terminal")
    words.add_argument("--say", action="append", default=[], metavar="LINE", help="type this")
    words.add_argument("--as", dest="person", metavar="USER", help="who types, as U0VIEWER")
    options = parser.parse_args(arguments)
    options.terminal = bool(options.terminal or options.say or options.person)
    if options.terminal and (options.scene or options.keep or options.no_open):
        parser.error("--scene, --keep and --no-open go with the page, not with the terminal")
    return options
