"""How long the database may keep somebody waiting. Slack wants its answer within 3 s."""

LOCK_MS = 1200
"""For a lock that another process holds. On SQLite as long again for a turn among our own threads:
both and the work are inside Slack's 3 s.
"""

STATEMENT_MS = 2000
"""PostgreSQL, for a whole statement, its waiting for locks included."""

CONNECT_SECONDS = 2
"""PostgreSQL, for a new connection: the least that libpq takes."""

SILENCE_MS = 900
"""PostgreSQL, for the network to take what was sent: a silent one must be found out before a new
connection is tried.
"""

IDLE_MS = 5000
"""PostgreSQL, for a process that stopped in the middle of a transaction; its locks go then."""

MIGRATION_SECONDS = 30
"""For another process that brings the tables up to date; nobody in Slack waits for that."""
