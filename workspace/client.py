"""Slack's own client over a pool of open connections, with nothing that sends twice by itself.

The stock client opens a connection for every call and repeats a post once when the line breaks,
although Slack may have taken it. Here a call goes out once; who wants it again says so.
"""

import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar
from urllib.request import Request

import urllib3
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from urllib3.exceptions import HTTPError, LocationParseError
from urllib3.util import parse_url

from exchange.connections import PlainPool, TlsPool, under_way
from exchange.deadline import Exchange, Watchdog
from failover.errors import SlackProblem, TriggerExpired, ViewGone, ViewMoved

CONNECT_SECONDS = 2.0
READ_SECONDS = 5.0
CALL_SECONDS = 10.0
"""For a whole call, however slowly its answer trickles."""
LONGEST_ANSWER_BYTES = 16 << 20
CHUNK = 65_536
CONNECTIONS = 32
CLOCKS_AGREE = timedelta(seconds=1.5)
LONGEST_RETRY_AFTER_SECONDS = 3600
"""Slack names seconds to minutes; a number gone wrong must not silence the bot for good."""
NO_ANSWER = "no_json_object"
"""The error word for what is no answer of the Web API: a proxy's page, or nothing."""

_Result = TypeVar("_Result")

_DOUBTFUL = frozenset({"internal_error", "fatal_error", "request_timeout", "service_unavailable"})
_KINDS: dict[str, type[SlackProblem]] = {
    "expired_trigger_id": TriggerExpired,
    "exchanged_trigger_id": TriggerExpired,
    "invalid_trigger_id": TriggerExpired,
    "trigger_expired": TriggerExpired,
    "trigger_exchanged": TriggerExpired,
    "not_found": ViewGone,
    "hash_conflict": ViewMoved,
}


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: Mapping[str, str]
    data: bytes


