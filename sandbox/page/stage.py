"""What stands behind the page: one rig after another, each in its scene, and its knobs."""

import threading
import traceback

from sandbox.bot_process import BotDied
from sandbox.page import knobs, tour, weather
from sandbox.page.keeping import Keeping
from sandbox.page.scenes import FIRST, SCENES
from sandbox.page.set_up import POLICY, SetUp, last_line, rig_for
from sandbox.page.state import State
from sandbox.rig import Rig
from sandbox.slack.model import Json

_LONGEST_START_SECONDS = 45.0


class Stage:
    """Plays a scene, and another one afresh when asked to; one thread does all of the setting up.

    ``changed`` (re-entrant) is notified when anything of the stage changes. While a scene is being
    set up, and where that failed, there is no ``rig``.
    """

    def __init__(
        self,
        keeping: Keeping,
        *,
        scene: str | None = None,
        keep: bool = False,
        socket: bool = False,
    ) -> None:
        """``keep``: go on from what ``keeping`` holds; ``scene`` None: the kept or the first."""
        self.changed = threading.Condition()
        self.policy = POLICY
        self._keeping = keeping
        self._keep = keep
        self._socket = socket
        self._asked: str | None = scene
        self._goes_on = keep
        self._wanted = True
        self._stopping = False
        self._scene = scene or FIRST
        self._generation = 0
        self._problem = ""
        self._set_up: SetUp | None = None
        self._director = threading.Thread(target=self._direct, name="stage", daemon=True)

    def start(self) -> None:
        """Begin to set up; see ``wait``."""
        self._director.start()

    def wait(self, within: float = _LONGEST_START_SECONDS) -> str:
        """Until the scene is set up or has failed; the problem, empty where there is none."""
        with self.changed:
            ready = self.changed.wait_for(lambda: self._state() != "starting", within)
            return self._problem if ready else "The bot did not get ready in time."

    def stop(self) -> None:
        """Stop everything, and leave what is to be kept."""
        with self.changed:
            self._stopping = True
            self.changed.notify_all()
        self._director.join()

    @property
    def rig(self) -> Rig | None:
        """The rig that runs now."""
        with self.changed:
            return self._set_up.rig if self._set_up is not None else None

    @property
    def generation(self) -> int:
        """Counts the set-ups, from 1."""
        with self.changed:
            return self._generation

    def parts(self) -> Json:
        """The values of ``stage``, ``weather`` and ``tour``."""
        with self.changed:
            set_up, generation, head = self._set_up, self._generation, self._head()
        # The worlds have locks of their own, so nothing of them is read under this one.
        if set_up is None:
            steps, sky, now = tour.untaken(), weather.well(), {"caption": "", "bot": "stopped"}
        else:
            steps, sky = set_up.tour.steps(), set_up.weather.to_json()
            alive = set_up.rig.bot.alive()
            now = {"caption": set_up.player.caption(), "bot": "running" if alive else "stopped"}
        return {
            "stage": head | now,
            "weather": sky,
            "tour": {"steps": steps, "generation": generation},
        }

    def wire(self) -> list[Json]:
        """The newest entries of the wire log, oldest first."""
        with self.changed:
            set_up = self._set_up
        return set_up.wire.rows() if set_up is not None else []

    def wire_detail(self, n: int) -> Json:
        """One entry in full. KeyError."""
        with self.changed:
            set_up = self._set_up
        if set_up is None:
            raise KeyError(n)
        return set_up.wire.detail(n)

    def turn(self, body: Json) -> None:
        """Turn one knob. ValueError with a sentence; KeyError for what does not exist."""
        word = knobs.text(body, "do")
        if word == "scene":
            self._play(knobs.text(body, "scene"))
        else:
            self._turn(word, body)
        self._notify()

    def _turn(self, word: str, body: Json) -> None:
        with self.changed:
            set_up = self._set_up
        if set_up is None:
            raise ValueError("The stage is still being set up.")
        match word:
            case "kill":
                set_up.rig.world.kill_slicer(knobs.text(body, "slicer"))
            case "revive":
                set_up.rig.world.revive_slicer(knobs.text(body, "slicer"))
            case "cms":
                knobs.change_in_cms(set_up.rig, body)
            case "weather":
                set_up.weather.turn(knobs.text(body, "side"), knobs.text(body, "now"))
            case "bot":
                set_up.turn_bot(knobs.text(body, "now"))
            case _:
                raise ValueError(f"There is no knob called “{word}”.")

    def _play(self, scene: str) -> None:
        if scene not in SCENES:
            raise KeyError(scene)
        with self.changed:
            self._asked, self._goes_on, self._wanted = scene, False, True
            self._problem = ""

    def _direct(self) -> None:
        """Set up what is wanted, one after another, until the stop."""
        while True:
            with self.changed:
                self.changed.wait_for(lambda: self._wanted or self._stopping)
                old, self._set_up = self._set_up, None
                asked, goes_on, stopping = self._asked, self._goes_on, self._stopping
                self._wanted = False
                self._scene = asked or self._scene
                self._generation += 1
                self.changed.notify_all()
            if stopping:
                if old is not None:
                    old.stop()
                return
            if old is not None:
                old.abandon()
            self._attempt(asked, goes_on)

    def _attempt(self, asked: str | None, goes_on: bool) -> None:
        problem = ""
        try:
            kept = self._kept(asked) if goes_on else None
            self._begin(asked or (kept.scene if kept is not None else FIRST), kept)
        except BotDied as error:
            problem = f"The bot did not start: {last_line(error)}"
        except Exception as error:
            # Whoever looks at the page must hear of it, and whoever mends it needs the rest.
            traceback.print_exc()
            problem = f"The scene could not be set up: {type(error).__name__}: {error}"
        with self.changed:
            self._problem = problem
            self.changed.notify_all()

    def _kept(self, asked: str | None) -> State | None:
        kept = self._keeping.kept()
        if kept is None or (kept.scene in SCENES and asked in (None, kept.scene)):
            return kept
        self._keeping.move_aside(f"is of the scene “{kept.scene}”")
        return None

    def _begin(self, scene: str, kept: State | None) -> None:
        """Start from what is kept, or cleanly where there is nothing or the bot can't use it."""
        if kept is not None:
            try:
                self._put_on(scene, kept)
            except BotDied as error:
                self._keeping.move_aside(f"keeps the bot from starting ({last_line(error)})")
            else:
                return
        self._keeping.begin_clean()
        self._put_on(scene, None)

    def _put_on(self, scene: str, kept: State | None) -> None:
        rig = rig_for(SCENES[scene], kept, keeping=self._keeping, socket=self._socket)
        set_up = SetUp(SCENES[scene], rig, self._keeping, self._notify)
        set_up.start()
        with self.changed:
            self._scene, self._set_up = scene, set_up

    def _notify(self) -> None:
        with self.changed:
            self.changed.notify_all()

    def _state(self) -> str:
        if self._wanted or (self._set_up is None and not self._problem):
            return "starting"
        return "failed" if self._problem else "ready"

    def _head(self) -> Json:
        return {
            "scene": self._scene,
            "scenes": [scene.to_json() for scene in SCENES.values()],
            "state": self._state(),
            "problem": self._problem,
            "transport": "socket" if self._socket else "http",
            "generation": self._generation,
            "keep": self._keep,
        }
