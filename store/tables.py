"""The tables. Times are UTC as RFC 3339 text of fixed width, so that they sort as text."""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    true,
)

metadata = MetaData()

changes = Table(
    "changes",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("key", String(300), nullable=False, unique=True),
    Column("state", String(12), nullable=False),
    Column("version", Integer, nullable=False),
    Column("actor_id", String(32), nullable=False),
    Column("group_id", String(64)),
    # The group's ID while the change holds it: the unique index is the lock.
    Column("holds", String(64), unique=True),
    # The instance that works on it; of a member of a set that waits for its turn, the set.
    Column("holder", String(32)),
    Column("received_at", String(32), nullable=False),
    Column("sent_at", String(32)),
    Column("ended_at", String(32)),
    Column("document", Text, nullable=False),
    Index("changes_open", "state", "received_at"),
    Index("changes_sent", "group_id", "sent_at"),
    Index("changes_by_person", "actor_id", "sent_at"),
    Index("changes_received", "received_at"),
)

notices = Table(
    "notices",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("change_id", String(32), ForeignKey("changes.id"), nullable=False),
    Column("kind", String(8), nullable=False),
    # NULL when all there is to tell has been told.
    Column("due_at", String(32)),
    Column("attempts", Integer, nullable=False),
    Column("posting_since", String(32)),
    Column("address", Text),
    # The instance that is sending it.
    Column("claimed_by", String(32)),
    # Since when there has been something to tell; NULL when all has been told.
    Column("wanted_at", String(32)),
    # Whether later cards of its group wait for it, as long as it has no address.
    Column("holds_up", Boolean, nullable=False, server_default=true()),
    UniqueConstraint("change_id", "kind"),
    Index("notices_due", "kind", "due_at"),
)

sets = Table(
    "sets",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("key", String(300), nullable=False, unique=True),
    Column("state", String(12), nullable=False),
    Column("actor_id", String(32), nullable=False),
    # The person's ID while the set is under way: nobody has two.
    Column("under_way", String(32), unique=True),
    # The instance that carries it out.
    Column("holder", String(32)),
    Column("received_at", String(32), nullable=False),
    Column("document", Text, nullable=False),
    Index("sets_open", "state", "received_at"),
)

instances = Table(
    "instances",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", String(120), nullable=False),
    # Seconds since 1970 by the clock of the database: it counts as alive until then.
    Column("seen_until", Float(53), nullable=False),
    Column("identity", Text, nullable=False),
)

PAUSE = "pause"


def lock_key(group_id: str | None) -> str:
    """Under which a group's lock stands; the pause stands under ``PAUSE``."""
    return f"lock:{group_id}"


forces = Table(
    "forces",
    metadata,
    Column("key", String(80), primary_key=True),
    Column("change_id", String(32), ForeignKey("changes.id"), nullable=False),
    Column("by", String(32), nullable=False),
    Column("reason", Text),
    Column("until", String(32)),
)

snapshots = Table(
    "snapshots",
    metadata,
    Column("fingerprint", String(32), primary_key=True),
    Column("shown_at", String(32), nullable=False),
    Column("document", Text, nullable=False),
)

# Entries are only ever added, and triggers see to that: ``audit_guard``.
audit = Table(
    "audit",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("at", String(32), nullable=False),
    Column("change_id", String(32)),
    Column("group_id", String(64)),
    Column("document", Text, nullable=False),
    # Two entries can't continue the same one.
    Column("prev", String(64), nullable=False, unique=True),
    Column("hash", String(64), nullable=False, unique=True),
    Index("audit_of_change", "change_id"),
)

# One row: whoever adds an entry locks it first, so that they come one after the other.
audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("n", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
)

# The head of the chain that is posted in the channel, once a day (UTC).
audit_witness = Table(
    "audit_witness",
    metadata,
    Column("day", String(10), primary_key=True),
    Column("n", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("at", String(32), nullable=False),
    Column("posting_since", String(32)),
    Column("posted_at", String(32)),
    Column("address", Text),
)
