"""Neither credentials nor ``msg`` nor ``sig`` show up anywhere: canaries on all paths."""

import base64
import logging
import socket
import traceback
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest

from failover.errors import Rejected, UplynkError
from failover.model import Mode, Slicer
from failover.writes import Patch, PutActive, PutChannels, PutOwners, PutSlate, PutSlicers
from tests.uplynk.scripted import ID, Received, Scripted, Step, raw, resets, says, shows
from uplynk.client import Limits, UplynkClient

KEY = "canary/key+with=signs"
OWNER = "canary/owner+of=5b1c9d"
LIMITS = Limits(read_seconds=0.1, budget_seconds=0.15)


def echo(status: int, template: bytes, kind: str = "application/json") -> Step:
    """An Uplynk that repeats what it was sent, and knows the credentials as well."""

    def step(sock: socket.socket, request: Received) -> bool:
        body = template
        for name, value in (request.query | {"key": KEY, "owner": OWNER}).items():
            for form, text in (
                (b"", value),
                (b"URL", quote(value, safe="")),
                (b"HEX", value.encode().hex()),
                (b"B64", base64.b64encode(value.encode()).decode()),
            ):
                body = body.replace(b"$" + form + name.upper().encode() + b"$", text.encode())
        body = body.replace(b"$TARGET$", request.target.encode())
        return says(status, body, f"Content-Type: {kind}", f"X-Echo: {request.target}")(
            sock, request
        )

    return step


ALL_FORMS = b" ".join(
    b"$%s%s$" % (form, name)
    for name in (b"MSG", b"SIG", b"KEY", b"OWNER")
    for form in (b"", b"URL", b"HEX", b"B64")
)
HEADERS = b"HTTP/1.1 200 X\r\n broken header\r\n: more\r\nContent-Length: 2\r\n\r\n{}"

WAYS = [
    pytest.param(lambda s: echo(400, b'{"message": "$TARGET$"}'), id="400 with the target"),
    pytest.param(lambda s: echo(400, b'{"message": "user $OWNER$ may not"}'), id="400, the user"),
    pytest.param(lambda s: echo(401, b'{"msg": "' + ALL_FORMS + b'"}'), id="401, all forms"),
    pytest.param(lambda s: echo(403, b"<p>" + ALL_FORMS + b"</p>", "text/html"), id="403, HTML"),
    pytest.param(lambda s: echo(404, b"x" * 250 + ALL_FORMS), id="404, cut"),
    pytest.param(lambda s: echo(429, ALL_FORMS), id="429"),
    pytest.param(lambda s: echo(500, ALL_FORMS), id="500"),
    pytest.param(
        lambda s: echo(200, b'{"error": 1, "msg": "$KEY$ $MSG$ $SIG$ $OWNER$"}'), id="200, error"
    ),
    pytest.param(
        lambda s: echo(200, b'{"id": "$SIG$", "mode": "$KEY$", "name": "$OWNER$"}'),
        id="200, another shape",
    ),
    pytest.param(lambda s: echo(200, ALL_FORMS), id="200, no JSON"),
    pytest.param(lambda s: echo(307, b"$TARGET$"), id="redirect"),
    pytest.param(lambda s: raw(HEADERS), id="malformed headers"),
    pytest.param(lambda s: raw(b""), id="closed"),
    pytest.param(lambda s: raw(b"garbage\r\n\r\n"), id="garbage"),
    pytest.param(lambda s: resets(), id="reset"),
    pytest.param(lambda s: resets(b"HTTP/1.1 200 X\r\nContent-Length: 9\r\n\r\n"), id="cut body"),
    pytest.param(lambda s: s.hangs(), id="silence"),
    pytest.param(lambda s: shows({"items": 5}), id="wrong type"),
]
CALLS: list[Callable[[UplynkClient], object]] = [
    lambda client: client.get_group(ID),
    lambda client: client.list_groups(),
    lambda client: client.allowed_owners(ID),
    lambda client: client.write(ID, Patch(Mode.FLAT)),
    lambda client: client.write(ID, PutSlicers((Slicer("s1", True, 1),))),
    lambda client: client.write(ID, PutActive("s1")),
    lambda client: client.write(ID, PutSlate(True)),
    lambda client: client.write(ID, PutChannels(("c1",))),
    lambda client: client.write(ID, PutOwners(("u1",))),
]


def family(error: BaseException | None) -> Iterator[BaseException]:
    """An error and all that hangs on it."""
    while error is not None:
        yield error
        if error.__cause__ is not None:
            yield from family(error.__cause__)
        error = error.__context__


def everything_shown(error: UplynkError, client: UplynkClient, log: str) -> str:
    """All that a log, a debugger or a careless handler could show of an error."""
    shown = [log, repr(client), str(client), repr(vars(client))]
    for one in family(error):
        shown += [repr(one), str(one), repr(vars(one))]
        trace = traceback.TracebackException.from_exception(one, capture_locals=True)
        # The test's own frame holds the server, which knows everything.
        del trace.stack[0]
        shown += trace.format()
    return "\n".join(shown)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("way", WAYS)
def test_no_canary_sings(
    way: Callable[[Scripted], Step],
    call: Callable[[UplynkClient], object],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("urllib3", "urllib3.connectionpool", "urllib3.connection", "requests"):
        caplog.set_level(logging.DEBUG, name)
        # Whatever guards them is to come from this very client.
        monkeypatch.setattr(logging.getLogger(name), "filters", [])
    caplog.set_level(logging.DEBUG)
    with Scripted([]) as server:
        server.steps.append(way(server))
        client = UplynkClient(server.url, OWNER, KEY, LIMITS)
        error: UplynkError | None = None
        try:
            call(client)
        except UplynkError as caught:
            error = caught
        client.close()
        shown = repr(client) + caplog.text
        if error is not None:
            shown = everything_shown(error, client, caplog.text)
    assert "/failover-groups" in shown  # so there is something to be looked through
    for secret in secrets(server):
        assert secret.lower() not in shown.lower()


def secrets(server: Scripted) -> Iterator[str]:
    values = {KEY, OWNER}
    for request in server.requests:
        assert request.query["sig"]
        values |= {request.query["msg"], request.query["sig"]}
    for value in values:
        yield from (value, quote(value, safe=""), value.encode().hex())
        yield base64.b64encode(value.encode()).decode().rstrip("=")


@pytest.mark.parametrize("step", [shows({"items": 5}), raw(b"garbage\r\n\r\n"), resets()])
@pytest.mark.parametrize("call", CALLS)
def test_an_error_brings_no_other_along(step: Step, call: Callable[[UplynkClient], object]) -> None:
    with Scripted([says(500), step]) as server:
        client = UplynkClient(server.url, OWNER, KEY, LIMITS)
        with pytest.raises(UplynkError) as caught:
            call(client)
        assert caught.value.__cause__ is None
        assert caught.value.__context__ is None
        client.close()


def test_who_the_bot_is_at_uplynk_is_struck_out_of_a_refusal() -> None:
    with Scripted([echo(400, b'{"message": "user $OWNER$ may not change this group"}')]) as server:
        client = UplynkClient(server.url, OWNER, KEY)
        with pytest.raises(Rejected) as caught:
            client.configure(ID, mode=Mode.FLAT)
        client.close()
    assert caught.value.words == "user [struck out] may not change this group"
