"""How much is measured is told by the environment."""

import pytest

from bench.sizes import Sizes


def test_sizes_have_defaults_and_are_read_by_their_names() -> None:
    assert Sizes.of({}) == Sizes()
    assert Sizes.of({"BENCH_ROUNDS": "5", "BENCH_SECONDS": "0.5", "OTHER": "x"}) == Sizes(rounds=5, seconds=0.5)


@pytest.mark.parametrize("value", ["0", "-1", "many", "1.5"])
def test_a_size_that_is_none_is_named(value: str) -> None:
    with pytest.raises(ValueError, match="BENCH_ROUNDS"):
        Sizes.of({"BENCH_ROUNDS": value})
