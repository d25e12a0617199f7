"""The simulated Slack as one object: start it, point the bot at it, act as its people."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Self

from sandbox.slack import payloads as slack_payloads
from sandbox.slack.api import WebApi
from sandbox.slack.faults import Fault
from sandbox.slack.http import SlackHttpServer
from sandbox.slack.model import Channel, Delivery, Json, Message
from sandbox.slack.people import SimulatedPerson
from sandbox.slack.post_office import PostOffice
from sandbox.slack.signing import SignedRequest, Signer
from sandbox.slack.socket import SocketHub
from sandbox.slack.transport import HttpTransport
from sandbox.slack.world import SlackWorld

SIGNING_SECRET, BOT_TOKEN, APP_TOKEN = "sandbox-signing-secret", "xoxb-sandbox", "xapp-sandbox"


class ChannelView:
    """A channel as its members read it."""

    def __init__(self, world: SlackWorld, ident: str) -> None:
        self._world = world
        self.id = ident

    def messages(self) -> list[Message]:
        """What everybody sees, oldest first, in its present version."""
        return self._world.messages(self.id)

    def text(self) -> str:
        """All messages as readable text."""
        return "\n".join(message.shown for message in self.messages())


class SlackSimulator:
    """A workspace with its Web API, Socket Mode and people, all on loopback.

    Socket Mode is the way to the bot until ``deliver_to`` names an HTTP address.
    """

    def __init__(
        self,
        world: SlackWorld,
        signing_secret: str = SIGNING_SECRET,
        bot_token: str = BOT_TOKEN,
        app_token: str = APP_TOKEN,
    ) -> None:
        self.world = world
        self.signing_secret = signing_secret
        self.bot_token = bot_token
        self.app_token = app_token
        self.signer = Signer(signing_secret)
        self.hub = SocketHub(world.team.app_id, world.moment)
        self.office = PostOffice(world, self.hub)
        self._http = SlackHttpServer(world, WebApi(world, bot_token, app_token, self.hub.new_link))
        world.tickets.base = f"{self.base_url}/response/"
        self._people: dict[str, SimulatedPerson] = {}

    def start(self) -> Self:
        """Begin to serve."""
        self.hub.start()
        serving = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        serving.start()
        return self

    def stop(self) -> None:
        """Stop serving and drop all lines."""
        self.world.faults.clear()
        if self.office.http:
            self.office.http.close()
        self.hub.stop()
        self._http.shutdown()
        self._http.server_close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def base_url(self) -> str:
        """``http://127.0.0.1:PORT``: ``/_sim/state`` and ``/_sim/faults`` are below."""
        return self._http.base_url

    @property
    def api_url(self) -> str:
        """The Web API's base, with the slash at the end."""
        return f"{self.base_url}/api/"

    def deliver_to(self, url: str) -> None:
        """Reach the bot over HTTP from now on."""
        if self.office.http is not None:
            self.office.http.close()
        self.office.http = HttpTransport(url, self.signer, self.world.moment)

    def use_socket_mode(self) -> None:
        """Reach the bot over Socket Mode from now on."""
        self.office.http = None

    def person(self, ident: str) -> SimulatedPerson:
        """A member, acting; raises ``KeyError`` for an unknown id."""
        known = self.world.people[ident]
        return self._people.setdefault(known.id, SimulatedPerson(self.world, self.office, known.id))

    def channel(self, ident: str) -> ChannelView:
        """A channel to read; raises ``KeyError`` for an unknown id."""
        found: Channel = self.world.channels[ident]
        return ChannelView(self.world, found.id)

    def fault(self, fault: Fault) -> None:
        """Put a fault in force."""
        self.world.faults.set(fault)

    def event(self, content: Json) -> Delivery:
        """Deliver an event; ``content`` has its ``type`` and own fields."""
        return self.office.deliver(slack_payloads.event(self.world, content))

    def changes_usergroup(self, ident: str, users: tuple[str, ...]) -> Delivery:
        """Set a user group's members and tell the bot (``subteam_members_changed``)."""
        with self.world.changed:
            group = self.world.usergroups[ident]
            changed = type(group)(group.id, group.handle, users, group.disabled)
            self.world.add_usergroup(changed)
            now = int(self.world.moment.now())
        before = set(group.users)
        added, gone = sorted(set(users) - before), sorted(before - set(users))
        content: Json = {
            "type": "subteam_members_changed",
            "subteam_id": ident,
            "team_id": self.world.team.id,
            "date_previous_update": now - 60,
            "date_update": now,
            "added_users": added,
            "added_users_count": str(len(added)),
            "removed_users": gone,
            "removed_users_count": str(len(gone)),
        }
        return self.event(content)

    def send_raw(self, request: SignedRequest) -> Delivery:
        """Post a made or forged request over HTTP; the answer has no effect here."""
        return self.office.post_raw(request)

    def request_of(self, delivery: Delivery, timestamp: str | None = None) -> SignedRequest:
        """A delivery as a signed request, to be replayed or forged."""
        return self.signer.parcel(self.office.parcel_of(delivery), timestamp)
