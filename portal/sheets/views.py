"""``/favorites/sheet``: a few listings on one A4 page, as a PDF file or as a page to print."""

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from portal import error_pages, own_favorites
from portal.extensions import absolute, current_vocabulary, db_session, resources, today
from portal.listings import listing_sets
from portal.listings.models import public_id_of
from portal.sheets import chosen as chosen_sets
from portal.sheets import presenters, printing
from portal.sheets.chosen import MOST, Chosen
from portal.sheets.presenters import Sheet
from portal.typesetting.typesetter import BusyError

blueprint = Blueprint("sheets", __name__)

_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""Of the file. Chrome shows a PDF file in a page of its own making, with an object and a style in
it, and holds that page to the policy of the file: that of our pages would leave it blank."""

_FILE_NAME = (
    "filename=\"sheet.pdf\"; filename*=UTF-8''%E7%9B%B8%E8%AB%87%E3%82%B7%E3%83%BC%E3%83%88.pdf"
)


@blueprint.get("/favorites/sheet")
def show() -> Response:
    """The sheet as a page whose print is one A4; or a page to choose from, if it has none or too
    many listings."""
    chosen = chosen_listings(request.args)
    if not chosen.fits:
        return _private(
            render_template(
                "sheets/choose.html",
                rows=presenters.choices(chosen),
                most=MOST,
                notice=presenters.left_out_notice(chosen.left_out),
            )
        )
    pdf_address = url_for("sheets.pdf", id=chosen.public_ids)
    return _private(
        render_template("sheets/show.html", sheet=_sheet(chosen), pdf_address=pdf_address)
    )


@blueprint.get("/favorites/sheet.pdf")
def pdf() -> AnyResponse:
    """The sheet as a file."""
    chosen = chosen_listings(request.args)
    if not chosen.fits:
        asked = request.args.getlist("id")[: listing_sets.MOST_NAMED]
        return redirect(url_for("sheets.show", id=asked), 303)
    try:
        file = printing.pdf(_sheet(chosen), resources().typesetter, today=today())
    except BusyError:
        response = make_response(error_pages.answer(503))
        response.headers["Retry-After"] = "10"
        return response
    response = _private(file)
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = f"inline; {_FILE_NAME}"
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def chosen_listings(args: MultiDict[str, str]) -> Chosen:
    """The listings that an address names; what the visitor keeps if it names none."""
    named = args.getlist("id") or [
        public_id_of(kept.listing_id) for kept in own_favorites.all_kept()
    ]
    return chosen_sets.choose(db_session(), named)


def _sheet(chosen: Chosen) -> Sheet:
    return presenters.sheet(
        chosen,
        url=absolute(url_for("favorites.shared", id=chosen.public_ids)),
        today=today(),
        vocabulary=current_vocabulary(),
    )


def _private(body: str | bytes) -> Response:
    response = make_response(body)
    response.headers["Cache-Control"] = "private, no-cache"
    return response
