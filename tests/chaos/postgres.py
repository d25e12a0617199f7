"""The runs that take several instances, on a PostgreSQL that the tests bring along."""

from importlib.util import find_spec

from . import crowd, deliveries, kills
from .figures import Figures

INSTANCES = 3


def runs(seed: int, kill_count: int, seconds: float) -> list[Figures]:
    """Kills, deliveries to two instances, and the crowd on three; a line that says why not."""
    if find_spec("tests.postgres") is None:
        return [Figures("on PostgreSQL", note="NOT RUN: there is no PostgreSQL among the tests")]
    from tests.postgres import Postgres

    server = Postgres()
    try:

        def new(name: str) -> str:
            server.execute(f"CREATE DATABASE {name}")
            return str(server.url(name))

        return [
            kills.run(seed, kill_count, new("kills")),
            deliveries.run(seed, 500, instances=2, database_url=new("deliveries")),
            crowd.run(
                f"crowd, {INSTANCES} instances",
                seed,
                seconds,
                instances=INSTANCES,
                database_url=new("crowd"),
            ),
        ]
    finally:
        server.close()
