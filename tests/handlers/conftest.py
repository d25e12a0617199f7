"""Every listener in a real Bolt app behind the door for HTTP, over the services on fakes."""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from blocks.home import home
from blocks.set_form import progress_view
from blocks.sets import progress
from failover.errors import SlackProblem
from handlers import register
from handlers.edge import Edge
from sandbox.slack.sample import LIVEOPS, OPERATOR, sample_world
from sandbox.slack.signing import FORM, SIGNATURE, TIMESTAMP, SignedRequest, Signer, encoded
from services import Services
from services.attempts import Attempts
from services.home_pictures import HomePictures
from services.homes import Hands, Homes
from services.set_telling import SetTelling
from tests.builders import START, flat, group, policy
from tests.fake_audit import FakeAudit
from tests.stage import Stage

SECRET = "signing-secret-canary"
HOME = "T0HOME"


@dataclass
class Screen:
    """Remembers what was shown; ``problem`` is raised instead, once."""

    opened: list[dict[str, Any]] = field(default_factory=list)
    views: list[dict[str, Any]] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)
    replaced: list[bool] = field(default_factory=list)
    homes: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    problem: SlackProblem | None = None

    def open_view(self, trigger_id: str, view: dict[str, Any]) -> str:
        self._stumble()
        self.opened.append(view)
        return "V1"

    def update_view(self, view_id: str, view: dict[str, Any], *, hash: str | None = None) -> None:
        self._stumble()
        self.views.append(view)

    def publish_home(self, user_id: str, view: dict[str, Any]) -> None:
        self._stumble()
        self.homes.append((user_id, view))

    def respond(self, response_url: str, message: dict[str, Any], *, replace: bool = False) -> None:
        self._stumble()
        self.messages.append(message)
        self.replaced.append(replace)

    def post_direct(self, user_id: str, message: dict[str, Any]) -> str:
        self._stumble()
        self.messages.append(message)
        return "D1"

    def edit_direct(self, address: str, message: dict[str, Any]) -> None:
        self._stumble()
        self.messages.append(message)

    def _stumble(self) -> None:
        problem, self.problem = self.problem, None
        if problem is not None:
            raise problem


def never(_seconds: float, _job: Callable[[], object]) -> Callable[[], None]:
    """Nobody waits so long here."""
    return lambda: None


class Desk:
    """The bot as Slack meets it: ``sends`` a request, then ``works`` off what it set in motion."""

    def __init__(self) -> None:
        self.stage = Stage(flat(), group(id="c" * 32, name="Sports West"), rules=policy())
        self.screen = Screen()
        self.signer = Signer(SECRET)
        self.world = sample_world()
        self.world.team = replace(self.world.team, id=HOME)
        self.woken = threading.Event()
        numbers = itertools.count(1)
        self.app = App(
            client=WebClient(base_url="http://127.0.0.1:9/api/"),
            authorize=_authorize,
            process_before_response=True,
            request_verification_enabled=False,
            ssl_check_enabled=False,
        )
        stage = self.stage
        self.audit = FakeAudit()
        pictures = HomePictures(stage.overview, stage.groups, stage.ledger, stage.forces)
        hands = Hands(stage.work, stage.work, self.woken.set)
        self.services = Services(
            access=stage.access,
            changes=stage.changes,
            runner=stage.runner,
            approvals=stage.approvals,
            attempts=Attempts(self.audit, stage.work),
            previews=stage.previews,
            picks=stage.picks,
            set_previews=stage.set_previews,
            set_runner=stage.runs_sets(
                SetTelling(self.screen, progress, stage.timer, progress_view)
            ),
            set_stops=stage.set_stops,
            overview=stage.overview,
            homes=Homes(pictures, self.screen, home, hands, stage.timer),
            screen=self.screen,
            doors=stage.work,
            work=stage.work,
            later=never,
            new_id=lambda: f"{next(numbers):032d}",
            slack_clock=stage.clock,
        )
        register(self.app, self.services)
        self.edge = Edge(self.app, SECRET, clock=lambda: stage.clock().timestamp())

    def knocks(self, request: SignedRequest, **environ: Any) -> tuple[int, bytes]:
        """Status and body of one request."""
        headers = {
            f"HTTP_{name.upper().replace('-', '_')}": v for name, v in request.headers.items()
        }
        asked: dict[str, Any] = {
            "REQUEST_METHOD": "POST",
            "CONTENT_TYPE": headers.pop("HTTP_CONTENT_TYPE", ""),
            "CONTENT_LENGTH": str(len(request.body)),
            "wsgi.input": _Body(request.body),
            **headers,
            **environ,
        }
        said: list[str] = []
        body = b"".join(self.edge(asked, lambda status, _headers: said.append(status)))
        (status,) = said
        return int(status.split()[0]), body

    def signed(self, body: bytes, content_type: str = FORM) -> SignedRequest:
        """A request that Slack might have sent now."""
        return self.signer.sign(body, content_type, str(int(self.stage.clock().timestamp())))

    def sends(self, parcel: Any) -> dict[str, Any]:
        """Deliver as Slack does; the answer's JSON, {} where it is empty."""
        status, body = self.knocks(self.signed(*encoded(parcel)))
        assert status == 200, body
        return json.loads(body) if body else {}

    def works(self) -> None:
        """Everything that waits in the pool is done."""
        self.stage.work.run()

    @property
    def effects(self) -> tuple[int, ...]:
        """What there is to see of anything that was set in motion."""
        return (
            len(self.stage.ledger.records),
            len(self.stage.work.jobs),
            len(self.screen.opened) + len(self.screen.views) + len(self.screen.messages),
        )


class _Body:
    def __init__(self, body: bytes) -> None:
        self._body = body

    def read(self, size: int = -1) -> bytes:
        return self._body if size < 0 else self._body[:size]


def _authorize() -> AuthorizeResult:
    return AuthorizeResult(
        enterprise_id=None, team_id=HOME, bot_token="xoxb-1", bot_id="B0BOT", bot_user_id="U0BOT"
    )


@pytest.fixture
def desk() -> Desk:
    return Desk()


__all__ = ["FORM", "LIVEOPS", "OPERATOR", "SIGNATURE", "START", "TIMESTAMP", "Desk"]
