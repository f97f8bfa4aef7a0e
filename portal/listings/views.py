"""The public page of a listing."""

from flask import Blueprint, render_template, url_for

from portal.attachments import presenters as attachment_presenters
from portal.attachments import queries as attachment_queries
from portal.extensions import absolute, db_session, resources, today
from portal.listings import detail_presenters, presenters, queries, sharing, structured_data
from portal.listings.models import public_version
from portal.search.related import related

blueprint = Blueprint("listings", __name__)


@blueprint.get("/listings/<public_id>")
def show(public_id: str) -> str:
    """One listing, or where to ask if it is no longer public."""
    held = resources()
    listing = queries.get_public(db_session(), public_id)
    page = detail_presenters.page(listing, today=today(), vocabulary=held.vocabulary)
    url = absolute(url_for("listings.show", public_id=public_id))
    steps = [
        ("ホーム", absolute(url_for("pages.home"))),
        ("支援情報をさがす", absolute(url_for("search.search"))),
        (page.title, url),
    ]
    files = attachment_queries.open_files(public_version(listing))
    calendar = url_for("feeds.listing", public_id=public_id) if page.schedule.has_days else None
    others = related(db_session(), held.index, listing, today=today())
    return render_template(
        "listings/show.html",
        page=page,
        attachments=attachment_presenters.rows(files, today=today()),
        share=sharing.sharing_of(page.title, url, calendar=calendar),
        related=presenters.cards(others, today=today(), vocabulary=held.vocabulary),
        structured_data=[
            structured_data.of_listing(listing, url=url, vocabulary=held.vocabulary),
            structured_data.breadcrumbs(steps),
        ],
    )
