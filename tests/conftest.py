"""What every test stands on: no proxy between the tests and loopback, and no stop-watch."""

import os

from hypothesis import settings

from tests.postgres import (
    any_database,
    bare_postgres_url,
    emptied_postgres_url,
    postgres,
    postgres_url,
    reused_database,
)

__all__ = [
    "any_database",
    "bare_postgres_url",
    "emptied_postgres_url",
    "postgres",
    "postgres_url",
    "reused_database",
]


def pytest_configure() -> None:
    """Drop proxy variables: the Slack client would use them even for loopback addresses."""
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        del os.environ[name]
    # How long an example takes is the machine's affair; a test that hangs ends by pytest-timeout.
    settings.register_profile("suite", deadline=None)
    settings.load_profile("suite")
