"""The files of public listings."""

from flask import Blueprint
from werkzeug.wrappers import Response

from portal.attachments import queries
from portal.attachments.answers import file_answer
from portal.extensions import db_session, resources

blueprint = Blueprint("attachments", __name__)


@blueprint.get("/listings/<public_id>/attachments/<int:number>/<file_name>")
def download(public_id: str, number: int, file_name: str) -> Response:
    """A file of what the public sees of a listing; gone when the listing is."""
    file = queries.get_public(db_session(), public_id, number, file_name)
    return file_answer(resources().attachments, file)
