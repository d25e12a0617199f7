"""Every fault of a policy file, named in one line with its table."""

import tomllib

import pytest

from failover.policy import PolicyError, parse


def problems(toml: str) -> tuple[str, ...]:
    with pytest.raises(PolicyError) as caught:
        parse(tomllib.loads(toml), "policy.toml")
    return caught.value.problems


GRANT = '[[grant]]\nrole = "viewer"\nusers = ["U1"]\n'
FREEZE = "[[freeze]]\nfrom = 2026-01-01T00:00:00Z\nuntil = 2026-01-02T00:00:00Z\n"


@pytest.mark.parametrize(
    ("toml", "problem"),
    [
        ("grants = 1", "unknown key `grants`; did you mean `grant`?"),
        ("zzz = 1", "unknown key `zzz`; known here: default_role, grant, protect, freeze,"),
        ("cooldown_seconds = 3", "unknown key `cooldown_seconds`; it belongs under [limits]"),
        ('"a\\nb" = 3', "unknown key `a\\nb`; known here:"),
        ('default_role = "admin"', "`default_role` must be one of viewer, none, not `admin`"),
        ("default_role = 1", "`default_role` must be one of viewer, none, not a whole number"),
        ("grant = 3", "`grant` must be written as [[grant]], once for each"),
        ("[grant]", "`grant` must be written as [[grant]], once for each"),
        ("grant = [1]", "`grant` must be written as [[grant]], once for each"),
        ("[[limits]]", "`limits` must be written as [limits], once"),
    ],
)
def test_faults_at_the_top(toml: str, problem: str) -> None:
    (line,) = problems(toml)
    assert line.startswith(f"policy.toml: {problem}")


