"""The two clients, as the settings say; ``clocks`` hears of the time in each answer."""

from functools import partial

from services.clocks import Clocks
from settings import Settings
from uplynk.client import Clock, Limits, UplynkClient
from workspace.client import PooledWebClient


def slack_client(settings: Settings, clocks: Clocks) -> PooledWebClient:
    """With the bot's token."""
    token, compared = settings.slack_bot_token.reveal(), partial(clocks.compared, "Slack")
    return PooledWebClient(token, settings.slack_api_url, compared)


def uplynk_client(settings: Settings, clocks: Clocks) -> UplynkClient:
    """With the bot's credentials and limits."""
    limits = Limits(
        connect_seconds=settings.uplynk_connect_timeout_seconds,
        read_seconds=settings.uplynk_read_timeout_seconds,
        budget_seconds=settings.uplynk_budget_seconds,
    )
    owner, key = settings.uplynk_owner.reveal(), settings.uplynk_api_key.reveal()
    clock = Clock(compared=partial(clocks.compared, "Uplynk"))
    return UplynkClient(settings.uplynk_base_url, owner, key, limits, clock)
