"""The bugs: whatever would let the bot lose a change, make one twice, or make one it may not.

Each is what somebody in a hurry might write. The texts are copied from the product, so whoever
changes those words there is told so by ``test_bugs`` and looks here.
"""

from tests.planted.bug import Bug
from tests.planted.bugs_audit import BUGS_OF_THE_RECORD
from tests.planted.bugs_people import BUGS_BETWEEN_PEOPLE
from tests.planted.bugs_wire import BUGS_ON_THE_WIRE

CHANGES = "services/change_service.py"
GUARD = "services/guard.py"
STORED = "store/changes.py"

BUGS_OF_CHANGES = (
    Bug(
        "sent again after a restart",
        CHANGES,
        "            return self._look(record, look)\n",
        "            return self._carry(record, now + self._pace.first_word)\n",
        "tests/services/test_runner.py"
        "::test_a_write_that_a_dead_process_may_have_sent_is_settled_by_reading",
    ),
    Bug(
        "sent before it is recorded",
        CHANGES,
        """\
        try:
            card = self._clock() + timedelta(seconds=self._pace.card)
            self._ledger.take(sending, {Kind.CARD: card}, clear.last_sent_at, clear.force)
        except GroupHeld as held:
            return self._busy(record, held.holder, group)
        except Forestalled:
            return self.run(record)  # looked at again, so that the rule which stands now is named
        if self._short(until, term):
            # The database took so long; the record says "sending", so it is told what became of it.
            return self._unsent(sending, State.FAILED)
        return self._carry(sending, until, term)
""",
        """\
        problem = self._write(sending, until)
        self._ledger.take(sending, {}, clear.last_sent_at, clear.force)
        now = self._timer.monotonic()
        look = Look(now, problem is None, until, term, problem)
        return self._look(sending, look)
""",
        "tests/services/test_change_service.py::test_the_record_is_stored_before_the_write",
    ),
    Bug(
        "no settle time before nothing changed is said",
        "services/settling.py",
        "if verdict is Verdict.NOT_APPLIED and settled:",
        "if verdict is Verdict.NOT_APPLIED:",
        "tests/services/test_change_outcomes.py"
        "::test_not_applied_is_said_only_after_the_settle_time",
    ),
    Bug(
        "a stale preview is applied",
        GUARD,
        "if request.seen is not None and request.seen != fingerprint(group):",
        "if request.seen is not None and not fingerprint(group):",
        "tests/services/test_change_service.py"
        "::test_a_group_that_changed_since_it_was_shown_is_left_alone",
    ),
    Bug(
        "an undo is not blocked by a change in between",
        "services/previews.py",
        "            seen=self._ledger.keep(left),\n",
        "            seen=None,\n",
        "tests/services/test_undo.py::test_a_change_in_between_blocks_it",
    ),
    Bug(
        "a change that stopped halfway goes on by itself after a restart",
        CHANGES,
        "            return self._look(record, look)\n",
        """\
            look.until = now + self._pace.first_word
            found = self._look(record, look)
            opened = found is not None and len(found.written) > len(record.written)
            return self._carry(found, look.until) if found and opened else found
""",
        "tests/services/test_two_writes_restarts.py"
        "::test_a_new_process_does_not_go_on_whatever_time_is_left",
    ),
    Bug(
        "the hand of somebody else between two writes is written over",
        "services/onward.py",
        "if not same_settings(foreseen, found.after) or len(record.written) >= WRITES_LIMIT:",
        "if len(record.written) >= WRITES_LIMIT:",
        "tests/services/test_two_writes_between.py"
        "::test_after_somebody_elses_change_nothing_more_is_sent",
    ),
    Bug(
        "one press delivered twice is two changes",
        STORED,
        '"key": record.request.key}',
        '"key": f"{record.request.key} {record.id}"}',
        "tests/services/test_ports.py::test_one_key_is_one_change",
    ),
    Bug(
        "a draft that is applied twice is two changes",
        "services/previews.py",
        'key=f"apply:{draft.id}:{seen[:64]}"',
        "key=press.key",
        "tests/handlers/test_buttons.py"
        "::test_preview_then_apply_is_one_change_however_often_it_is_pressed",
    ),
    Bug(
        "two changes hold one group",
        STORED,
        '"holds": record.group_id if record.state in HOLDING else None',
        '"holds": None',
        "tests/services/test_ports.py::test_a_group_has_one_holder",
    ),
    Bug(
        "a change that came and went since the look is overlooked",
        STORED,
        "if now.sent_at != known:",
        "if now.sent_at is None and known is not None:",
        "tests/services/test_ports.py::test_a_change_that_came_and_went_since_the_look_is_named",
    ),
    Bug(
        "the lock is not looked at again when the group is taken",
        STORED,
        """\
            if now.new_force is not None:
                raise Forestalled(record.id)
""",
        "",
        "tests/services/test_ports_forces.py"
        "::test_a_group_is_not_taken_past_what_came_in_force_since_the_look",
    ),
    Bug(
        "a transaction of SQLite begins deferred",
        "store/sqlite.py",
        '        if patience is None:\n            connection.exec_driver_sql("BEGIN IMMEDIATE")\n',
        '        if patience is None:\n            connection.exec_driver_sql("BEGIN")\n',
        "tests/store/test_sqlite.py::test_a_writer_takes_the_lock_before_it_reads",
    ),
    Bug(
        "a commit does not survive power loss",
        "store/sqlite.py",
        '"PRAGMA synchronous=FULL"',
        '"PRAGMA synchronous=OFF"',
        "tests/store/test_sqlite.py::test_every_commit_is_synchronous_and_in_the_log",
    ),
)

