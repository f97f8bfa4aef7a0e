"""The measures against numbers worked out by hand."""

from math import log2

import pytest

from bench.quality.metrics import ndcg, paired_difference, recall, reciprocal_rank

GRADES = {"a": 3, "b": 2, "c": 1}


def test_best_order_has_ndcg_one() -> None:
    assert ndcg(["a", "b", "c"], GRADES) == 1


def test_ndcg_discounts_by_rank_and_gains_by_grade() -> None:
    # Found: nothing, then grade 1, then grade 3. Ideal: gains 7, 3, 1.
    found = 0 / log2(2) + 1 / log2(3) + 7 / log2(4)
    ideal = 7 / log2(2) + 3 / log2(3) + 1 / log2(4)
    assert ndcg(["x", "c", "a"], GRADES) == pytest.approx(found / ideal)


def test_ndcg_looks_at_ten_ranks_only() -> None:
    assert ndcg([*"0123456789", "a"], GRADES) == 0


def test_ideal_counts_ten_of_many_judged() -> None:
    grades = {str(number): 2 for number in range(30)}
    assert ndcg([str(number) for number in range(20, 30)], grades) == pytest.approx(1)


def test_ndcg_refuses_a_query_without_judgements() -> None:
    with pytest.raises(ValueError, match="without a judged"):
        ndcg(["a"], {})


def test_reciprocal_rank_skips_what_is_only_related() -> None:
    assert reciprocal_rank(["c", "x", "b", "a"], GRADES) == pytest.approx(1 / 3)


def test_reciprocal_rank_is_zero_beyond_ten() -> None:
    assert reciprocal_rank([*"0123456789", "a"], GRADES) == 0


def test_recall_is_the_share_of_judged_among_ten() -> None:
    assert recall(["c", "x", "a"], GRADES) == pytest.approx(2 / 3)


def test_equal_engines_do_not_differ() -> None:
    difference = paired_difference([0.5, 0.7, 0.2], [0.5, 0.7, 0.2])
    assert (difference.mean, difference.low, difference.high) == (0, 0, 0)
    assert not difference.is_ahead


def test_steady_lead_is_ahead() -> None:
    difference = paired_difference([0.6, 0.8, 0.4, 1.0], [0.5, 0.7, 0.3, 0.9])
    assert difference.mean == pytest.approx(0.1)
    assert difference.is_ahead


def test_lead_on_one_query_of_many_is_not_sure() -> None:
    difference = paired_difference([1.0] + [0.5] * 9, [0.0] + [0.5] * 9)
    assert difference.mean == pytest.approx(0.1)
    # Of ten draws from ten, none is the one query that differs in (9/10)^10 = 35 % of cases.
    assert difference.low == 0
    # At most three of ten draws hold it in 98.7 % of cases, at most two in 93.0 %.
    assert difference.high == pytest.approx(0.3)
    assert not difference.is_ahead


def test_bootstrap_repeats_itself() -> None:
    ours, theirs = [0.9, 0.2, 0.6, 0.4], [0.3, 0.4, 0.5, 0.1]
    assert paired_difference(ours, theirs) == paired_difference(ours, theirs)


def test_engines_are_compared_on_the_same_queries_only() -> None:
    with pytest.raises(ValueError, match="same queries"):
        paired_difference([0.5], [0.5, 0.6])
    with pytest.raises(ValueError, match="at least one"):
        paired_difference([], [])
