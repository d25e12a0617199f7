"""What every test stands on: no proxy between the tests and loopback."""

import os


def pytest_configure() -> None:
    """Drop proxy variables: the Slack client would use them even for loopback addresses."""
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        del os.environ[name]
