"""What a person does at the screen, carried out as Slack's client would: the body of POST /act."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from sandbox.page.live import Stage
from sandbox.page.manifest import Manifest
from sandbox.page.parts import Json
from sandbox.page.slack_parts import SLACKBOT
from sandbox.rig import Rig
from sandbox.slack.addressing import Spot, matching
from sandbox.slack.form import TEXT_INPUTS
from sandbox.slack.model import Channel, Delivery, Message, SlackError, View
from sandbox.slack.payloads import escaped
from sandbox.slack.people import PersonCannotError, SimulatedPerson, Surface

_NO_COMMAND = (
    "`{}` is not a valid command. In Slack, all messages that start with the “/” character are "
    "interpreted as commands. If you are trying to send a message and not run a command, try "
    "preceding the “/” with an empty space."
)
_READ_ONLY = "Sending messages to this app has been turned off."
_STARTING = "The sandbox is starting; try again in a moment."


class Refused(Exception):
    """It was not done. ``status``: 400 not understood, 404 not there, 409 Slack would not let."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.text = text


class Acts:
    """Carries out what people do, whichever rig runs."""

    def __init__(self, stage: Stage, manifest: Manifest) -> None:
        self._stage = stage
        self._manifest = manifest

    def do(self, body: Json) -> Json:
        """Carry out one act and answer when the bot has; raises ``Refused``."""
        if not isinstance(body, dict):
            raise Refused(400, "An object is expected.")
        rig = self._stage.rig
        if rig is None:
            raise Refused(409, _STARTING)
        hand = _Hand(rig, self._manifest, body)
        work = hand.work(_text(body, "do"))
        try:
            return work()
        except PersonCannotError as error:
            raise Refused(409, f"Slack does not allow that: {error.why}.") from error
        except SlackError as error:
            raise Refused(409, f"Slack does not allow that: {error.word}.") from error


