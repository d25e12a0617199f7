"""A stage without a bot of its own, and a browser without eyes, to try the page's server with."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sandbox.page.server import PageServer
from sandbox.rig import POLICY, Rig

Json = Any


class SmallStage:
    def __init__(self, rig: Rig | None) -> None:
        self.rig = rig
        self.generation = 1
        self.policy = POLICY
        self.changed = threading.Condition()
        self.said: dict[str, Json] = {"stage": {"state": "ready"}, "weather": {}, "tour": {}}
        self.entries: list[Json] = []
        self.details: dict[int, Json] = {}
        self.turned: list[Json] = []
        self.refuses: Exception | None = None

    def parts(self) -> dict[str, Json]:
        return dict(self.said)

    def wire(self) -> list[Json]:
        return list(self.entries)

    def wire_detail(self, n: int) -> Json:
        return self.details[n]

    def turn(self, body: Json) -> None:
        if self.refuses is not None:
            raise self.refuses
        self.turned.append(body)

    def say(self, **parts: Json) -> None:
        with self.changed:
            self.said |= parts
            self.changed.notify_all()


class Answer:
    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    def json(self) -> Json:
        return json.loads(self.body)


class Browser:
    def __init__(self, page: PageServer) -> None:
        self.page = page

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Json = None
    ) -> Answer:
        line = http.client.HTTPConnection("127.0.0.1", self.page.port, timeout=10)
        try:
            line.request(method, path, body, headers or {})
            return Answer(line.getresponse())
        finally:
            line.close()

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, headers=headers)

    def post(self, path: str, body: Json, **headers: str) -> Answer:
        kind = {"Content-Type": "application/json"}
        return self.ask("POST", path, json.dumps(body).encode(), kind | headers)

    def act(self, person: str, do: str, **more: Json) -> Answer:
        return self.post("/act", {"person": person, "do": do, **more})

    @contextmanager
    def watching(self, person: str) -> Iterator[Watching]:
        line = http.client.HTTPConnection("127.0.0.1", self.page.port, timeout=10)
        line.request("GET", f"/live?person={person}")
        response = line.getresponse()
        try:
            yield Watching(response)
        finally:
            response.close()
            line.close()


class Watching:
    """A stream; ``known`` is what the page would know, ``raw`` all that came."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.response = response
        self.known: dict[str, Json] = {}
        self.raw = ""

    def batch(self) -> Json:
        """The next batch, taken in; None at the stream's end."""
        while line := self.response.readline().decode():
            self.raw += line
            if line.startswith("data: "):
                batch = json.loads(line.removeprefix("data: "))
                self.known = {} if batch["all"] else self.known
                self.known |= batch["set"]
                for key in batch["gone"]:
                    del self.known[key]
                return batch
        return None

    def until(self, condition: Callable[[dict[str, Json]], Any]) -> list[Json]:
        """The batches that it took for ``condition`` to hold."""
        came = []
        while not condition(self.known):
            came.append(self.batch())
            assert came[-1] is not None, "the stream ended"
        return came

    def messages(self, channel: str) -> list[Json]:
        return [v for k, v in self.known.items() if k.startswith(f"message/{channel}/")]
