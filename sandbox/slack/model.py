"""The nouns of the simulated workspace, as frozen values: people, channels, messages, views.

Shapes follow the Web API's JSON (pages "message", "view", "conversation object"), cut down to what
a bot can see or cause. Times are Unix seconds as floats, message timestamps Slack's strings.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


class SlackError(Exception):
    """An answer with ``ok: false``: the error word and what else the answer carries."""

    def __init__(self, word: str, **extra: Any) -> None:
        super().__init__(word)
        self.word = word
        self.extra: Json = extra


@dataclass(frozen=True, slots=True)
class Team:
    """The workspace and the app installed in it."""

    id: str = "T0SANDBOX"
    domain: str = "sandbox"
    name: str = "Sandbox"
    app_id: str = "A0FAILOVER"
    bot_user: str = "U0BOT"
    bot_id: str = "B0BOT"


@dataclass(frozen=True, slots=True)
class Person:
    """A member of the workspace; ``deleted`` means deactivated."""

    id: str
    name: str
    display: str = ""
    is_bot: bool = False
    deleted: bool = False
    is_restricted: bool = False
    tz: str = "Europe/London"


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel, or with ``is_im`` the conversation of one person with the bot."""

    id: str
    name: str
    members: frozenset[str] = frozenset()
    is_private: bool = False
    is_archived: bool = False
    is_im: bool = False


@dataclass(frozen=True, slots=True)
class UserGroup:
    """A user group; ``disabled`` ones have a ``date_delete`` above 0."""

    id: str
    handle: str
    users: tuple[str, ...] = ()
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """A message; ``viewer`` set means ephemeral, shown to that person alone.

    ``via`` says how it came: an API method, ``answer``, ``response_url``, ``person`` or ``slack``.
    """

    ts: str
    channel: str
    author: str
    text: str = ""
    blocks: tuple[Json, ...] = ()
    metadata: Json | None = None
    thread_ts: str | None = None
    edited: bool = False
    viewer: str | None = None
    via: str = "person"
    values: Json = field(default_factory=dict)
    shown: str = ""

    @property
    def is_ephemeral(self) -> bool:
        """Whether only one person sees it."""
        return self.viewer is not None

    @property
    def key(self) -> tuple[str, str]:
        """What identifies it: channel and timestamp."""
        return self.channel, self.ts


@dataclass(frozen=True, slots=True)
class View:
    """A modal on somebody's stack, or a Home tab.

    ``content`` is the view as the app gave it, with missing ids filled in; ``values`` is
    ``state.values``; ``errors`` maps block ids to the field errors shown; ``warning`` is the
    client's own line, such as the one about trouble connecting.
    """

    id: str
    owner: str
    content: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    values: Json = field(default_factory=dict)
    errors: Json = field(default_factory=dict)
    warning: str = ""
    open: bool = True
    shown: str = ""

    @property
    def blocks(self) -> list[Json]:
        """The blocks on show."""
        return list(self.content.get("blocks") or ())

    @property
    def state(self) -> Json:
        """``state.values``: block id, then action id, then the entry."""
        return self.values

    @property
    def title(self) -> str:
        """The title's text; empty for a Home tab."""
        return str((self.content.get("title") or {}).get("text", ""))

    @property
    def private_metadata(self) -> str:
        """The app's own note on the view."""
        return str(self.content.get("private_metadata") or "")

    @property
    def external_id(self) -> str:
        """The app's own name for the view; empty when it gave none."""
        return str(self.content.get("external_id") or "")


@dataclass(frozen=True, slots=True)
class ApiCall:
    """One Web API or response_url request as it was answered; the token is masked."""

    number: int
    method: str
    arguments: Json
    token: str
    status: int | None
    ok: bool
    error: str
    ms: float
    connection: int
    new_connection: bool
    fault: str
    at: float


@dataclass(frozen=True, slots=True)
class Delivery:
    """One request to the bot, its answer and what the person saw of it.

    ``status`` is None when nothing (or nothing in time) came; ``failure`` is the error the person
    was shown, empty when all was well; ``shown`` is the readable result, failure included;
    ``detail`` says for a developer what was wrong with the answer.
    """

    number: int
    kind: str
    person: str
    transport: str
    request: Json
    status: int | None
    body: str
    seconds: float
    in_time: bool
    failure: str = ""
    detail: str = ""
    shown: str = ""
    at: float = 0.0

    @property
    def ok(self) -> bool:
        """Answered with 200 in time and without a failure for the person."""
        return self.in_time and self.status == 200 and not self.failure
