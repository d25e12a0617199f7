"""``INSERT … ON CONFLICT … DO UPDATE``, which SQLite and PostgreSQL write alike."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Insert, Table, insert
from sqlalchemy.dialects.sqlite.dml import OnConflictDoUpdate


class _OnConflict(OnConflictDoUpdate):
    """The clause of SQLite's dialect; PostgreSQL's looks for the name of a constraint as well."""

    inherit_cache = True
    constraint_target = None


def upsert(
    table: Table,
    keys: Sequence[str],
    changed: Mapping[str, Any],
    where: ColumnElement[bool] | None = None,
) -> Insert:
    """Insert a row; where one has the same ``keys`` already, set ``changed`` there instead.

    A row that is there and does not meet ``where`` is left as it is.
    """
    return insert(table).ext(_OnConflict(keys, set_=dict(changed), where=where))


def offered(table: Table, column: str) -> ColumnElement[Any]:
    """Within ``changed``: the value in the row that was to be inserted."""
    return table.alias("excluded").c[column]
