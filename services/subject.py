"""Which change a thread is busy with, so that whatever it logs meanwhile says so.

Kept beside the calls and not in them: a line about a lost connection is written by code that knows
of no change.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from types import MappingProxyType
from typing import ParamSpec, TypeVar

from failover.lifecycle import Record

_P = ParamSpec("_P")
_R = TypeVar("_R")

NOTHING: Mapping[str, str] = MappingProxyType({})
_current: ContextVar[Mapping[str, str]] = ContextVar("subject", default=NOTHING)


@contextmanager
def about(record: Record) -> Iterator[None]:
    """Until the end of the block this thread works on ``record``."""
    token = _current.set(described(record))
    try:
        yield
    finally:
        _current.reset(token)


def learned(record: Record) -> None:
    """More is known by now of the record that this thread works on, if it is this one."""
    if _current.get().get("change") == record.id:
        _current.set(described(record))


def concerning(call: Callable[_P, _R]) -> Callable[_P, _R]:
    """Have a function or method work ``about`` the first record among its positional arguments."""

    @wraps(call)
    def concerned(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        record = next(one for one in args if isinstance(one, Record))
        with about(record):
            return call(*args, **kwargs)

    return concerned


def current() -> Mapping[str, str]:
    """The change and, where it is known, the group that this thread works on; by name."""
    return _current.get()


def described(record: Record) -> Mapping[str, str]:
    """What identifies a record in the log: the IDs of the change and of its group."""
    group = {} if record.group_id is None else {"group": record.group_id}
    return {"change": record.id, **group}
