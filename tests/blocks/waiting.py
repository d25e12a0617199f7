"""What is on record of a change that waits for other people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from failover.risk import Lessened
from tests.blocks.samples import NOW

WAITING: Mapping[str, Any] = MappingProxyType(
    {
        "need": 2,
        "expires_at": (NOW + timedelta(minutes=14, seconds=30)).isoformat(),
        "lessened": [one.value for one in Lessened],
        "users": ["U0ADMIN", "U0OPERATOR"],
        "usergroups": ["S0SPORTS"],
    }
)
"""The facts of a change that waits for two other people."""
AGREED = (("U0ADMIN", NOW),)
"""The first of them."""
