"""The bugs of the audit record: whatever would let it be changed, or lost, unnoticed."""

from tests.planted.bug import Bug

CHAIN = "failover/audit_chain.py"
EVERY_TAMPERING = (
    "tests/services/test_verifying.py"
    "::test_every_tampering_is_found_and_the_first_wrong_entry_named"
)

BUGS_OF_THE_RECORD = (
    Bug(
        "audit chain not walked",
        CHAIN,
        "        if row.prev != prev:\n",
        "        if row.n == 1 and row.prev != prev:\n",
        EVERY_TAMPERING,
    ),
    Bug(
        "what the channel witnessed is not compared",
        CHAIN,
        "        if hashes.get(number, GENESIS) != mark.head.hash:\n",
        "        if number not in hashes:\n",
        EVERY_TAMPERING,
    ),
    Bug(
        "change moved on without its audit entry",
        "store/changes.py",
        "        moved(connection, record, self._clock(), self._database.instance)\n",
        "        moved(connection, record, self._clock(), '') if record.final else None\n",
        "tests/store/test_audit.py::test_a_change_has_its_intent_its_message_and_its_outcome",
    ),
    Bug(
        "audit entries can be changed on SQLite",
        "store/audit_guard.py",
        '    {"sqlite": _SQLITE, ',
        '    {"sqlite": (), ',
        "tests/store/test_audit_guard.py::test_the_database_itself_refuses_to_change_an_entry",
    ),
)
