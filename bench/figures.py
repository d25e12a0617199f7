"""Medians, percentiles and slopes of samples."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """A summary of samples, in their own unit."""

    median: float
    p99: float
    worst: float
    count: int


def summary(samples: Sequence[float]) -> Figure:
    """Summarise at least one sample. Raises ValueError for none."""
    if not samples:
        raise ValueError("no samples")
    return Figure(statistics.median(samples), percentile(samples, 99), max(samples), len(samples))


def percentile(samples: Sequence[float], percent: float) -> float:
    """The smallest sample that at least so many percent of all do not exceed (nearest rank)."""
    if not samples or not 0 < percent <= 100:
        raise ValueError("a percentile needs samples, and a percentage over 0 and up to 100")
    rank = math.ceil(len(samples) * percent / 100)
    return sorted(samples)[rank - 1]


def slope(points: Sequence[tuple[float, float]]) -> float:
    """The slope of the line that fits the points (x, y) best, in units of y per unit of x.

    Raises ValueError for fewer than two different x.
    """
    xs, ys = [x for x, _ in points], [y for _, y in points]
    if len(set(xs)) < 2:
        raise ValueError("a slope needs two different places")
    return statistics.linear_regression(xs, ys).slope
