"""A small Bolt app and its server, to try the simulated Slack with the real library."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.request import BoltRequest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.slack.server import SlackSimulator


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": plain(text)}


def button(text: str, action_id: str = "press") -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "text": plain(text), "value": "v1"}


def buttons(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "block_id": "row", "elements": list(elements)}


def text_input(block_id: str = "reason", **more: Any) -> dict[str, Any]:
    element = {"type": "plain_text_input", "action_id": f"{block_id}_text"}
    block = {k: more.pop(k) for k in ("optional", "dispatch_action") if k in more}
    label = plain(block_id.title())
    return {
        "type": "input", "block_id": block_id, "label": label, "element": element | more, **block,
    }  # fmt: skip


def option(value: str) -> dict[str, Any]:
    return {"text": plain(value.title()), "value": value}


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    view = {"type": "modal", "callback_id": "form", "title": plain("Form"), "submit": plain("Go")}
    return {**view, "blocks": list(blocks), **more}


def new_app(slack: SlackSimulator) -> App:
    return App(
        client=WebClient(token=slack.bot_token, base_url=slack.api_url),
        signing_secret=slack.signing_secret,
        token_verification_enabled=False,
    )


def opening(slack: SlackSimulator, view: dict[str, Any]) -> App:
    app = new_app(slack)

    def command(ack: Any, client: Any, body: Any) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=view)

    app.command("/failover")(command)
    return app


def error_of(client: WebClient, method: str, **arguments: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        client.api_call(method, json=arguments)
    return str(caught.value.response["error"])


class Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: AppServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        headers = {name.lower(): [value] for name, value in self.headers.items()}
        answer = self.server.app.dispatch(BoltRequest(body=body, headers=headers))
        self.send_response(answer.status)
        for name, value in answer.first_headers_without_set_cookie().items():
            self.send_header(name, value)
        out = (answer.body or "").encode()
        self.send_header("Content-Length", str(len(out)))
        self.end_headers()
        self.wfile.write(out)

    def setup(self) -> None:
        super().setup()
        self.server.connections += 1

    def log_message(self, format: str, *args: object) -> None:
        pass


class AppServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, app: App) -> None:
        self.app = app
        self.connections = 0
        super().__init__(("127.0.0.1", 0), Receiver)

    def handle_error(self, request: object, client_address: object) -> None:
        """Broken requests are what some tests send; the client sees the dropped line."""


@contextmanager
def over_http(slack: SlackSimulator, app: App) -> Iterator[AppServer]:
    server = AppServer(app)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    slack.deliver_to(f"http://127.0.0.1:{server.server_address[1]}/slack/events")
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def over_socket(slack: SlackSimulator, app: App) -> Iterator[SocketModeHandler]:
    handler = SocketModeHandler(app, slack.app_token, ping_interval=0.2)
    handler.connect()
    try:
        slack.person("U0OPERATOR").waits_for(lambda: slack.hub.connections)
        yield handler
    finally:
        handler.client.default_auto_reconnect_enabled = False
        handler.client.auto_reconnect_enabled = False
        slack.hub.drop()
        handler.close()
