"""Slack's own client over a pool of open connections, with nothing that sends twice by itself.

The stock client opens a connection for every call and repeats a post once when the line breaks,
although Slack may have taken it. Here a call goes out once; who wants it again says so.
"""

import ssl
from typing import Any, TypeVar
from urllib.parse import urlsplit
from urllib.request import Request

import urllib3
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from failover.errors import SlackProblem, TriggerExpired, ViewGone, ViewMoved

CONNECT_SECONDS = 2.0
READ_SECONDS = 6.0
CONNECTIONS = 32

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

    def _perform_urllib_http_request_internal(self, url: str, req: Request) -> dict[str, Any]:
        answer = self._send(url, req.data, dict(req.header_items()))  # type: ignore[arg-type]
        # The library looks up both spellings.
        headers = {**answer.headers, **{k.lower(): v for k, v in answer.headers.items()}}
        return {
            "status": answer.status,
            "headers": headers,
            "body": answer.data.decode("utf-8", "replace"),
        }

    def post_json(self, url: str, body: bytes) -> None:
        """Post to a response URL. Raises SlackProblem; a foreign host is refused unasked."""
        if not self._is_slack(url):
            raise SlackProblem("response_url_refused")
        answer = self._send(url, body, {"Content-Type": "application/json; charset=utf-8"})
        if answer.status != 200:
            raise problem_of(answer.status, f"response_url_{answer.status}", answer.headers)

    def close(self) -> None:
        """Close the pool."""
        self._pool.clear()

    def _send(
        self, url: str, body: bytes | None, headers: dict[str, str]
    ) -> urllib3.BaseHTTPResponse:
        try:
            return self._pool.request("POST", url, body=body, headers=headers, redirect=False)
        except (NewConnectionError, ConnectTimeoutError):
            raise SlackProblem("unreachable") from None
        except HTTPError as error:
            raise SlackProblem(type(error).__name__, maybe_done=True) from None

    def _is_slack(self, url: str) -> bool:
        base, asked = urlsplit(self.base_url), urlsplit(url)
        if base.scheme == "http":
            return (asked.scheme, asked.hostname) == (base.scheme, base.hostname)
        host = asked.hostname or ""
        return asked.scheme == "https" and (host == "slack.com" or host.endswith(".slack.com"))


def problem_of(status: int, error: str, headers: Any) -> SlackProblem:
    """The problem that an answer of Slack stands for."""
    retry_after = None
    if status == 429:
        retry_after = _seconds(headers.get("retry-after") or headers.get("Retry-After"))
    kind = _KINDS.get(error, SlackProblem)
    doubtful = status >= 500 or error in _DOUBTFUL or (status == 200 and "non-JSON" in error)
    return kind(error[:200], retry_after=retry_after, maybe_done=doubtful)


def translated(error: SlackApiError) -> SlackProblem:
    """The problem that an error of the library stands for."""
    response = error.response
    word = str(response.get("error", "unknown"))
    metadata = response.get("response_metadata") or {}
    told = " ".join(str(one) for one in metadata.get("messages", ()))
    if word == "invalid_arguments" and "trigger" in told and "expired" in told:
        word = "expired_trigger_id"
    return problem_of(response.status_code, word, response.headers)


def _seconds(text: str | None) -> float:
    return float(text) if text and text.isdigit() else 1.0
