"""Makes the web application: a table of contents of named steps."""

import os

from flask import Flask, Response, request
from flask_compress import Compress
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import (
    access,
    error_pages,
    extensions,
    filters,
    identity,
    interruptions,
    own_favorites,
    security_headers,
    view_counting,
)
from portal.accounts import (
    bulk_invitation_views,
    invitation_views,
    joining_views,
    me_views,
    membership_views,
    password_reset_views,
    recovery_views,
    second_factor_views,
    sign_in_views,
    user_views,
)
from portal.agencies import admin_views as agencies_admin_views
from portal.agencies import views as agencies_views
from portal.alerts import member_views as alert_member_views
from portal.alerts import stop_views as alert_stop_views
from portal.alerts import views as alert_views
from portal.api import views as api_views
from portal.attachments import staff_views as attachments_staff_views
from portal.attachments import views as attachments_views
from portal.audit import admin_views as audit_admin_views
from portal.comparison import views as comparison_views
from portal.config import CHECKOUT, Settings
from portal.consultation import views as consultation_views
from portal.eligibility import views as eligibility_views
from portal.extensions import Resources
from portal.favorites import export_views as favorites_export_views
from portal.favorites import views as favorites_views
from portal.feeds import crawler_views as feeds_crawler_views
from portal.feeds import views as feeds_views
from portal.host_names import PlainHostNames
from portal.jobs import admin_views as jobs_admin_views
from portal.labels import views as label_views
from portal.listings import click_views as listing_click_views
from portal.listings import sharing_views
from portal.listings import views as listings_views
from portal.messages import desk_views as messages_desk_views
from portal.messages import views as messages_views
from portal.notices import admin_views as notices_admin_views
from portal.operations import admin_views as operations_admin_views
from portal.operations import views as operations_views
from portal.pages import views as pages_views
from portal.proposals import views as proposal_views
from portal.publishing import (
    bulk_views,
    desk_page_views,
    desk_views,
    history_views,
    review_views,
    version_views,
)
from portal.publishing import copy_views as listing_copy_views
from portal.publishing import editor_views as listing_editor_views
from portal.publishing import preview_views as listing_preview_views
from portal.publishing import typing_views as listing_typing_views
from portal.reports import admin_views as reports_admin_views
from portal.reports import demand_views, ranking_views, statistics_views
from portal.search import synonym_views
from portal.search import views as search_views
from portal.sheets import views as sheets_views

MAX_FORM_BYTES = 1_000_000


def create_app(settings: Settings | None = None) -> Flask:
    """The portal as a WSGI application; settings come from the environment unless given.

    :raises SettingsError: a setting cannot be used.
    """
    settings = settings or Settings.from_env(os.environ)
    app = Flask(
        "portal",
        root_path=str(CHECKOUT),
        template_folder="templates",
        static_folder="static",
    )
    configure(app, settings)
    held = Resources.from_settings(settings)
    extensions.init_app(app, held)
    view_counting.init_app(app)
    app.secret_key = held.secret_key.derive("forms")
    identity.init_app(app, is_https_only=settings.is_production)
    own_favorites.init_app(app)
    access.init_app(app)
    filters.init_app(app)
    security_headers.init_app(app, is_https_only=settings.is_production)
    error_pages.init_app(app, form_to_send_again=interruptions.form_to_send_again)
    register_blueprints(app)
    compress_answers(app)
    return app


def configure(app: Flask, settings: Settings) -> None:
    """Limits and trust that Flask itself looks after."""
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_FORM_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_FORM_BYTES,
        TRUSTED_HOSTS=[settings.trusted_host] if settings.trusted_host else None,
    )
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.wsgi_app = PlainHostNames(app.wsgi_app)  # type: ignore[method-assign]
    # Around it, because a proxy tells the name, too.
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )


def compress_answers(app: Flask) -> None:
    """Send text in a fifth of its size, with or without a proxy in front: phones pay for bytes."""
    app.config.update(
        COMPRESS_MIMETYPES=[
            "text/html",
            "text/css",
            "text/javascript",
            "image/svg+xml",
            "application/json",
            "application/problem+json",
            "application/atom+xml",
            "application/xml",
            "text/calendar",
        ],
        # The first that a browser takes: a page costs zstd a sixth of the time of brotli, for eight
        # bytes more in a hundred.
        COMPRESS_ALGORITHM=["zstd", "br", "gzip"],
        # The library's own level takes half as long again for three bytes less in a hundred.
        COMPRESS_LEVEL=4,
        COMPRESS_STREAMS=False,
    )
    Compress(app)

    @app.after_request
    def read_static_files_whole(response: Response) -> Response:
        # They are small, and the library never closes a file that it compresses as a stream.
        if request.endpoint == "static" and response.status_code == 200:
            response.direct_passthrough = False
            response.get_data()
        return response


