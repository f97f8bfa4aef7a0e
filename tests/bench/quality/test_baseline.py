"""The quality of our engine does not fall."""

from bench.quality.baseline import TOLERANCE, read_baseline
from bench.quality.measures import MEASURES, mean, score
from bench.quality.queries import load_queries
from bench.quality.rankers.ours import open_ours, rank_with
from search_index import ListingDocument


def test_ranking_is_as_good_as_recorded(documents: list[ListingDocument]) -> None:
    with open_ours("memory", documents) as index:
        scores = score(rank_with(index), load_queries("report"))
    reached = mean(MEASURES["nDCG@10"], scores)
    assert reached >= read_baseline() - TOLERANCE, (
        f"nDCG@10 fell to {reached:.4f} from {read_baseline():.4f}; see bench/quality/README.md"
    )
