"""Threads that work ahead keep the order, and hand on what breaks."""

import time

import pytest

from keras_anchor.data.ahead import ahead, map_ahead


def broken():
    yield from ((1,), (2,))
    raise OSError("torn tape")


def test_items_come_in_order():
    assert list(ahead(range(5))) == [0, 1, 2, 3, 4]


def test_results_come_in_the_order_of_items():
    def later_first(number):
        time.sleep(0.02 if number % 2 == 0 else 0.0)
        return number**2

    numbers = zip(range(20), strict=True)
    assert list(map_ahead(later_first, numbers)) == [n**2 for n in range(20)]


@pytest.mark.parametrize(
    "work", [ahead, lambda items: map_ahead(lambda item: item, items)]
)
def test_what_breaks_breaks_here(work):
    with pytest.raises(OSError, match="torn tape"):
        list(work(broken()))


def test_what_breaks_in_a_thread_breaks_here():
    with pytest.raises(ZeroDivisionError):
        list(map_ahead(lambda number: 1 / number, [(1,), (0,), (2,)]))


def test_no_more_is_taken_than_is_soon_needed():
    taken = []

    def items():
        for number in range(1000):
            taken.append(number)
            yield (number,)

    assert next(map_ahead(lambda number: number, items())) == 0
    assert len(taken) < 100
