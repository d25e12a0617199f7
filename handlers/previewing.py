"""Changes shown before they are made."""

import dataclasses

from blocks.answers import preview
from failover.lifecycle import Request
from failover.pictures import Preview
from services import Services


class Previewing:
    """Shows what a change would do. Runs in the background.

    Why a change can't be asked for is kept, and told out of the outbox.
    """

    def __init__(self, services: Services) -> None:
        """``services``: for its previews and its screen."""
        self._services = services

    def show(self, asked: Request, *, replace: bool) -> None:
        """Answer where ``asked`` says; ``replace``: in place of the message that was pressed."""
        there = dataclasses.replace(asked.reply, replaces=replace)
        shown = self._services.previews.show(dataclasses.replace(asked, reply=there))
        if isinstance(shown, Preview) and there.response_url is not None:
            self._services.screen.respond(there.response_url, preview(shown), replace=replace)
