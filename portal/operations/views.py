"""``/healthz`` (the process lives) and ``/readyz`` (it can serve), for load balancers."""

from flask import Blueprint, Response, jsonify

from portal.extensions import db_session, resources
from portal.operations import health

blueprint = Blueprint("operations", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """Answers as long as the process does; asks nothing else."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
def readyz() -> tuple[Response, int]:
    """503 with the reasons if the portal cannot serve; a lost index only degrades it."""
    held = resources()
    data_dir, now = held.settings.data_dir, held.clock.now()
    report = health.check(db_session(), held.index, data_dir, now=now)
    return jsonify(status=report.status, problems=report.problems), report.http_status