class _Hand:
    """One act of one person."""

    def __init__(self, rig: Rig, manifest: Manifest, body: dict[str, Json]) -> None:
        self._world = rig.slack_world
        self._manifest = manifest
        self._body = body
        self._person = self._actor(rig)

    def work(self, do: str) -> Callable[[], Json]:
        """What that word stands for."""
        known: dict[str, Callable[[], Json]] = {
            "type": self._type,
            "press": self._press,
            "choose": self._choose,
            "fill": self._fill,
            "search": self._search,
            "submit": self._submit,
            "close": self._close,
            "home": self._home,
            "reload": self._reload,
        }
        if do not in known:
            raise Refused(400, f"`do` must be one of {', '.join(known)}.")
        return known[do]

    def _type(self) -> Json:
        line, channel = _text(self._body, "line"), self._channel()
        if not line.strip():
            raise Refused(400, "There is nothing to send.")
        if channel.is_im and self._manifest.read_only:
            raise Refused(409, _READ_ONLY)
        if not line.startswith("/"):
            return self._say(line, channel)
        word = line.split(maxsplit=1)[0]
        if self._manifest.has_command(word):
            return _result(self._person.types(line, channel.id))
        text = _NO_COMMAND.format(escape(word, quote=False))
        mine = self._person.id
        self._world.post(Message("", channel.id, SLACKBOT, text, viewer=mine, via="slack"))
        return _result(None)

    def _say(self, line: str, channel: Channel) -> Json:
        self._world.foreign.add(line, self._person.id)
        with self._world.changed:
            text = escaped(self._world, escape(line, quote=False))
            self._world.post(Message("", channel.id, self._person.id, text))
        return _result(None)

    def _press(self) -> Json:
        return _result(self._person.presses(self._spot(self._body), on=self._surface()))

    def _choose(self) -> Json:
        value = self._body.get("value")
        if value is not None and not isinstance(value, str):
            raise Refused(400, "`value` must be text or null.")
        return _result(self._person.chooses(self._spot(self._body), value, on=self._surface()))

    def _fill(self) -> Json:
        text, enter = _text(self._body, "text"), self._body.get("enter") is True
        spot = self._spot(self._body)
        return _result(self._person.fills(spot, text, enter=enter, on=self._surface()))

    def _search(self) -> Json:
        surface = self._surface()
        if not isinstance(surface, View):
            raise Refused(400, "Menus are searched in a modal or in the Home tab.")
        query = _text(self._body, "query")
        return {"options": self._person.searches(self._spot(self._body), query, on=surface)}

    def _submit(self) -> Json:
        view = self._view(_text(self._body, "view"))
        fills = self._body.get("fills") or []
        if not isinstance(fills, list) or not all(isinstance(one, dict) for one in fills):
            raise Refused(400, "`fills` must be a list of objects.")
        for one in fills:
            self._enter(view, self._spot(one), _text(one, "text"))
        return _result(self._person.submits(view))

    def _enter(self, view: View, spot: Spot, text: str) -> None:
        """Put text in as it stands at the press of submit: it goes with that, not by itself."""
        found = matching(view.blocks, spot)
        if len(found) != 1 or found[0].kind not in TEXT_INPUTS:
            raise Refused(409, "The form has changed: there is no such text field any more.")
        self._world.foreign.add(text, self._person.id)
        self._world.views.enter(view.id, found[0], text or None)

    def _close(self) -> Json:
        view = self._view(_text(self._body, "view"))
        return _result(self._person.closes(view, whole_stack=self._body.get("all") is True))

    def _home(self) -> Json:
        told = "app_home_opened" in self._manifest.events
        return _result(self._person.opens_home() if told else None)

    def _reload(self) -> Json:
        self._person.reloads()
        return _result(None)

    def _actor(self, rig: Rig) -> SimulatedPerson:
        ident = _text(self._body, "person")
        known = self._world.people.get(ident)
        if known is None or known.is_bot or known.deleted:
            raise Refused(404, "There is no such person here.")
        return rig.slack.person(ident)

    def _channel(self) -> Channel:
        channel = self._world.channels.get(_text(self._body, "channel"))
        if channel is None or self._person.id not in channel.members:
            raise Refused(404, "There is no such channel for this person.")
        return channel

    def _spot(self, source: dict[str, Json]) -> Spot:
        return Spot(_text(source, "block_id"), _text(source, "action_id"))

    def _surface(self) -> Surface:
        match self._body.get("on"):
            case {"view": str(ident)}:
                return self._view(ident)
            case {"message": [str(channel), str(ts)]}:
                return self._message(channel, ts)
        raise Refused(400, '`on` must be {"view": id} or {"message": [channel, ts]}.')

    def _view(self, ident: str) -> View:
        """A view that the person can reach: the modal in front, or their Home tab."""
        views = self._world.views
        view = views.get(ident)
        if view is None or view.owner != self._person.id:
            raise Refused(404, "There is no such view for this person.")
        in_front = (views.top(self._person.id), views.home(self._person.id))
        if not any(one is not None and one.id == ident for one in in_front):
            raise Refused(409, "This is closed, or something else is in front of it.")
        return view

    def _message(self, channel: str, ts: str) -> Message:
        message = self._world.message(channel, ts)
        place = self._world.channels.get(channel)
        joined = place is not None and self._person.id in place.members
        if message is None or not joined or message.viewer not in (None, self._person.id):
            raise Refused(404, "There is no such message for this person.")
        return message


def _text(source: dict[str, Json], name: str) -> str:
    value = source.get(name)
    if not isinstance(value, str):
        raise Refused(400, f"`{name}` must be text.")
    return value


def _result(delivery: Delivery | None) -> Json:
    if delivery is None:
        return {"ok": True, "status": None, "ms": 0.0, "failure": ""}
    return {
        "ok": delivery.ok,
        "status": delivery.status,
        "ms": round(delivery.seconds * 1000, 1),
        "failure": delivery.failure,
    }
