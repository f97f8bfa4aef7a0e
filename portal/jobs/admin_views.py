"""The jobs as the prefecture watches them."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal import access
from portal.accounts.actors import actor_of
from portal.accounts.permissions import Permission
from portal.db import write_transaction
from portal.extensions import db_session, resources
from portal.identity import signed_in_user
from portal.jobs import presenters, queries, runner, services

blueprint = Blueprint("jobs_admin", __name__, url_prefix="/admin/jobs")


@blueprint.get("")
@access.permission_required(Permission.RUN_JOBS)
def index() -> str:
    """How every job went last."""
    session, now = db_session(), resources().clock.now()
    rows = presenters.rows(
        queries.list_runs(session, now=now),
        wanted=queries.list_wanted(session, now=now),
        late=queries.list_late(session, now=now),
        now=now,
    )
    return render_template("jobs/admin_index.html", rows=rows)


@blueprint.post("/<name>/run")
@access.permission_required(Permission.RUN_JOBS)
def request_run(name: str) -> Response:
    """Have a job run soon."""
    held, job = resources(), runner.get_job(name)
    with write_transaction(held.sessions) as session:
        services.request_run(session, job, actor=actor_of(signed_in_user()), now=held.clock.now())
    title = presenters.JOB_TITLES.get(name, name)
    flash(
        f"「{title}」を頼みました。次の見回り（ふつうは1分以内）で始まります。結果は、このページを開き直すと出ます。"
    )
    return redirect(url_for("jobs_admin.index"), 303)
