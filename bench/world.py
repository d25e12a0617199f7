"""One contender's surroundings: a Slack and an Uplynk that answer at once, or as late as told."""

import asyncio
import json
import random
from collections import Counter, defaultdict, deque
from collections.abc import Callable
from typing import Any

from bench.loopback_tls import context
from bench.wire import PATIENCE_SECONDS, Heard, Reply, Stub
from sandbox.uplynk.model import collection
from sandbox.uplynk.scenes import many_groups

OWNER = "owner-bench"
API_KEY = "key-bench"
TEAM = "T0BENCH"
NAMED = "U0NAMED"
"""Somebody whom the policy grants by user ID."""
MEMBER = "U0MEMBER"
"""Somebody who is granted as a member of a user group."""
USERGROUP = "S0BENCH"
CHANNEL = "C0BENCH"
ROOT = "/api/v4/failover-groups"
SLOW_SECONDS = 5.0


class World:
    """Both servers, what arrived there, and the state of the groups."""

    def __init__(self, groups: int) -> None:
        """``groups``: how many there are."""
        self.slack = Stub(self._slack)
        self.uplynk = Stub(self._uplynk)
        self.groups: dict[str, dict[str, Any]] = {
            group.id: group.to_json() for group in many_groups(groups, owner=OWNER).groups()
        }
        self.arrived: Counter[str] = Counter()
        self.slow_reads = False
        self.hang_writes = False
        self.fault_rate = 0.0
        self._kept: list[Callable[[], None]] = []
        self._waiting: dict[str, deque[asyncio.Future[Heard]]] = defaultdict(deque)
        self._list: bytes | None = None
        self._news = asyncio.Event()
        self._chance = random.Random(1)  # noqa: S311  # faults are drawn, not secrets

    async def start(self, *, tls: bool = False) -> None:
        """Listen with both; ``tls``: on Slack's side.

        With TLS the bot answers in direct messages, since it posts to no response URL outside
        Slack's domain.
        """
        await self.slack.start(context() if tls else None)
        await self.uplynk.start()

    @property
    def settings(self) -> dict[str, str]:
        """The environment that leads a process here."""
        return {
            "SLACK_API_URL": f"{self.slack.url}/api/",
            "UPLYNK_BASE_URL": self.uplynk.url,
            "UPLYNK_OWNER": OWNER,
            "UPLYNK_API_KEY": API_KEY,
            "FAILOVER_CHANNEL": CHANNEL,
        }

    def expect(self, name: str) -> asyncio.Future[Heard]:
        """The next arrival of a Slack method, ``response_url``, GET or PATCH."""
        future: asyncio.Future[Heard] = asyncio.get_running_loop().create_future()
        self._waiting[name].append(future)
        return future

    async def until(self, name: str, count: int) -> None:
        """Wait until so many of ``name`` have arrived in all. Raises TimeoutError."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while self.arrived[name] < count:
                self._news.clear()
                await self._news.wait()

    async def quiet(self, seconds: float) -> None:
        """Wait until nothing has arrived for so long. Raises TimeoutError."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            seen = -1
            while seen != (seen := self.slack.requests + self.uplynk.requests):
                await asyncio.sleep(seconds)

    def release(self) -> None:
        """Let everything that was kept back be answered."""
        kept, self._kept = self._kept, []
        for answer in kept:
            answer()

    def _slack(self, heard: Heard, reply: Reply) -> None:
        name = heard.path.removeprefix("/api/") if heard.path[:5] == "/api/" else "response_url"
        self._arrive(name, heard)
        if not self._faulty(reply):
            reply(200, self._slack_says(name))

    def _uplynk(self, heard: Heard, reply: Reply) -> None:
        self._arrive(heard.method, heard)
        group_id = heard.path.partition("?")[0].removeprefix(ROOT).strip("/")
        if self._faulty(reply):
            return
        if heard.method == "PATCH":
            later = _Once(lambda: self._patch(group_id, heard.body, reply))
            kept = self.hang_writes
        else:
            later = _Once(lambda: reply(200, self._read(group_id)))
            kept = self.slow_reads
            if kept:
                asyncio.get_running_loop().call_later(SLOW_SECONDS, later)
        if kept:
            self._kept.append(later)
        else:
            later()

    def _patch(self, group_id: str, body: bytes, reply: Reply) -> None:
        self.groups[group_id].update(json.loads(body))
        self._list = None
        reply(204, b"")

    def _read(self, group_id: str) -> bytes:
        if group_id:
            return json.dumps(self.groups[group_id]).encode()
        if self._list is None:
            self._list = json.dumps(collection(ROOT, list(self.groups.values()))).encode()
        return self._list

    def _slack_says(self, name: str) -> bytes:
        number = self.slack.requests
        said: dict[str, Any] = {"ok": True}
        if name == "auth.test":
            said |= {"team_id": TEAM, "user_id": "U0BOT", "bot_id": "B0BOT", "user": "bot"}
        elif name.startswith("views."):
            said["view"] = {"id": f"V{number}", "hash": f"{number}.h"}
        elif name.startswith("chat."):
            said |= {"channel": CHANNEL, "ts": f"{1_700_000_000 + number}.000100"}
        elif name == "usergroups.users.list":
            said["users"] = [MEMBER]
        elif name == "conversations.history":
            said["messages"] = []
        return json.dumps(said).encode()

    def _faulty(self, reply: Reply) -> bool:
        """Whether this request gets a fault instead of its answer: 503, a break, or silence."""
        if not self.fault_rate or self._chance.random() >= self.fault_rate:
            return False
        kind = self._chance.randrange(3)
        if kind == 2:
            asyncio.get_running_loop().call_later(SLOW_SECONDS, reply, 0, b"")
        else:
            reply((503, 0)[kind], b"{}")
        return True

    def _arrive(self, name: str, heard: Heard) -> None:
        self.arrived[name] += 1
        self._news.set()
        waiting = self._waiting[name]
        while waiting:
            future = waiting.popleft()
            if not future.done():
                future.set_result(heard)
                return


class _Once:
    def __init__(self, action: Callable[[], None]) -> None:
        self._action: Callable[[], None] | None = action

    def __call__(self) -> None:
        action, self._action = self._action, None
        if action is not None:
            action()
