"""Changes, their messages, sets, locks and groups as they were shown.

A database from before there were versions may have some of these tables, or all of them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create what is missing."""
    _changes()
    _notices()
    _sets()
    op.create_table(
        "forces",
        sa.Column("key", sa.String(80), primary_key=True),
        sa.Column("change_id", sa.String(32), sa.ForeignKey("changes.id"), nullable=False),
        sa.Column("by", sa.String(32), nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("until", sa.String(32)),
        if_not_exists=True,
    )
    op.create_table(
        "snapshots",
        sa.Column("fingerprint", sa.String(32), primary_key=True),
        sa.Column("shown_at", sa.String(32), nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        if_not_exists=True,
    )


def _changes() -> None:
    op.create_table(
        "changes",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("key", sa.String(300), nullable=False, unique=True),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("actor_id", sa.String(32), nullable=False),
        sa.Column("group_id", sa.String(64)),
        sa.Column("holds", sa.String(64), unique=True),
        sa.Column("received_at", sa.String(32), nullable=False),
        sa.Column("sent_at", sa.String(32)),
        sa.Column("ended_at", sa.String(32)),
        sa.Column("document", sa.Text, nullable=False),
        if_not_exists=True,
    )
    _index("changes_open", "changes", "state", "received_at")
    _index("changes_sent", "changes", "group_id", "sent_at")
    _index("changes_by_person", "changes", "actor_id", "sent_at")
    _index("changes_received", "changes", "received_at")


def _notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("change_id", sa.String(32), sa.ForeignKey("changes.id"), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("due_at", sa.String(32)),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("posting_since", sa.String(32)),
        sa.Column("address", sa.Text),
        sa.UniqueConstraint("change_id", "kind"),
        if_not_exists=True,
    )
    _index("notices_due", "notices", "kind", "due_at")


def _sets() -> None:
    op.create_table(
        "sets",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("key", sa.String(300), nullable=False, unique=True),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("actor_id", sa.String(32), nullable=False),
        sa.Column("under_way", sa.String(32), unique=True),
        sa.Column("received_at", sa.String(32), nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        if_not_exists=True,
    )
    _index("sets_open", "sets", "state", "received_at")


def _index(name: str, table: str, *columns: str) -> None:
    op.create_index(name, table, columns, if_not_exists=True)
