"""Socket Mode: Slack's built-in client, connected for as long as the bot runs."""

import logging
import threading

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

log = logging.getLogger(__name__)

WORKERS = 16
RETRY_SECONDS = 5.0


class Link:
    """Connects, and tries again until it is connected; from then on the client reconnects."""

    def __init__(self, app: App, app_token: str, client: WebClient) -> None:
        """``client`` asks for the connection's address."""
        self._handler = SocketModeHandler(app, app_token, web_client=client, concurrency=WORKERS)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._connect, name="socket-mode", daemon=True)

    def start(self) -> None:
        """Begin to connect."""
        self._thread.start()

    def stop(self) -> None:
        """Take nothing more from Slack."""
        self._stopping.set()
        self._handler.close()  # type: ignore[no-untyped-call]

    @property
    def connected(self) -> bool:
        """Whether the link is up as far as the client knows."""
        return bool(self._handler.client.is_connected())

    def _connect(self) -> None:
        while not self._stopping.is_set():
            try:
                self._handler.connect()  # type: ignore[no-untyped-call]
            except Exception as error:
                log.error("no Socket Mode connection: %s", type(error).__name__)
                self._stopping.wait(RETRY_SECONDS)
            else:
                log.info("connected over Socket Mode")
                return