def register_blueprints(app: Flask) -> None:
    """Every feature's pages, in the order of the public interfaces."""
    app.register_blueprint(pages_views.blueprint)
    app.register_blueprint(search_views.blueprint)
    app.register_blueprint(eligibility_views.blueprint)
    app.register_blueprint(consultation_views.blueprint)
    app.register_blueprint(comparison_views.blueprint)
    app.register_blueprint(listings_views.blueprint)
    app.register_blueprint(listing_click_views.blueprint)
    app.register_blueprint(history_views.blueprint)
    app.register_blueprint(sharing_views.blueprint)
    app.register_blueprint(sheets_views.blueprint)
    app.register_blueprint(feeds_views.blueprint)
    app.register_blueprint(feeds_crawler_views.blueprint)
    app.register_blueprint(favorites_views.blueprint)
    app.register_blueprint(favorites_export_views.blueprint)
    app.register_blueprint(attachments_views.blueprint)
    app.register_blueprint(agencies_views.blueprint)
    app.register_blueprint(ranking_views.blueprint)
    app.register_blueprint(messages_views.blueprint)
    app.register_blueprint(sign_in_views.blueprint)
    app.register_blueprint(password_reset_views.blueprint)
    app.register_blueprint(joining_views.blueprint)
    app.register_blueprint(me_views.blueprint)
    app.register_blueprint(membership_views.blueprint)
    app.register_blueprint(alert_member_views.blueprint)
    app.register_blueprint(alert_stop_views.blueprint)
    app.register_blueprint(alert_views.blueprint)
    app.register_blueprint(second_factor_views.blueprint)
    app.register_blueprint(recovery_views.blueprint)
    app.register_blueprint(listing_editor_views.blueprint)
    app.register_blueprint(listing_preview_views.blueprint)
    app.register_blueprint(listing_typing_views.blueprint)
    app.register_blueprint(listing_copy_views.blueprint)
    app.register_blueprint(attachments_staff_views.blueprint)
    app.register_blueprint(desk_views.blueprint)
    app.register_blueprint(desk_views.staff_blueprint)
    app.register_blueprint(desk_page_views.blueprint)
    app.register_blueprint(version_views.blueprint)
    app.register_blueprint(review_views.staff_blueprint)
    app.register_blueprint(bulk_views.staff_blueprint)
    app.register_blueprint(bulk_views.admin_blueprint)
    app.register_blueprint(operations_admin_views.blueprint)
    app.register_blueprint(review_views.admin_blueprint)
    app.register_blueprint(desk_views.admin_blueprint)
    app.register_blueprint(agencies_admin_views.blueprint)
    app.register_blueprint(notices_admin_views.blueprint)
    app.register_blueprint(messages_desk_views.admin_blueprint)
    app.register_blueprint(messages_desk_views.staff_blueprint)
    app.register_blueprint(statistics_views.staff_blueprint)
    app.register_blueprint(statistics_views.admin_blueprint)
    app.register_blueprint(synonym_views.blueprint)
    app.register_blueprint(demand_views.admin_blueprint)
    app.register_blueprint(demand_views.staff_blueprint)
    app.register_blueprint(proposal_views.admin_blueprint)
    app.register_blueprint(proposal_views.staff_blueprint)
    app.register_blueprint(label_views.blueprint)
    app.register_blueprint(reports_admin_views.blueprint)
    app.register_blueprint(audit_admin_views.blueprint)
    app.register_blueprint(jobs_admin_views.blueprint)
    app.register_blueprint(user_views.admin_blueprint)
    app.register_blueprint(user_views.staff_blueprint)
    app.register_blueprint(invitation_views.admin_blueprint)
    app.register_blueprint(invitation_views.staff_blueprint)
    app.register_blueprint(bulk_invitation_views.blueprint)
    app.register_blueprint(api_views.blueprint)
    app.register_blueprint(operations_views.blueprint)
