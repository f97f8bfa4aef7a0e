"""Corpora of made-up listings of any size, kept on disk because words take time to cut.

A corpus is its first blocks: the one of 10,000 listings begins with the one of 1,000, so they share
files, and a run that was stopped goes on where it was. What the listings imitate and what not is
told in ``bench.listings``.
"""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bench.listings import BLOCK_SIZE, MadeUpListing, made_up_agencies, make_block
from bench.material import DAY, load_material
from bench.peers.peer import TEXT_FIELDS, PeerDocument
from portal.indexing.documents import to_document
from portal.listings.facet_models import (
    VersionFiscalYear,
    VersionIndustry,
    VersionPurpose,
    VersionRegion,
    VersionRegionException,
)
from portal.listings.models import Listing, ListingState, ListingVersion
from portal.listings.vocabulary import Vocabulary
from search_index import FACETS, ListingDocument, StatusPeriod
from search_index.analysis.normalise import normalise
from search_index.analysis.tokenizer import tokenize

SEED = 3
FORMAT = 1
"""Raise it when the listings or the words made of them change: older files are made anew."""

DEFAULT_FOLDER = Path("var/bench")


@dataclass(frozen=True, slots=True)
class Corpus:
    """``size`` listings, a multiple of a thousand, in ``folder``."""

    folder: Path
    size: int

    def __post_init__(self) -> None:
        if self.size < BLOCK_SIZE or self.size % BLOCK_SIZE:
            raise ValueError(f"a corpus has a multiple of {BLOCK_SIZE} listings, not {self.size}")

    def prepare(self, on_progress: Callable[[int], None] = lambda done: None) -> None:
        """Make the files that are missing, with all cores."""
        self._blocks_folder.mkdir(parents=True, exist_ok=True)
        missing = [path for path in self._paths() if not path.exists()]
        done = self.size - len(missing) * BLOCK_SIZE
        if missing:
            with ProcessPoolExecutor(os.cpu_count()) as processes:
                for _ in processes.map(_write_block, missing):
                    done += BLOCK_SIZE
                    on_progress(done)

    def documents(self) -> Iterator[ListingDocument]:
        """As our engine takes them."""
        for row in self._rows():
            yield _document(row["document"])

    def peer_documents(self) -> Iterator[PeerDocument]:
        """As peers take them."""
        for row in self._rows():
            document = _document(row["document"])
            yield PeerDocument(
                id=document.id,
                raw=raw_texts(document),
                tokenised=row["words"],
                facets={name: document.codes[name] for name in FACETS},
                closes_on=_closes_on(document),
            )

    @property
    def _blocks_folder(self) -> Path:
        return self.folder / f"corpus-{FORMAT}-{SEED}"

    def _paths(self) -> list[Path]:
        blocks = range(self.size // BLOCK_SIZE)
        return [self._blocks_folder / f"block-{block:05}.jsonl" for block in blocks]

    def _rows(self) -> Iterator[dict[str, Any]]:
        for path in self._paths():
            with path.open(encoding="utf-8") as file:
                for line in file:
                    yield json.loads(line)


def raw_texts(document: ListingDocument) -> dict[str, str]:
    """The text fields of a document as peers have them, lists joined."""
    return {
        "title": document.title,
        "summary": document.summary,
        "keywords": "、".join(document.keywords),
        "names": "、".join(document.names),
        "body": document.body,
    }


def tokenised(text: str) -> str:
    """The content words of a text in their dictionary form, joined by spaces."""
    words = (word.normal for word in tokenize(normalise(text).text) if word.is_content)
    # Some dictionary forms hold a space, which would make two words of them.
    return " ".join("".join(word.split()) for word in words)


def to_listing_document(listing: MadeUpListing, vocabulary: Vocabulary) -> ListingDocument:
    """As the portal would index it. Goes through the portal's own rows, though no database."""
    content = listing.content
    agency = next(a for a in made_up_agencies() if a.code == listing.agency_code)
    version = ListingVersion(
        title=content.title,
        summary=content.summary,
        body=content.body,
        kind=content.kind,
        level=content.level,
        keywords=list(content.keywords),
        date_state=content.date_state,
        opens_on=content.opens_on,
        closes_on=content.closes_on,
        date_note=content.date_note,
        eligibility=content.eligibility,
        rate=content.rate,
        amount_max_yen=content.amount_max_yen,
        how_to_apply=content.how_to_apply,
        department=content.department,
        documents=list(content.documents),
        industry_rows=[VersionIndustry(industry_code=code) for code in content.industries],
        region_rows=[VersionRegion(region_code=code) for code in content.regions],
        exception_rows=[
            VersionRegionException(region_code=code) for code in content.region_exceptions
        ],
        purpose_rows=[VersionPurpose(purpose_code=code) for code in content.purposes],
        fiscal_year_rows=[VersionFiscalYear(fiscal_year=year) for year in content.fiscal_years],
    )
    row = Listing(
        id=listing.number,
        agency=agency,
        state=ListingState.PUBLISHED,
        revision=1,
        updated_at=listing.published_at,
        published_at=listing.published_at,
        public_version=version,
    )
    return to_document(row, vocabulary)


def _write_block(path: Path) -> None:
    """Make the block that ``path`` names, whole or not at all."""
    vocabulary = load_material().vocabulary
    written = path.with_suffix(f".{os.getpid()}")
    with written.open("w", encoding="utf-8") as file:
        for listing in make_block(SEED, int(path.stem.removeprefix("block-"))):
            document = to_listing_document(listing, vocabulary)
            texts = raw_texts(document)
            words = {name: tokenised(texts[name]) for name in TEXT_FIELDS}
            row = {"document": asdict(document), "words": words}
            file.write(json.dumps(row, ensure_ascii=False, default=date.isoformat) + "\n")
    written.replace(path)


def _document(fields: Mapping[str, Any]) -> ListingDocument:
    last_known_on = fields["last_known_on"]
    return ListingDocument(
        **{
            **fields,
            "keywords": tuple(fields["keywords"]),
            "names": tuple(fields["names"]),
            "codes": {facet: tuple(codes) for facet, codes in fields["codes"].items()},
            "periods": tuple(map(_period, fields["periods"])),
            "last_known_on": last_known_on and date.fromisoformat(last_known_on),
        }
    )


def _period(fields: Mapping[str, str | None]) -> StatusPeriod:
    opens_on, closes_on = fields["opens_on"], fields["closes_on"]
    return StatusPeriod(
        from_on=date.fromisoformat(str(fields["from_on"])),
        status=str(fields["status"]),
        opens_on=date.fromisoformat(opens_on) if opens_on else None,
        closes_on=date.fromisoformat(closes_on) if closes_on else None,
    )


def _closes_on(document: ListingDocument) -> date | None:
    """The deadline seen on the day of the comparison."""
    return [period for period in document.periods if period.from_on <= DAY][-1].closes_on
