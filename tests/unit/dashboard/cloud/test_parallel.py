"""Calls side by side that begin only within a given time."""

import threading

import pytest

from dashboard.cloud.parallel import THREADS, each_within
from tests.support.canned import Clock


def test_it_begins_no_call_after_its_time(clock: Clock) -> None:
    begun: list[int] = []
    together = threading.Barrier(THREADS)

    def call(number: int) -> int:
        begun.append(number)
        if number < THREADS:
            # The first ones are on their way at the same time.
            together.wait(10)
            clock.advance(2)
        return number * 10

    assert each_within(2, call, range(100)) == [0, 10, 20, 30]
    assert sorted(begun) == [0, 1, 2, 3]


def test_it_makes_all_calls_if_there_is_time(clock: Clock) -> None:
    def call(number: int) -> int:
        clock.advance(0.01)
        return number

    assert each_within(2, call, range(100)) == list(range(100))


@pytest.mark.parametrize("seconds", [0, -5])
def test_it_begins_the_first_calls_in_any_case(seconds: float) -> None:
    assert each_within(seconds, str, range(100)) == ["0", "1", "2", "3"]


def test_it_completes_all_calls_before_it_raises() -> None:
    ended: list[int] = []

    def call(number: int) -> None:
        if number == 0:
            raise ValueError
        ended.append(number)

    with pytest.raises(ValueError):  # noqa: PT011  # the call's own error, which has no text
        each_within(60, call, range(10))
    assert sorted(ended) == list(range(1, 10))
