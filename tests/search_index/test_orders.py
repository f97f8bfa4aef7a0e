"""Orders show their beginning without being sorted as a whole."""

import numpy as np
import pytest

from search_index.sets.orders import Order

_SIZE = 10_000


@pytest.fixture(scope="module")
def order() -> Order:
    """Many documents of few keys."""
    random = np.random.default_rng(3)
    return Order(random.integers(0, 50, _SIZE), random.permutation(_SIZE).take)


@pytest.fixture(scope="module")
def in_order(order: Order) -> list[int]:
    return order.first_in(np.ones(_SIZE, bool), _SIZE).tolist()


def test_whole_order_goes_by_key_and_then_by_id() -> None:
    order = Order(np.array([2, 1, 2, 0]), np.array([1, 0, 0, 2]).take)
    assert order.first_in(np.ones(4, bool), 4).tolist() == [3, 1, 2, 0]


@pytest.mark.parametrize("every", [1, 7, 900, 6000])
@pytest.mark.parametrize("limit", [0, 1, 20, 400, _SIZE])
def test_first_of_any_documents_are_those_of_the_whole_order(
    order: Order, in_order: list[int], every: int, limit: int
) -> None:
    assert sorted(in_order) == list(range(_SIZE))
    documents = np.arange(every - 1, _SIZE, every)
    expected = [document for document in in_order if document in set(documents.tolist())][:limit]

    found = np.zeros(_SIZE, bool)
    found[documents] = True
    assert order.first_in(found, limit).tolist() == expected
    assert documents[order.first_of(documents, limit)].tolist() == expected


def test_documents_late_in_the_order_are_found(order: Order, in_order: list[int]) -> None:
    found = np.zeros(_SIZE, bool)
    found[in_order[-30:]] = True
    assert order.first_in(found, 20).tolist() == in_order[-30:-10]
