"""The database's own clock: the one clock that several instances of the bot share."""

from typing import Any

from sqlalchemy import Double
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class _NowSeconds(FunctionElement[float]):
    """Takes no arguments."""

    inherit_cache = True
    name = "now_seconds"
    type = Double()


@compiles(_NowSeconds, "postgresql")
def _on_postgresql(_: _NowSeconds, compiler: SQLCompiler, **more: Any) -> str:
    # Not now(): that stands still while a transaction waits for a lock.
    return "CAST(extract(epoch FROM clock_timestamp()) AS double precision)"


@compiles(_NowSeconds, "sqlite")
def _on_sqlite(_: _NowSeconds, compiler: SQLCompiler, **more: Any) -> str:
    return "((julianday('now') - 2440587.5) * 86400.0)"


NOW_SECONDS = _NowSeconds()
"""Seconds since 1970 when the statement runs, by the database's clock: a float."""
