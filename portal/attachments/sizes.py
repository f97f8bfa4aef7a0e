"""How much of files is taken."""

MOST_BYTES = 10 * 1024 * 1024
"""Of one file: 10 MB as computers of offices count them."""
MOST_FILES = 5
"""Of one version of a listing."""


def size_text(size: int) -> str:
    """Bytes as people read them: 820KB, 1.2MB, 10MB."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1024))}KB"
    return f"{size / 1024 / 1024:.1f}".removesuffix(".0") + "MB"
