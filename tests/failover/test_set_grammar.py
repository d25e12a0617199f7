"""What lines after ``set`` mean."""

import pytest

from failover.grammar import Intent, Set, parse
from failover.model import Mode
from failover.roles import Rule
from failover.set_grammar import REASON_LIMIT

FLAT, PRIORITIZED = Mode.FLAT, Mode.PRIORITIZED


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("set g flat", Set("g", FLAT)),
        ("SET g Flat", Set("g", FLAT)),
        ("set g prioritized failback on", Set("g", PRIORITIZED, True)),
        ("set g failback off", Set("g", None, False)),
        ("set g mode=flat failback=off", Set("g", FLAT, False)),
        ("set g MODE=Prioritized FAILBACK=On NOW", Set("g", PRIORITIZED, True, True)),
        ("set g mode flat", Set("g", FLAT)),
        ("set g now failback on prioritized", Set("g", PRIORITIZED, True, True)),
        (
            "set g override Freeze flat now because fire",
            Set("g", FLAT, None, True, Rule.FREEZE, "fire"),
        ),
        ("set g override=lock flat because x", Set("g", FLAT, None, False, Rule.LOCK, "x")),
        ("set “NBA Finals” flat", Set("NBA Finals", FLAT)),
        ("set „NBA Finals“ flat", Set("NBA Finals", FLAT)),
        (r'set "the \"A\" team" flat', Set('the "A" team', FLAT)),
        ('set "now because flat" prioritized', Set("now because flat", PRIORITIZED)),
        ('set "flat" flat', Set("flat", FLAT)),
        ("set status flat", Set("status", FLAT)),
        ("set <#C1|my room> flat", Set("<#C1|my room>", FLAT)),
        ("set sports-* flat", Set("sports-*", FLAT)),
        ("set\u3000g\u2003flat\u200bnow", Set("g", FLAT, None, True)),
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
    assert parse(f"set g flat {tail}") == Set("g", FLAT, reason=reason)
