"""Several instances: who is alive, and who works on what."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

# Its key begins with the set's ID, as 32 hex digits. Whoever takes over the set starts it in turn.
WAITING_MEMBER = """
UPDATE changes SET holder = (
    SELECT sets.id FROM sets
    WHERE sets.id = substr(changes.key, 5, 32) AND sets.state = 'taken'
)
WHERE changes.state = 'received' AND substr(changes.key, 1, 4) = 'set:'
"""


def upgrade() -> None:
    """Nobody holds what there is, so whoever starts next takes it up; but a set its members."""
    op.create_table(
        "instances",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("seen_until", sa.Float(53), nullable=False),
        sa.Column("identity", sa.Text, nullable=False),
    )
    for table in ("changes", "sets"):
        op.add_column(table, sa.Column("holder", sa.String(32)))
    op.execute(WAITING_MEMBER)
    op.add_column("notices", sa.Column("claimed_by", sa.String(32)))
    op.add_column("notices", sa.Column("wanted_at", sa.String(32)))
    op.execute("UPDATE notices SET wanted_at = due_at")
    held_up = sa.Column("holds_up", sa.Boolean, nullable=False, server_default=sa.true())
    op.add_column("notices", held_up)
