"""The weather: each preset does what it says, and gives way to the next one of its side."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
import requests
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.page.weather import EFFECT_SECONDS, SIDES, SLACK, UPLYNK, Weather, well
from sandbox.rig import API_KEY, OWNER, Rig
from sandbox.slack.sample import LIVEOPS
from sandbox.uplynk.scenes import NBA_FINALS
from tests.sandbox.uplynk.client import Client, signed


@pytest.fixture
def rig() -> Iterator[Rig]:
    """Both simulators, and no bot."""
    rig = Rig()
    with ExitStack() as stack:
        stack.enter_context(rig.slack)
        stack.enter_context(rig.uplynk)
        yield rig


@pytest.fixture
def weather(rig: Rig) -> Weather:
    return Weather(rig)


def reads(rig: Rig, timeout: float = 5.0) -> int:
    answer = Client(rig.uplynk).call("GET", params=signed(OWNER, API_KEY), timeout=timeout)
    return answer.status_code


def writes(rig: Rig) -> int:
    answer = Client(rig.uplynk).patch(NBA_FINALS, params=signed(OWNER, API_KEY))
    return answer.status_code


def posts(rig: Rig) -> str:
    client = WebClient(token=rig.slack.bot_token, base_url=rig.slack.api_url, retry_handlers=[])
    return str(client.chat_postMessage(channel=LIVEOPS, text="hello")["ts"])


def test_every_choice_says_what_will_be_seen(weather: Weather) -> None:
    shown = weather.to_json()
    assert set(shown) == {"uplynk", "slack"} == set(SIDES)
    assert [one.id for one in UPLYNK] == [
        "well", "slow", "failing", "hanging", "lying", "lost", "down"
    ]  # fmt: skip
    assert [one.id for one in SLACK] == ["well", "limited", "outage", "late"]
    for side in shown.values():
        assert side["now"] == "well"
        assert all(choice["label"] and choice["about"].endswith(".") for choice in side["choices"])
    assert well() == shown


def test_one_side_does_not_touch_the_other(rig: Rig, weather: Weather) -> None:
    weather.turn("uplynk", "failing")
    weather.turn("slack", "outage")
    weather.turn("uplynk", "well")
    assert reads(rig) == 200
    with pytest.raises(SlackApiError):
        posts(rig)
    assert [side["now"] for side in weather.to_json().values()] == ["well", "outage"]


@pytest.mark.parametrize(("side", "now"), [("uplynk", "late"), ("slack", "slow"), ("sea", "well")])
def test_unknown_weather(weather: Weather, side: str, now: str) -> None:
    weather.turn("uplynk", "failing")
    with pytest.raises(KeyError):
        weather.turn(side, now)
    assert weather.to_json()["uplynk"]["now"] == "failing"


def test_a_slow_uplynk_answers_after_two_seconds(rig: Rig, weather: Weather) -> None:
    weather.turn("uplynk", "slow")
    assert reads(rig) == 200
    (record,) = rig.world.journal.requests()
    assert 1_900 < record.milliseconds < 10_000


def test_a_failing_uplynk_answers_503_and_does_nothing(rig: Rig, weather: Weather) -> None:
    weather.turn("uplynk", "failing")
    assert (reads(rig), writes(rig)) == (503, 503)
    assert rig.world.journal.writes() == []
    weather.turn("uplynk", "well")
    assert (reads(rig), writes(rig)) == (200, 204)


def test_a_hanging_uplynk_never_answers(rig: Rig, weather: Weather) -> None:
    weather.turn("uplynk", "hanging")
    with pytest.raises(requests.Timeout):
        reads(rig, timeout=0.3)


def test_a_lying_uplynk_says_yes_and_does_nothing(rig: Rig, weather: Weather) -> None:
    weather.turn("uplynk", "lying")
    assert (reads(rig), writes(rig)) == (200, 204)
    assert rig.world.journal.writes() == []


def test_a_lost_answer_leaves_the_outcome_open(rig: Rig, weather: Weather) -> None:
    weather.turn("uplynk", "lost")
    assert reads(rig) == 200
    with pytest.raises(requests.ConnectionError):
        writes(rig)
    assert rig.world.journal.writes() == []
    (fault,) = rig.uplynk.faults.active()
    assert (fault["hits"], fault["when"], fault["late_seconds"]) == (1, "late", EFFECT_SECONDS)


def test_an_uplynk_that_is_down_cuts_every_connection(rig: Rig, weather: Weather) -> None:
    weather.turn("uplynk", "down")
    for request in (reads, writes, reads):
        with pytest.raises(requests.ConnectionError):
            request(rig)


def test_a_limited_slack_names_the_wait_and_only_minds_messages(rig: Rig, weather: Weather) -> None:
    weather.turn("slack", "limited")
    with pytest.raises(SlackApiError) as caught:
        posts(rig)
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "5"
    client = WebClient(token=rig.slack.bot_token, base_url=rig.slack.api_url, retry_handlers=[])
    assert client.auth_test()["ok"]
    weather.turn("slack", "well")
    assert posts(rig)


def test_an_outage_of_slack_strikes_response_urls_too(rig: Rig, weather: Weather) -> None:
    weather.turn("slack", "outage")
    url = rig.slack_world.tickets.new_response_url("U0OPERATOR", LIVEOPS)
    assert requests.post(url, json={"text": "hello"}, timeout=5).status_code == 503
    with pytest.raises(SlackApiError):
        posts(rig)


def test_better_weather_lets_late_calls_go(rig: Rig, weather: Weather) -> None:
    weather.turn("slack", "late")
    with ThreadPoolExecutor(1) as pool:
        posting = pool.submit(posts, rig)
        with pytest.raises(TimeoutError):
            posting.result(0.3)
        weather.turn("slack", "well")
        assert posting.result(3)
