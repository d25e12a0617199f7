"""Logging under attack: forged lines, secrets in every spelling, records that cannot be written."""

import base64
import io
import json
import logging
import re
import sys
import threading
import urllib.parse
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ops import logs

KEY = 'k3y/+= "q\\é&ü'
SECRETS = ("xoxb-1-canary", KEY, "0123456789abcdef")
Configure = Callable[..., io.StringIO]


@pytest.fixture
def configure() -> Iterator[Configure]:
    """Configure logging into a text that is returned; all is put back at the end."""
    root = logging.getLogger()
    saved = root.handlers[:], root.level, sys.excepthook, threading.excepthook
    root.handlers[:] = []

    def set_up(style: str = "text", level: str = "DEBUG") -> io.StringIO:
        stream = io.StringIO()
        logs.configure(level, style, SECRETS, stream)
        return stream

    yield set_up
    logging.captureWarnings(False)
    root.handlers[:], level, sys.excepthook, threading.excepthook = saved
    root.setLevel(level)


def test_text_has_time_level_logger_change_and_message(configure: Configure) -> None:
    out = configure()
    logging.getLogger("uplynk.client").info("sent %d", 3, extra={"change_id": "c-1"})
    logging.getLogger("bot").warning("plain")
    first, second = out.getvalue().splitlines()
    moment = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
    assert re.fullmatch(moment + r" INFO uplynk\.client \[c-1\] sent 3", first)
    assert re.fullmatch(moment + r" WARNING bot plain", second)


@pytest.mark.parametrize("style", ["text", "json"])
def test_what_the_thread_is_about_stands_on_every_line(style: str) -> None:
    named = {"change": "fedcba9876543210", "group": "g-1", "instance": "web.1-7"}
    stream, root = io.StringIO(), logging.getLogger()
    saved = root.handlers[:], root.level, sys.excepthook, threading.excepthook
    try:
        logs.configure("INFO", style, SECRETS, stream, lambda: named)
        logging.getLogger("a").info("x")
        logging.getLogger("a").info("y", extra={"change_id": f"{KEY} x"})
    finally:
        logging.captureWarnings(False)
        root.handlers[:], level, sys.excepthook, threading.excepthook = saved
        root.setLevel(level)
    first, second = stream.getvalue().splitlines()
    if style == "text":
        assert first.endswith(" INFO a [fedcba98] x")
        assert second.endswith(" INFO a [*** x] y")
    else:
        assert json.loads(first).items() > named.items()
        assert json.loads(second).items() > (named | {"change": "*** x"}).items()


LIBRARIES = (
    "slack_bolt.App", "slack_sdk.web.base_client", "slack_sdk.socket_mode.builtin", "urllib3.util",
    "urllib3.connectionpool", "waitress", "sqlalchemy.engine.Engine", "alembic.runtime", "other",
)  # fmt: skip


@pytest.mark.parametrize("name", LIBRARIES)
def test_libraries_write_nothing_below_info_at_any_level(configure: Configure, name: str) -> None:
    out = configure(level="DEBUG")
    logging.getLogger(name).debug("body: %s", "BODY")
    assert out.getvalue() == ""
    logging.getLogger(name).warning("heard")
    assert "heard" in out.getvalue()


@pytest.mark.parametrize("name", ["bot", "handlers.edge", "store.engine", "wiring"])
def test_our_own_do(configure: Configure, name: str) -> None:
    out = configure(level="DEBUG")
    logging.getLogger(name).debug("detail")
    assert "detail" in out.getvalue()


def test_every_room_of_ours_may_write_in_detail() -> None:
    root = Path(logs.__file__).parents[1]
    rooms = {path.parent.name for path in root.glob("*/__init__.py")} - {"sandbox", "bench"}
    assert rooms | {path.stem for path in root.glob("*.py")} <= logs.OWN


def test_times_are_utc() -> None:
    record = logging.makeLogRecord(
        {"name": "a", "msg": "x", "created": 1_767_225_599.25, "levelname": "INFO"}
    )
    line = logs.JsonFormatter(logs.Redactor(())).format(record)
    assert json.loads(line)["time"] == "2025-12-31T23:59:59.250Z"


def test_json_is_one_object_a_line(configure: Configure) -> None:
    out = configure("json")
    log = logging.getLogger("a.b")
    log.info("one\ntwo\u2028", extra={"change_id": 7})
    try:
        raise ValueError("why\nnot")
    except ValueError:
        log.exception("it broke")
    first, second = [json.loads(line) for line in out.getvalue().splitlines()]
    assert first.pop("time").endswith("Z")
    assert first == {"level": "INFO", "logger": "a.b", "change": "7", "message": "one\ntwo\u2028"}
    assert second["error"].endswith("ValueError: why\nnot")
    assert "change" not in second


def test_level_is_obeyed_and_handlers_do_not_pile_up(configure: Configure) -> None:
    configure()
    out = configure(level="WARNING")
    logging.getLogger("a").info("quiet")
    logging.getLogger("a").warning("loud")
    assert len(out.getvalue().splitlines()) == 1


FORGERIES = [
    "x\n2026-01-01T00:00:00.000Z INFO audit approved",
    "x\r\n2026-01-01T00:00:00.000Z INFO audit approved",
    "\x1b[2K\x1b[1Aovertyped",
    "bell\x07 null\0 del\x7f nel\x85 sep\u2028\u2029 vt\x0b ff\x0c fs\x1c",
    "right-to-left \u202egnp.exe isolate \u2067 zero\u200bwidth mark\ufeff",
    "lone \ud800 surrogate",
]


