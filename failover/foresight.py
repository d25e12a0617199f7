"""What can be said before a change: the closed list, and which of it asks for a second look."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Code(StrEnum):
    """The closed list of things worth saying before a change."""

    NO_CHANGE = "no_change"
    VIEWERS_MOVE = "viewers_move"
    VIEWERS_MOVE_TO = "viewers_move_to"
    VIEWERS_STAY = "viewers_stay"
    SLATE_BEGINS = "slate_begins"
    SLATE_ENDS = "slate_ends"
    SLATE_ENDS_ON = "slate_ends_on"
    FAILBACK_OFF_FIRST = "failback_off_first"
    FAILBACK_PAUSED = "failback_paused"
    ORDER_REWRITTEN = "order_rewritten"
    ORDER_BECOMES = "order_becomes"
    ORDER_UNDOCUMENTED = "order_undocumented"
    ORDER_COUNTS_FOR_NOTHING = "order_counts_for_nothing"
    ELIGIBLE_NOW = "eligible_now"
    INELIGIBLE_NOW = "ineligible_now"
    ACTIVE_INELIGIBLE = "active_ineligible"
    ACTIVATES_INELIGIBLE = "activates_ineligible"
    TODAY_BY_CHANCE = "today_by_chance"
    TODAY_IN_ORDER = "today_in_order"
    TODAY_NO_BACKUP = "today_no_backup"
    NEXT_BY_CHANCE = "next_by_chance"
    NEXT_IN_ORDER = "next_in_order"
    ONE_ELIGIBLE = "one_eligible"
    NO_BACKUP = "no_backup"
    SWITCHES_BACK = "switches_back"
    STAYS_AFTER_FAILOVER = "stays_after_failover"
    NO_MANUAL_SWITCH = "no_manual_switch"
    MANUAL_SWITCH_AGAIN = "manual_switch_again"
    CHANNELS_JOIN = "channels_join"
    CHANNELS_JOIN_SLATE = "channels_join_slate"
    CHANNELS_MAY_CONFLICT = "channels_may_conflict"
    CHANNELS_LEAVE = "channels_leave"
    CHANNELS_ALL_LEAVE = "channels_all_leave"
    CHANNELS_THERE = "channels_there"
    CHANNELS_ABSENT = "channels_absent"
    OWNERS_GAIN = "owners_gain"
    OWNERS_LOSE = "owners_lose"
    OWNERS_THERE = "owners_there"
    OWNERS_ABSENT = "owners_absent"
    LOST_ACTIVE = "lost_active"
    LOST_SLICERS = "lost_slicers"
    NEW_SLICERS = "new_slicers"
    RECENT_FAILOVER = "recent_failover"
    ON_SLATE = "on_slate"
    CHANNELS = "channels"


WARNINGS = frozenset(
    {
        Code.SLATE_BEGINS,
        Code.FAILBACK_OFF_FIRST,
        Code.ORDER_REWRITTEN,
        Code.ACTIVE_INELIGIBLE,
        Code.ACTIVATES_INELIGIBLE,
        Code.ONE_ELIGIBLE,
        Code.NO_BACKUP,
        Code.SWITCHES_BACK,
        Code.CHANNELS_JOIN_SLATE,
        Code.CHANNELS_LEAVE,
        Code.CHANNELS_ALL_LEAVE,
        Code.CHANNELS_ABSENT,
        Code.OWNERS_LOSE,
        Code.OWNERS_ABSENT,
        Code.LOST_ACTIVE,
        Code.LOST_SLICERS,
        Code.NEW_SLICERS,
        Code.RECENT_FAILOVER,
        Code.ON_SLATE,
    }
)
"""The codes that ask for a second look before pressing."""


@dataclass(frozen=True, slots=True)
class Consequence:
    """One thing that will be so.

    ``names``: the IDs it speaks of, in order; ``count``: channels, where it speaks of them;
    ``moment`` is UTC.
    """

    code: Code
    names: tuple[str, ...] = ()
    count: int = 0
    moment: datetime | None = None
