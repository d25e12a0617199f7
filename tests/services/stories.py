"""Which promises of a state machine are broken after a story that was told by hand."""

from collections.abc import Callable

from hypothesis.stateful import INVARIANT_MARKER, RuleBasedStateMachine


def broken(machine: RuleBasedStateMachine) -> list[str]:
    """The names of the promises that do not hold as things stand."""
    kind = type(machine)
    promises = [name for name in dir(kind) if hasattr(getattr(kind, name), INVARIANT_MARKER)]
    assert promises
    return [name for name in promises if not _kept(getattr(machine, name))]


def _kept(promise: Callable[[], None]) -> bool:
    try:
        promise()
    except AssertionError:
        return False
    return True
