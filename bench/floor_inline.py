"""The floor *inline*: Bolt on waitress that acknowledges inside the listener, and a thread pool.

With the argument ``alone`` it serves no Slack: each line ``GROUP_ID MODE`` on standard input is
one row, one GET and one PATCH.
"""

import json
import logging
import os
import sqlite3
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.request import Request

import requests
import urllib3
from slack_bolt import Ack, App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient
from waitress import create_server

from bench.floor_script import signed

VIEW = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Failover"},
    "blocks": [{"type": "section", "text": {"type": "plain_text", "text": "Reading…"}}],
}


class PooledClient(WebClient):
    """``WebClient`` over one urllib3 pool."""

    def __init__(self, token: str, base_url: str) -> None:
        """``base_url`` ends with ``/``."""
        super().__init__(token=token, base_url=base_url)
        self._pool = urllib3.PoolManager(maxsize=32)

    def _perform_urllib_http_request_internal(self, url: str, req: Request) -> dict[str, Any]:
        body = req.data if isinstance(req.data, bytes) else None
        got = self._pool.request("POST", url, body=body, headers=dict(req.header_items()))
        return {"status": got.status, "headers": got.headers, "body": got.data.decode()}


class Changes:
    """One row, one GET, one PATCH."""

    def __init__(self, base_url: str, owner: str, api_key: str) -> None:
        """Opens the database in the working directory."""
        self._root = f"{base_url}/api/v4/failover-groups"
        self._credentials = (owner, api_key)
        self._session = requests.Session()
        self._turn = threading.Lock()
        self._database = sqlite3.connect("floor.db", isolation_level=None, check_same_thread=False)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=FULL")
        self._database.execute("CREATE TABLE IF NOT EXISTS changes (id INTEGER PRIMARY KEY, what)")

    def record(self, what: str) -> None:
        """One durable row."""
        with self._turn:
            self._database.execute("BEGIN IMMEDIATE")
            self._database.execute("INSERT INTO changes (what) VALUES (?)", (what,))
            self._database.execute("COMMIT")

    def send(self, group_id: str, mode: str) -> None:
        """A fresh read, and the write."""
        url = f"{self._root}/{group_id}"
        self._session.get(url, params=signed(*self._credentials), timeout=10).json()
        self._session.patch(
            url, params=signed(*self._credentials), json={"mode": mode}, timeout=10
        ).raise_for_status()


def application(client: WebClient, changes: Changes) -> App:
    """The app with its two listeners."""
    app = App(
        client=client,
        signing_secret=os.environ["SLACK_SIGNING_SECRET"],
        process_before_response=True,
        token_verification_enabled=False,
    )
    pool = ThreadPoolExecutor(max_workers=64)

    @app.command("/failover")
    def on_command(ack: Ack, body: dict[str, Any]) -> None:
        words = body["text"].split()
        if words and words[0] == "set":
            changes.record(body["text"])
            ack()
            pool.submit(changes.send, words[1], words[2])
        elif words and words[0] in ("help", "list"):
            ack("What you can do with /failover")
        else:
            ack()
            pool.submit(client.views_open, trigger_id=body["trigger_id"], view=VIEW)

    @app.view("failover_form")
    def on_submit(ack: Ack, body: dict[str, Any]) -> None:
        view = body["view"]
        group_id, mode = json.loads(view["private_metadata"])[0], view["state"]["values"]["m"]
        changes.record(group_id)
        ack()
        pool.submit(changes.send, group_id, mode["mode"]["selected_option"]["value"])

    return app


def main(arguments: list[str]) -> None:
    """Serve, printing the port first; or work off standard input."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # it tells of each queued request
    changes = Changes(
        os.environ["UPLYNK_BASE_URL"], os.environ["UPLYNK_OWNER"], os.environ["UPLYNK_API_KEY"]
    )
    if arguments:
        print(0, flush=True)
        for line in sys.stdin:
            changes.record(line)
            changes.send(*line.split())
        return
    client = PooledClient(os.environ.pop("SLACK_BOT_TOKEN"), os.environ["SLACK_API_URL"])
    site = SlackRequestHandler(application(client, changes))
    server = create_server(site, host="127.0.0.1", port=0, threads=16, ident=None)
    print(server.effective_port, flush=True)
    server.run()


if __name__ == "__main__":
    main(sys.argv[1:])
