"""The addresses a search engine should know (sitemaps.org), in files of a size that it takes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.feeds import xml_text
from portal.feeds.xml_text import add

MOST_ADDRESSES = 50_000
"""Addresses in one file, by the rules of sitemaps; ours stay far below their 50 megabytes."""

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


@dataclass(frozen=True, slots=True)
class KnownPage:
    """An address, and when what is there last changed, if that is known."""

    url: str
    changed_at: datetime | None = None


def count_files(pages: Sequence[KnownPage]) -> int:
    """How many files all pages take; one, if there are none."""
    return max(1, -(-len(pages) // MOST_ADDRESSES))


def in_file(pages: Sequence[KnownPage], number: int) -> Sequence[KnownPage]:
    """What is in a file, counted from 1; nothing past the last."""
    return pages[(number - 1) * MOST_ADDRESSES : number * MOST_ADDRESSES]


def write(pages: Iterable[KnownPage]) -> bytes:
    """A file of addresses."""
    whole = xml_text.root("urlset", _NAMESPACE)
    for page in pages:
        entry = add(whole, "url")
        add(entry, "loc", page.url)
        if page.changed_at:
            add(entry, "lastmod", page.changed_at.isoformat(timespec="seconds"))
    return xml_text.write(whole)


def write_index(files: Iterable[str]) -> bytes:
    """A file that names the others."""
    whole = xml_text.root("sitemapindex", _NAMESPACE)
    for url in files:
        add(add(whole, "sitemap"), "loc", url)
    return xml_text.write(whole)
