"""One set-up of the stage: a rig in a scene, with what was put around it, until it is torn down."""

import threading
from collections.abc import Callable
from contextlib import ExitStack

from sandbox.bot_process import BotDied
from sandbox.page.keeping import Keeping
from sandbox.page.scenes import Scene
from sandbox.page.state import State, restore, taken
from sandbox.page.timeline import Player
from sandbox.page.tour import Tour
from sandbox.page.weather import Weather
from sandbox.page.wire import Wire
from sandbox.rig import Rig
from sandbox.slack.model import UserGroup
from sandbox.slack.sample import ADMIN, APPROVER, DESK, OPERATOR, SPORTS_DESK
from sandbox.uplynk.world import UplynkWorld

POLICY = f"""\
default_role = "viewer"

[[grant]]
role = "operator"
users = ["{OPERATOR}"]

[[grant]]
role = "operator"
usergroups = ["{SPORTS_DESK}"]
groups = ["Sports *", "Cup *", "NBA *"]

[[grant]]
role = "approver"
users = ["{APPROVER}"]

[[grant]]
role = "admin"
users = ["{ADMIN}"]

[[protect]]
groups = ["Weather *"]
risk = "riskier"

[limits]
cooldown_seconds = 0
"""
_SAVE_EVERY_SECONDS = 3.0
_LONGEST_STOP_SECONDS = 4.0


class SetUp:
    """Starts everything on entering; ``scene`` says what, ``kept`` from where it goes on."""

    def __init__(self, scene: Scene, rig: Rig, keeping: Keeping, tick: Callable[[], None]) -> None:
        """``rig``: not entered yet; ``tick``: called about once a second."""
        self.scene = scene
        self.rig = rig
        self.wire = Wire(rig)
        self.tour = Tour(rig)
        self.weather = Weather(rig)
        self.player = Player(scene.timeline, rig.world, tick)
        self._keeping = keeping
        self._stack = ExitStack()
        self._over = threading.Event()
        self._bot = threading.Lock()

    def start(self) -> None:
        """Start the rig, then what happens on it. Raises BotDied, OSError."""
        with ExitStack() as stack:
            stack.enter_context(self.rig)
            self.weather.turn("uplynk", self.scene.weather)
            self.player.start()
            stack.callback(self.player.stop)
            saver = threading.Thread(target=self._save_at_times, name="keeping", daemon=True)
            saver.start()
            stack.callback(saver.join)
            self._stack = stack.pop_all()

    def stop(self) -> None:
        """Let the bot finish what takes seconds only, stop everything, save what there is."""
        self._end(self.rig.bot.stop)
        self._save()

    def abandon(self) -> None:
        """Stop everything at once: its state is not wanted any more."""
        self._end(lambda _: self.rig.bot.kill())

    def _end(self, end_bot: Callable[[float], object]) -> None:
        self._over.set()
        if not self._bot.acquire(timeout=_LONGEST_STOP_SECONDS):
            self.rig.bot.kill()  # whoever is starting it hears of that and lets go
            self._bot.acquire()
        if self.rig.bot.alive():
            end_bot(_LONGEST_STOP_SECONDS)
        self._stack.close()

    def turn_bot(self, now: str) -> None:
        """``kill`` it as a power cut would, or ``start`` it again. ValueError with a sentence."""
        if self._over.is_set() or not self._bot.acquire(blocking=False):
            raise ValueError("The bot is being started or stopped.")
        try:
            if now == "kill":
                self._kill_bot()
            elif now == "start":
                self._start_bot()
            else:
                raise KeyError(now)
        finally:
            self._bot.release()

    def _kill_bot(self) -> None:
        if not self.rig.bot.alive():
            raise ValueError("The bot is not running.")
        self.rig.bot.kill()

    def _start_bot(self) -> None:
        if self.rig.bot.alive():
            raise ValueError("The bot is running already.")
        try:
            self.rig.start_bot()
        except BotDied as error:
            raise ValueError(f"The bot did not get ready: {last_line(error)}") from error

    def _save_at_times(self) -> None:
        while not self._over.wait(_SAVE_EVERY_SECONDS):
            self._save()

    def _save(self) -> None:
        try:
            self._keeping.write(taken(self.rig, self.scene.id))
        except OSError as error:
            self._keeping.complain(error)


def rig_for(scene: Scene, kept: State | None, *, keeping: Keeping, socket: bool) -> Rig:
    """A rig for the scene, or one that goes on from what was kept."""
    world = scene.make() if kept is None else UplynkWorld(kept.groups)
    rig = Rig(
        policy=POLICY,
        socket_mode=socket,
        settings={"DATABASE_URL": keeping.database_url},
        uplynk=world,
    )
    rig.slack_world.add_usergroup(UserGroup(SPORTS_DESK, "sports-desk", (DESK,)))
    if kept is not None:
        restore(kept, rig.slack_world)
    return rig


def last_line(error: BotDied) -> str:
    """What the bot said last."""
    lines = [line for line in error.log.splitlines() if line.strip()]
    return lines[-1] if lines else f"it ended with status {error.status} and said nothing"