@pytest.mark.parametrize("text", FORGERIES)
def test_text_is_one_harmless_line(configure: Configure, text: str) -> None:
    out = configure()
    logging.getLogger("a").info("reason: %s", text, extra={"change_id": text})
    logging.getLogger(f"a.{text}").info("named")
    lines = out.getvalue().splitlines()
    assert len(lines) == 2
    assert all(line.isprintable() for line in lines)


@pytest.mark.parametrize("text", FORGERIES)
def test_a_traceback_cannot_forge_a_record(configure: Configure, text: str) -> None:
    out = configure()
    try:
        raise ValueError(text)
    except ValueError:
        logging.getLogger("a").exception("it broke")
    head, *rest = out.getvalue().splitlines()
    assert head.endswith("ERROR a it broke")
    assert rest[0] == "  | Traceback (most recent call last):"
    assert all(line.startswith("  | ") and line.isprintable() for line in rest)


def spellings(secret: str) -> list[str]:
    raw = secret.encode()
    basic = [base64.b64encode(b"o" * n + raw + b":tail").decode() for n in range(1, 6)]
    return [
        secret,
        repr(secret),
        json.dumps(secret),
        json.dumps({"key": secret}, ensure_ascii=False),
        raw.hex(),
        raw.hex().upper(),
        base64.b64encode(raw).decode(),
        base64.b64encode(raw).decode().rstrip("="),
        base64.urlsafe_b64encode(raw).decode(),
        urllib.parse.quote(secret, safe=""),
        urllib.parse.quote(secret, safe="").lower(),
        urllib.parse.quote_plus(secret),
        urllib.parse.urlencode({"key": secret}),
        urllib.parse.quote(base64.b64encode(raw).decode(), safe=""),
        *basic,
    ]


def leaked(secret: str, text: str) -> bool:
    """Whether eight characters in a row of any spelling, or the plain secret, stand in the text."""
    raw = secret.encode()
    cores = [base64.b64encode(b"o" * n + raw).decode()[4:-4] for n in range(3)]
    forms = [secret, raw.hex(), raw.hex().upper(), *cores]
    return any(form in text for form in forms)


@pytest.mark.parametrize("style", ["text", "json"])
@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_is_struck_out_in_every_spelling(
    configure: Configure, style: str, secret: str
) -> None:
    for spelling in spellings(secret):
        out = configure(style)
        logging.getLogger("a").info("before %s after", spelling)
        try:
            raise ValueError(f"refused {spelling}")
        except ValueError:
            logging.getLogger(f"a.{spelling}").exception("x", extra={"change_id": spelling})
        written = out.getvalue()
        assert not leaked(secret, written), spelling
        assert "***" in written
        assert "before " in written
        assert " after" in written
        if style == "json":
            assert all(json.loads(line) for line in written.splitlines())


def test_a_record_that_cannot_be_formatted_shows_no_argument(
    configure: Configure, capsys: pytest.CaptureFixture[str]
) -> None:
    out = configure()
    logging.getLogger("a").info("%d", KEY)
    assert "could not be written" in out.getvalue()
    assert "test_logs.py" in out.getvalue()
    assert KEY not in out.getvalue() + "".join(capsys.readouterr())


def test_a_closed_stream_is_no_second_failure(
    configure: Configure, capsys: pytest.CaptureFixture[str]
) -> None:
    configure().close()
    logging.getLogger("a").info("%s", KEY)
    assert "".join(capsys.readouterr()) == ""


def test_a_narrow_stream_gets_every_record(configure: Configure) -> None:
    configure()
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    logs.configure("INFO", "text", (), stream)
    logging.getLogger("a").info("Ünïcode →")
    assert raw.getvalue().endswith(b"\\xdcn\\xefcode \\u2192\n")


def test_bodies_of_badly_signed_requests_are_not_logged(configure: Configure) -> None:
    out = configure()
    from slack_bolt.middleware.request_verification import RequestVerification
    from slack_bolt.request import BoltRequest
    from slack_bolt.response import BoltResponse

    request = BoltRequest(
        body="text=BODY", headers={"x-slack-signature": "v0=0", "x-slack-request-timestamp": "0"}
    )
    answer = RequestVerification("secret").process(
        req=request, resp=BoltResponse(status=200), next=lambda: BoltResponse(status=200)
    )
    assert answer.status == 401
    assert "BODY" not in out.getvalue()
    logging.getLogger("slack_bolt.RequestVerification").warning("heard")
    assert "heard" in out.getvalue()


def test_uncaught_exceptions_go_through_the_log(
    configure: Configure, capsys: pytest.CaptureFixture[str]
) -> None:
    out = configure()

    def fail() -> None:
        raise ValueError(KEY)

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join(timeout=10)
    try:
        fail()
    except ValueError as error:
        sys.excepthook(ValueError, error, error.__traceback__)
    assert out.getvalue().count("uncaught exception") == 2
    assert not leaked(KEY, out.getvalue() + "".join(capsys.readouterr()))


def test_an_interrupt_and_a_thread_that_exits_are_no_failures(configure: Configure) -> None:
    out = configure()
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    thread = threading.Thread(target=sys.exit)
    thread.start()
    thread.join(timeout=10)
    assert out.getvalue() == ""


def test_warnings_go_through_the_log(configure: Configure) -> None:
    out = configure()
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        warnings.warn(f"old {KEY}", stacklevel=1)
        logging.captureWarnings(False)
    assert "py.warnings" in out.getvalue()
    assert not leaked(KEY, out.getvalue())
