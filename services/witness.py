"""Posts the head of the audit chain in the channel, once a day where it has moved."""

import logging

from failover.errors import SlackProblem
from failover.witness import Witness
from services.audit_ports import WitnessBoard, Witnesses
from services.ports import Clock

log = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 60.0


class WitnessPosting:
    """One tick: what is due is claimed, looked for if it may be there already, and posted."""

    def __init__(self, witnesses: Witnesses, board: WitnessBoard, clock: Clock) -> None:
        """``clock`` gives UTC."""
        self._witnesses = witnesses
        self._board = board
        self._clock = clock

    def tick(self) -> float:
        """Post what is due; seconds until the next look. Raises LedgerUnavailable."""
        witness = self._witnesses.claim(self._clock())
        if witness is None:
            return LOOK_EVERY_SECONDS
        try:
            address = self._posted(witness)
        except SlackProblem as problem:
            log.warning("the audit head of %s is not posted: %s", witness.day, problem.error)
            # Where Slack may have taken it the claim stays, so that it is looked for first.
            if not (problem.maybe_done or witness.tried):
                self._witnesses.release(witness)
            return max(LOOK_EVERY_SECONDS, problem.retry_after or 0.0)
        self._witnesses.posted(witness, self._clock(), address)
        log.info("the audit head of %s is posted: %d entries", witness.day, witness.head.n)
        return LOOK_EVERY_SECONDS

    def _posted(self, witness: Witness) -> str:
        found = self._board.find(witness) if witness.tried else None
        return found or self._board.post(witness)
