"""Slack's own client over a pool of open connections, with nothing that sends twice by itself.

The stock client opens a connection for every call and repeats a post once when the line breaks,
although Slack may have taken it. Here a call goes out once; who wants it again says so.
"""

import ssl
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar
from urllib.request import Request

import urllib3
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    LocationParseError,
    NewConnectionError,
)
from urllib3.util import parse_url

from failover.errors import SlackProblem, TriggerExpired, ViewGone, ViewMoved

CONNECT_SECONDS = 2.0
READ_SECONDS = 5.0
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


class PooledWebClient(WebClient):
    """``WebClient`` whose requests go through one connection pool. Share one for all calls."""

    def __init__(self, token: str, base_url: str) -> None:
        """``base_url`` ends with ``/``."""
        super().__init__(token=token, base_url=base_url, retry_handlers=[])
        self._pool = urllib3.PoolManager(
            maxsize=CONNECTIONS,
            ssl_context=ssl.create_default_context() if base_url.startswith("https") else None,
            retries=False,
            timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS),
        )
        self._skew = timedelta()

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
        """Close the pool."""
        self._pool.clear()

    def _send(
        self, url: str, body: bytes | None, headers: dict[str, str]
    ) -> urllib3.BaseHTTPResponse:
        try:
            answer = self._pool.request("POST", url, body=body, headers=headers, redirect=False)
            self._skew = _skew(answer.headers.get("Date"))
            return answer
        except (NewConnectionError, ConnectTimeoutError):
            raise SlackProblem("unreachable") from None
        except HTTPError as error:
            raise SlackProblem(type(error).__name__, maybe_done=True) from None

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


def _skew(date: str | None) -> timedelta:
    """By how much this host's clock is ahead of the sender's; none where it can't be told."""
    try:
        ahead = datetime.now(UTC) - parsedate_to_datetime(date or "")
    except (TypeError, ValueError):
        return timedelta()
    return ahead if abs(ahead) > CLOCKS_AGREE else timedelta()


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
