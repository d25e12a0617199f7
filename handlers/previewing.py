"""Changes shown before they are made."""

from blocks.answers import answer, preview
from failover.lifecycle import Record, Request
from services import Services


class Previewing:
    """Shows what a change would do, or why it can't be asked for. Runs in the background."""

    def __init__(self, services: Services) -> None:
        """``services``: for its previews and its screen."""
        self._services = services

    def show(self, asked: Request, *, replace: bool) -> None:
        """Answer where ``asked`` says; ``replace``: in place of the message that was pressed."""
        shown = self._services.previews.show(asked)
        now = self._services.overview.now()
        url = asked.reply.response_url
        if url is None:
            return
        if isinstance(shown, Record):
            drawn = answer(shown, self._services.previews.shown(shown), now)
        else:
            drawn = preview(shown)
        self._services.screen.respond(url, drawn, replace=replace)
