"""The floor *as it comes*: ``app.start()``, and the client that Bolt hands to its listeners."""

import os
from http.server import HTTPServer
from typing import Any

import slack_bolt.app.app as bolt
from slack_bolt import Ack, App
from slack_sdk import WebClient

from bench.floor_inline import VIEW


class LoopbackServer(HTTPServer):
    """Bolt's server, but for the address, which can't be chosen: it would listen everywhere."""

    def __init__(self, address: tuple[str, int], handler: Any) -> None:
        """Print the port that the system picked."""
        super().__init__(("127.0.0.1", address[1]), handler)
        print(self.server_port, flush=True)


def main() -> None:
    """Serve."""
    app = App(
        client=WebClient(os.environ.pop("SLACK_BOT_TOKEN"), os.environ["SLACK_API_URL"]),
        signing_secret=os.environ["SLACK_SIGNING_SECRET"],
    )

    @app.command("/failover")
    def on_command(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        if body["text"] != "help":
            client.views_open(trigger_id=body["trigger_id"], view=VIEW)

    vars(bolt)["HTTPServer"] = LoopbackServer
    app.start(port=0, http_server_logger_enabled=False)


if __name__ == "__main__":
    main()
