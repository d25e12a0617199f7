"""What each answer of a scripted server comes to, for a write and for a read."""

import pytest

from failover.errors import (
    BadAnswer,
    Conflict,
    Forbidden,
    GroupGone,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unauthorized,
    Unavailable,
    UplynkError,
)
from failover.model import Mode
from tests.uplynk.scripted import GROUP, ID, Step, raw, resets, says, shows, talking
from uplynk.client import Limits, UplynkClient

HALF = b"HTTP/1.1 200 X\r\nContent-Length: 99\r\n\r\n{"
CHUNKED = b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n"


def write(client: UplynkClient) -> None:
    client.configure(ID, mode=Mode.FLAT)


WRITES = [
    ("400", says(400, b'{"message": "auto failback is on"}'), Rejected, "auto failback is on"),
    ("401", says(401, b'{"error": 1, "msg": "bad signature"}'), Unauthorized, "bad signature"),
    ("403", says(403), Forbidden, ""),
    ("404", says(404, b"not here"), GroupGone, "not here"),
    ("409", says(409, b'{"message": "in use"}'), Conflict, "in use"),
    ("418", says(418), Rejected, ""),
    ("422", says(422, b'{"message": "order"}'), Rejected, "order"),
    ("429", says(429, b"slow down", "Retry-After: 7"), RateLimited, "slow down"),
    ("400, half", raw(HALF.replace(b"200", b"400")), Rejected, "the answer broke off"),
    ("302", says(302, b"", "Location: http://127.0.0.1:1/"), OutcomeUnknown, ""),
    ("307", says(307, b"", "Location: /elsewhere"), OutcomeUnknown, ""),
    ("500", says(500, b"<h1>Oh no</h1>"), OutcomeUnknown, "Oh no"),
    ("502", says(502), OutcomeUnknown, ""),
    ("503", says(503, b"", "Retry-After: 1"), OutcomeUnknown, ""),
    ("504", says(504), OutcomeUnknown, ""),
    ("599", says(599), OutcomeUnknown, ""),
    ("200 with an error in it", shows({"error": 1, "msg": "no"}), OutcomeUnknown, "no"),
    ("200 with HTML", says(200, b"<p>Log in</p>"), OutcomeUnknown, "Log in"),
    ("200, half", raw(HALF), OutcomeUnknown, "the answer broke off"),
    ("200, brotli", says(200, b"x", "Content-Encoding: br"), OutcomeUnknown, "the answer is in an"),
    (
        "200, no gzip",
        says(200, b"{} " * 99, "Content-Encoding: gzip"),
        OutcomeUnknown,
        "the answer",
    ),
    ("closed", raw(b""), OutcomeUnknown, "the connection was closed without an answer"),
    ("reset", resets(), OutcomeUnknown, "the connection was reset"),
    ("half a head", raw(b"HTTP/1.1 204 X\r\nDate: "), OutcomeUnknown, "the answer was no whole"),
    ("a head without end", raw(b"HTTP/1.1 204 X\r\n"), OutcomeUnknown, "the answer was no whole"),
    ("reset in the head", resets(b"HTTP/1.1 204 No"), OutcomeUnknown, ""),
    ("garbage", raw(b"\x00\x01\x02 garbage\r\n\r\n"), OutcomeUnknown, ""),
    ("an absurd status", raw(b"HTTP/1.1 99999 X\r\n\r\n"), OutcomeUnknown, ""),
    ("an absurd length", raw(HALF.replace(b"99", b"1, 2")), OutcomeUnknown, ""),
    ("an absurd chunk", raw(CHUNKED + b"zz\r\n"), OutcomeUnknown, "the answer broke off"),
    ("a chunk too few", raw(CHUNKED + b"2\r\n{}\r\n"), OutcomeUnknown, "the answer broke off"),
    ("200 headers", raw(b"HTTP/1.1 204 X\r\n" + b"A: b\r\n" * 200 + b"\r\n"), OutcomeUnknown, ""),
]


@pytest.mark.parametrize(
    ("step", "kind", "words"), [row[1:] for row in WRITES], ids=[row[0] for row in WRITES]
)
def test_what_a_write_comes_to(step: Step, kind: type[UplynkError], words: str) -> None:
    with talking(step) as (client, server):
        with pytest.raises(UplynkError) as caught:
            write(client)
        assert type(caught.value) is kind
        assert caught.value.words.startswith(words)
        assert caught.value.endpoint == "PATCH /failover-groups/{id}"
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    "step",
    [
        says(204),
        says(200),
        says(202, b"{}"),
        shows({"error": 0, "msg": "ok"}),
        says(200, b"", "Connection: close", length=False),
    ],
)
def test_any_success_is_one(step: Step) -> None:
    with talking(step) as (client, server):
        write(client)
        assert len(server.requests) == 1


READS = [
    ("400", says(400, b'{"message": "what?"}'), Rejected, "what?"),
    ("401", says(401), Unauthorized, ""),
    ("403", says(403), Forbidden, ""),
    ("404", says(404), GroupGone, ""),
    ("409", says(409), Conflict, ""),
    ("302", says(302, b"", "Location: /elsewhere"), BadAnswer, "a redirect"),
    ("501", says(501), Unavailable, ""),
    ("HTML", says(200, b"<p>Log in</p>"), BadAnswer, "the answer is not JSON"),
    ("another shape", shows([1, 2]), BadAnswer, "a group is not an object"),
    ("a wrong type", shows(GROUP | {"mode": 17}), BadAnswer, f"group {ID}: field 'mode'"),
    ("no body", says(204), BadAnswer, "the answer is not JSON"),
    ("another group", shows(GROUP | {"id": "f" * 32}), BadAnswer, "field 'id'"),
    ("in brotli", says(200, b"x", "Content-Encoding: br"), BadAnswer, "the answer is in an"),
    ("too long", says(200, b" " * (1 << 21)), BadAnswer, "the answer is too long"),
]


@pytest.mark.parametrize(
    ("step", "kind", "words"), [row[1:] for row in READS], ids=[row[0] for row in READS]
)
def test_reads_that_no_second_try_would_help(
    step: Step, kind: type[UplynkError], words: str
) -> None:
    with talking(step) as (client, server):
        with pytest.raises(UplynkError) as caught:
            client.get_group(ID)
        assert type(caught.value) is kind
        assert caught.value.words.startswith(words)
        assert caught.value.endpoint == "GET /failover-groups/{id}"
        assert len(server.requests) == 1


PASSING = [
    ("429", says(429, b"", "Retry-After: 0")),
    ("500", says(500)),
    ("502", says(502)),
    ("503", says(503)),
    ("504", says(504)),
    ("closed", raw(b"")),
    ("reset", resets()),
    ("garbage", raw(b"garbage\r\n\r\n")),
    ("half a body", raw(HALF)),
    ("reset in the body", resets(HALF)),
]


@pytest.mark.parametrize("step", [row[1] for row in PASSING], ids=[row[0] for row in PASSING])
def test_reads_that_are_tried_again(step: Step) -> None:
    with talking(step, shows(GROUP)) as (client, server):
        assert client.get_group(ID).name == "NBA Finals"
        assert len(server.requests) == 2


def test_a_read_that_hangs_is_tried_again() -> None:
    with talking(limits=Limits(read_seconds=0.2)) as (client, server):
        server.steps += [server.hangs(), shows(GROUP)]
        assert client.get_group(ID).name == "NBA Finals"
        assert len(server.requests) == 2
