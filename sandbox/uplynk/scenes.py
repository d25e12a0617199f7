"""Ready-made worlds for the simulated Uplynk; every ID is the same in every run."""

import time
import uuid
from collections.abc import Callable
from dataclasses import replace

from sandbox.uplynk.model import (
    FLAT,
    NO_SLICER,
    PRIORITIZED,
    SimChannel,
    SimGroup,
    SimSlicer,
    WorldOptions,
)
from sandbox.uplynk.world import UplynkWorld

DEFAULT_OWNER = "owner-sandbox"
HOSTILE_NAME = "<!channel> *bold* & <https://evil.example|Approve>"


def group_id(name: str) -> str:
    """Make the 32 hex digits that a scene gives to the group of this name."""
    return uuid.uuid5(uuid.NAMESPACE_DNS, name).hex


NBA_FINALS = group_id("NBA Finals")
SPORTS_EAST = group_id("Sports East")
SPORTS_WEST = group_id("Sports West")
NEWS_24 = group_id("News 24")
WEATHER = group_id("Weather Live")
HOSTILE = group_id(HOSTILE_NAME)
CUP_FINAL = group_id("Cup Final")
CUP_FINAL_BACKUP = group_id("Cup Final Backup")


def default_scene(
    owner: str = DEFAULT_OWNER,
    options: WorldOptions | None = None,
    seed: int = 1,
    clock: Callable[[], float] = time.time,
) -> UplynkWorld:
    """Build the eight groups of the sandbox."""
    groups = _sports(owner) + _others(owner, int(clock() * 1000))
    return UplynkWorld(groups, options, seed, clock)


def many_groups(
    count: int,
    owner: str = DEFAULT_OWNER,
    seed: int = 1,
    clock: Callable[[], float] = time.time,
) -> UplynkWorld:
    """Build `count` groups "Group 0001" and on, prioritized and flat by turns."""
    numbers = range(1, count + 1)
    groups = tuple(_numbered(owner, f"{number:04d}", number % 2 == 0) for number in numbers)
    return UplynkWorld(groups, seed=seed, clock=clock)


def _numbered(owner: str, number: str, flat: bool) -> SimGroup:
    slicers = [_slicer(f"slicer-{number}-{n}", 1 if flat else n) for n in (1, 2, 3)]
    group = _group(owner, f"Group {number}", slicers, (f"channel-{number}",))
    return replace(group, mode=FLAT if flat else PRIORITIZED)


def _sports(owner: str) -> tuple[SimGroup, ...]:
    finals = [_slicer("nba-b"), _slicer("nba-a"), _slicer("nba-c")]
    east = [_slicer("east-a"), _slicer("east-b", 2)]
    west = [_slicer("west-a", 2), _slicer("west-b", 1), _slicer("west-c", 3)]
    cup = [_slicer("cup-a"), _slicer("cup-b", 2), _slicer("cup-c", 3)]
    spare = [_slicer("spare-a"), _slicer("spare-b")]
    return (
        replace(
            _group(owner, "NBA Finals", finals, ("nba-main", "nba-alt")),
            mode=FLAT,
            active_slicer_id="nba-a",
            allowed_owners=("owner-partner",),
        ),
        replace(_group(owner, "Sports East", east, ("east-1",)), auto_failback=True),
        replace(
            _group(owner, "Sports West", west, ("west-1", "west-2")), active_slicer_id="west-b"
        ),
        _group(owner, "Cup Final", cup, ("cup-1",)),
        replace(_group(owner, "Cup Final Backup", spare, ("cup-2",)), mode=FLAT),
    )


def _others(owner: str, now: int) -> tuple[SimGroup, ...]:
    news = [_slicer("news-a"), replace(_slicer("news-b", 2), enabled=False)]
    weather = [_slicer("weather-a"), _slicer("weather-b")]
    evil = [_slicer("evil-a"), _slicer("evil-b", 2)]
    return (
        replace(
            _group(owner, "News 24", news, ("news-1",)), hot_warm=1, failover_time=now - 120_000
        ),
        replace(
            _group(owner, "Weather Live", weather, ("weather-1",)),
            mode=FLAT,
            active_slicer_id=NO_SLICER,
            resting_slicer_id="weather-a",
        ),
        _group(owner, HOSTILE_NAME, evil, ("evil-1",)),
    )


def _slicer(slicer_id: str, order: int = 1) -> SimSlicer:
    return SimSlicer(slicer_id, order=order)


def _group(owner: str, name: str, slicers: list[SimSlicer], channels: tuple[str, ...]) -> SimGroup:
    return SimGroup(
        id=group_id(name),
        owner=owner,
        name=name,
        slicers=tuple(slicers),
        active_slicer_id=slicers[0].slicer_id,
        channels=tuple(SimChannel(one, f"Channel {one}") for one in channels),
    )
