"""What every engine keeps: the answers of a brute force, and commits that are all or nothing."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search_index import (
    IndexLockedError,
    ListingDocument,
    SearchIndex,
    SearchQuery,
    Sort,
    StatusPeriod,
)
from tests.search_index import brute_force
from tests.search_index.examples import (
    FIXED,
    TEXTS,
    TODAY,
    document,
    documents,
    fill,
    find,
    libraries,
    queries,
)


@FIXED
@given(library=libraries(), asked=st.lists(queries(TEXTS), min_size=4, max_size=4))
def test_search_equals_brute_force(
    index: SearchIndex, library: list[ListingDocument], asked: list[SearchQuery]
) -> None:
    fill(index, library)
    for query in asked:
        unfiltered = SearchQuery(query.on, query.text, include_closed=True, limit=1000)
        everything = [hit.id for hit in index.search(unfiltered).hits]
        expected = brute_force.search(library, query, further=everything)
        results = index.search(query)
        if expected is None:
            assert results.interpretation.relaxed or not results.total
            continue
        ids = [hit.id for hit in results.hits]
        strict, further = ids[: len(expected.ids)], ids[len(expected.ids) :]
        if query.sort is Sort.RELEVANCE and any(hit.score for hit in results.hits):
            assert sorted(strict) == sorted(expected.ids)
            assert sorted(further) == sorted(expected.further)
        else:
            assert strict == expected.ids
            assert further == expected.further
        assert results.interpretation.strict_total in (None, len(expected.ids))
        assert results.interpretation.strict_total is not None or not further
        assert results.interpretation.relaxed == bool(further and not strict)
        assert results.total == len(ids)
        assert results.facets == expected.facets
        assert results.amount_unknown == expected.amount_unknown


@FIXED
@given(library=libraries(), query=queries(TEXTS))
def test_pages_are_slices_of_one_order(
    index: SearchIndex, library: list[ListingDocument], query: SearchQuery
) -> None:
    fill(index, library)
    whole = index.search(query)
    pages = [index.search(replace(query, offset=at, limit=3)) for at in range(0, 12, 3)]
    assert tuple(hit for page in pages for hit in page.hits) == whole.hits
    assert {page.total for page in pages} == {whole.total}


def test_pages_of_many_hits_are_slices_of_one_order(index: SearchIndex) -> None:
    """Few hits among many documents are narrowed and ordered in another way than many hits."""
    statuses = ("open", "unknown", "closed")
    held = [
        document(
            f"d{number:04}",
            "融資" * (number % 31 == 0),
            body="補助 " * (number % 7) + "相談",
            periods=(
                StatusPeriod(
                    date.min,
                    statuses[number % 3],
                    closes_on=TODAY + timedelta(days=number * 37 % 500),
                ),
            ),
            codes={"kind": ("odd" if number % 2 else "even",)},
            published_at=number * 7919 % 1000,
        )
        for number in range(1500)
    ]
    fill(index, held)
    odd = {each.id for each in held if each.codes["kind"] == ("odd",)}
    for text, sort in product(("融資 相談", "相談", "補助", ""), Sort):
        for filters, passing in (({}, {each.id for each in held}), ({"kind": ("odd",)}, odd)):
            query = SearchQuery(
                on=TODAY, text=text, sort=sort, filters=filters, include_closed=True, limit=1500
            )
            whole = index.search(query)
            assert {hit.id for hit in whole.hits} == passing & {
                each.id
                for each in held
                if all(word in each.title + each.body for word in text.split())
            }
            for offset in (0, 20, 60):
                page = index.search(replace(query, offset=offset, limit=20))
                assert page.hits == whole.hits[offset : offset + 20]


@settings(FIXED, max_examples=40)
@given(
    library=libraries(),
    batches=st.lists(
        st.lists(
            documents(st.integers(0, 9).map("L{:02}".format))
            | st.integers(0, 9).map("L{:02}".format),
            max_size=4,
        ),
        max_size=4,
    ),
    query=queries(TEXTS),
)
def test_changed_index_equals_rebuilt_one(
    index: SearchIndex,
    library: list[ListingDocument],
    batches: list[list[ListingDocument | str]],
    query: SearchQuery,
) -> None:
    fill(index, library)
    current = {each.id: each for each in library}
    for seq, batch in enumerate(batches, start=2):
        with index.writer(timeout=1) as writer:
            for change in batch:
                if isinstance(change, str):
                    writer.delete(change)
                    current.pop(change, None)
                else:
                    writer.upsert(change)
                    current[change.id] = change
            writer.commit(seq=seq)
    changed = index.search(query)
    assert index.revisions() == {each.id: each.revision for each in current.values()}
    assert index.applied_seq() == 1 + len(batches)
    fill(index, current.values())
    assert index.search(query) == changed


@settings(FIXED, max_examples=60)
@given(
    library=libraries(),
    gone=st.sets(st.integers(0, 9)),
    asked=st.lists(queries(TEXTS), min_size=3, max_size=3),
)
def test_deleted_documents_are_never_found_counted_or_proposed(
    index: SearchIndex,
    library: list[ListingDocument],
    gone: set[int],
    asked: list[SearchQuery],
) -> None:
    deleted = [each for at, each in enumerate(library) if at in gone]
    kept = {each.id for each in library} - {each.id for each in deleted}
    # A title of its own, so that completing it would name the document.
    fill(index, [replace(each, title=f"{each.title}{each.id}号") for each in library])
    with index.writer(timeout=1) as writer:
        for each in deleted:
            writer.delete(each.id)
        writer.commit(seq=2)
    assert index.revisions().keys() == kept
    for each in deleted:
        assert each.id not in {hit.id for hit in index.search(SearchQuery(TODAY, each.id)).hits}
        assert not index.complete(f"{each.title}{each.id}号")
    for query in asked:
        results = index.search(query)
        assert {hit.id for hit in results.hits} <= kept
        counts = [count for codes in results.facets.values() for count in codes.values()]
        assert max(counts, default=0) <= len(kept)


def test_uncommitted_changes_are_dropped(index: SearchIndex) -> None:
    fill(index, [document("a", "創業")], seq=7)
    with index.writer(timeout=1) as writer:
        writer.upsert(document("b", "創業"))
        writer.delete("a")
        assert find(index, "創業") == ["a"]
    assert find(index, "創業") == ["a"]
    assert index.applied_seq() == 7


def test_error_in_a_writer_drops_changes_and_lets_the_next_one_in(index: SearchIndex) -> None:
    def fail_halfway() -> None:
        with index.writer(timeout=1) as writer:
            writer.upsert(document("a", "創業"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_halfway()
    with index.writer(timeout=0) as writer:
        writer.commit(seq=3)
    assert find(index) == []
    assert index.applied_seq() == 3


def test_writer_reads_the_seq_of_the_last_commit(index: SearchIndex) -> None:
    with index.writer(timeout=1) as writer:
        assert writer.applied_seq == 0
        writer.commit(seq=41)
        assert writer.applied_seq == 41
    with index.writer(timeout=1) as writer:
        assert writer.applied_seq == 41


def test_second_writer_is_locked_out(index: SearchIndex) -> None:
    with index.writer(timeout=1), pytest.raises(IndexLockedError), index.writer(timeout=0.05):
        pytest.fail("two writers at once")


def test_second_rebuild_is_locked_out_and_the_first_succeeds(index: SearchIndex) -> None:
    def rebuild_within_rebuild(done: int) -> None:
        with pytest.raises(IndexLockedError):
            index.rebuild([], seq=9)

    assert index.rebuild([document("a")], seq=2, on_progress=rebuild_within_rebuild) == 1
    assert find(index) == ["a"]
    assert index.applied_seq() == 2


def test_failed_rebuild_leaves_the_old_index(index: SearchIndex) -> None:
    def failing():
        yield document("b")
        raise ZeroDivisionError

    fill(index, [document("a")], seq=5)
    with pytest.raises(ZeroDivisionError):
        index.rebuild(failing(), seq=6)
    assert find(index) == ["a"]
    assert index.applied_seq() == 5
    assert index.rebuild([document("c")], seq=7) == 1


def test_changes_may_be_committed_while_a_rebuild_runs(index: SearchIndex) -> None:
    def commit_one(done: int) -> None:
        with index.writer(timeout=1) as writer:
            writer.upsert(document("late"))
            writer.commit(seq=3)
        assert find(index) == ["late"]

    index.rebuild([document("a")], seq=2, on_progress=commit_one)
    assert find(index) == ["a"]
    assert index.applied_seq() == 2


def test_searches_go_on_in_threads_while_commits_happen(index: SearchIndex) -> None:
    batches = [[document(f"{batch}{number}", "創業") for number in range(3)] for batch in range(8)]
    done = threading.Event()

    def watch() -> list[int]:
        totals = []
        while not done.is_set():
            totals.append(index.search(SearchQuery(on=TODAY, text="創業")).total)
        return totals

    with ThreadPoolExecutor(4) as pool:
        watchers = [pool.submit(watch) for _ in range(4)]
        for seq, batch in enumerate(batches, start=1):
            with index.writer(timeout=1) as writer:
                for each in batch:
                    writer.upsert(each)
                writer.commit(seq=seq)
        done.set()
    for watcher in watchers:
        totals = watcher.result()
        assert totals == sorted(totals)
        assert all(total % len(batches[0]) == 0 for total in totals)
    assert len(find(index, "創業")) == 24


@FIXED
@given(
    text=st.text(max_size=40)
    | st.text("じぎょうけいー承継jigyoun'5r令和年度がを", max_size=40)
    | st.text(alphabet='"「」-－ 　りんご補助ab*:()\n\x00', max_size=20)
)
def test_any_text_is_legal(index: SearchIndex, text: str) -> None:
    if not index.revisions():
        fill(index, [document("a", "りんごの補助"), document("b", "dx")])
    results = index.search(SearchQuery(on=TODAY, text=text, sort=Sort.RELEVANCE))
    assert results.total == len(results.hits)
    results.highlighter.spans("りんごの補助")


def test_equal_relevance_is_ordered_by_status_and_id(index: SearchIndex) -> None:
    statuses = {"a": "closed", "d": "open", "c": "unknown", "b": "open"}
    fill(
        index,
        [
            replace(
                document(id_, "創業"),
                periods=(replace(document(id_).periods[0], status=status),),
            )
            for id_, status in statuses.items()
        ],
    )
    assert find(index, "創業", sort=Sort.RELEVANCE, include_closed=True) == ["b", "d", "c", "a"]


def test_what_is_current_comes_before_what_nobody_confirmed_of_about_the_same_relevance(
    index: SearchIndex,
) -> None:
    def like(id_: str, status: str, body: str, **values: object) -> ListingDocument:
        period = replace(document(id_).periods[0], status=status)
        return replace(document(id_, body=body), periods=(period,), **values)

    yesterday = TODAY - timedelta(days=1)
    fill(
        index,
        [
            like("a", "always", "創業、創業", last_known_on=yesterday),
            like("b", "unknown", "創業、創業、創業"),
            like("c", "open", "創業、相談"),
            like("d", "always", "創業、相談", last_known_on=TODAY),
            like("e", "open", "相談、" * 2000 + "創業"),
            document("f", "販路"),
        ],
    )
    assert find(index, "創業", sort=Sort.RELEVANCE) == ["c", "d", "b", "a", "e"]


@pytest.mark.parametrize(
    ("stronger", "weaker"),
    [
        ({"title": "創業"}, {"summary": "創業"}),
        ({"keywords": ("創業",)}, {"body": "創業"}),
        ({"body": "創業、創業、相談"}, {"body": "創業、融資、相談"}),
        ({"body": "創業"}, {"body": "創業、融資、相談、販路"}),
    ],
)
def test_relevance_prefers(
    index: SearchIndex, stronger: dict[str, object], weaker: dict[str, object]
) -> None:
    # The stronger document comes last by id, so that only relevance can bring it to the front.
    fill(index, [document("a", **weaker), document("b", **stronger), document("c", "販路")])
    assert find(index, "創業", sort=Sort.RELEVANCE) == ["b", "a"]


def test_commit_id_is_another_after_every_commit_and_rebuild(index: SearchIndex) -> None:
    seen = [index.commit_id()]
    with index.writer(timeout=1) as writer:
        writer.upsert(document("L000001"))
        assert index.commit_id() == seen[0]
        writer.commit(seq=1)
        seen.append(index.commit_id())
        writer.commit(seq=2)
        seen.append(index.commit_id())
    index.rebuild([document("L000001")], seq=2)
    seen.append(index.commit_id())
    assert len(set(seen)) == 4
    assert index.commit_id() == seen[-1]


def test_check_finds_no_fault_with_what_was_written(index: SearchIndex) -> None:
    index.check()
    fill(index, [document("L000001", "看板")])
    index.check()
