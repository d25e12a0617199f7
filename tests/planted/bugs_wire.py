"""Bugs in what is said to Slack and to Uplynk, and in what is taken from them."""

from tests.planted.bug import Bug

DELIVERY = "services/delivery.py"

BUGS_ON_THE_WIRE = (
    Bug(
        "a write to Uplynk is tried again",
        "uplynk/client.py",
        "verdict.of_write(call, self._transport.attempt(call, self._deadline(within)))",
        "verdict.of_write(call, self._answer(call, self._deadline(within)))",
        "tests/uplynk/test_client.py::test_no_write_is_ever_sent_twice",
    ),
    Bug(
        "Uplynk's Retry-After is ignored",
        "uplynk/client.py",
        "wait = max(self._chance.uniform(pause / 2, pause), verdict.asked_to_wait(outcome))",
        "wait = self._chance.uniform(pause / 2, pause)",
        "tests/uplynk/test_client.py::test_a_wait_that_was_asked_for_is_kept",
    ),
    Bug(
        "a call to Uplynk has no deadline as a whole",
        "uplynk/transport.py",
        "        self._watchdog.watch(exchange)\n",
        "",
        "tests/exchange/test_deadline.py::test_a_read_ends_in_time_as_well",
    ),
    Bug(
        "a call to Slack has no deadline as a whole",
        "workspace/client.py",
        "        self._watchdog.watch(exchange)\n",
        "",
        "tests/workspace/test_deadlines.py::test_a_call_ends_in_time[trickles header lines]",
    ),
    Bug(
        "a redirect is followed",
        "workspace/client.py",
        "redirect=False, preload_content=False",
        "redirect=True, retries=1, preload_content=False",
        "tests/workspace/test_deadlines.py::test_no_redirect_is_followed",
    ),
    Bug(
        "a card is posted again without a search",
        DELIVERY,
        """\
            if notice.posting_since is not None:
                address = self._messenger.find_card(record) or address
""",
        "",
        "tests/services/test_delivery_faults.py"
        "::test_a_lost_answer_is_searched_for_and_edited_instead_of_posted_twice",
    ),
    Bug(
        "Slack's Retry-After is ignored",
        DELIVERY,
        "timedelta(seconds=max(_pause(tries), problem.retry_after))",
        "timedelta(seconds=_pause(tries))",
        "tests/services/test_delivery_faults.py"
        "::test_retry_after_is_obeyed_by_every_message_of_the_kind",
    ),
    Bug(
        "the name of a group calls people",
        "blocks/announcement.py",
        'return f"{who} {line(group_name(record))}: {what}{reason}"',
        'return f"{who} {group_name(record)}: {what}{reason}"',
        "tests/blocks/test_every_message.py::test_a_change_in_every_state_for_every_reason",
    ),
    Bug(
        "the time of a signature is not checked",
        "handlers/edge.py",
        """\
        if abs(self._clock() - int(stamp)) > WINDOW_SECONDS:
            raise Refused(401)
""",
        "",
        "tests/handlers/test_edge.py::test_the_window_has_two_sides_and_its_edge_is_inside",
    ),
    Bug(
        "a signature is not compared",
        "handlers/edge.py",
        'if not hmac.compare_digest(wanted.encode(), signature.encode("utf-8", "replace")):',
        "if not signature:",
        "tests/handlers/test_edge.py::test_another_secret_another_body_another_time",
    ),
    Bug(
        "a traceback shows a secret",
        "ops/logs.py",
        'self.error = redactor.redact("\\n".join(filter(None, (trace, stack))))',
        'self.error = "\\n".join(filter(None, (trace, stack)))',
        "tests/ops/test_logs.py::test_a_secret_is_struck_out_in_every_spelling",
    ),
)
