"""What is done to the audit record behind the bot's back: refused, or found and named."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing

from .conftest import Scene
from .record import executes, kept, types_in, verifies

CHANGE = "/failover set nba prioritized now because rehearsal"
VERIFIED = "applied and verified"


def test_without_an_entry_nothing_is_sent(http: Scene) -> None:
    executes(
        http,
        "CREATE TRIGGER no BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'disk full'); END",
    )
    for person in (http.operator, http.viewer):
        for line in (CHANGE, "/failover slate nba on now", "/failover lock nba because mine"):
            person.types(line)
            assert "without a record nothing is sent" in http.told(person)
            person.reloads()
    http.viewer.types("/failover set nba prioritized")
    http.hears(http.viewer, "without a record nothing is sent")
    assert http.attempts() == 0
    assert http.cards == []
    executes(http, "DROP TRIGGER no")
    http.operator.types("/failover set nba prioritized now because again")
    http.shows(VERIFIED)
    verifies(http)


OPEN_DOOR = (
    "DROP TRIGGER audit_keeps_update",
    "DROP TRIGGER audit_keeps_delete",
    "DROP TRIGGER audit_keeps_replace",
)
TAMPERED: Mapping[str, tuple[str, str]] = {
    "edit": ("UPDATE audit SET document = replace(document, 'U0OPERATOR', 'U0ADMIN')", "entry 1:"),
    "delete": ("DELETE FROM audit WHERE n = 2", "entry 2:"),
    "head": ("UPDATE audit_head SET n = n - 1", "entry 4:"),
}


def lives_on_from_yesterday(scene: Scene) -> None:
    """From now on the last head was posted a day ago, so that the next is due."""
    executes(
        scene,
        "INSERT INTO audit_witness SELECT '2020-01-01', 0, hash, '2020-01-01T00:00:00.000000Z',"
        " NULL, '2020-01-01T00:00:00.000000Z', '[\"C0BEFORE\",\"1.2\"]'"
        " FROM audit WHERE n = 1",
    )


def test_tampering_is_found_and_named(http: Scene) -> None:
    http.operator.types(CHANGE)
    http.shows(VERIFIED)
    http.waits(lambda: kept(http) == 4)
    http.bot.stop()
    path = http.rig.folder / "failover.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = path.read_bytes()
    for statement, named in TAMPERED.values():
        executes(http, *OPEN_DOOR, statement)
        done = types_in(http, "verify")
        assert done.returncode == 1, statement
        assert f"BROKEN at {named}" in done.stdout, statement
        assert "What to do: " in done.stdout
        path.with_name("failover.db-wal").unlink(missing_ok=True)
        path.with_name("failover.db-shm").unlink(missing_ok=True)
        path.write_bytes(whole)


def test_the_channel_is_a_witness(http: Scene) -> None:
    http.operator.types(CHANGE)
    http.shows(VERIFIED)
    http.waits(lambda: kept(http) == 4)
    first = types_in(http, "verify", "--witness")
    assert first.returncode == 0
    assert "holds no head yet" in first.stdout
    http.bot.stop()
    lives_on_from_yesterday(http)
    http.rig.start_bot()
    http.waits(lambda: any("Audit record: 4 entries" in one for one in http.cards))
    http.waits(lambda: "the audit head of" in http.bot.log)
    http.operator.types("/failover set nba flat now")
    http.waits(lambda: any("@Operator" in one and "flat" in one for one in http.cards[1:]))
    http.waits(lambda: kept(http) == 8)
    done = types_in(http, "verify", "--witness")
    assert done.returncode == 0, done.stdout
    assert "holds 1 head (among " in done.stdout
    assert "1 of them agree. The newest was posted " in done.stdout
    http.bot.stop()
    assert len([one for one in http.cards if "Audit record" in one]) == 1

    executes(
        http,
        *OPEN_DOOR,
        "DELETE FROM audit WHERE n > 2",
        "UPDATE audit_head SET n = 2, hash = (SELECT hash FROM audit WHERE n = 2)",
    )
    cut = types_in(http, "verify", "--witness")
    assert cut.returncode == 1
    assert "BROKEN at entry 3: it is not there, although the channel holds" in cut.stdout

    http.slack.stop()
    deaf = types_in(http, "verify", "--witness")
    assert deaf.returncode == 1
    assert "NOT COMPARED with the channel: Slack could not be read" in deaf.stdout
