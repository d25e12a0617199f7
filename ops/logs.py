"""Logging: text for people or JSON lines for machines, with every secret struck out.

Redaction comes after formatting, so it covers arguments and tracebacks as well. A record is one
line (a traceback's lines are marked), whatever control characters an outsider put into it.
"""

import json
import logging
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType, TracebackType
from typing import Protocol, TypeAlias

from ops.redaction import Redactor

NOTHING: Mapping[str, str] = MappingProxyType({})
About: TypeAlias = Callable[[], Mapping[str, str]]
"""What the thread that logs is busy with, by name; "change" is the ID of a change."""

# Bolt logs the whole body of a request with a wrong signature at INFO, and sets its loggers'
# levels anew whenever an App is made: hence a filter on the handler and not a level.
BODY_LOGGERS = ("slack_bolt.RequestVerification",)
OWN = frozenset(
    {
        *("__main__", "bot", "cli", "settings", "wiring", "handlers", "services", "failover"),
        *("blocks", "workspace", "uplynk", "store", "ops", "exchange"),
    }
)
"""The loggers that may write below INFO: there libraries write bodies, addresses and statements."""
SHORT = 8


class Output(Protocol):
    """Where the lines go."""

    def write(self, text: str, /) -> object:
        """Add some text."""
        ...

    def flush(self) -> None:
        """See to it that it is not kept back."""
        ...


def configure(
    level: str,
    style: str,
    secrets: Iterable[str],
    stream: Output,
    about: About = lambda: NOTHING,
) -> None:
    """Send all logging to `stream` in `style` ("text" or "json"), `secrets` struck out.

    Takes the place of the root logger's handlers and of the hooks for uncaught exceptions. What
    `about` says is written with each record; a record's `change_id` attribute (by `extra=`), when
    present, goes before it.
    """
    redactor = Redactor(secrets)
    handler = _Handler(stream)
    kind = JsonFormatter if style == "json" else TextFormatter
    handler.setFormatter(kind(redactor, about))
    handler.addFilter(_without_bodies)
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.captureWarnings(True)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread


class _Formatter(logging.Formatter):
    def __init__(self, redactor: Redactor, about: About = lambda: NOTHING) -> None:
        super().__init__()
        self._redactor = redactor
        self._about = about

    def _parts(self, record: logging.LogRecord) -> "_Parts":
        return _Parts(self, self._redactor, record, self._about())


class TextFormatter(_Formatter):
    """`time LEVEL logger [change] message`, one line; traceback lines follow, each marked.

    Of the change's ID the beginning is written.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as text without control characters or secrets."""
        parts = self._parts(record)
        change = f" [{parts.about['change'][:SHORT]}]" if "change" in parts.about else ""
        head = f"{parts.time} {parts.level} {parts.logger}{change} {parts.message}"
        trace = [f"  | {escape(line)}" for line in parts.error.split("\n")] if parts.error else []
        return "\n".join([escape(head), *trace])


class JsonFormatter(_Formatter):
    """One JSON object a line: time, level, logger, message, and error and what it is about if any.

    It is about a change, its group, and an instance, each under that name.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line of ASCII JSON without secrets."""
        parts = self._parts(record)
        line = {"time": parts.time, "level": parts.level, "logger": parts.logger}
        error = {"error": parts.error} if parts.error else {}
        return json.dumps(parts.about | line | {"message": parts.message} | error)


def escape(text: str) -> str:
    """Return the text with everything spelled out that is not simply printed: controls, breaks."""
    return "".join(char if char.isprintable() else _spelled(char) for char in text)


class _Parts:
    """A record's parts, formatted first and redacted then."""

    def __init__(
        self,
        formatter: logging.Formatter,
        redactor: Redactor,
        record: logging.LogRecord,
        about: Mapping[str, str],
    ) -> None:
        moment = datetime.fromtimestamp(record.created, UTC)
        self.time = moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        self.level = record.levelname
        self.logger = redactor.redact(record.name)
        self.message = redactor.redact(record.getMessage())
        change = getattr(record, "change_id", None)
        named = {**about} if change is None else {**about, "change": str(change)}
        self.about = {name: redactor.redact(value) for name, value in named.items()}
        trace = formatter.formatException(record.exc_info) if record.exc_info else ""
        stack = formatter.formatStack(record.stack_info) if record.stack_info else ""
        self.error = redactor.redact("\n".join(filter(None, (trace, stack))))


class _Handler(logging.StreamHandler[Output]):
    """A stream handler that neither fails on an odd character nor prints a record's arguments."""

    def format(self, record: logging.LogRecord) -> str:
        encoding = getattr(self.stream, "encoding", None) or "utf-8"
        return super().format(record).encode(encoding, "backslashreplace").decode(encoding)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 (logging's own name)
        # logging's version would print the arguments, secrets included.
        kind = sys.exc_info()[0]
        place = f"{record.pathname}:{record.lineno}"
        try:
            self.stream.write(f"a log record of {place} could not be written: {kind}\n")
        except (OSError, ValueError):
            return  # the stream itself is gone: there is nowhere left to say so


def _without_bodies(record: logging.LogRecord) -> bool:
    own = record.name.partition(".")[0] in OWN
    least = logging.WARNING if record.name in BODY_LOGGERS else logging.INFO
    return own or record.levelno >= least


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger(__name__).critical("uncaught exception", exc_info=(kind, error, trace))


def _uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
        _uncaught(args.exc_type, args.exc_value, args.exc_traceback)


def _spelled(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")
