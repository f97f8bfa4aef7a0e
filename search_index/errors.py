"""What an index raises. Every failure inside an engine reaches the caller as one of these."""


class SearchIndexError(Exception):
    """Anything an index could not do."""


class IndexLockedError(SearchIndexError):
    """Another process is writing and did not finish within the time given."""


class SearchUnavailableError(SearchIndexError):
    """The index is missing, damaged or of another format, and has to be rebuilt."""
