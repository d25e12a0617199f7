"""The audit record: its chain of entries, its head, and what of it is posted in the channel."""

import sqlalchemy as sa
from alembic import op

from store import audit_guard

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """The record begins here: what was changed before has no entry."""
    op.create_table(
        "audit",
        sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("change_id", sa.String(32)),
        sa.Column("group_id", sa.String(64)),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("prev", sa.String(64), nullable=False, unique=True),
        sa.Column("hash", sa.String(64), nullable=False, unique=True),
    )
    op.create_index("audit_of_change", "audit", ["change_id"])
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_table(
        "audit_witness",
        sa.Column("day", sa.String(10), primary_key=True),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("posting_since", sa.String(32)),
        sa.Column("posted_at", sa.String(32)),
        sa.Column("address", sa.Text),
    )
    audit_guard.begin(op.get_bind())
