"""The table and its verdicts."""

from bench.table import Row, Verdict, at_least, at_most, drawn


def test_a_limit_is_kept_up_to_and_with_itself() -> None:
    assert [at_most(value, 1.5) for value in (1.4, 1.5, 1.6)] == [
        Verdict.OK, Verdict.OK, Verdict.MISSED
    ]  # fmt: skip
    assert [at_least(value, 0.7) for value in (0.6, 0.7, 0.8)] == [
        Verdict.MISSED, Verdict.OK, Verdict.OK
    ]  # fmt: skip


def test_the_columns_stand_under_their_headings() -> None:
    rows = [
        Row("a path", "1.00 ms", "2.00 ms", "0.50", "<= 1.5", Verdict.OK),
        Row("a much longer path", "3.00 ms", "", "3", "", Verdict.NOTED),
    ]
    assert drawn(rows).splitlines() == [
        "path                bot      floor    result  goal",
        "-" * 56,
        "a path              1.00 ms  2.00 ms  0.50    <= 1.5  OK",
        "a much longer path  3.00 ms           3",
    ]