class PooledWebClient(WebClient):
    """``WebClient`` whose requests go through one connection pool. Share one for all calls."""

    def __init__(
        self, token: str, base_url: str, compared: Callable[[float], None] = lambda ahead: None
    ) -> None:
        """``base_url`` ends with ``/``; ``compared`` is told with each answer that has a date by
        how many seconds this host's clock is ahead.
        """
        super().__init__(token=token, base_url=base_url, retry_handlers=[])
        self._pool = urllib3.PoolManager(
            maxsize=CONNECTIONS,
            ssl_context=ssl.create_default_context() if base_url.startswith("https") else None,
            retries=False,
            timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS),
        )
        self._pool.pool_classes_by_scheme = {"http": PlainPool, "https": TlsPool}
        self._watchdog = Watchdog()
        self._skew = timedelta()
        self._compared = compared

    def _perform_urllib_http_request_internal(self, url: str, req: Request) -> dict[str, Any]:
        answer = self._send(url, req.data, dict(req.header_items()))  # type: ignore[arg-type]
        body = answer.data.decode("utf-8", "replace")
        if not body.lstrip().startswith("{"):
            # The library trips over JSON that is no object, and quotes what is no JSON at all.
            raise problem_of(answer.status, NO_ANSWER, answer.headers)
        # The library looks up both spellings.
        headers = {**answer.headers, **{k.lower(): v for k, v in answer.headers.items()}}
        return {
            "status": answer.status,
            "headers": headers,
            "body": body,
        }

    def post_json(self, url: str, body: bytes) -> None:
        """Post to a response URL. Raises SlackProblem; a foreign host is refused unasked."""
        if not self._is_slack(url):
            raise SlackProblem("response_url_refused")
        answer = self._send(url, body, {"Content-Type": "application/json; charset=utf-8"})
        refused = answer.data.startswith(b"{") and b'"ok":true' not in answer.data.replace(
            b" ", b""
        )
        if answer.status != 200 or refused:
            raise problem_of(answer.status, f"response_url_{answer.status}", answer.headers)

    def now(self) -> datetime:
        """The time as Slack's servers have it, UTC, going by the ``Date`` of their last answer.

        That is in whole seconds and a little old, so clocks that differ by less count as equal.
        """
        return datetime.now(UTC) - self._skew

    def close(self) -> None:
        """Cut off what is under way and close the pool."""
        self._watchdog.stop()
        self._pool.clear()

    def _send(self, url: str, body: bytes | None, headers: dict[str, str]) -> "_Answer":
        exchange = Exchange(time.monotonic() + CALL_SECONDS)
        self._watchdog.watch(exchange)
        token = under_way.set(exchange)
        try:
            return self._exchanged(exchange, url, body, headers)
        except HTTPError as error:
            if not exchange.sent:
                raise SlackProblem("unreachable") from None
            late = "no_answer_in_time" if exchange.cut else type(error).__name__
            raise SlackProblem(late, maybe_done=True) from None
        finally:
            exchange.close()
            under_way.reset(token)

    def _exchanged(
        self, exchange: Exchange, url: str, body: bytes | None, headers: dict[str, str]
    ) -> "_Answer":
        answer = self._pool.request(
            "POST", url, body=body, headers=headers, redirect=False, preload_content=False
        )
        try:
            self._compare(answer.headers.get("Date"))
            data = bytearray()
            while chunk := answer.read(CHUNK, decode_content=True):
                data += chunk
                if len(data) > LONGEST_ANSWER_BYTES:
                    raise SlackProblem("answer_too_long", maybe_done=True)
        finally:
            answer.close()  # back in the pool by now, if it was read to its end
        if exchange.cut:
            # A connection that was shut down looks like the end of a body without a length.
            raise SlackProblem("no_answer_in_time", maybe_done=True)
        return _Answer(answer.status, answer.headers, bytes(data))

    def _compare(self, date: str | None) -> None:
        ahead = _ahead(date)
        self._skew = timedelta() if ahead is None or abs(ahead) <= CLOCKS_AGREE else ahead
        if ahead is not None:
            self._compared(ahead.total_seconds())

    def _is_slack(self, url: str) -> bool:
        try:
            # The same reading of the address as when it is sent: another one may see another host.
            base, asked = parse_url(self.base_url), parse_url(url)
        except LocationParseError:
            return False
        if asked.auth is not None:
            return False
        if base.scheme == "http":
            return (asked.scheme, asked.host) == (base.scheme, base.host)
        host = asked.host or ""
        return asked.scheme == "https" and (host == "slack.com" or host.endswith(".slack.com"))


def _ahead(date: str | None) -> timedelta | None:
    """By how much this host's clock is ahead of the sender's; None where it can't be told."""
    try:
        return datetime.now(UTC) - parsedate_to_datetime(date or "")
    except (TypeError, ValueError):
        return None


def problem_of(status: int, error: str, headers: Any) -> SlackProblem:
    """The problem that an answer of Slack stands for."""
    retry_after = None
    if status == 429:
        retry_after = _seconds(headers.get("retry-after") or headers.get("Retry-After"))
    kind = _KINDS.get(error, SlackProblem)
    doubtful = status >= 500 or error in _DOUBTFUL
    doubtful = doubtful or (status == 200 and (error == NO_ANSWER or "non-JSON" in error))
    return kind(error[:200], retry_after=retry_after, maybe_done=doubtful)


def translated(error: SlackApiError) -> SlackProblem:
    """The problem that an error of the library stands for."""
    response = error.response
    word = str(response.get("error") or "unknown")
    metadata = response.get("response_metadata")
    messages = metadata.get("messages") if isinstance(metadata, dict) else None
    told = " ".join(str(one) for one in messages or ())
    if word == "invalid_arguments" and "trigger" in told and "expired" in told:
        word = "expired_trigger_id"
    return problem_of(response.status_code, word, response.headers)


def _seconds(text: str | None) -> float:
    if not text or not text.isascii() or not text.isdigit():
        return 1.0
    return float(min(int(text[:9]), LONGEST_RETRY_AFTER_SECONDS))
