"""Requests that Slack never sent: forged, malformed, half-sent, oversized, replayed; as bytes."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from sandbox.slack.signing import FORM, JSON, SIGNATURE, TIMESTAMP, SignedRequest, Signer

CANARY = "CANARY-7c1e"
PATH = "/slack/events"
LARGE = 1024 * 1024 + 1


@dataclass(frozen=True, slots=True)
class Junk:
    """Bytes for the wire; ``whole`` False: the rest never comes."""

    kind: str
    data: bytes
    whole: bool = True


class Forger:
    """Draws junk; ``signer`` signs what is signed rightly and makes no sense all the same."""

    def __init__(self, signer: Signer, chance: random.Random) -> None:
        self._signer = signer
        self._chance = chance
        self._kinds: tuple[Callable[[], Junk], ...] = (
            self._unsigned, self._wrong, self._stale, self._stamped, self._tampered, self._nonsense,
            self._deep, self._half, self._elsewhere, self._headers, self._lengths, self._noise,
        )  # fmt: skip

    def next(self) -> Junk:
        """The next piece."""
        return self._chance.choice(self._kinds)()

    def _command(self) -> SignedRequest:
        word = f"{CANARY}-{self._chance.randrange(10**9)}"
        form = {"command": "/failover", "text": f"set nba flat now because {word}"}
        ids = {"user_id": "U0OPERATOR", "team_id": "T0SANDBOX", "channel_id": "C0LIVEOPS"}
        more = {"trigger_id": word, "response_url": f"http://127.0.0.1:9/{word}"}
        return self._signer.sign(urlencode({**form, **ids, **more}).encode(), FORM)

    def _unsigned(self) -> Junk:
        gone = self._chance.choice(((SIGNATURE,), (TIMESTAMP,), (SIGNATURE, TIMESTAMP)))
        return Junk("unsigned", wire(self._command().without(*gone)))

    def _wrong(self) -> Junk:
        return Junk("wrong signature", wire(self._signer.wrong_signature(self._command())))

    def _stale(self) -> Junk:
        seconds = self._chance.choice((301, 4000, -400, 10**9))
        return Junk("stale", wire(self._signer.stale(self._command(), seconds)))

    def _stamped(self) -> Junk:
        stamp = self._chance.choice(("abc", "9" * 5000, "", "1.5", "-1", "²", "1e9", "0x10"))
        return Junk("odd timestamp", wire(self._signer.timestamped(self._command(), stamp)))

    def _tampered(self) -> Junk:
        request = self._command()
        body = request.body + f"&text={CANARY}".encode()
        return Junk("tampered", wire(self._signer.tampered(request, body)))

    def _nonsense(self) -> Junk:
        body = self._chance.choice(
            (b"{", b"null", b"[]", b'"%s"', b"payload=%%7B%s", b"payload=", b"\xff\xfe%s", b"%s")
        )
        body = body.replace(b"%s", CANARY.encode()).replace(b"%%", b"%")
        kind = self._chance.choice((FORM, JSON, "text/plain", "", "multipart/form-data"))
        return Junk("signed nonsense", wire(self._signer.sign(body, kind)))

    def _deep(self) -> Junk:
        deep = "[" * self._chance.choice((2_000, 50_000))
        inner = {"type": "block_actions", "user": {"id": CANARY}, "actions": deep}
        body = self._chance.choice((deep.encode(), urlencode({"payload": deep}).encode()))
        shaped = urlencode({"payload": json.dumps(inner)}).encode()
        return Junk("deep", wire(self._signer.sign(self._chance.choice((body, shaped)), JSON)))

    def _half(self) -> Junk:
        data = wire(self._command())
        return Junk("half-sent", data[: self._chance.randrange(1, len(data))], whole=False)

    def _elsewhere(self) -> Junk:
        paths = ("/", "/.env", "/slack/events/", "/slack/events?x=" + CANARY, "/healthz", "//", "*")
        methods = ("GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "BREW")
        path, method = self._chance.choice(paths), self._chance.choice(methods)
        return Junk("elsewhere", wire(self._command(), method, path))

    def _headers(self) -> Junk:
        name, value = self._chance.choice(
            (
                ("X-Slack-Bolt-Lazy-Only", "1"),
                ("X-Forwarded-For", "127.0.0.1"),
                ("Expect", "100-continue"),
                ("Cookie", CANARY * 20),
                ("X-Long", "x" * 70_000),
                ("Bad Header", "x"),
            )
        )
        forged = self._signer.wrong_signature(self._command())
        return Junk("odd header", wire(SignedRequest(forged.body, {**forged.headers, name: value})))

    def _lengths(self) -> Junk:
        length = self._chance.choice(("-1", "abc", "9" * 30, "1.5", str(LARGE), "+5", "0x5"))
        head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n{CANARY}"
        return Junk("odd length", head.encode(), whole=False)

    def _noise(self) -> Junk:
        noise = self._chance.randbytes(self._chance.randrange(1, 300))
        return Junk("noise", noise + b"\r\n\r\n", whole=False)


def wire(request: SignedRequest, method: str = "POST", path: str = PATH) -> bytes:
    """A request as it goes over the wire, whatever its headers hold."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in request.headers.items()]
    lines.append(f"Content-Length: {len(request.body)}")
    head = "\r\n".join(lines) + "\r\n\r\n"
    return head.encode("utf-8", "surrogateescape") + request.body
