"""A copy of what somebody keeps, for themselves."""

from sqlalchemy.orm import Session

from portal.clock import in_japan
from portal.favorites import queries


def own_favorites(session: Session, user_id: int) -> list[dict[str, object]]:
    """What a member keeps and wrote about it, in words for JSON."""
    kept = queries.list_of_member(session, user_id)
    titles = queries.known_titles(session, kept)
    return [
        {
            "listing": row.listing.public_id,
            "title": titles.get(row.listing.id),
            "saved_at": in_japan(row.kept.saved_at).isoformat(timespec="seconds"),
            "note": row.kept.note,
        }
        for row in kept
    ]
