"""The public page of a listing."""

from collections.abc import Sequence

from flask import Blueprint, render_template, url_for

from portal import view_counting
from portal.attachments import presenters as attachment_presenters
from portal.attachments import queries as attachment_queries
from portal.consultation.beside import beside
from portal.consultation.desks import wanted_in
from portal.extensions import (
    absolute,
    consultation_desks,
    current_vocabulary,
    db_session,
    resources,
    today,
)
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
    view_counting.note_listing(listing.id, version.id)
    files = attachment_queries.open_files(version)
    shown = relation_queries.list_shown(db_session(), version)
    others = related(
        db_session(),
        held.index,
        listing,
        without={row.other.public_id for row in shown},
        today=today(),
    )
    wanted = wanted_in(
        version.region_codes,
        current_vocabulary().tree,
        exceptions=version.exception_codes,
        purposes=version.purpose_codes,
    )
    calendar = url_for("feeds.listing", public_id=public_id) if page.schedule.has_days else None
    return render_template(
        "listings/show.html",
        page=page,
        attachments=attachment_presenters.rows(files, today=today()),
        relations=relation_presenters.relations(
            shown, today=today(), vocabulary=current_vocabulary()
        ),
        desks=beside(consultation_desks(), wanted, current_vocabulary(), without=public_id),
        check=None if page.is_closed else url_for("eligibility.check", listing=public_id),
        share=sharing.sharing_of(
            page.title,
            url,
            calendar=calendar,
            qr_code=url_for("listing_sharing.qr_code", public_id=public_id),
            sheet=url_for("sheets.pdf", id=public_id),
        ),
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