BUGS_BETWEEN_INSTANCES = (
    Bug(
        "a lease without fencing",
        STORED,
        'changes.c.version == bindparam("its_version")',
        'changes.c.version >= bindparam("its_version")',
        "tests/services/test_ports_instances.py"
        "::test_whoever_was_taken_for_dead_changes_nothing_any_more",
    ),
    Bug(
        "no look at its own lease before a write",
        CHANGES,
        "return left < self._pace.least or term is None or self._ledger.term() != term",
        "return left < self._pace.least",
        "tests/services/test_several_instances.py"
        "::test_one_that_wakes_with_the_group_in_its_hand_sends_nothing",
    ),
    Bug(
        "a write is begun in a later term than the one in which its group was taken",
        CHANGES,
        "return left < self._pace.least or term is None or self._ledger.term() != term",
        "return left < self._pace.least or self._ledger.term() is None",
        "tests/services/test_several_instances.py"
        "::test_one_that_renewed_its_lease_after_a_freeze_sends_nothing",
    ),
    Bug(
        "the living lease of a neighbour is taken over",
        "store/instances.py",
        "and_(holder != me, holder.not_in(LIVING))",
        "holder != me",
        "tests/services/test_ports_instances.py::test_each_instance_sees_to_what_it_stored_last",
    ),
    Bug(
        "an instance relies on its lease to the last moment",
        "store/instances.py",
        "self._until = begun + LEASE_SECONDS - MARGIN_SECONDS",
        "self._until = begun + LEASE_SECONDS",
        "tests/store/test_instances.py::test_it_gives_up_before_others_take_it_for_dead",
    ),
    Bug(
        "on PostgreSQL a lock and a change pass each other by",
        "store/engine.py",
        "lock = func.pg_advisory_xact_lock_shared if shared else func.pg_advisory_xact_lock",
        "lock = func.pg_advisory_xact_lock_shared",
        "tests/store/test_engine.py::test_whoever_asks_for_the_same_key_comes_afterwards",
    ),
    Bug(
        "a message that was taken over meanwhile is sent as well",
        "services/delivery.py",
        "        if not (same_term and self._outbox.mine(notice)):\n",
        "        if not same_term:\n",
        "tests/services/test_delivery_instances.py"
        "::test_one_that_wakes_with_its_lease_renewed_sends_nothing_that_was_taken_over",
    ),
    Bug(
        "a message that another instance may be sending is sent as well",
        "services/delivery.py",
        "        if not (same_term and self._outbox.mine(notice)):\n",
        "        if not self._outbox.mine(notice):\n",
        "tests/services/test_delivery_instances.py"
        "::test_one_that_wakes_with_a_message_in_its_hand_sends_nothing",
    ),
)

BUGS: tuple[Bug, ...] = (
    *BUGS_OF_CHANGES,
    *BUGS_BETWEEN_INSTANCES,
    *BUGS_BETWEEN_PEOPLE,
    *BUGS_OF_THE_RECORD,
    *BUGS_ON_THE_WIRE,
)
