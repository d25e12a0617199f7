"""Bugs in who may do what, and when."""

from tests.planted.bug import Bug

APPROVALS = "services/approvals.py"

BUGS_BETWEEN_PEOPLE = (
    Bug(
        "the role is looked up in memory before a write",
        "services/change_service.py",
        "record.request, live=True, within=within, approvals=agreed",
        "record.request, live=False, within=within, approvals=agreed",
        "tests/services/test_change_service.py"
        "::test_somebody_who_lost_the_role_since_the_preview_is_refused",
    ),
    Bug(
        "the role is not checked again after the approval",
        "services/guard.py",
        "        stopped = self._role(request, target, span, live=live)\n        if stopped is not",
        "        stopped = None if approvals else self._role(request, target, span, live=live)\n"
        "        if stopped is not",
        "tests/services/test_approved.py"
        "::test_a_requester_who_loses_the_role_after_the_approval_gets_nothing_sent",
    ),
    Bug(
        "somebody approves their own request",
        APPROVALS,
        """\
        if asked_by.user_id == actor.user_id:
            return Decision(Decided.OWN_REQUEST, record)
""",
        "",
        "tests/services/test_approvals_roles.py"
        "::test_a_requester_who_may_approve_still_needs_somebody_else",
    ),
    Bug(
        "one person counts as two",
        APPROVALS,
        "if not declines and any(user == actor.user_id for user, _ in record.approvals):",
        "if declines and any(user == actor.user_id for user, _ in record.approvals):",
        "tests/services/test_approvals_together.py::test_one_person_twice_at_once_counts_once",
    ),
    Bug(
        "anybody approves",
        APPROVALS,
        "        if isinstance(answer, Allowed):\n            return None\n",
        "        if answer is not None:\n            return None\n",
        "tests/services/test_approvals_roles.py"
        "::test_an_approver_who_lost_the_role_since_the_request_decides_nothing",
    ),
    Bug(
        "a request that has run out is approved and sent",
        APPROVALS,
        "return record.state is State.AWAITING and self._desk.clock() < expires_at(record)",
        "return record.state is State.AWAITING",
        "tests/services/test_approvals_in_time.py"
        "::test_its_time_ends_at_the_very_moment_whether_or_not_that_is_noted",
    ),
    Bug(
        "an override needs no admin",
        "services/guard.py",
        "            if not isinstance(answer, Allowed):\n                blocked",
        "            if answer is None:\n                blocked",
        "tests/services/test_approved_rules.py::test_an_operator_cannot_override_the_protection",
    ),
    Bug(
        "what Slack has reported as failed is made all the same",
        "handlers/acceptance.py",
        "            self._services.runner.give_up(record)\n",
        "            self._services.runner.start(record)\n",
        "tests/handlers/test_acceptance.py::test_what_is_stored_too_late_is_ended_and_never_sent",
    ),
)
