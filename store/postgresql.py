"""PostgreSQL by psycopg 3: READ COMMITTED, every wait bounded, broken connections replaced.

The pool is kept small, since several instances share the server's hundred connections.
"""

from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL

from store import waits

CONNECTING: dict[str, str] = {
    "application_name": "failover",
    "connect_timeout": str(waits.CONNECT_SECONDS),
    "tcp_user_timeout": str(waits.SILENCE_MS),
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "2",
    # Of several hosts the one that takes writes, whichever that is by now.
    "target_session_attrs": "read-write",
}
"""Parameters of libpq, unless the URL says otherwise."""

SESSION = f"""
SELECT set_config('lock_timeout', '{waits.LOCK_MS}', false),
       set_config('statement_timeout', '{waits.STATEMENT_MS}', false),
       set_config('idle_in_transaction_session_timeout', '{waits.IDLE_MS}', false),
       set_config('default_transaction_isolation', 'read committed', false),
       set_config('synchronous_commit',
                  CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on'
                       ELSE current_setting('synchronous_commit') END, false)
"""  # numbers of our own; a commit counts only once it is on disk


def engine(url: URL) -> Engine:
    """The engine of a server; nothing is opened yet."""
    made = create_engine(
        url,
        connect_args={name: value for name, value in CONNECTING.items() if name not in url.query},
        pool_size=8,
        max_overflow=12,
        pool_timeout=waits.LOCK_MS / 1000,
        # A server that was started anew costs whoever comes next nothing but a new connection.
        pool_pre_ping=True,
    )
    event.listen(made, "connect", _on_connect)
    return made


def _on_connect(connection: Any, _: object) -> None:
    connection.execute(SESSION)
    connection.commit()
