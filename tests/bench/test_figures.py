"""Medians, percentiles and slopes."""

import pytest

from bench.figures import percentile, slope, summary


def test_a_summary_holds_the_middle_the_tail_and_the_worst() -> None:
    figure = summary([float(n) for n in range(200, 0, -1)])
    assert (figure.median, figure.p99, figure.worst, figure.count) == (100.5, 198.0, 200.0, 200)


def test_one_sample_is_everything_at_once() -> None:
    figure = summary([3.0])
    assert (figure.median, figure.p99, figure.worst, figure.count) == (3.0, 3.0, 3.0, 1)


def test_nothing_has_no_summary() -> None:
    with pytest.raises(ValueError, match="no samples"):
        summary([])


@pytest.mark.parametrize(
    ("percent", "expected"),
    [(1, 10.0), (25, 10.0), (26, 20.0), (75, 30.0), (76, 40.0), (100, 40.0)],
)
def test_a_percentile_is_one_of_the_samples(percent: float, expected: float) -> None:
    assert percentile([40.0, 10.0, 30.0, 20.0], percent) == expected


@pytest.mark.parametrize(("samples", "percent"), [([], 50), ([1.0], 0), ([1.0], 100.5)])
def test_a_percentile_that_makes_no_sense_is_refused(samples: list[float], percent: float) -> None:
    with pytest.raises(ValueError, match="percentile"):
        percentile(samples, percent)


def test_a_slope_is_found_among_noise() -> None:
    points = [(x / 10, 5 + 2 * x / 10 + (-1) ** x * 0.5) for x in range(100)]
    assert slope(points) == pytest.approx(2, abs=0.02)


def test_what_does_not_grow_has_no_slope() -> None:
    assert slope([(0.0, 7.0), (1.0, 7.0), (2.0, 7.0)]) == 0


@pytest.mark.parametrize("points", [[], [(1.0, 2.0)], [(1.0, 2.0), (1.0, 3.0)]])
def test_one_place_has_no_slope(points: list[tuple[float, float]]) -> None:
    with pytest.raises(ValueError, match="two different places"):
        slope(points)
