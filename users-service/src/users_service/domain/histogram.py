"""How long answers took, in buckets that can be added up: percentiles of any sum of them."""

from collections.abc import Sequence

#: Milliseconds: a bucket holds what took at most as long as its border, and longer than the one before. The last has no border.
BORDERS = (25, 50, 100, 150, 200, 300, 400, 600, 800, 1200, 2000, 4000, 8000, 15_000, 30_000)
SIZE = len(BORDERS) + 1


def percentile(buckets: Sequence[int], slowest_ms: int, part: float) -> int | None:
    """Return within how many milliseconds at least `part` (0 to 1) of all were done: never too few. None of none.

    It is the border of the bucket that the percentile lies in, or the slowest of all where that is less.
    """
    wanted, seen = sum(buckets) * part, 0
    if not wanted:
        return None
    for number, border in zip(buckets, BORDERS, strict=False):
        seen += number
        if seen >= wanted:
            return min(border, slowest_ms)
    return slowest_ms
