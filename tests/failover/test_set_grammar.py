"""What lines after ``set`` mean."""

import pytest

from failover.change import Configure
from failover.grammar import Ask, Intent, parse, to_text
from failover.model import Mode
from failover.option_grammar import REASON_LIMIT
from failover.roles import Rule

FLAT, PRIORITIZED = Mode.FLAT, Mode.PRIORITIZED


def asked(
    group: str,
    mode: Mode | None = None,
    failback: bool | None = None,
    now: bool = False,
    override: Rule | None = None,
    reason: str | None = None,
) -> Ask:
    return Ask(group, Configure(mode, failback), now, override, reason)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("set g flat", asked("g", FLAT)),
        ("SET g Flat", asked("g", FLAT)),
        ("set g prioritized failback on", asked("g", PRIORITIZED, True)),
        ("set g failback off", asked("g", None, False)),
        ("set g mode=flat failback=off", asked("g", FLAT, False)),
        ("set g MODE=Prioritized FAILBACK=On NOW", asked("g", PRIORITIZED, True, True)),
        ("set g mode flat", asked("g", FLAT)),
        ("set g now failback on prioritized", asked("g", PRIORITIZED, True, True)),
        (
            "set g override Freeze flat now because fire",
            asked("g", FLAT, None, True, Rule.FREEZE, "fire"),
        ),
        ("set g override=lock flat because x", asked("g", FLAT, None, False, Rule.LOCK, "x")),
        ("set “NBA Finals” flat", asked("NBA Finals", FLAT)),
        ("set „NBA Finals“ flat", asked("NBA Finals", FLAT)),
        (r'set "the \"A\" team" flat', asked('the "A" team', FLAT)),
        ('set "now because flat" prioritized', asked("now because flat", PRIORITIZED)),
        ('set "flat" flat', asked("flat", FLAT)),
        ("set status flat", asked("status", FLAT)),
        ("set <#C1|my room> flat", asked("<#C1|my room>", FLAT)),
        ("set sports-* flat", asked("sports-*", FLAT)),
        ("set\u3000g\u2003flat\u200bnow", asked("g", FLAT, None, True)),
    ],
)
def test_lines_that_change_something(text: str, intent: Intent) -> None:
    assert parse(text) == intent


@pytest.mark.parametrize(
    ("tail", "reason"),
    [
        ("because rehearsal", "rehearsal"),
        ("BECAUSE  two  spaces \n", "two  spaces"),
        ("because first\nsecond", "first\nsecond"),
        ('because "half a quote', '"half a quote'),
        ("because now override freeze flat", "now override freeze flat"),
        ("because <@U1|me> & <!channel> said \\ so", "<@U1|me> & <!channel> said \\ so"),
        ("because because", "because"),
        (f"because {'x' * REASON_LIMIT}", "x" * REASON_LIMIT),
    ],
)
def test_a_reason_is_the_rest_of_the_line_as_typed(tail: str, reason: str) -> None:
    assert parse(f"set g flat {tail}") == asked("g", FLAT, reason=reason)


def test_nothing_to_set_has_no_line() -> None:
    with pytest.raises(ValueError, match="mode, auto failback or both"):
        to_text(asked("g", now=True))
