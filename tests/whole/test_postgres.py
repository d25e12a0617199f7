"""The real process on PostgreSQL: the main job, and a server that crashes in between."""

from sandbox.uplynk.scenes import NBA_FINALS, SPORTS_WEST
from tests.postgres import Postgres

from .conftest import Scene, Start


def on_postgres(start: Start, url: str) -> Scene:
    # Not there at all: the database's user needs none, but the log must not show one.
    return start(settings={"DATABASE_URL": url.replace("postgres@", "postgres:tell-no-one@")})


def test_a_typed_change_is_made_and_announced(start: Start, postgres_url: str) -> None:
    scene = on_postgres(start, postgres_url)
    scene.operator.types("/failover set nba prioritized now because rehearsal")
    scene.waits(lambda: "applied and verified" in scene.channel)
    scene.hears(scene.operator, "applied and verified")
    assert scene.world.group(NBA_FINALS).mode == "prioritized"
    assert scene.writes() == len(scene.cards) == 1
    assert not (scene.rig.folder / "failover.db").exists()


def test_a_server_that_crashes_is_found_again_without_a_restart(
    start: Start, postgres: Postgres, postgres_url: str
) -> None:
    scene = on_postgres(start, postgres_url)
    scene.operator.types("/failover set nba prioritized now")
    scene.waits(lambda: "applied and verified" in scene.channel)
    postgres.stop()
    try:
        assert scene.bot.get("/readyz")[0] == 503
        scene.operator.types('/failover set "Sports West" flat now')
        scene.waits(lambda: "NOT" in scene.operator.sees() or "not" in scene.operator.sees())
        assert scene.attempts() == 1, "what cannot be recorded is not sent"
    finally:
        postgres.start()
    scene.waits(lambda: scene.bot.get("/readyz")[0] == 200)
    scene.operator.types('/failover set "Sports West" flat now')
    scene.waits(lambda: scene.channel.count("applied and verified") == 2)
    assert scene.world.group(SPORTS_WEST).mode == "flat"
    assert scene.writes() == len(scene.cards) == 2
    assert "tell-no-one" not in scene.bot.log


def test_a_change_under_way_when_the_server_crashes_is_seen_through(
    start: Start, postgres: Postgres, postgres_url: str
) -> None:
    scene = on_postgres(start, postgres_url)

    def crash(stage: object, request: object) -> None:
        if str(stage).endswith("arrived") and getattr(request, "method", "") == "PATCH":
            postgres.stop()
            postgres.start()

    scene.uplynk.hook = crash
    scene.operator.types("/failover set nba prioritized now")
    scene.waits(lambda: "applied and verified" in scene.channel, 30)
    assert scene.writes() == scene.attempts() == len(scene.cards) == 1
