"""Socket Mode: Slack's built-in client, kept connected for as long as the bot runs."""

import logging
import threading
import time
from collections.abc import Callable

from slack_bolt import App
from slack_bolt.adapter.socket_mode.base_handler import BaseSocketModeHandler
from slack_bolt.adapter.socket_mode.internals import run_bolt_app, send_response
from slack_sdk import WebClient
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from handlers.lively_client import LivelyClient

log = logging.getLogger(__name__)

WORKERS = 16
RETRY_SECONDS = 5.0
PING_SECONDS = 3.0
"""The client asks for a sign of life this often, and looks whether there is a link at all."""
LOOK_SECONDS = 1.0
SILENT_SECONDS = 12.0
"""A link on which nothing, not even the answer to a ping, has come for so long is replaced."""
LOST_SECONDS = 300.0
"""When nothing has come for so long, although Slack hands out addresses, a new process may fare
better than this one.
"""


class Link:
    """Connects, looks that the link lives, and replaces it where it does not, for ever."""

    def __init__(
        self,
        app: App,
        app_token: str,
        client: WebClient,
        answered: Callable[[float], None] = lambda _: None,
        lost: Callable[[], None] = lambda: None,
    ) -> None:
        """``client`` asks for the connection's address; ``answered`` is told of each of Slack's
        requests, after how many seconds it had its answer; ``lost``, once, that no new link helps.
        """
        self._client = LivelyClient(
            app_token,
            logger=app.logger,
            web_client=client,
            ping_interval=PING_SECONDS,
            concurrency=WORKERS,
        )
        handler = _Handler(app, self._client, answered)
        self._client.socket_mode_request_listeners.append(handler.handle)  # type: ignore[arg-type]
        self._lost = lost
        self._begun = time.monotonic()
        self.given_up = False
        self._refused = False
        self._was_connected = False
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="socket-mode", daemon=True)
        self._watch = threading.Thread(target=self._look_on, name="socket-mode-watch", daemon=True)

    def start(self) -> None:
        """Begin to connect."""
        self._begun = time.monotonic()
        self._thread.start()
        self._watch.start()

    def stop(self) -> None:
        """Take nothing more from Slack."""
        self._stopping.set()
        self._client.close()

    @property
    def connected(self) -> bool:
        """Whether the link is up as far as the client knows."""
        return self._client.is_connected()

    def last_message_age(self) -> float:
        """For how many seconds nothing has come over the link, pongs included; from the start on
        where nothing ever has.
        """
        return time.monotonic() - (self._client.heard() or self._begun)

    def standing(self) -> str:
        """How the link is, in a few words for whoever runs the bot."""
        age = self.last_message_age()
        if not self.connected:
            why = ": Slack gives no address" if self._refused else ""
            return f"not connected for {age:.0f} s{why}, connecting"
        if age > SILENT_SECONDS:
            return f"silent for {age:.0f} s, reconnecting"
        return "ok"

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                pause = self._turn()
            except Exception:
                # Without this thread the bot would never be reached again.
                log.exception("the Socket Mode link could not be looked after: it is tried again")
                pause = RETRY_SECONDS
            self._stopping.wait(pause)
        # A connection that was made while the bot was told to stop.
        self._client.close()

    def _turn(self) -> float:
        """Look at the link once, and make one where there is none; seconds until the next look."""
        if self.connected:
            self._was_connected = True
            return LOOK_SECONDS if self._is_alive() else 0.0
        return LOOK_SECONDS if self._connect() else RETRY_SECONDS

    def _is_alive(self) -> bool:
        """Whether the link shows signs of life; where it does not, it is given up."""
        age = self.last_message_age()
        if self._client.hung_up():
            log.warning("the other side has ended the Socket Mode link: it is replaced")
        elif age > SILENT_SECONDS:
            log.warning("the Socket Mode link has been silent for %.0f s: it is replaced", age)
        else:
            return True
        self._client.disconnect()
        return False

    def _connect(self) -> bool:
        problem = "the handshake was refused"
        try:
            # An address is good for one connection: each try asks for another.
            self._client.connect_to_new_endpoint()
            self._refused = False
        except Exception as error:
            self._refused = True
            problem = type(error).__name__
        if self.connected:
            again = " again" if self._was_connected else ""
            log.info("connected over Socket Mode%s", again)
            return True
        if not self._stopping.is_set():
            log.error("no Socket Mode connection: %s", problem)
        return False

    def _look_on(self) -> None:
        """Apart from the thread that connects: that one may be what hangs."""
        while not self._stopping.wait(LOOK_SECONDS):
            if self._refused or self.given_up or self.last_message_age() <= LOST_SECONDS:
                continue
            self.given_up = True
            log.error("nothing has come over Socket Mode for %.0f s: giving up", LOST_SECONDS)
            self._lost()


class _Handler(BaseSocketModeHandler):
    def __init__(
        self, app: App, client: SocketModeClient, answered: Callable[[float], None]
    ) -> None:
        self._answered = answered
        self.app = app
        self.client = client

    def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        start, begun = time.time(), time.monotonic()
        send_response(client, req, run_bolt_app(self.app, req), start)
        self._answered(time.monotonic() - begun)
