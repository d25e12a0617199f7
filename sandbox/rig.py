"""The whole product on one machine: both simulators and the real bot between them."""

import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

from sandbox.bot_process import BotProcess
from sandbox.slack.sample import ADMIN, APPROVER, AUDIT, SPORTS_DESK, sample_world
from sandbox.slack.server import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, SlackSimulator
from sandbox.slack.world import SlackWorld
from sandbox.uplynk.scenes import default_scene
from sandbox.uplynk.server import UplynkSimulator
from sandbox.uplynk.world import UplynkWorld

OWNER, API_KEY = "sandbox-owner-5b1c9d", "sandbox-key-8f27e0a4c6"

POLICY = f"""\
default_role = "viewer"

[[grant]]
role = "operator"
usergroups = ["{SPORTS_DESK}"]

[[grant]]
role = "approver"
users = ["{APPROVER}"]

[[grant]]
role = "admin"
users = ["{ADMIN}"]

[limits]
cooldown_seconds = 0
"""


class Rig:
    """Starts everything on entering, stops it on leaving; each run begins clean."""

    def __init__(
        self,
        *,
        policy: str = POLICY,
        socket_mode: bool = False,
        settings: Mapping[str, str] | None = None,
        uplynk: UplynkWorld | None = None,
    ) -> None:
        """``settings`` are added to the bot's environment, or take the place of what is there."""
        self.world = uplynk or default_scene(owner=OWNER)
        self.slack_world: SlackWorld = sample_world()
        for group in self.world.groups():
            self.slack_world.foreign.add(group.name)
        self.slack = SlackSimulator(self.slack_world)
        self.uplynk = UplynkSimulator(self.world, OWNER, API_KEY)
        self._policy = policy
        self._socket_mode = socket_mode
        self._settings = dict(settings or {})
        self._stack = ExitStack()
        self.bot: BotProcess
        self.folder: Path

    def __enter__(self) -> "Rig":
        """Start; ready for the first line when this returns. Raises BotDied."""
        with ExitStack() as stack:
            folder = tempfile.TemporaryDirectory(prefix="failover-")
            self.folder = Path(stack.enter_context(folder))
            self.write_policy(self._policy)
            stack.enter_context(self.slack)
            stack.enter_context(self.uplynk)
            self.bot = BotProcess(self._environment(), self.folder)
            self.start_bot()
            stack.callback(_end, self.bot)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the bot, then its surroundings."""
        self._stack.close()

    def start_bot(self) -> None:
        """Start the bot's process, anew after ``bot.kill`` or ``bot.stop``, and connect Slack."""
        self.bot.start()
        if self._socket_mode:
            self.slack.use_socket_mode()
            with self.slack_world.changed:
                self.slack_world.changed.wait_for(lambda: self.slack.hub.connections > 0, 15)
        else:
            self.slack.deliver_to(self.bot.url + "/slack/events")
        self.bot.wait_until_ready()

    def start_another_bot(self) -> BotProcess:
        """A further instance with the same settings and files; it ends with the rig."""
        other = BotProcess(self._environment(), self.folder)
        other.start()
        self._stack.callback(_end, other)
        other.wait_until_ready()
        return other

    def write_policy(self, text: str) -> None:
        """Put another policy in force; the bot looks at the file about once a second."""
        (self.folder / "policy.toml").write_text(text)

    def secrets(self) -> tuple[str, ...]:
        """What must show nowhere but in the bot's environment."""
        return (BOT_TOKEN, SIGNING_SECRET, APP_TOKEN, OWNER, API_KEY)

    def _environment(self) -> dict[str, str]:
        mode = {"SLACK_APP_TOKEN": APP_TOKEN} if self._socket_mode else {}
        return {
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "SLACK_API_URL": self.slack.api_url,
            "UPLYNK_OWNER": OWNER,
            "UPLYNK_API_KEY": API_KEY,
            "UPLYNK_BASE_URL": self.uplynk.base_url,
            "FAILOVER_CHANNEL": AUDIT,
            **mode,
            **self._settings,
        }


def _end(bot: BotProcess) -> None:
    if bot.alive():
        bot.stop()
    else:
        bot.kill()  # whoever ended it, what it had open here is to be closed
