"""A stage with several groups, and short ways to change them together."""

from __future__ import annotations

from typing import Any

from failover.lifecycle import Record, ReplyTo, State
from failover.model import FailoverGroup
from failover.policy import Policy
from failover.sets import GroupSet, SetPicture
from tests.builders import OPERATOR, PRIORITIZED, flat, request
from tests.stage import Stage

NAMES = ("Sports East", "Sports North", "Sports South", "Sports West")


def sports(name: str, **given: Any) -> FailoverGroup:
    """A flat group whose ID is its name in small letters."""
    return flat(**{"id": name.lower().replace(" ", "-"), "name": name, **given})


class SetStage(Stage):
    """Four sports groups, and one that no pattern here hits."""

    def __init__(self, *groups: FailoverGroup, rules: Policy | None = None) -> None:
        found = groups or (*map(sports, NAMES), sports("News 24"))
        super().__init__(*found, rules=rules)

    def asks(self, pattern: str = "sports *", **given: Any) -> Any:
        return request(
            **{
                "key": f"typed {pattern}",
                "group": pattern,
                "change": PRIORITIZED,
                "received_at": self.clock(),
                **given,
            }
        )

    def shows(self, pattern: str = "sports *", **given: Any) -> SetPicture:
        shown = self.set_previews.show(self.asks(pattern, **given))
        assert isinstance(shown, SetPicture), shown
        return shown

    def confirms(self, shown: GroupSet, *, go_on: bool = False) -> tuple[GroupSet, bool]:
        asked_in = shown.request.reply.channel_id
        reply = ReplyTo(asked_in, "https://hooks.slack.com/actions/1", replaces=True)
        known, first = self.set_runner.confirmed(shown, OPERATOR, reply, go_on=go_on)
        if first:
            self.set_runner.start(known)
        return known, first

    def applies(self, pattern: str = "sports *", *, go_on: bool = False, **given: Any) -> GroupSet:
        known, first = self.confirms(self.shows(pattern, **given).group_set, go_on=go_on)
        assert first
        self.work.run()
        return known

    def members(self, group_set: GroupSet) -> tuple[Record, ...]:
        return self.set_store.records(group_set)

    def ends(self, group_set: GroupSet) -> list[State]:
        return [one.state for one in self.members(group_set)]
