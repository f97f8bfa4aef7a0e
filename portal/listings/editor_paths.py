"""Where listings are written."""

NEW = "/staff/listings/new"


def edit(public_id: str) -> str:
    """The editor of a listing."""
    return f"/staff/listings/{public_id}/edit"
