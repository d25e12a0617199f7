"""A tiny signer and client of the simulated Uplynk, independent of the product's."""

import base64
import hashlib
import hmac
import json
import socket
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import requests

from sandbox.uplynk.scenes import default_scene
from sandbox.uplynk.server import UplynkSimulator
from sandbox.uplynk.world import UplynkWorld

OWNER = "owner-sandbox"
KEY = "key-sandbox-0123456789"
ROOT = "/api/v4/failover-groups"


def message(fields: object) -> str:
    return base64.b64encode(zlib.compress(json.dumps(fields).encode(), 9)).decode()


def signature(msg: str, key: str = KEY) -> str:
    return hmac.new(key.encode(), msg.encode(), hashlib.sha256).hexdigest()


def signed(owner: str = OWNER, key: str = KEY, stamp: object = None) -> dict[str, str]:
    stamp = int(time.time()) if stamp is None else stamp
    msg = message({"_owner": owner, "_timestamp": stamp})
    return {"msg": msg, "sig": signature(msg, key)}


class Client:
    """One session; `call` signs, `raw` speaks over a bare socket."""

    def __init__(self, sim: UplynkSimulator) -> None:
        self.sim = sim
        self.session = requests.Session()
        self.session.trust_env = False

    def call(
        self, method: str, path: str = "", body: object = None, **options: Any
    ) -> requests.Response:
        options.setdefault("params", signed())
        options.setdefault("timeout", 5)
        if body is not None:
            options["json"] = body
        return self.session.request(method, self.sim.base_url + ROOT + path, **options)

    def patch(self, group_id: str, mode: str = "prioritized", **options: Any) -> requests.Response:
        return self.call("PATCH", f"/{group_id}", {"mode": mode}, **options)

    def group(self, group_id: str) -> dict[str, Any]:
        answer = self.call("GET", f"/{group_id}")
        assert answer.status_code == 200
        found = answer.json()
        assert isinstance(found, dict)
        return found

    def control(self, method: str, name: str, body: object = None) -> requests.Response:
        url = f"{self.sim.base_url}/_sim/{name}"
        return self.session.request(method, url, json=body, timeout=5)

    def raw(self, path: str, method: str = "GET", body: object = None) -> socket.socket:
        """Send one signed request and hand over the socket, nothing read yet."""
        data = b"" if body is None else json.dumps(body).encode()
        head = (
            f"{method} {ROOT}{path}?{urlencode(signed())} HTTP/1.1\r\nHost: x\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n"
        )
        connection = socket.create_connection(("127.0.0.1", self.sim.port), timeout=5)
        connection.sendall(head.encode() + data)
        return connection

    def close(self) -> None:
        self.session.close()


def everything(connection: socket.socket) -> bytes:
    """Read until the other side closes."""
    parts = []
    while part := connection.recv(65_536):
        parts.append(part)
    return b"".join(parts)


@contextmanager
def running(world: UplynkWorld | None = None) -> Iterator[Client]:
    """A started simulator on this world (the default scene) and a client of it."""
    with UplynkSimulator(world or default_scene(OWNER), OWNER, KEY) as sim:
        client = Client(sim)
        try:
            yield client
        finally:
            client.close()
