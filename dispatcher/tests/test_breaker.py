"""When an action fails again and again it is left alone for a while (B3, S154)."""

from jeeves_dispatcher.breaker import FAILURES, LONGEST, REST, Breaker
from support.clock import FakeClock


def opened(clock: FakeClock) -> Breaker:
    breaker = Breaker(clock)
    for _ in range(FAILURES):
        assert breaker.allows()
        breaker.failed()
    return breaker


async def test_it_opens_after_five_failures_in_a_row_and_lets_one_try_after_its_rest() -> None:
    clock = FakeClock()
    breaker = opened(clock)
    assert breaker.state == "open"
    assert not breaker.allows()
    await clock.advance(REST)
    assert [breaker.allows(), breaker.allows()] == [True, False]
    breaker.succeeded()
    assert breaker.state == "closed"
    assert breaker.allows()


async def test_a_success_in_between_starts_the_count_again() -> None:
    breaker = Breaker(FakeClock())
    for _ in range(FAILURES - 1):
        breaker.failed()
    breaker.succeeded()
    breaker.failed()
    assert breaker.state == "closed"


async def test_each_try_that_fails_doubles_the_rest_up_to_its_longest() -> None:
    clock = FakeClock()
    breaker = opened(clock)
    rest = REST
    for _ in range(8):
        await clock.advance(rest - 0.1)
        assert not breaker.allows()
        await clock.advance(0.1)
        assert breaker.allows()
        breaker.failed()
        rest = min(rest * 2, LONGEST)


async def test_a_call_that_was_not_made_after_all_lets_the_next_one_try() -> None:
    clock = FakeClock()
    breaker = opened(clock)
    await clock.advance(REST)
    assert breaker.allows()
    breaker.unknown()
    assert breaker.allows()
