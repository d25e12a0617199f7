"""Socket Mode: Slack's built-in client, connected for as long as the bot runs."""

import logging
import threading
import time

from slack_bolt import App
from slack_bolt.adapter.socket_mode.base_handler import BaseSocketModeHandler
from slack_bolt.adapter.socket_mode.internals import run_bolt_app, send_response
from slack_sdk import WebClient
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

log = logging.getLogger(__name__)

WORKERS = 16
RETRY_SECONDS = 5.0
PING_SECONDS = 3.0
"""The client looks this often, and replaces a link that answered none of four pings in a row."""


class Link:
    """Connects, and tries again until it is connected; from then on the client reconnects."""

    def __init__(self, app: App, app_token: str, client: WebClient) -> None:
        """``client`` asks for the connection's address."""
        self._client = _Client(
            app_token,
            logger=app.logger,
            web_client=client,
            ping_interval=PING_SECONDS,
            concurrency=WORKERS,
        )
        handler = _Handler(app, self._client)
        self._client.socket_mode_request_listeners.append(handler.handle)  # type: ignore[arg-type]
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._connect, name="socket-mode", daemon=True)

    def start(self) -> None:
        """Begin to connect."""
        self._thread.start()

    def stop(self) -> None:
        """Take nothing more from Slack."""
        self._stopping.set()
        self._client.close()

    @property
    def connected(self) -> bool:
        """Whether the link is up as far as the client knows."""
        return self._client.is_connected()

    def _connect(self) -> None:
        while not self._stopping.is_set():
            problem = "the handshake was refused"
            try:
                # An address is good for one connection: each try asks for another.
                self._client.connect_to_new_endpoint()
            except Exception as error:
                problem = type(error).__name__
            if self.connected:
                log.info("connected over Socket Mode")
                break
            log.error("no Socket Mode connection: %s", problem)
            self._stopping.wait(RETRY_SECONDS)
        if self._stopping.is_set():
            self._client.close()


class _Client(SocketModeClient):
    def connect(self) -> None:
        super().connect()
        if self.current_session is not None:
            # The library counts from the first answer to a ping: to it, a link that falls silent
            # before that is never silent.
            self.current_session.last_ping_pong_time = time.time()


class _Handler(BaseSocketModeHandler):
    def __init__(self, app: App, client: SocketModeClient) -> None:
        self.app = app
        self.client = client

    def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        start = time.time()
        send_response(client, req, run_bolt_app(self.app, req), start)
