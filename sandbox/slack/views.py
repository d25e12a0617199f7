"""Modals and Home tabs: stacks of three, hashes, state that survives updates.

Sources: pages "modals", "app home", methods views.open, views.push, views.update, views.publish.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sandbox.slack import form as slack_form
from sandbox.slack.form import Field
from sandbox.slack.model import Json, SlackError, View
from sandbox.slack.moment import Moment

STACK_LIMIT = 3


class Views:
    """Every view ever shown, each person's stack of open ones and their Home tab.

    ``draw`` turns a view into the text a person sees; it is called with every new rendering.
    """

    def __init__(self, moment: Moment, draw: Callable[[View], str]) -> None:
        self._moment = moment
        self._draw = draw
        self.by_id: dict[str, View] = {}
        self.stacks: dict[str, list[str]] = {}
        self.homes: dict[str, str] = {}

    def get(self, view_id: str) -> View | None:
        """The view with that id, closed ones too."""
        with self._moment.changed:
            return self.by_id.get(view_id)

    def top(self, user: str) -> View | None:
        """The modal in front of ``user``; None when there is none."""
        with self._moment.changed:
            stack = self.stacks.get(user)
            return self.by_id[stack[-1]] if stack else None

    def stack(self, user: str) -> list[View]:
        """The open modals of ``user``, bottom first."""
        with self._moment.changed:
            return [self.by_id[ident] for ident in self.stacks.get(user, [])]

    def home(self, user: str) -> View | None:
        """The Home tab published for ``user``."""
        with self._moment.changed:
            ident = self.homes.get(user)
            return self.by_id[ident] if ident else None

    def open(self, user: str, content: Json) -> View:
        """Show a modal; one that was open before is dismissed."""
        with self._moment.changed:
            self._check_external_id(content, None)
            self.clear(user)
            view = self._new(user, content, None)
            self.stacks[user] = [view.id]
            return view

    def push(self, user: str, content: Json, below: str) -> View:
        """Show a modal on top of view ``below``; raises ``push_limit_reached``, ``not_found``."""
        with self._moment.changed:
            stack = self.stacks.get(user, [])
            if below not in stack:
                raise SlackError("not_found")
            if len(stack) >= STACK_LIMIT:
                raise SlackError("push_limit_reached")
            self._check_external_id(content, None)
            view = self._new(user, content, self.by_id[below])
            stack.append(view.id)
            return view

    def update(self, view_id: str, content: Json, known_hash: str | None) -> View:
        """Draw a view anew; raises ``not_found`` for a closed one, ``hash_conflict``."""
        with self._moment.changed:
            old = self.by_id.get(view_id)
            if old is None or not old.open:
                raise SlackError("not_found")
            if known_hash and known_hash != old.hash:
                raise SlackError("hash_conflict")
            self._check_external_id(content, view_id)
            drawn = self._with_ids(content)
            values = slack_form.carried(old.blocks, old.values, drawn["blocks"])
            fresh = replace(old, content=drawn, values=values, errors={}, warning="")
            return self._keep(replace(fresh, hash=self._moment.next_hash()))

    def publish(self, user: str, content: Json, known_hash: str | None) -> View:
        """Draw the Home tab of ``user``; raises ``hash_conflict``."""
        with self._moment.changed:
            if user in self.homes:
                return self.update(self.homes[user], content, known_hash)
            self._check_external_id(content, None)
            view = self._new(user, content, None)
            self.homes[user] = view.id
            return view

    def by_external_id(self, external_id: str) -> View | None:
        """The open view of that external_id."""
        with self._moment.changed:
            for view in self.by_id.values():
                if view.open and view.external_id == external_id:
                    return view
            return None

    def close(self, view_id: str) -> None:
        """Take one view off its owner's stack; the one below comes back."""
        with self._moment.changed:
            view = self.by_id[view_id]
            stack = self.stacks.get(view.owner, [])
            if view_id in stack:
                stack.remove(view_id)
            self._keep(replace(view, open=False))

    def clear(self, user: str) -> None:
        """Close the whole stack of ``user``."""
        for view in self.stack(user):
            self.close(view.id)

    def enter(self, view_id: str, found: Field, value: object) -> None:
        """Put ``value`` into a field as its owner does; the hash stays."""
        with self._moment.changed:
            view = self.by_id[view_id]
            errors = {key: text for key, text in view.errors.items() if key != found.block_id}
            values = slack_form.with_entry(view.values, found, value)
            self._keep(replace(view, values=values, errors=errors))

    def mark(self, view_id: str, errors: Json, warning: str = "") -> None:
        """Show field errors, or the client's own warning, on a view."""
        with self._moment.changed:
            self._keep(replace(self.by_id[view_id], errors=errors, warning=warning))

    def _new(self, user: str, content: Json, below: View | None) -> View:
        ident, drawn = self._moment.next_id("V"), self._with_ids(content)
        root = below.root_id if below else ident
        values = slack_form.first_values(drawn["blocks"])
        previous = below.id if below else None
        view = View(ident, user, drawn, self._moment.next_hash(), root, previous, values)
        return self._keep(view)

    def _keep(self, view: View) -> View:
        kept = replace(view, shown=self._draw(view))
        self.by_id[view.id] = kept
        self._moment.changed.notify_all()
        return kept

    def _with_ids(self, content: Json) -> Json:
        return {**content, "blocks": slack_form.with_ids(content["blocks"], self._moment.next_id)}

    def _check_external_id(self, content: Json, own_id: str | None) -> None:
        if external_id := content.get("external_id"):
            other = self.by_external_id(external_id)
            if other is not None and other.id != own_id:
                raise SlackError("duplicate_external_id")