@pytest.mark.parametrize(
    ("toml", "problem"),
    [
        (f'{GRANT}user = ["U1"]', "unknown key `user`; did you mean `users`?"),
        (
            f'{GRANT}default_role = "none"',
            "unknown key `default_role`; it belongs at the top of the file, before the first table",
        ),
        ('[[grant]]\nusers = ["U1"]', "`role` is missing"),
        (
            '[[grant]]\nrole = "operater"\nusers = ["U1"]',
            "`role` must be one of viewer, operator, approver, admin, not `operater`; "
            "did you mean `operator`?",
        ),
        (
            '[[grant]]\nrole = "none"\nusers = ["U1"]',
            "`role` must be one of viewer, operator, approver, admin, not `none`",
        ),
        ('[[grant]]\nrole = "admin"', "names nobody: `users` or `usergroups` must hold an ID"),
        (
            '[[grant]]\nrole = "admin"\nusers = []\nusergroups = []',
            "names nobody: `users` or `usergroups` must hold an ID",
        ),
        (
            '[[grant]]\nrole = "admin"\nusers = ["@alice"]',
            "`users` holds `@alice`, which is not a Slack user ID like U0123ABCD",
        ),
        (
            '[[grant]]\nrole = "admin"\nusers = ["S1"]',
            "`users` holds `S1`, which is not a Slack user ID like U0123ABCD",
        ),
        (
            '[[grant]]\nrole = "admin"\nusers = ["U1\\n"]',
            "`users` holds `U1\\n`, which is not a Slack user ID like U0123ABCD",
        ),
        (
            f'{GRANT}usergroups = ["U1"]',
            "`usergroups` holds `U1`, which is not a Slack user group ID like S0456EFGH",
        ),
        ('[[grant]]\nrole = "admin"\nusers = "U1"', "`users` must be a list of texts, not text"),
        (
            '[[grant]]\nrole = "admin"\nusers = ["U1", 2]',
            "`users` must hold texts only, not a whole number",
        ),
        (f"{GRANT}groups = []", "`groups` is empty, so this table would mean nothing"),
        (f'{GRANT}groups = [" "]', "`groups` holds an empty text"),
        (f"{GRANT}groups = true", "`groups` must be a list of texts, not true or false"),
        (
            '[[protect]]\nactions = ["configur"]',
            "`actions` must be one of configure, order, activate, slate, undo, channels, owners, "
            "not `configur`; did you mean `configure`?",
        ),
        (
            '[[protect]]\nactions = ["view"]',
            "`actions` must be one of configure, order, activate, slate, undo, channels, owners, "
            "not `view`",
        ),
        ("[[protect]]\nactions = []", "`actions` is empty, so this table would mean nothing"),
        ('[[protect]]\nrisk = "all"', "`risk` must be one of any, riskier, not `all`"),
        ("[[protect]]\napprovals = 0", "`approvals` must be a whole number from 1 to 10"),
        (
            "[[protect]]\napprovals = true",
            "`approvals` must be a whole number from 1 to 10, not true or false",
        ),
        (
            "[[protect]]\nexpires_minutes = 1.5",
            "`expires_minutes` must be a whole number from 1 to 43200, not a number",
        ),
        (f"{FREEZE}reason = 1", "`reason` must be text, not a whole number"),
        ("[[freeze]]\nfrom = 2026-01-01T00:00:00Z", "`until` is missing"),
        (
            "[[freeze]]\nfrom = 2026-01-01T00:00:00\nuntil = 2026-01-02T00:00:00Z",
            "`from` must be a date and time like 2026-12-31T22:00:00Z, not one without offset",
        ),
        (
            "[[freeze]]\nfrom = 2026-01-01\nuntil = 2026-01-02T00:00:00Z",
            "`from` must be a date and time like 2026-12-31T22:00:00Z, not a date alone",
        ),
        (
            '[[freeze]]\nfrom = 2026-01-01T00:00:00Z\nuntil = "noon"',
            "`until` must be a date and time like 2026-12-31T22:00:00Z, not text",
        ),
        (
            "[[freeze]]\nfrom = 0001-01-01T00:00:00+05:00\nuntil = 2026-01-02T00:00:00Z",
            "`from` is out of range",
        ),
        (
            "[[freeze]]\nfrom = 2026-01-01T00:00:00Z\nuntil = 2026-01-01T01:00:00+01:00",
            "`until` must be later than `from`",
        ),
        ("[[require]]", "requires nothing: give `eligible_slicers`, `mode` or both"),
        (
            "[[require]]\neligible_slicers = 0",
            "`eligible_slicers` must be a whole number from 1 to 1000",
        ),
        (
            '[[require]]\nmode = "priority"',
            "`mode` must be one of flat, prioritized, not `priority`; did you mean `prioritized`?",
        ),
    ],
)
def test_faults_in_a_numbered_table(toml: str, problem: str) -> None:
    (line,) = problems(toml)
    table = toml[: toml.index("]]") + 2]
    assert line == f"policy.toml: {table} number 1: {problem}"


@pytest.mark.parametrize(
    ("value", "ending"),
    [
        ("-1", ""),
        ("86401", ""),
        ("nan", ""),
        ("inf", ""),
        ("false", ", not true or false"),
        ('"10"', ", not text"),
    ],
)
def test_faults_in_the_limits(value: str, ending: str) -> None:
    expected = f"`cooldown_seconds` must be a number from 0 to 86400{ending}"
    assert problems(f"[limits]\ncooldown_seconds = {value}") == (
        f"policy.toml: [limits]: {expected}",
    )


def test_all_faults_are_named_each_with_its_own_table() -> None:
    found = problems(
        f"""
        default_rol = "none"
        {GRANT}
        [[grant]]
        role = "boss"
        user = ["U1"]
        [[require]]
        eligible_slicers = true
        [limits]
        cooldown_seconds = -1
        """
    )
    assert [line.removeprefix("policy.toml: ")[:22] for line in found] == [
        "unknown key `default_r",
        "[[grant]] number 2: un",
        "[[grant]] number 2: na",
        "[[grant]] number 2: `r",
        "[[require]] number 1: ",
        "[limits]: `cooldown_se",
    ]


def test_the_error_shows_a_line_for_each_fault() -> None:
    error = PolicyError(["one", "two"])
    assert (str(error), error.problems) == ("one\ntwo", ("one", "two"))


def test_a_long_wrong_value_is_cut() -> None:
    (line,) = problems(f'default_role = "{"x" * 500}"')
    assert line.endswith(f"not `{'x' * 60}`")
