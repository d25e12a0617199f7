"""``python -m sandbox``: the whole product on this machine, no account needed."""

import argparse
import os
import sys
from collections.abc import Iterator

from sandbox import browser
from sandbox.arguments import split
from sandbox.bot_process import BotDied
from sandbox.options import parsed
from sandbox.rig import Rig
from sandbox.slack.sample import OPERATOR
from sandbox.terminal import HELP, Terminal, converse

WELCOME = """\
The bot runs, between a simulated Slack and a simulated Uplynk; nothing leaves this machine.
  bot     {bot}   (/healthz, /readyz)
  Slack   {slack}/_sim/state
  Uplynk  {uplynk}/_sim/state
You are U0OPERATOR in #live-ops. Try:
  /failover list
  /failover set "NBA Finals" prioritized failback on because rehearsal
Then:
{help}"""


def main(arguments: list[str]) -> int:
    """Run it; the exit status."""
    options = parsed(arguments)
    if not options.terminal:
        return browser.serve(options)
    try:
        return _talk(options)
    except BotDied as error:
        print(error, file=sys.stderr)
        return 1


def _talk(options: argparse.Namespace) -> int:
    with Rig(socket_mode=options.socket) as rig:
        terminal = Terminal(rig, sys.stdout)
        if not terminal.become(options.person or OPERATOR):
            return 2
        if options.say:
            converse(terminal, iter(options.say))
        else:
            print(_welcome(rig), flush=True)
            converse(terminal, _typed())
    return 0


def _welcome(rig: Rig) -> str:
    return WELCOME.format(
        bot=rig.bot.url, slack=rig.slack.base_url, uplynk=rig.uplynk.base_url, help=HELP
    )


def _typed() -> Iterator[str]:
    try:
        yield from sys.stdin
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or split(os.environ.get("SANDBOX_ARGS", ""))))
