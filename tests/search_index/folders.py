"""A Whoosh index on disk, as several processes meet it."""

from pathlib import Path

from search_index import ListingDocument, SearchIndex, open_index
from search_index.storage.whoosh_storage import latest_commit, read_commit
from tests.search_index.examples import document


def at(folder: Path) -> SearchIndex:
    """The index in a folder, as another process opens it."""
    return open_index(f"whoosh:{folder}")


def build(folder: Path) -> SearchIndex:
    """An index of two documents, one of them committed after the rebuild."""
    index = at(folder)
    index.rebuild([document("a", "創業の融資")], seq=1)
    commit(index, document("b", "りんごの販路"), seq=2)
    return index


def commit(index: SearchIndex, *documents: ListingDocument, seq: int) -> None:
    """Put documents in and commit."""
    with index.writer(timeout=1) as writer:
        for each in documents:
            writer.upsert(each)
        writer.commit(seq=seq)


def generations(folder: Path) -> list[Path]:
    """The folders of all generations."""
    return sorted(folder.glob("generation-*"))


def segment_files(folder: Path) -> list[Path]:
    """The files of all segments of all generations."""
    return sorted(folder.glob("generation-*/MAIN_*"))


def kept_files(folder: Path) -> tuple[set[str], set[str]]:
    """In the current generation, the files of segments that its commit needs, and what is there
    beside them and its one table of contents."""
    current = folder / (folder / "CURRENT").read_text()
    number = latest_commit(current)
    needed = {segment.file_name for segment in read_commit(current, number)}
    tables = {f"_MAIN_{number}.toc"}
    return needed, {path.name for path in current.iterdir()} - needed - tables
