"""How it stands with Uplynk when it does not answer, and with this host's clock. Pure."""

from dataclasses import dataclass
from datetime import datetime

CLOCK_WARN_SECONDS = 30.0
"""From then on a wrong clock is worth a word: signatures carry the time."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """The last calls to Uplynk failed; ``since``: when the first of them did, UTC.

    ``refused``: the last was answered, with the word that the bot's key is not accepted.
    """

    since: datetime
    calls: int
    refused: bool


def clock_off(ahead: float | None) -> bool:
    """Whether a clock that is so many seconds ahead (negative: behind) is worth a word."""
    return ahead is not None and abs(ahead) > CLOCK_WARN_SECONDS
