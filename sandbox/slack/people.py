"""Simulated people: they type, search, choose, fill, press and read, as a test's dialogue."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from sandbox.slack import form as slack_form
from sandbox.slack import payloads as slack_payloads
from sandbox.slack import wire as slack_wire
from sandbox.slack.addressing import Ident, matching
from sandbox.slack.form import OPTION_PICKERS, TEXT_INPUTS, Field
from sandbox.slack.model import Channel, Delivery, Json, Message, View
from sandbox.slack.post_office import PostOffice
from sandbox.slack.world import SlackWorld

T = TypeVar("T")
Surface = View | Message
_LOOK_EVERY_SECONDS = 0.01


class PersonCannotError(AssertionError):
    """Slack's client would not let the person do that; the text shows what they see.

    ``why`` is the reason alone, in one line.
    """

    def __init__(self, text: str, why: str = "") -> None:
        super().__init__(text)
        self.why = (why or text).partition("\n")[0].removesuffix(" in").removesuffix(":")


class SimulatedPerson:
    """One member of the workspace, seeing and doing what their Slack client lets them."""

    def __init__(self, world: SlackWorld, office: PostOffice, ident: str) -> None:
        self._world = world
        self._office = office
        self._offered: dict[tuple[str, str], list[Json]] = {}
        self.id = ident

    @property
    def view(self) -> View | None:
        """The modal in front; None when there is none."""
        return self._world.views.top(self.id)

    @property
    def home(self) -> View | None:
        """The bot's Home tab as published for this person."""
        return self._world.views.home(self.id)

    def types(self, line: str, channel: str | None = None) -> Delivery:
        """Send a slash command from ``channel`` (default: the first one joined, else the DM)."""
        if not line.startswith("/"):
            raise PersonCannotError(f"not a command: {line!r}")
        place = self._world.channels[channel] if channel else self._usual_channel()
        self._learn(line.partition(" ")[2])
        with self._world.changed:
            parcel = slack_payloads.command(self._world, self.id, place, line)
        self._learn(str(parcel.payload["text"]))
        return self._office.deliver(parcel)

    def opens_form(self, line: str = "/failover", timeout: float = 10.0) -> View:
        """Type a command and wait until a modal is in front."""
        self.types(line)
        return self.waits_for(lambda: self.view, timeout)

    def opens_home(self) -> Delivery:
        """Open the bot's Home tab: ``app_home_opened``."""
        content: Json = {"type": "app_home_opened", "user": self.id, "tab": "home"}
        content["channel"] = self._world.direct_channel(self.id).id
        if self.home:
            content["view"] = slack_wire.view_json(self.home, self._world.team)
        return self._office.deliver(slack_payloads.event(self._world, content, self.id))

    def searches(self, ident: Ident, query: str, on: View | None = None) -> list[Json]:
        """Type into a menu of ``on`` or the modal in front; returns the options offered.

        External menus ask the bot once ``min_query_length`` (default 3) is reached.
        """
        view = self._view(on)
        found = self._element(view, ident)
        if found.kind not in ("external_select", "multi_external_select"):
            wanted = query.lower()
            options = slack_form.options_of(found.element)
            return [o for o in options if wanted in str(o["text"]["text"]).lower()]
        if len(query) < int(found.element.get("min_query_length", 3)):
            return []
        delivery = self._office.deliver(slack_payloads.suggestion(self._world, view, found, query))
        options = slack_form.options_of(json.loads(delivery.body)) if delivery.ok else []
        self._offered[found.block_id, found.action_id] = options
        return options

    def chooses(
        self, ident: Ident, value: str | None, on: Surface | None = None
    ) -> Delivery | None:
        """Pick an option by value or label (or a user id, a date); None takes the choice back.

        Checkboxes toggle. Returns the delivery it caused, or None when it causes none.
        """
        surface, found = self._field(ident, on)
        if found.kind in TEXT_INPUTS or found.kind == "button":
            raise self._cannot(f"{ident} is a {found.kind}")
        if found.kind not in OPTION_PICKERS and found.kind != "overflow":
            return self._enters(surface, found, value)
        option = None if value is None else self._option(found, value, surface)
        if found.kind == "overflow":
            return self._acts(surface, found, option)
        if slack_form.VALUE_KEYS[found.kind] == "selected_option":
            return self._enters(surface, found, option)
        return self._enters(surface, found, _toggled(surface, found, option) if option else [])

    def fills(
        self, ident: Ident, text: str, *, enter: bool = False, on: Surface | None = None
    ) -> Delivery | None:
        """Replace the text of an input; ``enter`` presses Return afterwards.

        Returns the ``block_actions`` delivery where ``dispatch_action`` asks for one.
        """
        surface, found = self._field(ident, on)
        if found.kind not in TEXT_INPUTS:
            raise self._cannot(f"{ident} is a {found.kind}")
        self._learn(text)
        trigger = "on_enter_pressed" if enter else "on_character_entered"
        fires = found.fires_on(trigger) or (enter and found.fires_on("on_character_entered"))
        return self._enters(surface, found, text or None, fires)

    def presses(self, what: Ident, on: Surface | None = None, *, stale: bool = False) -> Delivery:
        """Press a button by action_id, block_id, both or text, on ``on`` or the modal in front.

        A confirmation dialog is answered with yes. ``stale`` presses ``on`` as it was drawn then,
        whatever it is now: the click that crosses an update on its way.
        """
        surface = on if on and stale else self._current(on or self._modal())
        found = self._element(surface, what, buttons=True)
        return self._acts(surface, found, None)

    def submits(self, on: View | None = None) -> Delivery:
        """Press the submit button of the modal in front, which must be ``on`` where that is given.

        Refused while a required input is empty.
        """
        view = self._modal(on)
        if not view.content.get("submit"):
            raise self._cannot("the view has no submit button")
        for found in slack_form.fields(view.blocks):
            self._check_input(view, found)
        with self._world.changed:
            self._world.views.mark(view.id, {})
            fresh = self._world.views.by_id[view.id]
            parcel = slack_payloads.submission(self._world, fresh)
        return self._office.deliver(parcel)

    def closes(self, on: View | None = None, *, whole_stack: bool = False) -> Delivery | None:
        """Cancel the modal in front, or with ``whole_stack`` the x; told if ``notify_on_close``.

        The modal in front must be ``on`` where that is given.
        """
        view = self._modal(on)
        told = self._world.views.stack(self.id)[0] if whole_stack else view
        cleared = whole_stack or bool(view.content.get("clear_on_close"))
        with self._world.changed:
            parcel = slack_payloads.closing(self._world, told, cleared)
            if cleared:
                self._world.views.clear(self.id)
            else:
                self._world.views.close(view.id)
        return self._office.deliver(parcel) if told.content.get("notify_on_close") else None

    def private_messages(self) -> list[Message]:
        """What only this person sees: ephemeral messages and the bot's DM, newest last."""
        return self._world.private_messages(self.id)

    def reloads(self) -> None:
        """Restart the client: ephemeral messages are gone."""
        self._world.forget_ephemeral(self.id)

    def sees(self) -> str:
        """Everything in front of this person, as text: modal, Home tab, private messages."""
        parts = [f"[modal {v.id}]\n{v.shown}" for v in self._world.views.stack(self.id)]
        if self.home:
            parts.append(f"[home]\n{self.home.shown}")
        parts += [f"[private {m.channel}]\n{m.shown}" for m in self.private_messages()]
        return "\n".join(parts) or "(nothing)"

    def waits_for(self, condition: Callable[[], T | None], timeout: float = 10.0) -> T:
        """The first true result of ``condition``; raises with what the person sees."""
        deadline = time.monotonic() + timeout
        while not (result := condition()):
            left = deadline - time.monotonic()
            if left <= 0:
                raise self._cannot(f"waited {timeout} s in vain")
            with self._world.changed:
                self._world.changed.wait(min(left, _LOOK_EVERY_SECONDS))
        return result

    def _usual_channel(self) -> Channel:
        for channel in self._world.channels.values():
            if self.id in channel.members and not channel.is_im:
                return channel
        return self._world.direct_channel(self.id)

    def _learn(self, text: str) -> None:
        self._world.foreign.add(text, self.id)

    def _modal(self, on: View | None = None) -> View:
        view = self.view
        if view is None:
            raise self._cannot("no modal is open")
        if on is not None and on.id != view.id:
            raise self._cannot("another modal is in front")
        return view

    def _view(self, on: View | None) -> View:
        surface = self._current(on) if on else self._modal()
        assert isinstance(surface, View)
        return surface

    def _cannot(self, why: str) -> PersonCannotError:
        return PersonCannotError(f"{self.id}: {why}; they see:\n{self.sees()}", why)

    def _field(self, ident: Ident, on: Surface | None) -> tuple[Surface, Field]:
        surface = self._current(on) if on else self._modal()
        return surface, self._element(surface, ident)

    def _element(self, surface: Surface, ident: Ident, buttons: bool = False) -> Field:
        found = matching(surface.blocks, ident)
        if buttons:
            found = [f for f in found if f.kind == "button"]
        if len(found) != 1:
            raise self._cannot(f"{len(found)} elements called {ident!r} in\n{surface.shown}\n")
        return found[0]

    def _current(self, surface: Surface) -> Surface:
        """The surface as it is now; raises when it has gone."""
        now: Surface | None
        if isinstance(surface, View):
            now = self._world.views.get(surface.id)
            there = now is not None and now.open
        else:
            now = self._world.message(*surface.key)
            there = now is not None and now.viewer in (None, self.id)
        if now is None or not there:
            raise self._cannot(f"this is no longer there:\n{surface.shown}\n")
        return now

    def _option(self, found: Field, value: str, surface: Surface) -> Json:
        if found.kind in ("external_select", "multi_external_select"):
            options = self._offered.get((found.block_id, found.action_id), [])
        else:
            options = slack_form.options_of(found.element)
        for option in options:
            if value in (option["value"], option["text"]["text"]):
                return option
        raise self._cannot(f"{value!r} is not offered by {found.action_id} in\n{surface.shown}\n")

    def _enters(
        self, surface: Surface, found: Field, value: object, fires: bool | None = None
    ) -> Delivery | None:
        if isinstance(surface, View):
            self._world.views.enter(surface.id, found, value)
        else:
            values = slack_form.with_entry(surface.values, found, value)
            self._world.replace_message(replace(surface, values=values))
        if found.fires() if fires is None else fires:
            return self._acts(self._current(surface), found, value)
        return None

    def _acts(self, surface: Surface, found: Field, value: object) -> Delivery:
        action = slack_payloads.action_of(self._world, found, value)
        with self._world.changed:
            if isinstance(surface, View):
                parcel = slack_payloads.view_action(self._world, surface, action)
            else:
                parcel = slack_payloads.message_action(self._world, self.id, surface, action)
        return self._office.deliver(parcel)

    def _check_input(self, view: View, found: Field) -> None:
        if not found.is_input:
            return
        filled = slack_form.is_filled(found, view.values)
        if not filled and not found.block.get("optional"):
            raise self._cannot(f"{found.label!r} must be filled in")
        if filled and found.kind == "plain_text_input":
            text = view.values[found.block_id][found.action_id]["value"]
            most = int(found.element.get("max_length") or 3000)
            if not int(found.element.get("min_length") or 0) <= len(text) <= most:
                raise self._cannot(f"{found.label!r} has {len(text)} characters")


def _toggled(surface: Surface, found: Field, option: Json) -> list[Json]:
    state = surface.values.get(found.block_id, {}).get(found.action_id, {})
    held: list[Json] = list(state.get("selected_options") or ())
    return [o for o in held if o != option] if option in held else [*held, option]
