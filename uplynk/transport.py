"""One signed request and what came back, within limits; nothing above that.

Errors of the network come back as values, since an exception of requests or urllib3 carries the
signed URL, and would carry it on as the context of any other exception.
"""

import http.client
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from requests import PreparedRequest, RequestException
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NameResolutionError,
    NewConnectionError,
    ReadTimeoutError,
)

from exchange.connections import under_way
from exchange.deadline import Exchange, Watchdog
from uplynk.clock import Clock
from uplynk.connections import OneHostAdapter
from uplynk.endpoints import Call
from uplynk.signing import Credentials, Signature, sign
from uplynk.verdict import Fault, Outcome, Reply, Silence, seconds_to_wait
from uplynk.words import hush

_NETWORK = (RequestException, HTTPError, http.client.HTTPException, OSError, ValueError)
_LATE = "no answer in time"
_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (NameResolutionError, "the host's name could not be resolved"),
    (ssl.SSLCertVerificationError, "the host's certificate is not trusted"),
    (ssl.SSLError, "the TLS handshake failed"),
    (ConnectionRefusedError, "the connection was refused"),
    (http.client.RemoteDisconnected, "the connection was closed without an answer"),
    (ConnectionResetError, "the connection was reset"),
    (http.client.HTTPException, "the answer was no whole HTTP"),
    (NewConnectionError, "no connection could be made"),
    (ConnectTimeoutError, "no connection in time"),
    (ReadTimeoutError, _LATE),
    (TimeoutError, _LATE),
)
_CHUNK = 65_536
_WORDS_IN = 65_536
_READABLE = frozenset(("", "identity", "gzip", "x-gzip", "deflate"))
_HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": "identity",
    "User-Agent": "uplynk-failover-bot",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how much: seconds and bytes, all above zero (ValueError).

    ``connect_seconds`` covers name look-up, TCP and TLS together; ``read_seconds`` each wait for
    the next bytes; ``budget_seconds`` a call with all its tries, unless the caller says otherwise.
    Bodies are counted after decompression; that of the list of groups may be longer.
    """

    connect_seconds: float = 3.0
    read_seconds: float = 5.0
    budget_seconds: float = 12.0
    max_body_bytes: int = 1 << 20
    max_list_bytes: int = 32 << 20

    def __post_init__(self) -> None:
        seconds = (self.connect_seconds, self.read_seconds, self.budget_seconds)
        if min(*seconds, self.max_body_bytes, self.max_list_bytes) <= 0:
            raise ValueError("every limit must be above zero")


class Transport:
    """Sends calls to one base URL under one pair of credentials. Thread-safe."""

    def __init__(
        self,
        adapter: OneHostAdapter,
        base_url: str,
        credentials: Credentials,
        limits: Limits,
        clock: Clock,
    ) -> None:
        """``clock``: signs with its time, and is compared with the other side's."""
        hush()
        self._adapter = adapter
        self._base_url = base_url
        self._credentials = credentials
        self._limits = limits
        self._clock = clock
        self._watchdog = Watchdog()

    def attempt(self, call: Call, deadline: float) -> Outcome:
        """Sign and send once, and read the answer, all by ``deadline`` (monotonic seconds).

        Never raises for anything that the network or the other side does.
        """
        exchange = Exchange(deadline)
        if exchange.remaining <= 0:
            return Silence(False, "no time left to send the request")
        self._watchdog.watch(exchange)
        token = under_way.set(exchange)
        try:
            return self._attempt(call, exchange)
        except _NETWORK as error:
            return Silence(exchange.sent, _LATE if exchange.cut else _reason(error))
        finally:
            exchange.close()
            under_way.reset(token)

    def close(self) -> None:
        """Cut off what is under way and close the connections."""
        self._watchdog.stop()
        self._adapter.close()

    def _attempt(self, call: Call, exchange: Exchange) -> Outcome:
        signature = sign(self._credentials, int(self._clock.now()))
        left = max(exchange.remaining, 0.001)
        timeout = (min(self._limits.connect_seconds, left), min(self._limits.read_seconds, left))
        request = _request(self._base_url, call, signature)
        response = self._adapter.send(request, stream=True, timeout=timeout)
        ahead = self._clock.ahead(response.headers.get("Date"))
        try:
            body, fault = self._read(call, response.status_code, response.raw, exchange)
        finally:
            response.raw.close()  # back in the pool by now, if the body was read to its end
        return Reply(
            status=response.status_code,
            body=body,
            fault=fault,
            retry_after=seconds_to_wait(response.headers.get("Retry-After"), self._clock.now()),
            secrets=(*self._credentials.values, signature.msg, signature.sig),
            ahead=ahead,
        )

    def _read(
        self, call: Call, status: int, raw: Any, exchange: Exchange
    ) -> tuple[bytes, Fault | None]:
        """The body, or why there is none as a whole. Of a part no words are shown: the cut may
        run through a secret, which would not be known again.
        """
        if raw.headers.get("Content-Encoding", "").strip().lower() not in _READABLE:
            return b"", Fault.ENCODED
        most = self._limits.max_list_bytes if call.lists else self._limits.max_body_bytes
        if not 200 <= status < 300:
            most = min(most, _WORDS_IN)
        body = bytearray()
        try:
            while chunk := raw.read(_CHUNK, decode_content=True):
                body += chunk
                if len(body) > most:
                    return b"", Fault.TOO_LONG
        except _NETWORK:
            return b"", Fault.LATE if exchange.cut else Fault.BROKEN
        # A connection that was shut down looks like the end of a body without a length.
        return (b"", Fault.LATE) if exchange.cut else (bytes(body), None)


def _request(base_url: str, call: Call, signature: Signature) -> PreparedRequest:
    request = PreparedRequest()
    request.method = call.method
    request.url = f"{base_url}{call.path}?{signature.query}"
    request.headers = CaseInsensitiveDict(_HEADERS)
    if call.body is not None:
        request.headers["Content-Type"] = "application/json"
        request.headers["Content-Length"] = str(len(call.body))
        request.body = call.body
    return request


def _reason(error: BaseException) -> str:
    """What happened, in words of our own: those of the libraries may hold the URL."""
    causes = tuple(_causes(error))
    for kind, words in _REASONS:
        if any(isinstance(cause, kind) for cause in causes):
            return words
    return type(error).__name__


def _causes(error: BaseException) -> Iterator[BaseException]:
    yield error
    inner = [arg for arg in error.args if isinstance(arg, BaseException)]
    for cause in (*inner, *filter(None, (error.__cause__,))):
        yield from _causes(cause)
