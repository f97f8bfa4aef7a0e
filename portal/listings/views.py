"""The public page of a listing."""

from collections.abc import Sequence

from flask import Blueprint, render_template, url_for

from portal.attachments import presenters as attachment_presenters
from portal.attachments import queries as attachment_queries
from portal.extensions import absolute, current_vocabulary, db_session, resources, today
from portal.listings import (
    detail_presenters,
    presenters,
    queries,
    relation_presenters,
    relation_queries,
    sharing,
    structured_data,
)
from portal.listings.attachment_models import Attachment
from portal.listings.models import public_version
from portal.listings.outlines import Outline
from portal.search.related import related

blueprint = Blueprint("listings", __name__)

_COMPARED_WITH = 3


@blueprint.get("/listings/<public_id>")
def show(public_id: str) -> str:
    """One listing, or where to ask if it is no longer public."""
    held = resources()
    listing = queries.get_public(db_session(), public_id)
    page = detail_presenters.page(listing, today=today(), vocabulary=current_vocabulary())
    url = absolute(url_for("listings.show", public_id=public_id))
    steps = [
        ("ホーム", absolute(url_for("pages.home"))),
        ("支援情報をさがす", absolute(url_for("search.search"))),
        (page.title, url),
    ]
    version = public_version(listing)
    files = attachment_queries.open_files(version)
    shown = relation_queries.list_shown(db_session(), version)
    others = related(
        db_session(),
        held.index,
        listing,
        without={row.other.public_id for row in shown},
        today=today(),
    )
    calendar = url_for("feeds.listing", public_id=public_id) if page.schedule.has_days else None
    return render_template(
        "listings/show.html",
        page=page,
        attachments=attachment_presenters.rows(files, today=today()),
        relations=relation_presenters.relations(
            shown, today=today(), vocabulary=current_vocabulary()
        ),
        share=sharing.sharing_of(page.title, url, calendar=calendar),
        compared=url_for("comparison.show", id=[public_id, *_first_ids(others)]),
        related=presenters.cards(others, today=today(), vocabulary=current_vocabulary()),
        structured_data=[
            structured_data.of_listing(
                listing,
                url=url,
                vocabulary=current_vocabulary(),
                files=[(file.file_name, _address(public_id, file)) for file in files],
            ),
            structured_data.breadcrumbs(steps),
        ],
    )


def _first_ids(others: Sequence[Outline]) -> list[str]:
    """As many as there is room for beside this one."""
    return [other.public_id for other in others[:_COMPARED_WITH]]


def _address(public_id: str, file: Attachment) -> str:
    address = url_for(
        "attachments.download",
        public_id=public_id,
        number=file.number,
        file_name=file.file_name,
    )
    return absolute(address)
